// SPDX-License-Identifier: MIT
//
// A fiber: a function with a stack of its own that runs until it switches to
// another fiber by itself. The simulator makes its virtual threads of fibers,
// so that several workers share one OS thread and take turns where the seed
// says. The only user of <ucontext.h>.
//
// A fiber belongs to the thread that made it and runs nowhere else; that
// thread's own stack counts as its main fiber. The hard thing is everything
// that believes in one stack per thread: the sanitizers are told of every
// switch, and thread-local variables are shared by all fibers of the thread,
// so whoever keeps "the current something" there sets it after each switch.

#ifndef ANT_BASE_FIBER_H
#define ANT_BASE_FIBER_H

#include <stddef.h>

#include "base/macros.h"

typedef struct ant_fiber ant_fiber;
typedef void (*ant_fiber_fn)(void *arg);

// Makes a fiber that will call fn(arg) when it is first switched to. Of its
// `stack_bytes` (0: 256 KiB) only the pages that are touched take memory; the
// page below them is a guard, so that an overflow faults instead of writing
// into a neighbour. 0 or -ENOMEM.
ANT_MUST_USE int ant_fiber_new(ant_fiber_fn fn, void *arg, size_t stack_bytes,
                               ant_fiber **ret_fiber);

// Frees a fiber that is not running: one that has not begun, has finished, or
// is abandoned where it stands. What an abandoned stack holds is not released.
// NULL is fine.
void ant_fiber_free(ant_fiber *fiber);

// The fiber that runs now; on the thread's own stack its main fiber, which
// needs no freeing.
ant_fiber *ant_fiber_self(void);

// Goes on in `to` and returns when somebody switches back. A fiber whose
// function returns has finished: its thread's main fiber goes on, and nobody
// may switch to the finished one any more. Switching to oneself does nothing.
void ant_fiber_switch(ant_fiber *to);

#endif
