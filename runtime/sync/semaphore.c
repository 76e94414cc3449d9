// SPDX-License-Identifier: MIT

#include "sync/semaphore.h"

#include <stdio.h>

#include "core/here.h"
#include "trace/trace.h"

static void acquire_drop(ant_future *future);
static bool acquire_waits_on(const ant_future *future, ant_wait *ret_wait);
static void record_change(ant_semaphore *semaphore, int64_t change);
ANT_NORETURN static void say_too_many(const ant_semaphore *semaphore,
                                      uint32_t count);

#define ACQUIRE_OPS .drop = acquire_drop, .waits_on = acquire_waits_on

ANT_ASYNC_OPS(ant_semaphore_acquire, ACQUIRE_OPS)
{
    return ant_permits_poll(&self->claim, &self->base.result, cx);
}

ant_future_ops *const ant__semaphore_acquire_ops = &ant_semaphore_acquire_ops;

int ant__semaphore_try_acquire(ant_semaphore *semaphore, uint32_t count,
                               uint32_t line)
{
    return ant_permits_try(&semaphore->permits, count, line);
}

void ant_semaphore_release(ant_semaphore *semaphore, uint32_t count)
{
    const int err =
        ant_permits_release(&semaphore->permits, ant_task_id_here(), count);
    if (ANT_UNLIKELY(err < 0)) say_too_many(semaphore, count);
}

int ant_semaphore_add_permits(ant_semaphore *semaphore, uint32_t count)
{
    // Said before it is so: nobody is seen to take what was never there.
    record_change(semaphore, count);
    const int err = ant_permits_add(&semaphore->permits, count);
    if (err < 0) record_change(semaphore, -(int64_t)count);
    return err;
}

uint32_t ant_semaphore_forget_permits(ant_semaphore *semaphore, uint32_t count)
{
    const uint32_t taken = ant_permits_forget(&semaphore->permits, count);
    if (taken > 0) record_change(semaphore, -(int64_t)taken);
    return taken;
}

uint32_t ant_semaphore_available_permits(const ant_semaphore *semaphore)
{
    return ant_permits_available(&semaphore->permits);
}

void ant_semaphore_close(ant_semaphore *semaphore)
{
    ANT_TRACE(chan_close, .res = ant_resource_id(&semaphore->permits.resource),
              .task = ant_task_id_here());
    ant_permits_close(&semaphore->permits);
}

bool ant_semaphore_is_closed(const ant_semaphore *semaphore)
{
    return ant_permits_is_closed(&semaphore->permits);
}

void ant__semaphore_init(ant_semaphore *semaphore, const char *name,
                         uint32_t count, const char *file, uint32_t line)
{
    ant_resource card = ANT_RESOURCE(ANT_RES_SEMAPHORE, name, count);
    card.file = file;
    card.line = line;
    ant_permits_init(&semaphore->permits, &card, ANT_SEMAPHORE_PERMITS_MAX);
}

void ant_semaphore_deinit(ant_semaphore *semaphore)
{
    ant_permits_deinit(&semaphore->permits);
}

static void acquire_drop(ant_future *future)
{
    ant_permits_drop(&((struct ant_semaphore_acquire *)(void *)future)->claim);
}

static bool acquire_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_semaphore_acquire *self = (const void *)future;
    return ant_permits_waits_on(&self->claim, ret_wait);
}

static void record_change(ant_semaphore *semaphore, int64_t change)
{
    ANT_TRACE(permits, .res = ant_resource_id(&semaphore->permits.resource),
              .task = ant_task_id_here(), .change = (uint64_t)change);
}

static void say_too_many(const ant_semaphore *semaphore, uint32_t count)
{
    const ant_resource *card = &semaphore->permits.resource;
    char text[200];
    (void)snprintf(text, sizeof text,
                   "task %u released %u permits of the semaphore \"%s\", which "
                   "had %u free ones: more than there can be",
                   ant_task_id_here(), count, card->name,
                   ant_semaphore_available_permits(semaphore));
    ant__crash(card->file, (int)card->line, text);
}
