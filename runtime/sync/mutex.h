// SPDX-License-Identifier: MIT
//
// A mutex for tasks: at most one holds it, the others wait without blocking
// their worker, so it may be held across an await. It is fair: whoever came
// first is first, and unlocking hands the lock over to the head of the queue;
// nobody barges in between. It belongs to whoever embeds it and may be used by
// any task on any thread. Tokio: sync::Mutex.
//
//   static ant_mutex printer = ANT_MUTEX("printer");
//
//   case JOB_START:
//       self->lock = ant_mutex_lock(&printer);
//       return ANT_NEXT(JOB_LOCKING);
//   case JOB_LOCKING:
//       ANT_AWAIT(self->lock);
//       self->page = print(self->text); // a future
//       return ANT_NEXT(JOB_PRINTING);
//   case JOB_PRINTING:
//       ANT_AWAIT(self->page);
//       ant_mutex_unlock(&printer);
//
// Nothing unlocks by itself: a task that may be dropped while it holds the lock
// unlocks it in its drop function. Unlocking what another task holds traps.
//
// The hard thing is a waiter that is dropped after the lock was handed to it
// and before it was polled: its drop hands the lock on, so it is never lost.
// But a waiter that is neither polled nor dropped then keeps it; that is the
// price of fairness (a "futurelock").
//
//   function                Tokio                cancel-safe alloc threads
//   ant_mutex_init          Mutex::new           -           no    one
//   ant_mutex_deinit        drop(Mutex)          -           no    one
//   ant_mutex_lock          Mutex::lock          loses place no    any
//   ant_mutex_try_lock      Mutex::try_lock      -           no    any
//   ant_mutex_blocking_lock Mutex::blocking_lock -           no    no worker
//   ant_mutex_unlock        drop(MutexGuard)     -           no    any
//
// Tokio's lock_owned and its kin are the same functions: in C it is the program
// that sees to it that the mutex outlives the lock.

#ifndef ANT_SYNC_MUTEX_H
#define ANT_SYNC_MUTEX_H

#include <stdbool.h>
#include <stdint.h>

#include "core/future.h"
#include "core/permits.h"

typedef struct ant_mutex {
    ant_permits permits; // one
} ant_mutex;

struct ant_mutex_lock {
    ant_future base;
    ant_permits_claim claim;
};

// A mutex that is ready at load time: `static ant_mutex m = ANT_MUTEX("m");`
#define ANT_MUTEX(name_)                                                       \
    {                                                                          \
        .permits = ANT_PERMITS(ANT_RES_MUTEX, name_, 1, 1)                     \
    }

// Makes a free mutex. The name, for the trace, must outlive it.
#define ant_mutex_init(mutex, name)                                            \
    ant__mutex_init((mutex), (name), __FILE__, __LINE__)

// Nobody holds it or waits for it any more.
void ant_mutex_deinit(ant_mutex *mutex);

// A future that is READY when the task holds the mutex.
#define ant_mutex_lock(mutex) ant__mutex_lock((mutex), __LINE__)

// Takes the mutex if it is free and nobody waits for it.
#define ant_mutex_try_lock(mutex) ant__mutex_try_lock((mutex), __LINE__)

// As lock, with the whole thread: for threads that are no workers, such as
// blocking jobs. 0, or -EDEADLK on a worker.
#define ant_mutex_blocking_lock(mutex)                                         \
    ant__mutex_blocking_lock((mutex), __FILE__, __LINE__)

// Gives it to the first in the queue, or sets it free.
void ant_mutex_unlock(ant_mutex *mutex);

void ant__mutex_init(ant_mutex *mutex, const char *name, const char *file,
                     uint32_t line);
extern ant_future_ops *const ant__mutex_lock_ops;

ANT_MUST_USE static inline struct ant_mutex_lock
ant__mutex_lock(ant_mutex *mutex, uint32_t line)
{
    struct ant_mutex_lock lock;
    lock.base = (ant_future)ANT__NEW_BASE(ant__mutex_lock_ops);
    lock.claim = ant_permits_claim_new(&mutex->permits, 1, line);
    return lock;
}

ANT_MUST_USE bool ant__mutex_try_lock(ant_mutex *mutex, uint32_t line);
ANT_MUST_USE int ant__mutex_blocking_lock(ant_mutex *mutex, const char *file,
                                          uint32_t line);

#endif
