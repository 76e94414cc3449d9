// SPDX-License-Identifier: MIT
//
// An affine mark stands beside data that only one worker may touch, such as
// what a local task shares with others of its worker, or a library's handle
// that is tied to a thread. It remembers whose the data is and traps on
// everybody else. In Rust the compiler does this, by !Send.
//
//   static struct { ant_affine mark; unsigned coins; } drawer = {
//       .mark = ANT_AFFINE("drawer"),
//   };
//
//   ant_affine_check(&drawer.mark); // binds it to the first worker that asks
//   drawer.coins++;
//
// The mark belongs to whoever owns the data. It is not a lock: a check is a
// plain comparison, and cheap enough to stay in release builds. A virtual
// worker of a simulation counts as a worker of its own, so a seed finds what a
// real run might.
//
//   function            Tokio  cancel-safe  alloc  threads
//   ant_affine_check    !Send  -            no     any
//   ant_affine_release  -      -            no     its own
//   ant_affine_init     -      -            no     any

#ifndef ANT_RT_AFFINE_H
#define ANT_RT_AFFINE_H

#include "base/atomic.h"

typedef struct ant_affine {
    const char *name;
    ant_atomic_ptr owner; // the ant_here of its worker, 0 for nobody yet
    ant_atomic_u32 lane;  // of that, for the message
} ant_affine;

// A mark that is bound to nobody yet.
#define ANT_AFFINE(name_)                                                      \
    {                                                                          \
        .name = (name_)                                                        \
    }

// As ANT_AFFINE for memory that is yours.
void ant_affine_init(ant_affine *affine, const char *name);

// Traps unless the calling thread is the mark's; who asks first, owns it.
#define ant_affine_check(affine) ant__affine_check((affine), __FILE__, __LINE__)

// Gives it up, so that another one may own it.
void ant_affine_release(ant_affine *affine);

void ant__affine_check(ant_affine *affine, const char *file, int line);

#endif
