// SPDX-License-Identifier: MIT

#include "chan/mpsc.h"

#include "base/mem.h"
#include "chan/mpsc_impl.h"
#include "chan/record.h"
#include "core/waker_batch.h"
#include "trace/trace.h"

// Larger values belong behind a pointer.
#define VALUE_BYTES_MAX ((size_t)1 << 30)

// Under the senders' lock: fills the batch. True when there are more.
typedef bool (*take_batch_fn)(ant_mpsc *channel, ant_waker_batch *batch);

static ant_mpsc_tx new_tx(ant_mpsc *channel);
static void discard_all(ant_mpsc *channel);
static void let_senders_go(ant_mpsc *channel, take_batch_fn take_batch);
static bool hand_out_batch(ant_mpsc *channel, ant_waker_batch *batch);
static bool refuse_batch(ant_mpsc *channel, ant_waker_batch *batch);
static void wake_closers(ant_mpsc *channel);
static void end_receiver(ant_mpsc *channel);

int ant__mpsc_new(const ant__mpsc_desc *desc, ant_mpsc_tx *ret_tx,
                  ant_mpsc_rx *ret_rx)
{
    const bool is_bounded = desc->capacity != ANT_MPSC_UNBOUNDED;
    if (desc->value_bytes == 0 || desc->value_bytes > VALUE_BYTES_MAX)
        return -EINVAL;
    if (desc->capacity == 0) return -EINVAL;
    if (is_bounded && desc->capacity > ANT_MPSC_CAPACITY_MAX) return -EINVAL;
    ant_mpsc *channel =
        ant_mem_alloc_aligned(sizeof *channel, _Alignof(ant_mpsc));
    if (channel == NULL) return -ENOMEM;
    if (ant__mpsc_queue_init(&channel->queue, desc->value_bytes,
                             is_bounded ? desc->capacity : UINT64_MAX) < 0) {
        ant_mem_free(channel);
        return -ENOMEM;
    }
    const size_t capacity = is_bounded ? desc->capacity : 0;
    channel->resource =
        (ant_resource)ANT_RESOURCE(ANT_RES_MPSC, NULL, capacity);
    channel->resource.file = desc->file;
    channel->resource.line = desc->line;
    ant_atomic_store(&channel->tx_count, 1, ANT_RELAXED);
    ant_atomic_store(&channel->refs, 2, ANT_RELAXED);
    ant_waitlist_init(&channel->senders);
    ant_waitlist_init(&channel->closers);
    *ret_tx = (ant_mpsc_tx){ .channel = channel };
    *ret_rx = (ant_mpsc_rx){ .channel = channel };
    ant__chan_made(&channel->resource, &ret_tx->half, &ret_rx->half);
    return 0;
}

void ant_mpsc_set_name(const ant_mpsc_rx *rx, const char *name)
{
    ANT_ASSERT(rx->channel != NULL);
    rx->channel->resource.name = name;
}

void ant_mpsc_set_discard(const ant_mpsc_rx *rx, void (*discard)(void *value))
{
    ANT_ASSERT(rx->channel != NULL);
    rx->channel->discard = discard;
}

// ---- Senders come and go ----

ant_mpsc_tx ant_mpsc_tx_clone(const ant_mpsc_tx *tx)
{
    ANT_ASSERT(tx->channel != NULL);
    // relaxed: the caller has one already.
    ant_atomic_add(&tx->channel->tx_count, 1, ANT_RELAXED);
    return new_tx(tx->channel);
}

static ant_mpsc_tx new_tx(ant_mpsc *channel)
{
    return (ant_mpsc_tx){ channel, ant__chan_add_tx(&channel->resource) };
}

void ant_mpsc_tx_drop(ant_mpsc_tx *tx)
{
    ant_mpsc *channel = tx->channel;
    if (channel == NULL) return;
    ant__chan_remove(&channel->resource, tx->half);
    *tx = (ant_mpsc_tx){ 0 };
    // acq_rel: the last one speaks for all.
    if (ant_atomic_sub(&channel->tx_count, 1, ANT_ACQ_REL) != 1) return;

    ant__chan_closed(&channel->resource);
    const uint64_t old = ant__mpsc_set(&channel->queue, ANT_MPSC_TX_GONE);
    // A permit that is left says itself when it was the last.
    if (ant__mpsc_held(old) == 0) end_receiver(channel);
    ant__mpsc_unref(channel);
}

ant_mpsc_weak_tx ant_mpsc_downgrade(const ant_mpsc_tx *tx)
{
    ANT_ASSERT(tx->channel != NULL);
    ant__mpsc_ref(tx->channel);
    return (ant_mpsc_weak_tx){ tx->channel };
}

int ant_mpsc_upgrade(const ant_mpsc_weak_tx *weak, ant_mpsc_tx *ret_tx)
{
    ANT_ASSERT(weak->channel != NULL);
    ant_atomic_u32 *count = &weak->channel->tx_count;
    uint32_t seen = ant_atomic_load(count, ANT_RELAXED);
    do {
        if (seen == 0) return -EPIPE;
        // relaxed: as a clone of that sender.
    } while (
        !ant_atomic_cas_weak(count, &seen, seen + 1, ANT_RELAXED, ANT_RELAXED));
    *ret_tx = new_tx(weak->channel);
    return 0;
}

void ant_mpsc_weak_drop(ant_mpsc_weak_tx *weak)
{
    ant_mpsc *channel = weak->channel;
    weak->channel = NULL;
    if (channel != NULL) ant__mpsc_unref(channel);
}

// ---- The end ----

void ant_mpsc_close(const ant_mpsc_rx *rx)
{
    ant_mpsc *channel = rx->channel;
    ANT_ASSERT(channel != NULL);
    const uint64_t old = ant__mpsc_set(&channel->queue, ANT_MPSC_CLOSED);
    if (old & ANT_MPSC_CLOSED) return;

    ant__chan_closed(&channel->resource);
    ant__mpsc_refuse_senders(channel);
    wake_closers(channel);
    end_receiver(channel);
}

void ant_mpsc_rx_drop(ant_mpsc_rx *rx)
{
    ant_mpsc *channel = rx->channel;
    if (channel == NULL) return;
    ant_mpsc_close(rx);
    *rx = (ant_mpsc_rx){ 0 };
    (void)ant__mpsc_set(&channel->queue, ANT_MPSC_RX_GONE);
    // From here on nothing can be sent.
    discard_all(channel);
    ant__mpsc_unref(channel);
}

static void discard_all(ant_mpsc *channel)
{
    ant__mpsc_queue *queue = &channel->queue;
    ant__mpsc_slot *slot;
    while (ant__mpsc_look(queue, &slot) == 0) {
        if (channel->discard != NULL)
            channel->discard(ant__mpsc_value(queue, slot));
        ant__mpsc_pop(queue);
    }
    if (ant__mpsc_release(queue)) ant__mpsc_hand_out(channel);
}

static void wake_closers(ant_mpsc *channel)
{
    ant_os_mutex_lock(&channel->closers.lock);
    ant_waitlist_wake_all(&channel->closers, &channel->resource,
                          ANT_VIA_CHANNEL);
}

void ant__mpsc_ref(ant_mpsc *channel)
{
    // relaxed: the caller has one already.
    ant_atomic_add(&channel->refs, 1, ANT_RELAXED);
}

void ant__mpsc_unref(ant_mpsc *channel)
{
    // acq_rel: the last one sees what all others did.
    const uint32_t old = ant_atomic_sub(&channel->refs, 1, ANT_ACQ_REL);
    ANT_ASSERT(old > 0);
    if (old != 1) return;

    ant_resource_end(&channel->resource);
    ant_waitlist_deinit(&channel->senders);
    ant_waitlist_deinit(&channel->closers);
    ant__mpsc_queue_deinit(&channel->queue);
    ant_mem_free(channel);
}

// ---- Questions ----

bool ant__mpsc_is_closed(const ant_mpsc *channel)
{
    ANT_ASSERT(channel != NULL);
    // acquire: pairs with ant__mpsc_set().
    const uint64_t word = ant_atomic_load(&channel->queue.word, ANT_ACQUIRE);
    return (word & (ANT_MPSC_CLOSED | ANT_MPSC_TX_GONE)) != 0;
}

size_t ant__mpsc_len(const ant_mpsc *channel)
{
    ANT_ASSERT(channel != NULL);
    return (size_t)ant__mpsc_queue_len(&channel->queue);
}

uint32_t ant__mpsc_capacity(const ant_mpsc *channel)
{
    ANT_ASSERT(channel != NULL);
    if (!ant__mpsc_is_bounded(channel)) return ANT_MPSC_UNBOUNDED;
    return (uint32_t)ant__mpsc_free_count(&channel->queue);
}

uint32_t ant__mpsc_max_capacity(const ant_mpsc *channel)
{
    ANT_ASSERT(channel != NULL);
    if (!ant__mpsc_is_bounded(channel)) return ANT_MPSC_UNBOUNDED;
    return (uint32_t)channel->queue.capacity;
}

// ---- Who waits for whom ----

ant_waker ant__mpsc_take_listener(ant_mpsc *channel, uint32_t why)
{
    ant__mpsc_queue *queue = &channel->queue;
    ant_waker waker = { (ant_wakeable *)ant__mpsc_listener(queue) };
    // Before the receiver can say that it waits again.
    ANT_TRACE(wait_end, .res = ant_resource_id(&channel->resource),
              .task = channel->listener_task, .why = why, .waiters = 0);
    (void)why;
    ant__mpsc_listener_done(queue);
    return waker;
}

ANT_NOINLINE void ant__mpsc_wake_receiver(ant_mpsc *channel, uint32_t why)
{
    ant_waker waker = ant__mpsc_take_listener(channel, why);
    ant__waker_wake_for(&waker, ant__mpsc_why(channel));
}

// Nothing will come: wakes the receiver, if it sleeps.
static void end_receiver(ant_mpsc *channel)
{
    if (ant__mpsc_unlisten(&channel->queue))
        ant__mpsc_wake_receiver(channel, ANT_WAIT_CLOSED);
}

void ant__mpsc_give_back(ant_mpsc *channel, uint32_t count)
{
    const uint64_t word = ant__mpsc_unhold(&channel->queue, count);
    const bool is_ending = (word & (ANT_MPSC_CLOSED | ANT_MPSC_TX_GONE)) != 0;
    if (word & ANT_MPSC_WAITED) ant__mpsc_hand_out(channel);
    // That was the last thing that the receiver waited for.
    if (is_ending && ant__mpsc_held(word) == 0) end_receiver(channel);
}

void ant__mpsc_hand_out(ant_mpsc *channel)
{
    let_senders_go(channel, hand_out_batch);
}

// Wakes them batch by batch, outside of the lock.
static void let_senders_go(ant_mpsc *channel, take_batch_fn take_batch)
{
    ant_waker_batch batch = { .count = 0 };
    bool is_more;
    do {
        ant_os_mutex_lock(&channel->senders.lock);
        is_more = take_batch(channel, &batch);
        ant_os_mutex_unlock(&channel->senders.lock);
        ant_waker_batch_wake(&batch, ant__mpsc_why(channel));
    } while (is_more);
}

// Under the lock. Gives a sender that waits its places, if there are so many.
static bool grant(ant_mpsc *channel, ant_waiter *sender)
{
    const ant_mpsc_request *request =
        ANT_CONTAINER_OF(sender, ant_mpsc_request, waiter);
    return ant__mpsc_grant(&channel->queue, request->places);
}

// Under the lock. True when the batch is full before all is given.
static bool hand_out_batch(ant_mpsc *channel, ant_waker_batch *batch)
{
    ant_waitlist *list = &channel->senders;
    ant_waiter *first = ant_waitlist_first(list);
    while (first != NULL && !ant_waker_batch_is_full(batch) &&
           grant(channel, first)) {
        ant_waker_batch_push(
            batch, ant_waitlist_take(list, first, &channel->resource));
        ant_waiter_grant(first);
        first = ant_waitlist_first(list);
    }
    // Also when the last one who waited was dropped.
    if (first == NULL) ant__mpsc_unmark_waited(&channel->queue);
    return first != NULL && ant_waker_batch_is_full(batch);
}

void ant__mpsc_refuse_senders(ant_mpsc *channel)
{
    let_senders_go(channel, refuse_batch);
}

// Under the lock. True when the batch is full before all are refused.
static bool refuse_batch(ant_mpsc *channel, ant_waker_batch *batch)
{
    ant_waitlist *list = &channel->senders;
    ant_waiter *first = ant_waitlist_first(list);
    if (first == NULL) return false;
    while (first != NULL && !ant_waker_batch_is_full(batch)) {
        ant_waker_batch_push(
            batch, ant_waitlist_refuse(list, first, &channel->resource));
        first = ant_waitlist_first(list);
    }
    if (first == NULL) ant__mpsc_unmark_waited(&channel->queue);
    return first != NULL;
}

ant_why ant__mpsc_why(const ant_mpsc *channel)
{
    return ant_resource_why(&channel->resource, ANT_VIA_CHANNEL);
}
