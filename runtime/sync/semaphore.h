// SPDX-License-Identifier: MIT
//
// A semaphore is a number of permits: so many tasks may be at something at a
// time, and the others wait without blocking their worker. It is fair: whoever
// asked first is served first, also when the request is for many permits and
// later ones would be content with less. It belongs to whoever embeds it and
// may be used by any task on any thread. Tokio: sync::Semaphore.
//
//   static ant_semaphore stoves = ANT_SEMAPHORE("stoves", 4);
//
//   case COOK_START:
//       self->stove = ant_semaphore_acquire(&stoves);
//       return ANT_NEXT(COOK_ACQUIRING);
//   case COOK_ACQUIRING:
//       ANT_AWAIT(self->stove);
//       if (self->stove.base.result < 0) // -EPIPE: it was closed
//           return ANT_FAIL(self->stove.base.result);
//       self->pan = ant_sleep(100);
//       return ANT_NEXT(COOK_FRYING);
//   case COOK_FRYING:
//       ANT_AWAIT(self->pan);
//       ant_semaphore_release(&stoves, 1);
//
// A permit is a number, no object: to split and merge permits is to add up, to
// move them to another task is to release them there, and to forget them is not
// to release them. Nothing is released by itself: a task that may be dropped
// while it has permits releases them in its drop function.
//
// The hard thing: the first in the queue collects permits as they come, and is
// woken when it has all it wants. While anybody waits there are no free
// permits, so nobody barges in. A future that is dropped while it waits, or
// after it was granted its permits and before it was polled, gives them to the
// next. But one that is neither polled nor dropped keeps them (a "futurelock").
//
//   function                        Tokio             cancel-safe alloc threads
//   ant_semaphore_init              Semaphore::new    -           no    one
//   ant_semaphore_deinit            drop(Semaphore)   -           no    one
//   ant_semaphore_acquire           acquire           loses place no    any
//   ant_semaphore_acquire_many      acquire_many      loses place no    any
//   ant_semaphore_try_acquire       try_acquire       -           no    any
//   ant_semaphore_try_acquire_many  try_acquire_many  -           no    any
//   ant_semaphore_release           drop(permit)      -           no    any
//   ant_semaphore_add_permits       add_permits       -           no    any
//   ant_semaphore_forget_permits    forget_permits    -           no    any
//   ant_semaphore_available_permits available_permits -           no    any
//   ant_semaphore_close             close             -           no    any
//   ant_semaphore_is_closed         is_closed         -           no    any
//
// acquire_owned and its kin are the same functions: in C it is the program that
// sees to it that the semaphore outlives the permits.

#ifndef ANT_SYNC_SEMAPHORE_H
#define ANT_SYNC_SEMAPHORE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/future.h"
#include "core/permits.h"

// The most permits that a semaphore can have.
#define ANT_SEMAPHORE_PERMITS_MAX ANT_PERMITS_MAX

typedef struct ant_semaphore {
    ant_permits permits;
} ant_semaphore;

struct ant_semaphore_acquire {
    ant_future base;
    ant_permits_claim claim;
};

// A semaphore that is ready at load time.
#define ANT_SEMAPHORE(name_, count_)                                           \
    {                                                                          \
        .permits = ANT_PERMITS(ANT_RES_SEMAPHORE, name_, count_,               \
                               ANT_SEMAPHORE_PERMITS_MAX)                      \
    }

// Makes a semaphore with `count` permits. The name, for the trace, must outlive
// it.
#define ant_semaphore_init(semaphore, name, count)                             \
    ant__semaphore_init((semaphore), (name), (count), __FILE__, __LINE__)

// Nobody waits for it any more.
void ant_semaphore_deinit(ant_semaphore *semaphore);

// A future that is READY when the task has a permit, or with -EPIPE when the
// semaphore is closed. Whoever was granted its permits before has them.
#define ant_semaphore_acquire(semaphore)                                       \
    ant__semaphore_acquire((semaphore), 1, __LINE__)

// The same with `count` permits at once; -EINVAL when there can never be so
// many. The struct is ant_semaphore_acquire.
#define ant_semaphore_acquire_many(semaphore, count)                           \
    ant__semaphore_acquire((semaphore), (count), __LINE__)

// Takes a permit if one is free and nobody waits. 0, -EAGAIN or -EPIPE.
#define ant_semaphore_try_acquire(semaphore)                                   \
    ant__semaphore_try_acquire((semaphore), 1, __LINE__)

#define ant_semaphore_try_acquire_many(semaphore, count)                       \
    ant__semaphore_try_acquire((semaphore), (count), __LINE__)

// Gives permits back that this task, or the one it has them from, acquired:
// those who wait come first.
void ant_semaphore_release(ant_semaphore *semaphore, uint32_t count);

// Makes new permits, also in a closed semaphore. -EOVERFLOW, and nothing
// happens, when there would be more than ANT_SEMAPHORE_PERMITS_MAX.
ANT_MUST_USE int ant_semaphore_add_permits(ant_semaphore *semaphore,
                                           uint32_t count);

// Takes up to `count` free permits away for good; how many there were.
uint32_t ant_semaphore_forget_permits(ant_semaphore *semaphore, uint32_t count);

// Free permits; 0 while anybody waits.
uint32_t ant_semaphore_available_permits(const ant_semaphore *semaphore);

// From now on nothing can be acquired: those who wait, and who come later, get
// -EPIPE. Permits may still be released.
void ant_semaphore_close(ant_semaphore *semaphore);

// True once it was closed.
bool ant_semaphore_is_closed(const ant_semaphore *semaphore);

void ant__semaphore_init(ant_semaphore *semaphore, const char *name,
                         uint32_t count, const char *file, uint32_t line);
extern ant_future_ops *const ant__semaphore_acquire_ops;

ANT_MUST_USE static inline struct ant_semaphore_acquire
ant__semaphore_acquire(ant_semaphore *semaphore, uint32_t count, uint32_t line)
{
    struct ant_semaphore_acquire acquire;
    acquire.base = (ant_future)ANT__NEW_BASE(ant__semaphore_acquire_ops);
    acquire.claim = ant_permits_claim_new(&semaphore->permits, count, line);
    return acquire;
}

ANT_MUST_USE int ant__semaphore_try_acquire(ant_semaphore *semaphore,
                                            uint32_t count, uint32_t line);

#endif
