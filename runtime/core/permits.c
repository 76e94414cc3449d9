// SPDX-License-Identifier: MIT

#include "core/permits.h"

#include <errno.h>

#include "core/here.h"
#include "core/waker_batch.h"
#include "trace/trace.h"

enum {
    CLOSED = ANT__PERMITS_CLOSED,
    WAITED = ANT__PERMITS_WAITED,
    ONE = ANT__PERMITS_ONE,
};
_Static_assert(ANT_PERMITS_WORD(1) == ONE, "the word's unit");
_Static_assert(ANT_PERMITS_WORD(ANT_PERMITS_MAX) / ONE == ANT_PERMITS_MAX,
               "the word has room for all permits");

static ant_poll poll_first(ant_permits_claim *claim, int32_t *ret_result,
                           ant_cx *cx);
static int take(ant_permits *permits, uint32_t amount);
static int take_else_queue(ant_permits_claim *claim, const ant_cx *cx);
static int take_else_collect(ant_permits_claim *claim);
static void record_acquire(ant_permits *permits, uint32_t task, uint32_t amount,
                           uint32_t line);
static void record_release(ant_permits *permits, uint32_t task,
                           uint32_t amount);
static int give(ant_permits *permits, uint32_t amount);
static int put_back(ant_permits *permits, uint32_t amount);
static void give_locked(ant_permits *permits, uint32_t amount);
static bool give_some(ant_permits *permits, uint32_t *amount,
                      ant_waker_batch *batch);
static ant_waker grant(ant_permits *permits, ant_permits_claim *claim);
static bool refuse_some(ant_permits *permits, uint32_t *collected,
                        ant_waker_batch *batch);
static void put_back_unwaited(ant_permits *permits, uint32_t amount);
static ant_permits_claim *first_of(ant_permits *permits);
static ant_why why_of(const ant_permits *permits);

void ant_permits_init(ant_permits *permits, const ant_resource *card,
                      uint32_t max)
{
    ANT_ASSERT(card->capacity <= max && max <= ANT_PERMITS_MAX);
    *permits = (ant_permits){ .resource = *card, .max = max };
    ant_atomic_store(&permits->word, ANT_PERMITS_WORD(card->capacity),
                     ANT_RELAXED);
    ant_waitlist_init(&permits->waiters);
}

void ant_permits_deinit(ant_permits *permits)
{
    ant_waitlist_deinit(&permits->waiters);
    ant_resource_end(&permits->resource);
}

bool ant_permits_is_closed(const ant_permits *permits)
{
    // acquire: pairs with the closing, and what was done before it.
    return (ant_atomic_load(&permits->word, ANT_ACQUIRE) & CLOSED) != 0;
}

uint32_t ant_permits_available(const ant_permits *permits)
{
    // acquire: pairs with the giving back of what is counted.
    return ant_atomic_load(&permits->word, ANT_ACQUIRE) / ONE;
}

// ---- Taking ----

ant_poll ant__permits_poll_slow(ant_permits_claim *claim, int32_t *ret_result,
                                ant_cx *cx)
{
    if (!claim->has_waited) return poll_first(claim, ret_result, cx);
    if (!ant_waitlist_look(&claim->permits->waiters, &claim->waiter,
                           &cx->waker))
        return ANT_PENDING;
    if (!ant_coop_consume(cx)) return ANT_PENDING;
    const bool is_granted =
        ant_waiter_get_state(&claim->waiter) == ANT_WAITER_GRANTED;
    if (is_granted)
        ant_resource_use(&claim->permits->resource, claim->waiter.task);
    *ret_result = is_granted ? 0 : -EPIPE;
    return ANT_READY;
}

static ant_poll poll_first(ant_permits_claim *claim, int32_t *ret_result,
                           ant_cx *cx)
{
    // Paid before it is taken: what is taken cannot be pending.
    if (!ant_coop_consume(cx)) return ANT_PENDING;
    int err = take(claim->permits, claim->amount);
    if (err == -EAGAIN) err = take_else_queue(claim, cx);
    if (err == -EAGAIN) {
        cx->budget++; // to wait costs nothing
        return ANT_PENDING;
    }
    if (err == 0)
        record_acquire(claim->permits, cx->task, claim->amount, claim->line);
    *ret_result = err;
    return ANT_READY;
}

int ant_permits_try(ant_permits *permits, uint32_t amount, uint32_t line)
{
    const int err = take(permits, amount);
    if (err == 0) record_acquire(permits, ant_task_id_here(), amount, line);
    return err;
}

static int take(ant_permits *permits, uint32_t amount)
{
    uint32_t word = ant_atomic_load(&permits->word, ANT_ACQUIRE);
    do {
        if ((word & CLOSED) != 0) return -EPIPE;
        if (word / ONE < amount)
            return amount <= permits->max ? -EAGAIN : -EINVAL;
    } while (!ant_atomic_cas_weak(&permits->word, &word, word - amount * ONE,
                                  ANT_ACQ_REL, ANT_ACQUIRE));
    return 0;
}

// Joins the queue (-EAGAIN), unless by now there are permits enough.
static int take_else_queue(ant_permits_claim *claim, const ant_cx *cx)
{
    ant_waitlist *waiters = &claim->permits->waiters;
    claim->waiter = (ant_waiter){ .task = cx->task,
                                  .line = (uint16_t)claim->line,
                                  .waker = ant_waker_clone(&cx->waker) };

    ant_os_mutex_lock(&waiters->lock);
    const int err = take_else_collect(claim);
    claim->has_waited = err == -EAGAIN;
    if (claim->has_waited)
        ant_waitlist_push(waiters, &claim->waiter, &claim->permits->resource,
                          claim->amount);
    ant_os_mutex_unlock(&waiters->lock);

    if (err != -EAGAIN) ant_waker_drop(&claim->waiter.waker);
    return err;
}

// Locked. Takes what is free; when that is not enough, whoever gives something
// back has to look into the queue from now on.
static int take_else_collect(ant_permits_claim *claim)
{
    ant_permits *permits = claim->permits;
    uint32_t word = ant_atomic_load(&permits->word, ANT_ACQUIRE);
    for (;;) {
        if ((word & CLOSED) != 0) return -EPIPE;
        const uint32_t free = word / ONE;
        if ((word & WAITED) != 0) { // nothing is free, and all know
            claim->needed = claim->amount;
            return -EAGAIN;
        }
        const bool is_enough = free >= claim->amount;
        const uint32_t next = is_enough ? word - claim->amount * ONE : WAITED;
        claim->needed = is_enough ? 0 : claim->amount - free;
        if (ant_atomic_cas_weak(&permits->word, &word, next, ANT_ACQ_REL,
                                ANT_ACQUIRE))
            return is_enough ? 0 : -EAGAIN;
    }
}

void ant_permits_drop(ant_permits_claim *claim)
{
    ant_permits *permits = claim->permits;
    if (!claim->has_waited) return;

    ant_os_mutex_lock(&permits->waiters.lock);
    const bool is_queued =
        ant_waiter_get_state(&claim->waiter) == ANT_WAITER_QUEUED;
    ant_waitlist_cancel(&permits->waiters, &claim->waiter, &permits->resource);
    if (is_queued)
        give_locked(permits, claim->amount - claim->needed);
    else
        ant_os_mutex_unlock(&permits->waiters.lock);

    ant_waker_drop(&claim->waiter.waker);
    if (ant_waiter_get_state(&claim->waiter) != ANT_WAITER_GRANTED) return;
    const int err =
        ant_permits_release(permits, claim->waiter.task, claim->amount);
    ANT_ASSERT(err == 0);
}

bool ant_permits_waits_on(const ant_permits_claim *claim, ant_wait *ret_wait)
{
    ant_permits *permits = claim->permits;
    if (!claim->has_waited ||
        !ant_waiter_describe(&claim->waiter, &permits->resource, ret_wait))
        return false;
    ant_os_mutex_lock(&permits->waiters.lock);
    const ant_waiter *first = ant_waitlist_first(&permits->waiters);
    if (first != NULL && first != &claim->waiter) ret_wait->first = first->task;
    ant_os_mutex_unlock(&permits->waiters.lock);
    return true;
}

static void record_acquire(ant_permits *permits, uint32_t task, uint32_t amount,
                           uint32_t line)
{
    ant_resource_hold(&permits->resource, task, line);
    ANT_TRACE(acquire, .res = ant_resource_id(&permits->resource), .task = task,
              .amount = amount, .line = line);
}

// ---- Giving back ----

int ant_permits_release(ant_permits *permits, uint32_t task, uint32_t amount)
{
    record_release(permits, task, amount);
    return give(permits, amount);
}

int ant_permits_reduce(ant_permits *permits, uint32_t task, uint32_t line)
{
    const uint32_t all = permits->max;
    record_release(permits, task, all);
    record_acquire(permits, task, 1, line);
    return give(permits, all - 1);
}

int ant_permits_add(ant_permits *permits, uint32_t amount)
{
    if (amount > permits->max) return -EOVERFLOW;
    return give(permits, amount);
}

uint32_t ant_permits_forget(ant_permits *permits, uint32_t amount)
{
    uint32_t word = ant_atomic_load(&permits->word, ANT_ACQUIRE);
    uint32_t taken;
    do {
        taken = word / ONE < amount ? word / ONE : amount;
    } while (!ant_atomic_cas_weak(&permits->word, &word, word - taken * ONE,
                                  ANT_ACQ_REL, ANT_ACQUIRE));
    return taken;
}

// Of several holders the card names the last one who came, while it stays.
static void record_release(ant_permits *permits, uint32_t task, uint32_t amount)
{
    ANT_TRACE(release, .res = ant_resource_id(&permits->resource), .task = task,
              .amount = amount);
    if (permits->max == 1 || ant_resource_holder(&permits->resource) == task)
        ant_resource_hold(&permits->resource, 0, 0);
}

static int give(ant_permits *permits, uint32_t amount)
{
    const int err = put_back(permits, amount);
    if (err != -EAGAIN) return err;
    ant_os_mutex_lock(&permits->waiters.lock);
    give_locked(permits, amount);
    return 0;
}

// Adds to what is free. -EAGAIN when somebody waits, who comes first.
static int put_back(ant_permits *permits, uint32_t amount)
{
    uint32_t word = ant_atomic_load(&permits->word, ANT_RELAXED);
    do {
        if ((word & WAITED) != 0) return -EAGAIN;
        if (amount > permits->max - word / ONE) return -EOVERFLOW;
    } while (!ant_atomic_cas_weak(&permits->word, &word, word + amount * ONE,
                                  ANT_ACQ_REL, ANT_RELAXED));
    return 0;
}

// Locked, and unlocks: gives permits to those who wait, in their order, and
// what they do not need back.
static void give_locked(ant_permits *permits, uint32_t amount)
{
    ant_waker_batch batch;
    batch.count = 0;
    const ant_why why = why_of(permits);
    while (!give_some(permits, &amount, &batch)) {
        ant_os_mutex_unlock(&permits->waiters.lock);
        ant_waker_batch_wake(&batch, why);
        ant_os_mutex_lock(&permits->waiters.lock);
    }
    ant_os_mutex_unlock(&permits->waiters.lock);
    ant_waker_batch_wake(&batch, why);
}

// Locked. False when the batch is full and there is more to give.
static bool give_some(ant_permits *permits, uint32_t *amount,
                      ant_waker_batch *batch)
{
    ant_permits_claim *first;
    while ((first = first_of(permits)) != NULL && *amount > 0) {
        if (ant_waker_batch_is_full(batch)) return false;
        const uint32_t part = first->needed < *amount ? first->needed : *amount;
        first->needed -= part;
        *amount -= part;
        if (first->needed == 0)
            ant_waker_batch_push(batch, grant(permits, first));
    }
    if (first == NULL) put_back_unwaited(permits, *amount);
    return true;
}

// Locked.
static ant_waker grant(ant_permits *permits, ant_permits_claim *claim)
{
    ant_waiter *waiter = &claim->waiter;
    ant_waker waker =
        ant_waitlist_take(&permits->waiters, waiter, &permits->resource);
    record_acquire(permits, waiter->task, claim->amount, claim->line);
    ant_resource_hand(&permits->resource, waiter->task, claim->line);
    ant_waiter_grant(waiter);
    return waker;
}

// ---- Closing ----

void ant_permits_close(ant_permits *permits)
{
    ant_waker_batch batch;
    batch.count = 0;
    const ant_why why = why_of(permits);
    uint32_t collected = 0;
    bool is_done;
    do {
        ant_os_mutex_lock(&permits->waiters.lock);
        ant_atomic_or(&permits->word, CLOSED, ANT_ACQ_REL);
        is_done = refuse_some(permits, &collected, &batch);
        if (is_done) put_back_unwaited(permits, collected);
        ant_os_mutex_unlock(&permits->waiters.lock);
        ant_waker_batch_wake(&batch, why);
    } while (!is_done);
}

// Locked. Counts what those who are refused had collected. False when the batch
// is full and more are waiting.
static bool refuse_some(ant_permits *permits, uint32_t *collected,
                        ant_waker_batch *batch)
{
    ant_permits_claim *first;
    while ((first = first_of(permits)) != NULL) {
        if (ant_waker_batch_is_full(batch)) return false;
        *collected += first->amount - first->needed;
        ant_waker_batch_push(batch, ant_waitlist_refuse(&permits->waiters,
                                                        &first->waiter,
                                                        &permits->resource));
    }
    return true;
}

// ---- Both ----

// Locked. With nobody waiting, taking and giving back is one step again.
static void put_back_unwaited(ant_permits *permits, uint32_t amount)
{
    uint32_t word = ant_atomic_load(&permits->word, ANT_RELAXED);
    uint32_t next;
    do {
        ANT_ASSERT(amount <= permits->max - word / ONE);
        next = (word & ~(uint32_t)WAITED) + amount * ONE;
    } while (!ant_atomic_cas_weak(&permits->word, &word, next, ANT_ACQ_REL,
                                  ANT_RELAXED));
}

// Locked. NULL when nobody waits.
static ant_permits_claim *first_of(ant_permits *permits)
{
    ant_waiter *first = ant_waitlist_first(&permits->waiters);
    if (first == NULL) return NULL;
    return ANT_CONTAINER_OF(first, ant_permits_claim, waiter);
}

static ant_why why_of(const ant_permits *permits)
{
    return ant_resource_why(&permits->resource, ANT_VIA_LOCK);
}
