// SPDX-License-Identifier: MIT

#include "sync/rwlock.h"

#include <stdio.h>

#include "core/here.h"
#include "core/thread_wait.h"

static void read_drop(ant_future *future);
static bool read_waits_on(const ant_future *future, ant_wait *ret_wait);
static void write_drop(ant_future *future);
static bool write_waits_on(const ant_future *future, ant_wait *ret_wait);
static void set_written(ant_rwlock *lock, bool is_written);
static bool is_written(const ant_rwlock *lock);
static void check_writer(const ant_rwlock *lock, const char *verb);
ANT_NORETURN static void say_mistake(const ant_rwlock *lock, const char *verb,
                                     const char *state);

// ---- Reading ----

ANT_ASYNC_OPS(ant_rwlock_read, .drop = read_drop, .waits_on = read_waits_on)
{
    return ant_permits_poll(&self->claim, &self->base.result, cx);
}

struct ant_rwlock_read ant__rwlock_read(ant_rwlock *lock, uint32_t line)
{
    return (struct ant_rwlock_read){
        ANT_INIT(ant_rwlock_read),
        .claim = ant_permits_claim_new(&lock->permits, 1, line),
    };
}

bool ant__rwlock_try_read(ant_rwlock *lock, uint32_t line)
{
    return ant_permits_try(&lock->permits, 1, line) == 0;
}

int ant__rwlock_blocking_read(ant_rwlock *lock, const char *file, uint32_t line)
{
    struct ant_rwlock_read read = ant__rwlock_read(lock, line);
    return ant__thread_wait(&read.base, file, line);
}

void ant_rwlock_read_unlock(ant_rwlock *lock)
{
    if (is_written(lock))
        say_mistake(lock, "ended reading of", "is being written");
    const int err = ant_permits_release(&lock->permits, ant_task_id_here(), 1);
    if (err < 0) say_mistake(lock, "ended reading of", "nobody reads");
}

static void read_drop(ant_future *future)
{
    ant_permits_drop(&((struct ant_rwlock_read *)(void *)future)->claim);
}

static bool read_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_rwlock_read *self = (const void *)future;
    return ant_permits_waits_on(&self->claim, ret_wait);
}

// ---- Writing ----

ANT_ASYNC_OPS(ant_rwlock_write, .drop = write_drop, .waits_on = write_waits_on)
{
    const ant_poll poll =
        ant_permits_poll(&self->claim, &self->base.result, cx);
    if (poll == ANT_READY) set_written(self->lock, true);
    return poll;
}

struct ant_rwlock_write ant__rwlock_write(ant_rwlock *lock, uint32_t line)
{
    return (struct ant_rwlock_write){
        ANT_INIT(ant_rwlock_write),
        .lock = lock,
        .claim = ant_permits_claim_new(&lock->permits, lock->permits.max, line),
    };
}

bool ant__rwlock_try_write(ant_rwlock *lock, uint32_t line)
{
    if (ant_permits_try(&lock->permits, lock->permits.max, line) < 0)
        return false;
    set_written(lock, true);
    return true;
}

int ant__rwlock_blocking_write(ant_rwlock *lock, const char *file,
                               uint32_t line)
{
    struct ant_rwlock_write write = ant__rwlock_write(lock, line);
    return ant__thread_wait(&write.base, file, line);
}

void ant_rwlock_write_unlock(ant_rwlock *lock)
{
    check_writer(lock, "ended writing of");
    set_written(lock, false);
    const int err = ant_permits_release(&lock->permits, ant_task_id_here(),
                                        lock->permits.max);
    ANT_ASSERT(err == 0);
}

void ant__rwlock_downgrade(ant_rwlock *lock, uint32_t line)
{
    check_writer(lock, "downgraded");
    set_written(lock, false);
    const int err =
        ant_permits_reduce(&lock->permits, ant_task_id_here(), line);
    ANT_ASSERT(err == 0);
}

static void write_drop(ant_future *future)
{
    ant_permits_drop(&((struct ant_rwlock_write *)(void *)future)->claim);
}

static bool write_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_rwlock_write *self = (const void *)future;
    return ant_permits_waits_on(&self->claim, ret_wait);
}

// ---- Both ----

void ant__rwlock_init(ant_rwlock *lock, const char *name, uint32_t readers_max,
                      const char *file, uint32_t line)
{
    ANT_ASSERT(readers_max > 0);
    ant_resource card = ANT_RESOURCE(ANT_RES_RWLOCK, name, readers_max);
    card.file = file;
    card.line = line;
    *lock = (ant_rwlock){ .is_written = 0 };
    ant_permits_init(&lock->permits, &card, readers_max);
}

void ant_rwlock_deinit(ant_rwlock *lock)
{
    ANT_ASSERT(ant_permits_available(&lock->permits) == lock->permits.max);
    ant_permits_deinit(&lock->permits);
}

// ---- Mistakes ----

// relaxed, both: the permits keep the order. Whoever may unlock sees its own
// write, or one before it was let in; anything else is a mistake.
static void set_written(ant_rwlock *lock, bool is_written)
{
    ant_atomic_store(&lock->is_written, is_written, ANT_RELAXED);
}

static bool is_written(const ant_rwlock *lock)
{
    return ant_atomic_load(&lock->is_written, ANT_RELAXED) != 0;
}

// Ending what another task writes would let others in too early.
static void check_writer(const ant_rwlock *lock, const char *verb)
{
    const uint32_t task = ant_task_id_here();
    const uint32_t holder = ant_resource_holder(&lock->permits.resource);
    // Executors without task ids call everybody 0.
    const bool is_mine = holder == task || holder == 0 || task == 0;
    if (ANT_LIKELY(is_written(lock) && is_mine)) return;
    say_mistake(lock, verb,
                is_written(lock) ? "another task writes" : "nobody writes");
}

static void say_mistake(const ant_rwlock *lock, const char *verb,
                        const char *state)
{
    const ant_resource *card = &lock->permits.resource;
    char text[200];
    (void)snprintf(text, sizeof text,
                   "task %u %s the read-write lock \"%s\", which %s",
                   ant_task_id_here(), verb, card->name, state);
    ant__crash(card->file, (int)card->line, text);
}
