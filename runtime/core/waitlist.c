// SPDX-License-Identifier: MIT

#include "core/waitlist.h"

#include <errno.h>

#include "core/future.h"
#include "core/waker_batch.h"
#include "core/waker_slot.h"
#include "trace/trace.h"

static bool is_empty(const ant_waitlist *list);
static ant_waiter *waiter_of(ant_list *link);
static bool wake_batch(ant_waitlist *list, ant_leavers *leavers,
                       ant_resource *resource, ant_why why);
static bool look_else_stay(const ant_waiting *w, const struct ant_cx *cx,
                           ant_waker *spare, int *ret_err);
static int look_else_join(const ant_waiting *w, const struct ant_cx *cx);
static void join(const ant_waiting *w, const struct ant_cx *cx,
                 ant_waker waker);
static ant_waker end_wait(const ant_waiting *w);
static bool stay(const ant_waiting *w, const struct ant_cx *cx,
                 ant_waker *spare);
static void leave(ant_waitlist *list, ant_waiter *waiter,
                  ant_resource *resource, uint32_t why);

void ant_waitlist_init(ant_waitlist *list)
{
    *list = (ant_waitlist){ .count = 0 };
    ant_os_mutex_init(&list->lock);
    ant_list_init(&list->queue);
}

void ant_waitlist_deinit(ant_waitlist *list)
{
    // Whoever granted the last waiter may not have left the lock yet.
    ant_os_mutex_lock(&list->lock);
    ANT_ASSERT(list->count == 0);
    ant_os_mutex_unlock(&list->lock);
    ant_os_mutex_deinit(&list->lock);
}

void ant_waitlist_push(ant_waitlist *list, ant_waiter *waiter,
                       ant_resource *resource, uint32_t amount)
{
    ANT_ASSERT(ant_waiter_get_state(waiter) == ANT_WAITER_IDLE);
    if (list->queue.next == NULL) ant_list_init(&list->queue);
    ant_list_push_back(&list->queue, &waiter->link);
    list->count++;
    // relaxed: the owner itself queues up.
    ant_atomic_store(&waiter->state, ANT_WAITER_QUEUED, ANT_RELAXED);
    ANT_TRACE(wait_begin, .res = ant_resource_id(resource),
              .task = waiter->task, .amount = amount, .waiters = list->count,
              .line = waiter->line);
}

ant_waiter *ant_waitlist_first(const ant_waitlist *list)
{
    return is_empty(list) ? NULL : waiter_of(list->queue.next);
}

ant_waiter *ant_waitlist_last(const ant_waitlist *list)
{
    return is_empty(list) ? NULL : waiter_of(list->queue.prev);
}

static bool is_empty(const ant_waitlist *list)
{
    return list->queue.next == NULL || ant_list_is_empty(&list->queue);
}

static ant_waiter *waiter_of(ant_list *link)
{
    return ANT_CONTAINER_OF(link, ant_waiter, link);
}

ant_waker ant_waitlist_take(ant_waitlist *list, ant_waiter *waiter,
                            ant_resource *resource)
{
    leave(list, waiter, resource, ANT_WAIT_GRANTED);
    return ant_waker_take(&waiter->waker);
}

void ant_waiter_grant(ant_waiter *waiter)
{
    // release: pairs with the acquire in ant_waiter_get_state().
    ant_atomic_store(&waiter->state, ANT_WAITER_GRANTED, ANT_RELEASE);
}

ant_waker ant_waitlist_refuse(ant_waitlist *list, ant_waiter *waiter,
                              ant_resource *resource)
{
    leave(list, waiter, resource, ANT_WAIT_CLOSED);
    ant_waker waker = ant_waker_take(&waiter->waker);
    // release: pairs with the acquire in ant_waiter_get_state().
    ant_atomic_store(&waiter->state, ANT_WAITER_REFUSED, ANT_RELEASE);
    return waker;
}

void ant_waitlist_cancel(ant_waitlist *list, ant_waiter *waiter,
                         ant_resource *resource)
{
    if (ant_waiter_get_state(waiter) != ANT_WAITER_QUEUED) return;
    leave(list, waiter, resource, ANT_WAIT_CANCELLED);
    // relaxed: the owner itself cancels.
    ant_atomic_store(&waiter->state, ANT_WAITER_IDLE, ANT_RELAXED);
}

bool ant_waitlist_look(ant_waitlist *list, ant_waiter *waiter,
                       const ant_waker *waker)
{
    if (ant_waiter_get_state(waiter) == ANT_WAITER_QUEUED)
        ant__waker_slot_store(&list->lock, &waiter->waker, waker);
    if (ant_waiter_get_state(waiter) == ANT_WAITER_QUEUED) return false;
    // It may have ended before the waker was stored.
    ant_waker_drop(&waiter->waker);
    return true;
}

bool ant_waiter_describe(const ant_waiter *waiter, const ant_resource *resource,
                         struct ant_wait *ret_wait)
{
    if (ant_waiter_get_state(waiter) != ANT_WAITER_QUEUED) return false;
    ant_resource_describe(resource, ret_wait);
    return true;
}

// ---- Waking all ----

void ant_waitlist_take_all(ant_waitlist *list, ant_leavers *ret_leavers)
{
    ant_list_init(&ret_leavers->waiters);
    ret_leavers->is_none = is_empty(list);
    if (ret_leavers->is_none) return;
    ant_list_append(&ret_leavers->waiters, &list->queue);
}

void ant_waitlist_wake(ant_waitlist *list, ant_leavers *leavers,
                       ant_resource *resource, uint32_t via)
{
    if (leavers->is_none) return;
    const ant_why why = ant_resource_why(resource, via);
    while (wake_batch(list, leavers, resource, why)) {
        // Others may use the list between two batches.
    }
}

// Who waits is alone, as a rule: then no list of those who leave is needed, and
// the lock is taken once.
void ant_waitlist_wake_all(ant_waitlist *list, ant_resource *resource,
                           uint32_t via)
{
    ant_waiter *only = list->count == 1 ? ant_waitlist_first(list) : NULL;
    if (ANT_LIKELY(only != NULL)) {
        const ant_why why = ant_resource_why(resource, via);
        ant_waker waker = ant_waitlist_take(list, only, resource);
        ant_waiter_grant(only);
        ant_os_mutex_unlock(&list->lock);
        ant__waker_wake_for(&waker, why);
        return;
    }
    ant_leavers leavers;
    ant_waitlist_take_all(list, &leavers);
    ant_os_mutex_unlock(&list->lock);
    ant_waitlist_wake(list, &leavers, resource, via);
}

// False when those were the last. Then the list is not touched any more: it may
// be gone as soon as they were woken.
static bool wake_batch(ant_waitlist *list, ant_leavers *leavers,
                       ant_resource *resource, ant_why why)
{
    ant_waker_batch batch = { .count = 0 };
    ant_os_mutex_lock(&list->lock);
    bool has_more = !ant_list_is_empty(&leavers->waiters);
    while (has_more && !ant_waker_batch_is_full(&batch)) {
        ant_waiter *waiter = waiter_of(leavers->waiters.next);
        ant_waker_batch_push(&batch, ant_waitlist_take(list, waiter, resource));
        ant_waiter_grant(waiter);
        has_more = !ant_list_is_empty(&leavers->waiters);
    }
    ant_os_mutex_unlock(&list->lock);
    ant_waker_batch_wake(&batch, why);
    return has_more;
}

// ---- Waiting until a look finds something ----

int ant_waitlist_poll(const ant_waiting *w, const struct ant_cx *cx)
{
    if (ANT_LIKELY(ant_waiter_get_state(w->waiter) != ANT_WAITER_QUEUED))
        return look_else_join(w, cx);
    ant_waker spare = { 0 };
    int err;
    if (!look_else_stay(w, cx, &spare, &err)) {
        spare = ant_waker_clone(&cx->waker);
        (void)look_else_stay(w, cx, &spare, &err);
    }
    ant_waker_drop(&spare);
    return err;
}

// It is not in the queue, and nobody but its owner, who is here, puts it there.
static int look_else_join(const ant_waiting *w, const struct ant_cx *cx)
{
    ant_waker spare = ant_waker_clone(&cx->waker);
    ant_os_mutex_lock(&w->list->lock);
    const int err = w->look(w->arg);
    if (ANT_LIKELY(err == -EAGAIN)) join(w, cx, ant_waker_take(&spare));
    ant_os_mutex_unlock(&w->list->lock);
    ant_waker_drop(&spare);
    return err;
}

// Under the lock.
static void join(const ant_waiting *w, const struct ant_cx *cx, ant_waker waker)
{
    ANT_ASSERT(!ant_waker_is_set(&w->waiter->waker));
    w->waiter->waker = waker;
    w->waiter->task = cx->task;
    // relaxed: the owner itself queues up, again if it was woken for nothing.
    ant_atomic_store(&w->waiter->state, ANT_WAITER_IDLE, ANT_RELAXED);
    ant_waitlist_push(w->list, w->waiter, w->resource,
                      w->waiter->mark == ANT_MARK_END ? 0 : 1);
}

// False when it has to wait and a spare waker is needed for that.
static bool look_else_stay(const ant_waiting *w, const struct ant_cx *cx,
                           ant_waker *spare, int *ret_err)
{
    ant_waker old = { 0 };
    bool is_done = true;
    ant_os_mutex_lock(&w->list->lock);
    *ret_err = w->look(w->arg);
    if (*ret_err == -EAGAIN)
        is_done = stay(w, cx, spare);
    else
        old = end_wait(w);
    ant_os_mutex_unlock(&w->list->lock);
    ant_waker_drop(&old);
    return is_done;
}

// Under the lock: it has found something, maybe before anybody woke it. Returns
// its waker, which nobody needs any more.
static ant_waker end_wait(const ant_waiting *w)
{
    if (ant_waiter_get_state(w->waiter) != ANT_WAITER_QUEUED)
        return (ant_waker){ 0 };
    ant_waker old = ant_waitlist_take(w->list, w->waiter, w->resource);
    ant_waiter_grant(w->waiter);
    return old;
}

// Under the lock: it waits, with the spare waker, if that is needed. False when
// there is none.
static bool stay(const ant_waiting *w, const struct ant_cx *cx,
                 ant_waker *spare)
{
    ant_waiter *waiter = w->waiter;
    const bool is_queued = ant_waiter_get_state(waiter) == ANT_WAITER_QUEUED;
    if (is_queued && ant_waker_same(&waiter->waker, &cx->waker)) return true;
    if (!ant_waker_is_set(spare)) return false;

    ant_waker given = *spare;
    *spare = ant_waker_take(&waiter->waker); // in the queue, or there is none
    if (is_queued)
        waiter->waker = given;
    else
        join(w, cx, given);
    return true;
}

void ant_waitlist_leave(ant_waitlist *list, ant_waiter *waiter,
                        ant_resource *resource)
{
    if (ant_waiter_get_state(waiter) != ANT_WAITER_QUEUED) return;
    ant_os_mutex_lock(&list->lock);
    ant_waitlist_cancel(list, waiter, resource);
    ant_waker old = ant_waker_take(&waiter->waker);
    ant_os_mutex_unlock(&list->lock);
    ant_waker_drop(&old);
}

static void leave(ant_waitlist *list, ant_waiter *waiter,
                  ant_resource *resource, uint32_t why)
{
    ANT_ASSERT(ant_waiter_get_state(waiter) == ANT_WAITER_QUEUED);
    ANT_ASSERT(list->count > 0);
    ant_list_remove(&waiter->link);
    list->count--;
    ANT_TRACE(wait_end, .res = ant_resource_id(resource), .task = waiter->task,
              .why = why, .waiters = list->count);
}
