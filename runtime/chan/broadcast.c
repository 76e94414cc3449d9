// SPDX-License-Identifier: MIT

#include "chan/broadcast.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "chan/broadcast_impl.h"
#include "chan/record.h"

// A place for one value. Value n stands in place n % capacity.
typedef struct slot {
    ant_os_mutex lock;
    // under lock
    uint64_t number;
    uint32_t left; // receivers that have not had it
    _Alignas(max_align_t) unsigned char value[];
} slot;

// A value that the channel has done with, to be discarded without a lock.
typedef struct old_value {
    bool is_set;
    _Alignas(max_align_t) unsigned char bytes[ANT_BROADCAST_OWNED_MAX];
} old_value;

// One try to receive, and what it leaves behind.
typedef struct receipt {
    ant_broadcast_rx *rx;
    void *out;
    uint32_t task;
    old_value old;
} receipt;

static void init_slots(ant_broadcast *channel);
static slot *slot_of(ant_broadcast *channel, uint64_t number);
static void put(ant_broadcast *channel, const void *value, old_value *ret_old);
static ant_broadcast_rx new_rx(ant_broadcast *channel);
static void recv_drop(ant_future *future);
static bool recv_waits_on(const ant_future *future, ant_wait *ret_wait);
static int receive(struct ant_broadcast_recv *self, receipt *r,
                   const ant_cx *cx);
static bool take_next(receipt *r);
static int look(void *arg);
static bool take(ant_broadcast *channel, uint64_t number, receipt *r);
static void retire(ant_broadcast *channel, slot *place, old_value *ret_old);
static void discard(ant_broadcast *channel, old_value *old);

int ant__broadcast_new(const ant_broadcast_desc *desc, ant_broadcast_tx *ret_tx,
                       ant_broadcast_rx *ret_rx, const char *file,
                       uint32_t line)
{
    if (desc->value_bytes == 0 || desc->capacity == 0) return -EINVAL;
    if (desc->discard != NULL && desc->value_bytes > ANT_BROADCAST_OWNED_MAX)
        return -EINVAL;
    const size_t align = _Alignof(max_align_t);
    const size_t slot_bytes =
        (sizeof(slot) + desc->value_bytes + align - 1) / align * align;
    const size_t max = (SIZE_MAX - sizeof(ant_broadcast)) / slot_bytes;
    if (slot_bytes < desc->value_bytes || desc->capacity > max) return -ENOMEM;

    ant_broadcast *channel =
        ant_mem_alloc(sizeof *channel + slot_bytes * desc->capacity);
    if (channel == NULL) return -ENOMEM;
    channel->resource = (ant_resource)ANT_RESOURCE(ANT_RES_BROADCAST,
                                                   desc->name, desc->capacity);
    channel->resource.file = file;
    channel->resource.line = line;
    channel->desc = *desc;
    channel->slot_bytes = slot_bytes;
    channel->tail = desc->capacity;
    channel->tx_count = 1;
    channel->rx_count = 1;
    ant_atomic_store(&channel->refs, 2, ANT_RELAXED);
    ant_waitlist_init(&channel->waiters);
    ant_waitlist_init(&channel->closers);
    init_slots(channel);
    *ret_tx = (ant_broadcast_tx){ .channel = channel };
    *ret_rx = (ant_broadcast_rx){ .channel = channel, .next = channel->tail };
    ant__chan_made(&channel->resource, &ret_tx->half, &ret_rx->half);
    return 0;
}

// The numbers before the first value's, so that no place has what is wanted.
static void init_slots(ant_broadcast *channel)
{
    for (uint32_t i = 0; i < channel->desc.capacity; i++) {
        slot_of(channel, i)->number = i;
        ant_os_mutex_init(&slot_of(channel, i)->lock);
    }
}

static slot *slot_of(ant_broadcast *channel, uint64_t number)
{
    const size_t i = (size_t)(number % channel->desc.capacity);
    return (slot *)(void *)(channel->slots + i * channel->slot_bytes);
}

// ---- The sender ----

int ant__broadcast_send(const ant_broadcast_tx *tx, const void *value,
                        size_t value_bytes)
{
    ant_broadcast *channel = tx->channel;
    ANT_ASSERT(channel != NULL); // it was dropped before
    ANT_ASSERT(channel->desc.value_bytes == value_bytes);
    ant_leavers leavers = { .is_none = true };
    old_value old;
    old.is_set = false;

    ant_os_mutex_lock(&channel->waiters.lock);
    const uint32_t receivers = channel->rx_count;
    if (receivers > 0) {
        put(channel, value, &old);
        ant_waitlist_take_all(&channel->waiters, &leavers);
    }
    ant_os_mutex_unlock(&channel->waiters.lock);

    ant_waitlist_wake(&channel->waiters, &leavers, &channel->resource,
                      ANT_VIA_CHANNEL);
    discard(channel, &old);
    return receivers > 0 ? (int)receivers : -EPIPE;
}

// Under the channel's lock: into the oldest place, whatever is there.
static void put(ant_broadcast *channel, const void *value, old_value *ret_old)
{
    const uint64_t number = channel->tail++;
    slot *place = slot_of(channel, number);
    ant_os_mutex_lock(&place->lock);
    if (place->left > 0) retire(channel, place, ret_old);
    memcpy(place->value, value, channel->desc.value_bytes);
    place->number = number;
    place->left = channel->rx_count;
    const uint32_t len = ant_atomic_add(&channel->len, 1, ANT_RELAXED) + 1;
    if (ant_trace_is_on(ANT_LEVEL_SCHED))
        ant__chan_sent(
            &channel->resource,
            (ant__chan_value){ place->value, channel->desc.value_bytes },
            ant_task_id_here(), len);
    ant_os_mutex_unlock(&place->lock);
}

ant_broadcast_rx ant_broadcast_subscribe(const ant_broadcast_tx *tx)
{
    ANT_ASSERT(tx->channel != NULL);
    return new_rx(tx->channel);
}

ant_broadcast_tx ant_broadcast_tx_clone(const ant_broadcast_tx *tx)
{
    ant_broadcast *channel = tx->channel;
    ANT_ASSERT(channel != NULL);
    ant_os_mutex_lock(&channel->waiters.lock);
    channel->tx_count++;
    ant_os_mutex_unlock(&channel->waiters.lock);
    return ant__broadcast_new_tx(channel);
}

ant_broadcast_tx ant__broadcast_new_tx(ant_broadcast *channel)
{
    // relaxed: the caller has one already.
    ant_atomic_add(&channel->refs, 1, ANT_RELAXED);
    return (ant_broadcast_tx){ channel, ant__chan_add_tx(&channel->resource) };
}

void ant_broadcast_tx_drop(ant_broadcast_tx *tx)
{
    ant_broadcast *channel = tx->channel;
    if (channel == NULL) return;
    ant__chan_remove(&channel->resource, tx->half);
    *tx = (ant_broadcast_tx){ 0 };
    ant_leavers leavers = { .is_none = true };
    ant_os_mutex_lock(&channel->waiters.lock);
    if (--channel->tx_count == 0) {
        ant__chan_closed(&channel->resource);
        ant_waitlist_take_all(&channel->waiters, &leavers);
    }
    ant_os_mutex_unlock(&channel->waiters.lock);
    ant_waitlist_wake(&channel->waiters, &leavers, &channel->resource,
                      ANT_VIA_CHANNEL);
    ant__broadcast_unref(channel);
}

uint32_t ant_broadcast_receiver_count(const ant_broadcast_tx *tx)
{
    ANT_ASSERT(tx->channel != NULL);
    ant_os_mutex_lock(&tx->channel->waiters.lock);
    const uint32_t count = tx->channel->rx_count;
    ant_os_mutex_unlock(&tx->channel->waiters.lock);
    return count;
}

uint32_t ant_broadcast_tx_len(const ant_broadcast_tx *tx)
{
    ANT_ASSERT(tx->channel != NULL);
    // relaxed: a number that may be old when it is read.
    return ant_atomic_load(&tx->channel->len, ANT_RELAXED);
}

// ---- The receiver ----

ANT_ASYNC_OPS(ant_broadcast_recv, .drop = recv_drop, .waits_on = recv_waits_on)
{
    // Paid before it is taken: what is taken cannot be pending.
    if (!ant_coop_consume(cx)) return ANT_PENDING;
    ant_broadcast *channel = self->channel;
    ANT_ASSERT(self->rx->channel == channel); // not dropped, not moved
    receipt r;
    r.rx = self->rx;
    r.out = self->out;
    r.task = cx->task;
    r.old.is_set = false;
    const int err = receive(self, &r, cx);
    if (err == -EAGAIN) {
        if (!self->has_ref) ant_atomic_add(&channel->refs, 1, ANT_RELAXED);
        self->has_ref = true;
        cx->budget++; // to wait costs nothing
        return ANT_PENDING;
    }
    self->base.result = err;
    self->missed = err == -EOVERFLOW ? self->rx->missed : 0;
    discard(channel, &r.old);
    if (self->has_ref) ant__broadcast_unref(channel);
    return ANT_READY;
}

struct ant_broadcast_recv ant__broadcast_recv(ant_broadcast_rx *rx, void *out,
                                              size_t value_bytes, uint32_t line)
{
    ANT_ASSERT(rx->channel != NULL);
    ANT_ASSERT(rx->channel->desc.value_bytes == value_bytes);
    return (struct ant_broadcast_recv){
        ANT_INIT(ant_broadcast_recv),
        .channel = rx->channel,
        .rx = rx,
        .out = out,
        .waiter = ANT_WAITER(line),
    };
}

int ant__broadcast_try_recv(ant_broadcast_rx *rx, void *out, size_t value_bytes)
{
    ant_broadcast *channel = rx->channel;
    ANT_ASSERT(channel != NULL);
    ANT_ASSERT(channel->desc.value_bytes == value_bytes);
    receipt r;
    r.rx = rx;
    r.out = out;
    r.task = ant_task_id_here();
    r.old.is_set = false;
    int err = 0;
    if (!take_next(&r)) {
        ant_os_mutex_lock(&channel->waiters.lock);
        err = look(&r);
        ant_os_mutex_unlock(&channel->waiters.lock);
    }
    discard(channel, &r.old);
    return err;
}

ant_broadcast_rx ant_broadcast_resubscribe(const ant_broadcast_rx *rx)
{
    ANT_ASSERT(rx->channel != NULL);
    return new_rx(rx->channel);
}

uint64_t ant_broadcast_len(const ant_broadcast_rx *rx)
{
    ANT_ASSERT(rx->channel != NULL);
    ant_os_mutex_lock(&rx->channel->waiters.lock);
    const uint64_t len = rx->channel->tail - rx->next;
    ant_os_mutex_unlock(&rx->channel->waiters.lock);
    return len;
}

bool ant_broadcast_is_empty(const ant_broadcast_rx *rx)
{
    return ant_broadcast_len(rx) == 0;
}

void ant_broadcast_rx_drop(ant_broadcast_rx *rx)
{
    ant_broadcast *channel = rx->channel;
    if (channel == NULL) return;
    const uint64_t next = rx->next;
    ant__chan_remove(&channel->resource, rx->half);
    *rx = (ant_broadcast_rx){ 0 };
    ant_os_mutex_lock(&channel->waiters.lock);
    const bool is_last = --channel->rx_count == 0;
    if (is_last) ant__chan_closed(&channel->resource);
    const uint64_t end = channel->tail;
    ant_os_mutex_unlock(&channel->waiters.lock);
    if (is_last) ant__broadcast_wake_closers(channel);

    // What was sent from now on does not count on this receiver.
    const uint64_t oldest = end - channel->desc.capacity;
    receipt r;
    r.out = NULL;
    for (uint64_t n = next > oldest ? next : oldest; n < end; n++) {
        r.old.is_set = false;
        (void)take(channel, n, &r);
        discard(channel, &r.old);
    }
    ant__broadcast_unref(channel);
}

static ant_broadcast_rx new_rx(ant_broadcast *channel)
{
    ant_atomic_add(&channel->refs, 1, ANT_RELAXED);
    ant_os_mutex_lock(&channel->waiters.lock);
    channel->rx_count++;
    ant_broadcast_rx rx = { .channel = channel, .next = channel->tail };
    ant_os_mutex_unlock(&channel->waiters.lock);
    rx.half = ant__chan_add_rx(&channel->resource);
    return rx;
}

static void recv_drop(ant_future *future)
{
    struct ant_broadcast_recv *self = (void *)future;
    ant_broadcast *channel = self->channel;
    ant_waitlist_leave(&channel->waiters, &self->waiter, &channel->resource);
    if (self->has_ref) ant__broadcast_unref(channel);
}

static bool recv_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_broadcast_recv *self = (const void *)future;
    return ant_waiter_describe(&self->waiter, &self->channel->resource,
                               ret_wait);
}

// ---- Receiving ----

static int receive(struct ant_broadcast_recv *self, receipt *r,
                   const ant_cx *cx)
{
    const ant_waiting w = { .list = &self->channel->waiters,
                            .waiter = &self->waiter,
                            .resource = &self->channel->resource,
                            .look = look,
                            .arg = r };
    const bool is_queued =
        ant_waiter_get_state(&self->waiter) == ANT_WAITER_QUEUED;
    if (!is_queued && take_next(r)) return 0;
    return ant_waitlist_poll(&w, cx);
}

// Without the channel's lock: the next value, if its place has it.
static bool take_next(receipt *r)
{
    if (!take(r->rx->channel, r->rx->next, r)) return false;
    r->rx->next++;
    return true;
}

// Under the channel's lock: too early, too late, or just sent.
static int look(void *arg)
{
    receipt *r = arg;
    ant_broadcast *channel = r->rx->channel;
    if (r->rx->next == channel->tail)
        return channel->tx_count == 0 ? -EPIPE : -EAGAIN;

    const uint64_t oldest = channel->tail - channel->desc.capacity;
    if (r->rx->next < oldest) {
        r->rx->missed = oldest - r->rx->next;
        r->rx->next = oldest;
        ANT_TRACE(chan_lag, .res = ant_resource_id(&channel->resource),
                  .task = r->task, .missed = r->rx->missed);
        return -EOVERFLOW;
    }
    const bool is_taken = take_next(r);
    ANT_ASSERT(is_taken); // nothing is overwritten under this lock
    return 0;
}

// For one receiver: value `number` to r->out, or to nowhere when that is NULL.
// False when its place has another value.
static bool take(ant_broadcast *channel, uint64_t number, receipt *r)
{
    slot *place = slot_of(channel, number);
    ant_os_mutex_lock(&place->lock);
    const bool is_here = place->number == number;
    if (is_here && r->out != NULL) {
        if (channel->desc.clone != NULL)
            channel->desc.clone(r->out, place->value);
        else
            memcpy(r->out, place->value, channel->desc.value_bytes);
    }
    if (is_here) {
        ANT_ASSERT(place->left > 0);
        if (place->left == 1) retire(channel, place, &r->old);
        place->left--;
    }
    if (is_here && r->out != NULL && ant_trace_is_on(ANT_LEVEL_SCHED))
        ant__chan_received(
            &channel->resource,
            (ant__chan_value){ r->out, channel->desc.value_bytes }, r->task,
            ant_atomic_load(&channel->len, ANT_RELAXED));
    ant_os_mutex_unlock(&place->lock);
    return is_here;
}

// Under the slot's lock: nobody will receive what stands there.
static void retire(ant_broadcast *channel, slot *place, old_value *ret_old)
{
    ant_atomic_sub(&channel->len, 1, ANT_RELAXED);
    if (channel->desc.discard == NULL) return;
    memcpy(ret_old->bytes, place->value, channel->desc.value_bytes);
    ret_old->is_set = true;
}

static void discard(ant_broadcast *channel, old_value *old)
{
    if (old->is_set) channel->desc.discard(old->bytes);
}

void ant__broadcast_unref(ant_broadcast *channel)
{
    // acq_rel: the last one frees what the others have left behind.
    if (ant_atomic_sub(&channel->refs, 1, ANT_ACQ_REL) > 1) return;
    for (uint32_t i = 0; i < channel->desc.capacity; i++) {
        ant_os_mutex_deinit(&slot_of(channel, i)->lock);
    }
    ant_waitlist_deinit(&channel->waiters);
    ant_waitlist_deinit(&channel->closers);
    ant_resource_end(&channel->resource);
    ant_mem_free(channel);
}
