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

#include "base/atomic.h"
#include "base/macros.h"

#define ANT_NS_PER_US UINT64_C(1000)
#define ANT_NS_PER_MS UINT64_C(1000000)
#define ANT_NS_PER_S  UINT64_C(1000000000)
#define ANT_NS_NEVER  UINT64_MAX

// A lock of four bytes, by the system's futexes. Where nobody waits, locking it
// is one compare-and-swap and unlocking one exchange, both inline: a pthread
// mutex costs three times that and has ten times the size.
typedef struct ant_os_mutex {
    ant_atomic_u32 state; // FREE, HELD, or HELD and WAITED for
} ant_os_mutex;

typedef struct ant_os_cond {
    ant_atomic_u32 turn;    // another one with each signal
    ant_atomic_u32 waiting; // threads
} ant_os_cond;

typedef struct ant_os_thread {
    pthread_t thread;
} ant_os_thread;

typedef void (*ant_os_thread_fn)(void *arg);

// A mutex ready at load time, for file-level variables.
#define ANT_OS_MUTEX_INIT                                                      \
    {                                                                          \
        0                                                                      \
    }

// A lock that is neither recursive nor fair. try_lock is false when it is held.
void ant_os_mutex_init(ant_os_mutex *mutex);
void ant_os_mutex_deinit(ant_os_mutex *mutex);
static inline void ant_os_mutex_lock(ant_os_mutex *mutex);
static inline void ant_os_mutex_unlock(ant_os_mutex *mutex);
static inline bool ant_os_mutex_try_lock(ant_os_mutex *mutex);

// Builds with ANT_CHECK_LOCKS (all that have a sanitizer) count the locks that
// a thread holds, so that a waker can see that it is used under one; elsewhere
// the count is 0. A test that jumps out of a lock sets it right.
int ant__os_locks_held(void);
void ant__os_locks_set_held(int count);

// How long the calling thread has slept in ant_os_mutex_lock, all in all.
// Nobody holds such a lock for long but a thread that lost its processor under
// it.
uint64_t ant_os_locked_out_ns(void);

// When the fast way does not do.
enum { ANT_OS_MUTEX_FREE, ANT_OS_MUTEX_HELD, ANT_OS_MUTEX_WAITED };
void ant__os_mutex_wait(ant_os_mutex *mutex);
void ant__os_mutex_wake(ant_os_mutex *mutex);
void ant__os_locks_count(int change);

static inline void ant__os_lock_counts(int change)
{
#ifdef ANT_CHECK_LOCKS
    ant__os_locks_count(change);
#else
    (void)change;
#endif
}

static inline bool ant__os_mutex_take(ant_os_mutex *mutex)
{
    uint32_t seen = ANT_OS_MUTEX_FREE;
    // acquire: pairs with the release in unlock.
    return ant_atomic_cas(&mutex->state, &seen, ANT_OS_MUTEX_HELD, ANT_ACQUIRE,
                          ANT_RELAXED);
}

static inline void ant_os_mutex_lock(ant_os_mutex *mutex)
{
    if (ANT_UNLIKELY(!ant__os_mutex_take(mutex))) ant__os_mutex_wait(mutex);
    ant__os_lock_counts(+1);
}

static inline bool ant_os_mutex_try_lock(ant_os_mutex *mutex)
{
    if (!ant__os_mutex_take(mutex)) return false;
    ant__os_lock_counts(+1);
    return true;
}

static inline void ant_os_mutex_unlock(ant_os_mutex *mutex)
{
    ant__os_lock_counts(-1);
    // release: pairs with the acquires of whoever locks it next. From here on
    // the mutex may be gone: of a futex only the address counts.
    const uint32_t before =
        ant_atomic_exchange(&mutex->state, ANT_OS_MUTEX_FREE, ANT_RELEASE);
    if (ANT_UNLIKELY(before == ANT_OS_MUTEX_WAITED)) ant__os_mutex_wake(mutex);
}

// Conditions measure time on the monotonic clock.
void ant_os_cond_init(ant_os_cond *cond);
void ant_os_cond_deinit(ant_os_cond *cond);
void ant_os_cond_signal(ant_os_cond *cond);
void ant_os_cond_broadcast(ant_os_cond *cond);

// Unlocks and then signals, so that who wakes up finds the lock free. The
// condition may be gone by then: all that matters is where it was.
void ant_os_cond_signal_unlock(ant_os_cond *cond, ant_os_mutex *mutex);

// Gives the lock away until there is a signal; may return without one.
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

// Has fn(arg) called when the calling thread ends, but not with the process.
// One for each thread.
void ant_os_on_thread_end(void (*fn)(void *arg), void *arg);

// Threads of this process now, or -1 when the system does not tell. The kernel
// may count a thread that was joined for another moment.
int ant_os_thread_count(void);

// Sends a signal to the calling thread, which lets it in although threads of
// the runtime let none in; it has been handled when this returns. 0 or -errno.
ANT_MUST_USE int ant_os_raise(int signum);

// Has `fn` called in every child that is forked from now on.
void ant_os_on_fork_child(void (*fn)(void));

// Makes the process's table of descriptors large enough for `count`, or for as
// many as its limit allows. The kernel doubles a table that is full, and in a
// process of several threads whoever opens one too many sleeps for it, 5 to
// 30 ms. `fd` is any open one. Does nothing where that is not allowed.
void ant_os_reserve_descriptors(int fd, int count);

// CPUs this process may use, at least 1.
unsigned ant_os_cpu_count(void);

// Nanoseconds of the monotonic clock.
uint64_t ant_os_now_ns(void);

// For how long the calling thread has had a processor, all in all.
uint64_t ant_os_thread_cpu_ns(void);

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
