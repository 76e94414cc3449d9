// SPDX-License-Identifier: MIT

#include "base/os.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"

#ifndef __has_feature
#define __has_feature(x) 0
#endif

// What a new thread has to know. The starter allocates it, the thread frees it.
typedef struct thread_start {
    ant_os_thread_fn fn;
    void *arg;
    char name[16];
} thread_start;

static void *thread_main(void *arg);
static sigset_t signals_to_block(void);
static struct timespec timespec_from_ns(uint64_t ns);
static bool futex_wait(ant_atomic_u32 *at, uint32_t seen, uint64_t deadline_ns);
static void futex_wake(ant_atomic_u32 *at, int count);
static uint64_t read_clock(clockid_t clock);

// --- Locks -------------------------------------------------------------------

// A lock is seldom held for longer than it takes to look so often.
#define SPINS_MAX 40

#ifdef ANT_CHECK_LOCKS
static _Thread_local int locks_held;
#endif
static _Thread_local uint64_t locked_out_ns;

void ant_os_mutex_init(ant_os_mutex *mutex)
{
    ant_atomic_store(&mutex->state, ANT_OS_MUTEX_FREE, ANT_RELAXED);
}

void ant_os_mutex_deinit(ant_os_mutex *mutex)
{
    // acquire: pairs with the last unlock.
    ANT_ASSERT(ant_atomic_load(&mutex->state, ANT_ACQUIRE) ==
               ANT_OS_MUTEX_FREE);
}

void ant__os_mutex_wait(ant_os_mutex *mutex)
{
    for (int i = 0; i < SPINS_MAX; i++) {
        if (ant_atomic_load(&mutex->state, ANT_RELAXED) == ANT_OS_MUTEX_FREE &&
            ant__os_mutex_take(mutex))
            return;
        ant_os_cpu_relax();
    }
    // Who comes out of here holds the lock as one that is waited for, whether
    // that is so or not: then its unlock wakes one more.
    const uint64_t since_ns = ant_os_now_ns();
    while (ant_atomic_exchange(&mutex->state, ANT_OS_MUTEX_WAITED,
                               ANT_ACQUIRE) != ANT_OS_MUTEX_FREE)
        futex_wait(&mutex->state, ANT_OS_MUTEX_WAITED, ANT_NS_NEVER);
    locked_out_ns += ant_os_now_ns() - since_ns;
}

uint64_t ant_os_locked_out_ns(void)
{
    return locked_out_ns;
}

void ant__os_mutex_wake(ant_os_mutex *mutex)
{
    futex_wake(&mutex->state, 1);
}

void ant__os_locks_count(int change)
{
#ifdef ANT_CHECK_LOCKS
    locks_held += change;
#else
    (void)change;
#endif
}

int ant__os_locks_held(void)
{
#ifdef ANT_CHECK_LOCKS
    return locks_held;
#else
    return 0;
#endif
}

void ant__os_locks_set_held(int count)
{
    ant__os_locks_count(count - ant__os_locks_held());
}

// ThreadSanitizer holds a signal back until its thread calls something that the
// sanitizer knows. A thread that sleeps in a futex calls nothing: a signal that
// the system gives to it, such as the end of a child, would never be heard of.
// So in such builds no sleep is long, and each ends with such a call.
#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define SLEEP_NS_MAX (20 * UINT64_C(1000000))

static uint64_t wake_ns(uint64_t deadline_ns)
{
    const uint64_t soon_ns = ant_os_now_ns() + SLEEP_NS_MAX;
    return soon_ns < deadline_ns ? soon_ns : deadline_ns;
}

static void take_signals(void)
{
    const struct timespec none = { 0 };
    (void)nanosleep(&none, NULL);
}
#else
static uint64_t wake_ns(uint64_t deadline_ns)
{
    return deadline_ns;
}

static void take_signals(void)
{
}
#endif

// Sleeps while *at is `seen`, until `deadline_ns` at most; may wake for
// nothing. False when the time ran out.
static bool futex_wait(ant_atomic_u32 *at, uint32_t seen, uint64_t deadline_ns)
{
    const uint64_t until_ns = wake_ns(deadline_ns);
    const struct timespec until = timespec_from_ns(until_ns);
    const long got = syscall(SYS_futex, at, FUTEX_WAIT_BITSET_PRIVATE, seen,
                             until_ns != ANT_NS_NEVER ? &until : NULL, NULL,
                             FUTEX_BITSET_MATCH_ANY);
    const bool in_time = got == 0 || errno != ETIMEDOUT;
    take_signals();
    return in_time || until_ns < deadline_ns;
}

static void futex_wake(ant_atomic_u32 *at, int count)
{
    (void)syscall(SYS_futex, at, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

// --- Conditions --------------------------------------------------------------

void ant_os_cond_init(ant_os_cond *cond)
{
    ant_atomic_store(&cond->turn, 0, ANT_RELAXED);
    ant_atomic_store(&cond->waiting, 0, ANT_RELAXED);
}

void ant_os_cond_deinit(ant_os_cond *cond)
{
    ANT_ASSERT(ant_atomic_load(&cond->waiting, ANT_ACQUIRE) == 0);
}

// The next turn. True when somebody waits, who has said so before it gave the
// lock away; so whoever changed, under the lock, what it waits for, finds it.
static bool next_turn(ant_os_cond *cond)
{
    ant_atomic_add(&cond->turn, 1, ANT_SEQ_CST);
    return ant_atomic_load(&cond->waiting, ANT_SEQ_CST) != 0;
}

void ant_os_cond_signal(ant_os_cond *cond)
{
    if (next_turn(cond)) futex_wake(&cond->turn, 1);
}

void ant_os_cond_broadcast(ant_os_cond *cond)
{
    if (next_turn(cond)) futex_wake(&cond->turn, INT_MAX);
}

void ant_os_cond_signal_unlock(ant_os_cond *cond, ant_os_mutex *mutex)
{
    const bool has_waiting = next_turn(cond);
    ant_os_mutex_unlock(mutex);
    if (has_waiting) futex_wake(&cond->turn, 1);
}

void ant_os_cond_wait(ant_os_cond *cond, ant_os_mutex *mutex)
{
    (void)ant_os_cond_wait_until(cond, mutex, ANT_NS_NEVER);
}

bool ant_os_cond_wait_until(ant_os_cond *cond, ant_os_mutex *mutex,
                            uint64_t deadline_ns)
{
    ant_atomic_add(&cond->waiting, 1, ANT_SEQ_CST);
    const uint32_t turn = ant_atomic_load(&cond->turn, ANT_SEQ_CST);
    ant_os_mutex_unlock(mutex);
    const bool in_time = futex_wait(&cond->turn, turn, deadline_ns);
    ant_os_mutex_lock(mutex);
    ant_atomic_sub(&cond->waiting, 1, ANT_SEQ_CST);
    return in_time;
}

// --- Threads -----------------------------------------------------------------

int ant_os_thread_start(ant_os_thread *ret_thread, const char *name,
                        ant_os_thread_fn fn, void *arg)
{
    ANT_ASSERT(fn != NULL);
    thread_start *start = ant_mem_alloc(sizeof(*start));
    if (start == NULL) return -ENOMEM;
    start->fn = fn;
    start->arg = arg;
    snprintf(start->name, sizeof(start->name), "%s", name);

    // A thread inherits the mask of its starter: blocking here and not in the
    // thread leaves no moment in which a signal could reach it.
    sigset_t blocked = signals_to_block();
    sigset_t before;
    pthread_t thread;
    pthread_sigmask(SIG_BLOCK, &blocked, &before);
    int err = pthread_create(&thread, NULL, thread_main, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);

    if (err != 0) {
        ant_mem_free(start);
        return -err;
    }
    ret_thread->thread = thread;
    return 0;
}

void ant_os_thread_join(ant_os_thread *thread)
{
    int err = pthread_join(thread->thread, NULL);
    ANT_ASSERT(err == 0);
}

void ant_os_thread_detach(ant_os_thread *thread)
{
    int err = pthread_detach(thread->thread);
    ANT_ASSERT(err == 0);
}

int ant_os_thread_count(void)
{
    DIR *threads = opendir("/proc/self/task");
    if (threads == NULL) return -1;

    int count = 0;
    for (;;) { // ends with the directory
        struct dirent *entry = readdir(threads);
        if (entry == NULL) break;
        if (entry->d_name[0] != '.') count++;
    }
    closedir(threads);
    return count;
}

// What a thread wants to have called when it ends.
typedef struct thread_end {
    void (*fn)(void *arg);
    void *arg;
} thread_end;

static _Thread_local thread_end my_end;
static pthread_key_t end_key;

static void on_end(void *value)
{
    const thread_end *end = value;
    end->fn(end->arg);
}

static void make_end_key(void)
{
    int err = pthread_key_create(&end_key, on_end);
    ANT_ASSERT(err == 0);
}

void ant_os_on_thread_end(void (*fn)(void *arg), void *arg)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    int err = pthread_once(&once, make_end_key);
    ANT_ASSERT(err == 0);
    my_end = (thread_end){ fn, arg };
    err = pthread_setspecific(end_key, &my_end);
    ANT_ASSERT(err == 0);
}

int ant_os_raise(int signum)
{
    sigset_t only, before;
    sigemptyset(&only);
    if (sigaddset(&only, signum) < 0) return -errno;
    int err = -pthread_sigmask(SIG_UNBLOCK, &only, &before);
    if (err < 0) return err;
    if (raise(signum) != 0) err = -errno;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return err;
}

void ant_os_on_fork_child(void (*fn)(void))
{
    int err = pthread_atfork(NULL, NULL, fn);
    ANT_ASSERT(err == 0);
}

unsigned ant_os_cpu_count(void)
{
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0) {
        return (unsigned)CPU_COUNT(&allowed);
    }
    // More CPUs than a cpu_set_t has bits.
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (unsigned)online : 1;
}

void ant_os_reserve_descriptors(int fd, int count)
{
    const long limit = sysconf(_SC_OPEN_MAX);
    if (limit >= 0 && limit < count) count = (int)limit;
    // A table grows to hold the highest, and never shrinks.
    const int highest = fcntl(fd, F_DUPFD_CLOEXEC, count - 1);
    if (highest >= 0) close(highest);
}

void ant_os_yield(void)
{
    sched_yield();
}

static void *thread_main(void *arg)
{
    thread_start start = *(thread_start *)arg;
    ant_mem_free(arg);
    // Only a label for debuggers: a thread without it works as well.
    pthread_setname_np(pthread_self(), start.name);
    start.fn(start.arg);
    return NULL;
}

// All but the faults of the thread's own instructions, which the kernel
// delivers to the thread that made them: blocked, they would kill the process
// without the crash handler having its say.
static sigset_t signals_to_block(void)
{
    sigset_t set;
    sigfillset(&set);
    sigdelset(&set, SIGSEGV);
    sigdelset(&set, SIGBUS);
    sigdelset(&set, SIGFPE);
    sigdelset(&set, SIGILL);
    sigdelset(&set, SIGABRT);
    return set;
}

// --- Time --------------------------------------------------------------------

uint64_t ant_os_now_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

uint64_t ant_os_wall_ns(void)
{
    return read_clock(CLOCK_REALTIME);
}

uint64_t ant_os_thread_cpu_ns(void)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

void ant_os_sleep_ns(uint64_t ns)
{
    uint64_t now_ns = ant_os_now_ns();
    uint64_t end_ns = ns < ANT_NS_NEVER - now_ns ? now_ns + ns : ANT_NS_NEVER;
    struct timespec until = timespec_from_ns(end_ns);

    // An absolute end: signal handlers that interrupt do not prolong the nap.
    int err;
    do {
        err = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    } while (err == EINTR);
    ANT_ASSERT(err == 0);
}

static struct timespec timespec_from_ns(uint64_t ns)
{
    return (struct timespec){
        .tv_sec = (time_t)(ns / ANT_NS_PER_S),
        .tv_nsec = (long)(ns % ANT_NS_PER_S),
    };
}

static uint64_t read_clock(clockid_t clock)
{
    struct timespec now;
    int err = clock_gettime(clock, &now);
    ANT_ASSERT(err == 0);
    return (uint64_t)now.tv_sec * ANT_NS_PER_S + (uint64_t)now.tv_nsec;
}
