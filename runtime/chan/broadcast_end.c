// SPDX-License-Identifier: MIT
//
// The end of a broadcast channel as its senders see it: weak senders, which do
// not put it off, and the wait until nobody receives any more.

#include <errno.h>

#include "chan/broadcast_impl.h"

static int look(void *arg);
static void closed_drop(ant_future *future);
static bool closed_waits_on(const ant_future *future, ant_wait *ret_wait);

// ---- Weak senders ----

ant_broadcast_weak_tx ant_broadcast_downgrade(const ant_broadcast_tx *tx)
{
    ANT_ASSERT(tx->channel != NULL);
    // relaxed: the caller has one already.
    ant_atomic_add(&tx->channel->refs, 1, ANT_RELAXED);
    return (ant_broadcast_weak_tx){ tx->channel };
}

int ant_broadcast_upgrade(const ant_broadcast_weak_tx *weak,
                          ant_broadcast_tx *ret_tx)
{
    ant_broadcast *channel = weak->channel;
    ANT_ASSERT(channel != NULL);
    ant_os_mutex_lock(&channel->waiters.lock);
    const bool is_open = channel->tx_count > 0;
    if (is_open) channel->tx_count++;
    ant_os_mutex_unlock(&channel->waiters.lock);
    if (!is_open) return -EPIPE;
    *ret_tx = ant__broadcast_new_tx(channel);
    return 0;
}

void ant_broadcast_weak_drop(ant_broadcast_weak_tx *weak)
{
    ant_broadcast *channel = weak->channel;
    weak->channel = NULL;
    if (channel != NULL) ant__broadcast_unref(channel);
}

// ---- Nobody receives ----

#define CLOSED_OPS .drop = closed_drop, .waits_on = closed_waits_on

ANT_ASYNC_OPS(ant_broadcast_closed, CLOSED_OPS)
{
    if (!ant_coop_consume(cx)) return ANT_PENDING;
    ant_broadcast *channel = self->channel;
    if (!self->has_ref) ant_atomic_add(&channel->refs, 1, ANT_RELAXED);
    self->has_ref = true;
    const ant_waiting waiting = {
        .list = &channel->closers,
        .waiter = &self->waiter,
        .resource = &channel->resource,
        .look = look,
        .arg = channel,
    };
    if (ant_waitlist_poll(&waiting, cx) == -EAGAIN) {
        cx->budget++; // to wait costs nothing
        return ANT_PENDING;
    }
    ant__broadcast_unref(channel);
    return ANT_READY;
}

struct ant_broadcast_closed ant__broadcast_closed(const ant_broadcast_tx *tx,
                                                  uint32_t line)
{
    ANT_ASSERT(tx->channel != NULL);
    return (struct ant_broadcast_closed){
        ANT_INIT(ant_broadcast_closed),
        .channel = tx->channel,
        .waiter = ANT_WAITER_FOR_END(line),
    };
}

// Under the lock of the closers: whoever drops the last receiver after this
// finds the waiter in the queue.
static int look(void *arg)
{
    const ant_broadcast_tx tx = { .channel = arg };
    return ant_broadcast_receiver_count(&tx) == 0 ? 0 : -EAGAIN;
}

static void closed_drop(ant_future *future)
{
    struct ant_broadcast_closed *self = (void *)future;
    ant_broadcast *channel = self->channel;
    ant_waitlist_leave(&channel->closers, &self->waiter, &channel->resource);
    if (self->has_ref) ant__broadcast_unref(channel);
}

static bool closed_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_broadcast_closed *self = (const void *)future;
    return ant_waiter_describe(&self->waiter, &self->channel->resource,
                               ret_wait);
}

void ant__broadcast_wake_closers(ant_broadcast *channel)
{
    ant_os_mutex_lock(&channel->closers.lock);
    ant_waitlist_wake_all(&channel->closers, &channel->resource,
                          ANT_VIA_CHANNEL);
}
