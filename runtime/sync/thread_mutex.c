// SPDX-License-Identifier: MIT

#include "sync/thread_mutex.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/parker.h"
#include "trace/trace.h"

// A thread in the queue, on its own stack. It has a parker of its own, so that
// permits for the worker that it may be are not mixed up with the lock.
typedef struct ant_thread_waiter {
    struct ant_thread_waiter *next;
    const ant_here *thread;
    ant_driver *driver; // NULL outside of a runtime
    ant_parker parker;
    uint32_t task;
    uint32_t line;
} ant_thread_waiter;

static void hold(ant_thread_mutex *mutex, const ant_here *thread, uint32_t task,
                 uint32_t line);
static void push(ant_thread_mutex *mutex, ant_thread_waiter *waiter);
static ant_thread_waiter *pop(ant_thread_mutex *mutex);
static void begin_block(ant_thread_mutex *mutex,
                        const ant_thread_waiter *waiter, const char *file);
static void end_block(ant_thread_mutex *mutex, const ant_thread_waiter *waiter);
static void waiter_wake(ant_thread_waiter *waiter);

void ant_thread_mutex_deinit(ant_thread_mutex *mutex)
{
    ANT_ASSERT(mutex->thread == NULL);
    ANT_ASSERT(mutex->first == NULL);
    ant_resource_end(&mutex->resource);
    ant_os_mutex_deinit(&mutex->lock);
}

int ant__thread_mutex_lock(ant_thread_mutex *mutex, const char *file,
                           uint32_t line)
{
    ant_thread_waiter waiter = {
        .thread = ant__here(),
        .driver = ant__driver_here(),
        .task = ant_task_id_here(),
        .line = line,
    };
    ant_os_mutex_lock(&mutex->lock);
    const bool is_mine =
        mutex->thread == waiter.thread && mutex->task == waiter.task;
    const bool is_free = mutex->thread == NULL;
    if (is_free) hold(mutex, waiter.thread, waiter.task, line);
    if (is_free || is_mine) {
        ant_os_mutex_unlock(&mutex->lock);
        return is_free ? 0 : -EDEADLK;
    }
    ant__thread_parker_init(waiter.driver, &waiter.parker);
    push(mutex, &waiter);
    begin_block(mutex, &waiter, file);
    ant_os_mutex_unlock(&mutex->lock);

    ant__thread_park(waiter.driver, &waiter.parker);
    end_block(mutex, &waiter);
    ant__thread_parker_deinit(waiter.driver, &waiter.parker);
    return 0;
}

int ant__thread_mutex_try_lock(ant_thread_mutex *mutex, uint32_t line)
{
    ant_os_mutex_lock(&mutex->lock);
    const bool is_free = mutex->thread == NULL;
    if (is_free) hold(mutex, ant__here(), ant_task_id_here(), line);
    ant_os_mutex_unlock(&mutex->lock);
    return is_free ? 0 : -EBUSY;
}

int ant_thread_mutex_unlock(ant_thread_mutex *mutex)
{
    ant_os_mutex_lock(&mutex->lock);
    if (mutex->thread != ant__here()) {
        ant_os_mutex_unlock(&mutex->lock);
        return -EPERM;
    }
    ANT_TRACE(release, .res = ant_resource_id(&mutex->resource),
              .task = mutex->task, .amount = 1);
    ant_thread_waiter *waiter = pop(mutex);
    if (waiter != NULL) {
        hold(mutex, waiter->thread, waiter->task, waiter->line);
    } else {
        mutex->thread = NULL;
        ant_resource_hold(&mutex->resource, 0, 0);
    }
    ant_os_mutex_unlock(&mutex->lock);
    if (waiter != NULL) waiter_wake(waiter);
    return 0;
}

// ---- Under the lock ----

static void hold(ant_thread_mutex *mutex, const ant_here *thread, uint32_t task,
                 uint32_t line)
{
    mutex->thread = thread;
    mutex->task = task;
    ant_resource_hold(&mutex->resource, task, line);
    ANT_TRACE(acquire, .res = ant_resource_id(&mutex->resource), .task = task,
              .amount = 1, .line = line);
}

static void push(ant_thread_mutex *mutex, ant_thread_waiter *waiter)
{
    if (mutex->first == NULL)
        mutex->first = waiter;
    else
        mutex->last->next = waiter;
    mutex->last = waiter;
    mutex->waiter_count++;
    ANT_TRACE(wait_begin, .res = ant_resource_id(&mutex->resource),
              .task = waiter->task, .amount = 1, .waiters = mutex->waiter_count,
              .line = waiter->line);
}

// NULL when nobody waits.
static ant_thread_waiter *pop(ant_thread_mutex *mutex)
{
    ant_thread_waiter *waiter = mutex->first;
    if (waiter == NULL) return NULL;
    mutex->first = waiter->next;
    mutex->waiter_count--;
    ANT_TRACE(wait_end, .res = ant_resource_id(&mutex->resource),
              .task = waiter->task, .why = ANT_WAIT_GRANTED,
              .waiters = mutex->waiter_count);
    return waiter;
}

// Says that the thread blocks before it does: it may be the last thing that is
// ever heard of it. This is under the lock so that the runtime counts the
// thread as blocked before an unlocker can count it as going on.
static void begin_block(ant_thread_mutex *mutex,
                        const ant_thread_waiter *waiter, const char *file)
{
    ANT_TRACE(block_begin, .task = waiter->task, .what = ANT_BLOCK_MUTEX,
              .res = ant_resource_id(&mutex->resource),
              .file = ant_trace_string(file), .line = waiter->line);
    ant_here *here = ant__here();
    ant_atomic_store(&here->blocked_file, (uintptr_t)file, ANT_RELAXED);
    ant_atomic_store(&here->blocked_line, waiter->line, ANT_RELAXED);
    // release: pairs with the acquire in whoever reports a stall.
    ant_atomic_store(&here->blocked_on, (uintptr_t)&mutex->resource,
                     ANT_RELEASE);
    ant_driver *driver = waiter->driver;
    if (driver != NULL && driver->on_block != NULL)
        driver->on_block(driver->arg, +1);
}

// ---- Waiting, without the lock ----

static void end_block(ant_thread_mutex *mutex, const ant_thread_waiter *waiter)
{
    // relaxed: nobody relies on its being gone.
    ant_atomic_store(&ant__here()->blocked_on, 0, ANT_RELAXED);
    ANT_TRACE(block_end, .task = waiter->task, .what = ANT_BLOCK_MUTEX,
              .res = ant_resource_id(&mutex->resource));
}

// The runtime hears that the thread goes on before it does, so that it never
// looks as if nobody could move.
static void waiter_wake(ant_thread_waiter *waiter)
{
    ant_driver *driver = waiter->driver;
    if (driver != NULL && driver->on_block != NULL)
        driver->on_block(driver->arg, -1);
    ant__thread_unpark(driver, &waiter->parker);
}
