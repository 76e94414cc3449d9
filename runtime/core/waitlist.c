// SPDX-License-Identifier: MIT

#include "core/waitlist.h"

#include "core/waker_slot.h"
#include "trace/trace.h"

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
                       ant_resource *resource)
{
    ANT_ASSERT(ant_waiter_get_state(waiter) == ANT_WAITER_IDLE);
    if (list->queue.next == NULL) ant_list_init(&list->queue);
    ant_list_push_back(&list->queue, &waiter->link);
    list->count++;
    // relaxed: the owner itself queues up.
    ant_atomic_store(&waiter->state, ANT_WAITER_QUEUED, ANT_RELAXED);
    ANT_TRACE(wait_begin, .res = ant_resource_id(resource),
              .task = waiter->task,
              .amount = waiter->amount == 0 ? 1 : waiter->amount,
              .waiters = list->count, .line = waiter->line);
}

ant_waiter *ant_waitlist_first(const ant_waitlist *list)
{
    if (list->count == 0) return NULL;
    return ANT_CONTAINER_OF(list->queue.next, ant_waiter, link);
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
