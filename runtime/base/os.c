// SPDX-License-Identifier: MIT

#include "base/os.h"

#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"

// What a new thread has to know. The starter allocates it, the thread frees it.
typedef struct thread_start {
    ant_os_thread_fn fn;
    void *arg;
    char name[16];
} thread_start;

static void *thread_main(void *arg);
static sigset_t signals_to_block(void);
static struct timespec timespec_from_ns(uint64_t ns);
static uint64_t read_clock(clockid_t clock);

// --- Locks -------------------------------------------------------------------

#ifdef ANT_CHECK_LOCKS
static _Thread_local int locks_held;
#define COUNT_LOCK(change) (locks_held += (change))
#else
#define COUNT_LOCK(change) ((void)0)
#endif

void ant_os_mutex_init(ant_os_mutex *mutex)
{
    int err = pthread_mutex_init(&mutex->lock, NULL);
    ANT_ASSERT(err == 0);
}

void ant_os_mutex_deinit(ant_os_mutex *mutex)
{
    int err = pthread_mutex_destroy(&mutex->lock);
    ANT_ASSERT(err == 0);
}

void ant_os_mutex_lock(ant_os_mutex *mutex)
{
    int err = pthread_mutex_lock(&mutex->lock);
    ANT_ASSERT(err == 0);
    COUNT_LOCK(1);
}

void ant_os_mutex_unlock(ant_os_mutex *mutex)
{
    COUNT_LOCK(-1);
    int err = pthread_mutex_unlock(&mutex->lock);
    ANT_ASSERT(err == 0);
}

bool ant_os_mutex_try_lock(ant_os_mutex *mutex)
{
    int err = pthread_mutex_trylock(&mutex->lock);
    if (err == EBUSY) return false;
    ANT_ASSERT(err == 0);
    COUNT_LOCK(1);
    return true;
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
#ifdef ANT_CHECK_LOCKS
    locks_held = count;
#else
    (void)count;
#endif
}

// --- Conditions --------------------------------------------------------------

void ant_os_cond_init(ant_os_cond *cond)
{
    pthread_condattr_t attr;
    int err = pthread_condattr_init(&attr);
    ANT_ASSERT(err == 0);
    err = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    ANT_ASSERT(err == 0);
    err = pthread_cond_init(&cond->cond, &attr);
    ANT_ASSERT(err == 0);
    pthread_condattr_destroy(&attr);
}

void ant_os_cond_deinit(ant_os_cond *cond)
{
    int err = pthread_cond_destroy(&cond->cond);
    ANT_ASSERT(err == 0);
}

void ant_os_cond_signal(ant_os_cond *cond)
{
    int err = pthread_cond_signal(&cond->cond);
    ANT_ASSERT(err == 0);
}

void ant_os_cond_broadcast(ant_os_cond *cond)
{
    int err = pthread_cond_broadcast(&cond->cond);
    ANT_ASSERT(err == 0);
}

void ant_os_cond_wait(ant_os_cond *cond, ant_os_mutex *mutex)
{
    int err = pthread_cond_wait(&cond->cond, &mutex->lock);
    ANT_ASSERT(err == 0);
}

bool ant_os_cond_wait_until(ant_os_cond *cond, ant_os_mutex *mutex,
                            uint64_t deadline_ns)
{
    if (deadline_ns == ANT_NS_NEVER) {
        ant_os_cond_wait(cond, mutex);
        return true;
    }
    struct timespec until = timespec_from_ns(deadline_ns);
    int err = pthread_cond_timedwait(&cond->cond, &mutex->lock, &until);
    ANT_ASSERT(err == 0 || err == ETIMEDOUT);
    return err == 0;
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
