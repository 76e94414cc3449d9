// SPDX-License-Identifier: MIT
//
// A thread mutex: a lock that makes the whole thread wait, with every task on
// it. It is the right lock for a few lines that never await, and it is here to
// show what happens when a task awaits while it holds one. Tokio programs use
// std::sync::Mutex for it.
//
//   static ant_thread_mutex db = ANT_THREAD_MUTEX("db");
//
//   int err = ant_thread_mutex_lock(&db);
//   if (err < 0) return ANT_FAIL(err);
//   rows++;
//   err = ant_thread_mutex_unlock(&db);
//
// It checks for errors: it belongs to the thread that locked it, and only that
// thread may unlock it. A task that locks it, awaits, and goes on upon another
// worker, gets -EPERM. A task that locks it twice gets -EDEADLK; but two tasks
// of one worker are two holders, so the second one blocks the worker, and with
// it the first one, for ever, as it would in any program. The runtime then
// finds the stall and says who holds the lock.
//
// Waiters get the lock in the order in which they asked. It works inside and
// outside of runtimes, and in simulations.
//
//   function                  Rust                   cancel alloc threads
//   ant_thread_mutex_lock     std::sync::Mutex::lock -      no    any
//   ant_thread_mutex_try_lock Mutex::try_lock        -      no    any
//   ant_thread_mutex_unlock   drop(MutexGuard)       -      no    the holder's
//   ant_thread_mutex_deinit   drop(Mutex)            -      no    one

#ifndef ANT_SYNC_THREAD_MUTEX_H
#define ANT_SYNC_THREAD_MUTEX_H

#include <stdint.h>

#include "base/os.h"
#include "core/here.h"
#include "core/resource.h"

typedef struct ant_thread_mutex {
    ant_resource resource; // first; its holder is a task, 0 outside of tasks

    // under lock
    ant_os_mutex lock;
    const ant_here *thread;          // that holds it, NULL: it is free
    uint32_t task;                   // that holds it, 0 outside of tasks
    uint32_t waiter_count;           // in the queue
    struct ant_thread_waiter *first; // who waits
    struct ant_thread_waiter *last;
} ant_thread_mutex;

// A free mutex. The name is a literal, for traces and stall reports.
#define ANT_THREAD_MUTEX(name)                                                 \
    {                                                                          \
        .resource = ANT_RESOURCE(ANT_RES_THREAD_MUTEX, name, 1),               \
        .lock = ANT_OS_MUTEX_INIT                                              \
    }

// Ends a mutex that nobody holds. One of static storage needs no end.
void ant_thread_mutex_deinit(ant_thread_mutex *mutex);

// Locks; until then the calling thread stands still. 0, or -EDEADLK when this
// thread and task hold it already.
#define ant_thread_mutex_lock(mutex)                                           \
    ant__thread_mutex_lock((mutex), __FILE__, __LINE__)

// Locks when that can be done at once. 0, or -EBUSY.
#define ant_thread_mutex_try_lock(mutex)                                       \
    ant__thread_mutex_try_lock((mutex), __LINE__)

// Unlocks; the first waiter holds it from now on. 0, or -EPERM when it is not
// this thread that holds it.
ANT_MUST_USE int ant_thread_mutex_unlock(ant_thread_mutex *mutex);

ANT_MUST_USE int ant__thread_mutex_lock(ant_thread_mutex *mutex,
                                        const char *file, uint32_t line);
ANT_MUST_USE int ant__thread_mutex_try_lock(ant_thread_mutex *mutex,
                                            uint32_t line);

#endif
