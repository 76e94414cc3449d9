// SPDX-License-Identifier: MIT

#include "sync/notify.h"

#include <errno.h>

#include "core/here.h"
#include "trace/trace.h"

// The state word: one of these in the low bits, above them how often everybody
// was woken. WAITED says that the queue is not empty; to and from there the
// word changes only under the queue's lock.
enum { QUIET = 0, WAITED = 1, RUNG = 2, LOW_BITS = 3 };
#define ONE_CALL UINT64_C(4)

// The mark of a waiter: for whom a ring was. Who drops it unused passes it on
// in this direction.
enum { FOR_ALL, FOR_OLDEST, FOR_YOUNGEST };

static void notified_drop(ant_future *future);
static bool notified_waits_on(const ant_future *future, ant_wait *ret_wait);
static int look(void *arg);
static bool is_called(const struct ant_notified *self, uint64_t state);
static bool take_ring(struct ant_notified *self, uint64_t if_none);
static void quiet_if_nobody_waits(ant_notify *notify);
static void ring(ant_notify *notify, uint8_t direction);
static bool keep_ring(ant_notify *notify);
static ant_waker ring_for_one(ant_notify *notify, uint8_t direction);

// A future that was enabled stands in the queue before its first poll.
#define NOTIFIED_OPS                                                           \
    .drop = notified_drop, .waits_on = notified_waits_on, .is_hot = true

ANT_ASYNC_OPS(ant_notified, NOTIFIED_OPS)
{
    // Paid before it is taken: what is taken cannot be pending.
    if (!ant_coop_consume(cx)) return ANT_PENDING;
    const ant_waiting w = { .list = &self->notify->waiters,
                            .waiter = &self->waiter,
                            .resource = &self->notify->resource,
                            .look = look,
                            .arg = self };
    const bool is_new = ant_waiter_get_state(&self->waiter) == ANT_WAITER_IDLE;
    if (is_new && take_ring(self, QUIET)) return ANT_READY;
    if (ant_waitlist_poll(&w, cx) == 0) return ANT_READY;
    cx->budget++; // to wait costs nothing
    return ANT_PENDING;
}

struct ant_notified ant__notified(ant_notify *notify, uint32_t line)
{
    return (struct ant_notified){
        ANT_INIT(ant_notified),
        .notify = notify,
        // acquire: pairs with the release of ant_notify_waiters(); what came
        // before that call is seen, and is not waited for.
        .calls = ant_atomic_load(&notify->state, ANT_ACQUIRE) / ONE_CALL,
        .waiter = ANT_WAITER(line),
    };
}

bool ant_notified_enable(struct ant_notified *notified)
{
    ant_notify *notify = notified->notify;
    ant_waiter *waiter = &notified->waiter;
    ant_waker old = { 0 };
    ANT_ASSERT(!ant_future_is_ready(&notified->base));

    ant_os_mutex_lock(&notify->waiters.lock);
    const bool is_over = look(notified) == 0;
    const ant_waiter_state state = ant_waiter_get_state(waiter);
    if (is_over) {
        if (state == ANT_WAITER_QUEUED)
            old =
                ant_waitlist_take(&notify->waiters, waiter, &notify->resource);
        waiter->mark = FOR_ALL; // the caller knows: it is used now
        ant_waiter_grant(waiter);
    } else if (state == ANT_WAITER_IDLE) {
        waiter->task = ant_task_id_here();
        ant_waitlist_push(&notify->waiters, waiter, &notify->resource, 1);
    }
    ant_os_mutex_unlock(&notify->waiters.lock);
    ant_waker_drop(&old);
    return is_over;
}

void ant_notify_one(ant_notify *notify)
{
    ring(notify, FOR_OLDEST);
}

void ant_notify_last(ant_notify *notify)
{
    ring(notify, FOR_YOUNGEST);
}

void ant_notify_waiters(ant_notify *notify)
{
    ant_leavers leavers;
    ant_os_mutex_lock(&notify->waiters.lock);
    ant_waitlist_take_all(&notify->waiters, &leavers);
    // release: pairs with the acquire of whoever sees the call in the word.
    (void)ant_atomic_add(&notify->state, ONE_CALL, ANT_ACQ_REL);
    quiet_if_nobody_waits(notify);
    ant_os_mutex_unlock(&notify->waiters.lock);
    ant_waitlist_wake(&notify->waiters, &leavers, &notify->resource,
                      ANT_VIA_NOTIFY);
}

void ant__notify_init(ant_notify *notify, const char *name, const char *file,
                      uint32_t line)
{
    *notify = (ant_notify)ANT_NOTIFY(name);
    notify->resource.file = file;
    notify->resource.line = line;
    ant_waitlist_init(&notify->waiters);
}

void ant_notify_deinit(ant_notify *notify)
{
    ant_waitlist_deinit(&notify->waiters);
    ant_resource_end(&notify->resource);
}

// ---- Waiting ----

// Under the queue's lock. When there is nothing, it is about to wait.
static int look(void *arg)
{
    struct ant_notified *self = arg;
    if (ant_waiter_get_state(&self->waiter) == ANT_WAITER_GRANTED) return 0;
    return take_ring(self, WAITED) ? 0 : -EAGAIN;
}

// True when everybody was called, or with the ring that was kept. Without one
// the word becomes `if_none`: QUIET, or under the queue's lock WAITED.
static bool take_ring(struct ant_notified *self, uint64_t if_none)
{
    ant_notify *notify = self->notify;
    // acquire: pairs with the release in keep_ring() and ant_notify_waiters().
    uint64_t state = ant_atomic_load(&notify->state, ANT_ACQUIRE);
    uint64_t low;
    do {
        // Looked at first: who was called with all takes no ring besides.
        if (is_called(self, state)) return true;
        low = state & LOW_BITS;
        if (low == WAITED || low == if_none) return false;
    } while (!ant_atomic_cas_weak(&notify->state, &state,
                                  state - low + (low == RUNG ? QUIET : WAITED),
                                  ANT_ACQUIRE, ANT_ACQUIRE));
    if (low == RUNG)
        ANT_TRACE(chan_recv, .res = ant_resource_id(&notify->resource),
                  .task = ant_task_id_here(), .len = 0);
    return low == RUNG;
}

// Whether everybody was woken since the future was made.
static bool is_called(const struct ant_notified *self, uint64_t state)
{
    return state / ONE_CALL != self->calls;
}

static void notified_drop(ant_future *future)
{
    struct ant_notified *self = (struct ant_notified *)(void *)future;
    ant_notify *notify = self->notify;
    if (ant_waiter_get_state(&self->waiter) == ANT_WAITER_IDLE) return;

    ant_os_mutex_lock(&notify->waiters.lock);
    ant_waitlist_cancel(&notify->waiters, &self->waiter, &notify->resource);
    quiet_if_nobody_waits(notify);
    ant_waker old = ant_waker_take(&self->waiter.waker);
    ant_os_mutex_unlock(&notify->waiters.lock);
    ant_waker_drop(&old);

    // Rung for this one, which did not use it.
    if (ant_waiter_get_state(&self->waiter) == ANT_WAITER_GRANTED &&
        self->waiter.mark != FOR_ALL)
        ring(notify, self->waiter.mark);
}

static bool notified_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_notified *self = (const void *)future;
    return ant_waiter_describe(&self->waiter, &self->notify->resource,
                               ret_wait);
}

// Under the queue's lock: without anybody in the queue, rings are kept again.
static void quiet_if_nobody_waits(ant_notify *notify)
{
    const uint64_t state = ant_atomic_load(&notify->state, ANT_RELAXED);
    if ((state & LOW_BITS) != WAITED) return;
    if (ant_waitlist_first(&notify->waiters) != NULL) return;
    // relaxed: nobody else changes the word while it says WAITED. It is not a
    // store, so that it passes on what was released into the word before.
    (void)ant_atomic_sub(&notify->state, WAITED - QUIET, ANT_RELAXED);
}

// ---- Ringing ----

static void ring(ant_notify *notify, uint8_t direction)
{
    if (keep_ring(notify)) return;
    ant_os_mutex_lock(&notify->waiters.lock);
    ant_waker waker = ring_for_one(notify, direction);
    ant_os_mutex_unlock(&notify->waiters.lock);
    ant__waker_wake_for(&waker,
                        ant_resource_why(&notify->resource, ANT_VIA_NOTIFY));
}

// False when somebody waits, who can have it.
static bool keep_ring(ant_notify *notify)
{
    uint64_t state = ant_atomic_load(&notify->state, ANT_RELAXED);
    uint64_t low;
    do {
        low = state & LOW_BITS;
        if (low == WAITED) return false;
        // release: pairs with the acquire in take_ring(). Also a ring that adds
        // nothing to the one before passes on what was done before it.
    } while (!ant_atomic_cas_weak(&notify->state, &state, state - low + RUNG,
                                  ANT_RELEASE, ANT_RELAXED));
    if (low == QUIET)
        ANT_TRACE(chan_send, .res = ant_resource_id(&notify->resource),
                  .task = ant_task_id_here(), .len = 1);
    return true;
}

// Under the queue's lock. Returns the waker of whom the ring was given.
static ant_waker ring_for_one(ant_notify *notify, uint8_t direction)
{
    ant_waitlist *waiters = &notify->waiters;
    ant_waiter *waiter = direction == FOR_OLDEST ? ant_waitlist_first(waiters)
                                                 : ant_waitlist_last(waiters);
    if (waiter == NULL) {
        // All who waited left just now, and nobody can come meanwhile.
        const bool is_kept = keep_ring(notify);
        ANT_ASSERT(is_kept);
        return (ant_waker){ 0 };
    }
    waiter->mark = direction;
    ant_waker waker = ant_waitlist_take(waiters, waiter, &notify->resource);
    quiet_if_nobody_waits(notify);
    ant_waiter_grant(waiter);
    return waker;
}
