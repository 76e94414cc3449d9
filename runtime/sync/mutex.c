// SPDX-License-Identifier: MIT

#include "sync/mutex.h"

#include <stdio.h>

#include "core/here.h"
#include "core/thread_wait.h"

static void lock_drop(ant_future *future);
static bool lock_waits_on(const ant_future *future, ant_wait *ret_wait);
static void unlock_slow(ant_mutex *mutex, uint32_t task);
static void check_holder(const ant_mutex *mutex, uint32_t task);

ANT_ASYNC_OPS(ant_mutex_lock, .drop = lock_drop, .waits_on = lock_waits_on)
{
    return ant_permits_poll(&self->claim, &self->base.result, cx);
}

ant_future_ops *const ant__mutex_lock_ops = &ant_mutex_lock_ops;

bool ant__mutex_try_lock(ant_mutex *mutex, uint32_t line)
{
    return ant_permits_try(&mutex->permits, 1, line) == 0;
}

int ant__mutex_blocking_lock(ant_mutex *mutex, const char *file, uint32_t line)
{
    struct ant_mutex_lock lock = ant__mutex_lock(mutex, line);
    return ant__thread_wait(&lock.base, file, line);
}

void ant_mutex_unlock(ant_mutex *mutex)
{
    const uint32_t task = ant_task_id_here();
    if (!ant__permits_release_fast(&mutex->permits, task))
        unlock_slow(mutex, task);
}

// Somebody waits or records, or it is a mistake.
ANT_NOINLINE static void unlock_slow(ant_mutex *mutex, uint32_t task)
{
    check_holder(mutex, task);
    const int err = ant_permits_release(&mutex->permits, task, 1);
    ANT_ASSERT(err == 0);
}

void ant__mutex_init(ant_mutex *mutex, const char *name, const char *file,
                     uint32_t line)
{
    ant_resource card = ANT_RESOURCE(ANT_RES_MUTEX, name, 1);
    card.file = file;
    card.line = line;
    ant_permits_init(&mutex->permits, &card, 1);
}

void ant_mutex_deinit(ant_mutex *mutex)
{
    ANT_ASSERT(ant_permits_available(&mutex->permits) == 1);
    ant_permits_deinit(&mutex->permits);
}

static void lock_drop(ant_future *future)
{
    ant_permits_drop(&((struct ant_mutex_lock *)(void *)future)->claim);
}

static bool lock_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_mutex_lock *self = (const void *)future;
    return ant_permits_waits_on(&self->claim, ret_wait);
}

// Unlocking what somebody else holds would let two tasks in at once.
static void check_holder(const ant_mutex *mutex, uint32_t task)
{
    const ant_resource *card = &mutex->permits.resource;
    const uint32_t holder = ant_resource_holder(card);
    const bool is_held = ant_permits_available(&mutex->permits) == 0;
    // Executors without task ids call everybody 0.
    const bool is_mine = holder == task || holder == 0 || task == 0;
    if (ANT_LIKELY(is_held && is_mine)) return;

    char text[200];
    if (is_held)
        (void)snprintf(text, sizeof text,
                       "task %u unlocked the mutex \"%s\", which task %u holds "
                       "since line %u",
                       task, card->name, holder,
                       ant_resource_holder_line(card));
    else
        (void)snprintf(text, sizeof text,
                       "task %u unlocked the mutex \"%s\", which nobody holds",
                       task, card->name);
    ant__crash(card->file, (int)card->line, text);
}
