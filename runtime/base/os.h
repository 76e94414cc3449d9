// SPDX-License-Identifier: MIT
//
// The operating system's threads, locks and clock, and nothing else of it.
// This is the only place that knows pthreads. All types are visible so that
// callers embed them; none may be copied after init.

#ifndef ANT_BASE_OS_H
#define ANT_BASE_OS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"

#define ANT_NS_PER_US UINT64_C(1000)
#define ANT_NS_PER_MS UINT64_C(1000000)
#define ANT_NS_PER_S  UINT64_C(1000000000)
#define ANT_NS_NEVER  UINT64_MAX

typedef struct ant_os_mutex {
    pthread_mutex_t lock;
} ant_os_mutex;

typedef struct ant_os_cond {
    pthread_cond_t cond;
} ant_os_cond;

typedef struct ant_os_thread {
    pthread_t thread;
} ant_os_thread;

typedef void (*ant_os_thread_fn)(void *arg);

// A mutex ready at load time, for file-level variables.
#define ANT_OS_MUTEX_INIT                                                      \
    {                                                                          \
        PTHREAD_MUTEX_INITIALIZER                                              \
    }

// A lock that is neither recursive nor fair. try_lock is false when it is held.
void ant_os_mutex_init(ant_os_mutex *mutex);
void ant_os_mutex_deinit(ant_os_mutex *mutex);
void ant_os_mutex_lock(ant_os_mutex *mutex);
void ant_os_mutex_unlock(ant_os_mutex *mutex);
bool ant_os_mutex_try_lock(ant_os_mutex *mutex);

// Builds with ANT_CHECK_LOCKS (all that have a sanitizer) count the locks that
// a thread holds, so that a waker can see that it is used under one; elsewhere
// the count is 0. A test that jumps out of a lock sets it right.
int ant__os_locks_held(void);
void ant__os_locks_set_held(int count);

// Conditions measure time on the monotonic clock.
void ant_os_cond_init(ant_os_cond *cond);
void ant_os_cond_deinit(ant_os_cond *cond);
void ant_os_cond_signal(ant_os_cond *cond);
void ant_os_cond_broadcast(ant_os_cond *cond);
void ant_os_cond_wait(ant_os_cond *cond, ant_os_mutex *mutex);

// Waits until `deadline_ns` at most (ant_os_now_ns time; ANT_NS_NEVER waits
// for ever). False when the time ran out.
bool ant_os_cond_wait_until(ant_os_cond *cond, ant_os_mutex *mutex,
                            uint64_t deadline_ns);

// Starts a thread named `name` (15 characters are kept). Signals stay with the
// program's own threads. 0 or -errno (-EAGAIN: no more threads).
ANT_MUST_USE int ant_os_thread_start(ant_os_thread *ret_thread,
                                     const char *name, ant_os_thread_fn fn,
                                     void *arg);
void ant_os_thread_join(ant_os_thread *thread);

// Lets the thread run on by itself; it frees its resources when it ends.
void ant_os_thread_detach(ant_os_thread *thread);

// Threads of this process now, or -1 when the system does not tell. The kernel
// may count a thread that was joined for another moment.
int ant_os_thread_count(void);

// Has `fn` called in every child that is forked from now on.
void ant_os_on_fork_child(void (*fn)(void));

// CPUs this process may use, at least 1.
unsigned ant_os_cpu_count(void);

// Nanoseconds of the monotonic clock.
uint64_t ant_os_now_ns(void);

// Nanoseconds since 1970, for labels only.
uint64_t ant_os_wall_ns(void);

// Puts the calling thread to sleep for at least `ns`.
void ant_os_sleep_ns(uint64_t ns);

// Leaves the CPU to another thread.
void ant_os_yield(void);

// A hint to the CPU inside a short spin.
static inline void ant_os_cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#endif
