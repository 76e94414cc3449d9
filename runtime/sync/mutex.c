// SPDX-License-Identifier: MIT

#include "sync/mutex.h"

#include <stdio.h>

#include "core/here.h"
#include "trace/trace.h"

// The state word. WAITED says that the queue is not empty: then only the lock's
// holder and whoever has the queue's lock may change it, and only to what they
// agree on there.
enum { FREE = 0, HELD = 1, HELD_AND_WAITED = 3 };

static void lock_drop(ant_future *future);
static bool lock_waits_on(const ant_future *future, ant_wait *ret_wait);
static ant_poll lock_first(struct ant_mutex_lock *self, ant_cx *cx);
static bool take(ant_mutex *mutex);
static bool take_else_queue(struct ant_mutex_lock *self, ant_cx *cx);
static bool take_else_mark(ant_mutex *mutex);
static void unmark_if_nobody_waits(ant_mutex *mutex);
static void record_acquire(ant_mutex *mutex, uint32_t task, uint32_t line);
static void release(ant_mutex *mutex, uint32_t task);
static void hand_over(ant_mutex *mutex);
static void check_holder(const ant_mutex *mutex, uint32_t task);

ANT_ASYNC_OPS(ant_mutex_lock, .drop = lock_drop, .waits_on = lock_waits_on)
{
    if (ant_waiter_get_state(&self->waiter) == ANT_WAITER_IDLE)
        return lock_first(self, cx);
    if (!ant_waitlist_look(&self->mutex->waiters, &self->waiter, &cx->waker))
        return ANT_PENDING;
    return ant_coop_consume(cx) ? ANT_READY : ANT_PENDING;
}

struct ant_mutex_lock ant__mutex_lock(ant_mutex *mutex, uint32_t line)
{
    return (struct ant_mutex_lock){
        ANT_INIT(ant_mutex_lock),
        .mutex = mutex,
        .line = line,
    };
}

bool ant__mutex_try_lock(ant_mutex *mutex, uint32_t line)
{
    if (!take(mutex)) return false;
    record_acquire(mutex, ant_task_id_here(), line);
    return true;
}

void ant_mutex_unlock(ant_mutex *mutex)
{
    const uint32_t task = ant_task_id_here();
    check_holder(mutex, task);
    release(mutex, task);
}

void ant__mutex_init(ant_mutex *mutex, const char *name, const char *file,
                     uint32_t line)
{
    *mutex = (ant_mutex)ANT_MUTEX(name);
    mutex->resource.file = file;
    mutex->resource.line = line;
    ant_waitlist_init(&mutex->waiters);
}

void ant_mutex_deinit(ant_mutex *mutex)
{
    // acquire: pairs with the release of the last unlock.
    ANT_ASSERT(ant_atomic_load(&mutex->state, ANT_ACQUIRE) == FREE);
    ant_waitlist_deinit(&mutex->waiters);
    ant_resource_end(&mutex->resource);
}

// ---- Locking ----

static ant_poll lock_first(struct ant_mutex_lock *self, ant_cx *cx)
{
    // Paid before it is taken: what is taken cannot be pending.
    if (!ant_coop_consume(cx)) return ANT_PENDING;
    if (take(self->mutex) || take_else_queue(self, cx)) {
        record_acquire(self->mutex, cx->task, self->line);
        return ANT_READY;
    }
    cx->budget++; // to wait costs nothing
    return ANT_PENDING;
}

static bool take(ant_mutex *mutex)
{
    uint32_t state = FREE;
    // acquire: pairs with the release in release() and hand_over().
    return ant_atomic_cas(&mutex->state, &state, HELD, ANT_ACQUIRE,
                          ANT_RELAXED);
}

// Joins the queue, unless the mutex has become free: then it is taken.
static bool take_else_queue(struct ant_mutex_lock *self, ant_cx *cx)
{
    ant_waitlist *waiters = &self->mutex->waiters;
    self->waiter.task = cx->task;
    self->waiter.line = self->line;
    self->waiter.waker = ant_waker_clone(&cx->waker);

    ant_os_mutex_lock(&waiters->lock);
    const bool is_taken = take_else_mark(self->mutex);
    if (!is_taken)
        ant_waitlist_push(waiters, &self->waiter, &self->mutex->resource);
    ant_os_mutex_unlock(&waiters->lock);

    if (is_taken) ant_waker_drop(&self->waiter.waker);
    return is_taken;
}

// Under the queue's lock: takes the mutex, or makes its holder look into the
// queue when it unlocks.
static bool take_else_mark(ant_mutex *mutex)
{
    uint32_t state = HELD;
    while (state != HELD_AND_WAITED) {
        const uint32_t next = state == FREE ? HELD : HELD_AND_WAITED;
        // acquire: as in take(), when it was free.
        if (ant_atomic_cas_weak(&mutex->state, &state, next, ANT_ACQUIRE,
                                ANT_RELAXED))
            return next == HELD;
    }
    return false;
}

static void lock_drop(ant_future *future)
{
    struct ant_mutex_lock *self = (struct ant_mutex_lock *)(void *)future;
    ant_mutex *mutex = self->mutex;
    if (ant_waiter_get_state(&self->waiter) == ANT_WAITER_IDLE) return;

    ant_os_mutex_lock(&mutex->waiters.lock);
    ant_waitlist_cancel(&mutex->waiters, &self->waiter, &mutex->resource);
    unmark_if_nobody_waits(mutex);
    ant_os_mutex_unlock(&mutex->waiters.lock);
    ant_waker_drop(&self->waiter.waker);
    if (ant_waiter_get_state(&self->waiter) == ANT_WAITER_GRANTED)
        release(mutex, self->waiter.task);
}

static bool lock_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_mutex_lock *self = (const void *)future;
    if (ant_waiter_get_state(&self->waiter) != ANT_WAITER_QUEUED) return false;
    ant_resource_describe(&self->mutex->resource, ret_wait);
    return true;
}

static void record_acquire(ant_mutex *mutex, uint32_t task, uint32_t line)
{
    ant_resource_hold(&mutex->resource, task, line);
    ANT_TRACE(acquire, .res = ant_resource_id(&mutex->resource), .task = task,
              .amount = 1, .line = line);
}

// ---- Unlocking ----

static void release(ant_mutex *mutex, uint32_t task)
{
    ANT_TRACE(release, .res = ant_resource_id(&mutex->resource), .task = task,
              .amount = 1);
    ant_resource_hold(&mutex->resource, 0, 0);
    uint32_t state = HELD;
    // release: pairs with the acquire in take(), the next holder's.
    if (!ant_atomic_cas(&mutex->state, &state, FREE, ANT_RELEASE, ANT_RELAXED))
        hand_over(mutex);
}

// Gives the mutex to the head of the queue, which need not compete for it.
static void hand_over(ant_mutex *mutex)
{
    ant_waitlist *waiters = &mutex->waiters;
    ant_waker waker = { 0 };
    ant_why why = { .via = ANT_VIA_LOCK };

    ant_os_mutex_lock(&waiters->lock);
    ant_waiter *first = ant_waitlist_first(waiters);
    if (first == NULL) {
        // All who waited were dropped just now.
        // release: pairs with the acquire in take(), the next holder's.
        ant_atomic_store(&mutex->state, FREE, ANT_RELEASE);
    } else {
        waker = ant_waitlist_take(waiters, first, &mutex->resource);
        record_acquire(mutex, first->task, first->line);
        unmark_if_nobody_waits(mutex);
        // relaxed: a label; 0 when nothing is recorded.
        why.res = ant_atomic_load(&mutex->resource.id, ANT_RELAXED);
        ant_waiter_grant(first);
    }
    ant_os_mutex_unlock(&waiters->lock);
    ant__waker_wake_for(&waker, why);
}

// Under the queue's lock: with nobody waiting, unlocking is one step again.
static void unmark_if_nobody_waits(ant_mutex *mutex)
{
    uint32_t state = HELD_AND_WAITED;
    // relaxed: it changes who has to look into the queue, not who holds it.
    if (ant_waitlist_first(&mutex->waiters) == NULL)
        (void)ant_atomic_cas(&mutex->state, &state, HELD, ANT_RELAXED,
                             ANT_RELAXED);
}

// Unlocking what somebody else holds would let two tasks in at once.
static void check_holder(const ant_mutex *mutex, uint32_t task)
{
    const ant_resource *card = &mutex->resource;
    const uint32_t holder = ant_resource_holder(card);
    // relaxed: the holder's own writes, or else it is a mistake anyway.
    const bool is_held = ant_atomic_load(&mutex->state, ANT_RELAXED) != FREE;
    // Executors without task ids call everybody 0.
    const bool is_mine = holder == task || holder == 0 || task == 0;
    if (ANT_LIKELY(is_held && is_mine)) return;

    char text[200];
    if (is_held)
        (void)snprintf(text, sizeof text,
                       "task %u unlocked the mutex \"%s\", which task %u holds "
                       "since line %u",
                       task, card->name, holder,
                       ant_atomic_load(&card->holder_line, ANT_RELAXED));
    else
        (void)snprintf(text, sizeof text,
                       "task %u unlocked the mutex \"%s\", which nobody holds",
                       task, card->name);
    ant__crash(card->file, (int)card->line, text);
}
