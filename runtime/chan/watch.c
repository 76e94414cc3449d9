// SPDX-License-Identifier: MIT

#include "chan/watch.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "chan/record.h"

struct ant_watch {
    ant_resource resource;
    size_t value_bytes; // fixed after init
    // any thread, atomic; but for refs they change under the list's lock
    ant_atomic_u64 version; // of the value, from 1 on
    ant_atomic_u32 tx_count;
    ant_atomic_u32 rx_count;
    ant_atomic_u32 refs;  // halves, and futures that wait
    ant_waitlist waiters; // for another version
    ant_waitlist closers; // for the last receiver's end
    // under the lock of `waiters`
    _Alignas(max_align_t) unsigned char value[];
};

static uint64_t version_of(const ant_watch *channel);
static bool has_no_tx(const ant_watch *channel);
static bool has_no_rx(const ant_watch *channel);
static uint64_t read_value(ant_watch *channel, void *out);
static void publish(ant_watch *channel, ant_leavers *ret_leavers);
static void wake(ant_watch *channel, ant_leavers *leavers);
static void wake_closers(ant_watch *channel);
static void record_recv(ant_watch *channel, uint32_t task);
static int look_for_close(void *arg);
static int look_for_change(void *arg);
static int look_for_value(void *arg);
static ant_poll end(ant_watch_place *place, int err, int32_t *ret_result,
                    ant_cx *cx);
static int place_poll(ant_watch_place *place, ant_look_fn look, void *arg,
                      const ant_cx *cx);
static ant_watch_place *place_of(const ant_future *future);
static void on_drop(ant_future *future);
static bool on_waits_on(const ant_future *future, ant_wait *ret_wait);
static void unref(ant_watch *channel);

#define LEAF_OPS .drop = on_drop, .waits_on = on_waits_on

int ant__watch_new(const ant_resource *card, const void *initial,
                   size_t value_bytes, ant_watch_tx *ret_tx,
                   ant_watch_rx *ret_rx)
{
    ant_watch *channel = ant_mem_alloc(sizeof *channel + value_bytes);
    if (channel == NULL) return -ENOMEM;
    channel->resource = *card;
    channel->value_bytes = value_bytes;
    ant_atomic_store(&channel->version, 1, ANT_RELAXED);
    ant_atomic_store(&channel->tx_count, 1, ANT_RELAXED);
    ant_atomic_store(&channel->rx_count, 1, ANT_RELAXED);
    ant_atomic_store(&channel->refs, 2, ANT_RELAXED);
    ant_waitlist_init(&channel->waiters);
    ant_waitlist_init(&channel->closers);
    memcpy(channel->value, initial, value_bytes);
    *ret_tx = (ant_watch_tx){ .channel = channel };
    *ret_rx = (ant_watch_rx){ .channel = channel, .seen = 1 };
    ant__chan_made(&channel->resource, &ret_tx->half, &ret_rx->half);
    return 0;
}

static uint64_t version_of(const ant_watch *channel)
{
    // acquire: pairs with the release in publish(); what the sender did before
    // is seen by who sees the version.
    return ant_atomic_load(&channel->version, ANT_ACQUIRE);
}

static bool has_no_tx(const ant_watch *channel)
{
    // acquire: pairs with the release of the last sender's drop, so that who
    // sees that sees its last version too.
    return ant_atomic_load(&channel->tx_count, ANT_ACQUIRE) == 0;
}

static bool has_no_rx(const ant_watch *channel)
{
    // acquire: pairs with the release of the last receiver's drop.
    return ant_atomic_load(&channel->rx_count, ANT_ACQUIRE) == 0;
}

// ---- The sender ----

int ant__watch_send(const ant_watch_tx *tx, const void *value,
                    size_t value_bytes)
{
    ant_watch *channel = tx->channel;
    ANT_ASSERT(channel != NULL); // it was dropped before
    ANT_ASSERT(channel->value_bytes == value_bytes);
    ant_leavers leavers = { .is_none = true };
    ant_os_mutex_lock(&channel->waiters.lock);
    const bool is_closed = has_no_rx(channel);
    if (!is_closed) {
        memcpy(channel->value, value, value_bytes);
        publish(channel, &leavers);
    }
    ant_os_mutex_unlock(&channel->waiters.lock);
    wake(channel, &leavers);
    return is_closed ? -EPIPE : 0;
}

void ant__watch_send_replace(const ant_watch_tx *tx, const void *value,
                             void *ret_old, size_t value_bytes)
{
    ant_watch *channel = tx->channel;
    ANT_ASSERT(channel != NULL);
    ANT_ASSERT(channel->value_bytes == value_bytes);
    ant_leavers leavers;
    ant_os_mutex_lock(&channel->waiters.lock);
    if (ret_old != NULL) memcpy(ret_old, channel->value, value_bytes);
    memcpy(channel->value, value, value_bytes);
    publish(channel, &leavers);
    ant_os_mutex_unlock(&channel->waiters.lock);
    wake(channel, &leavers);
}

void ant_watch_send_modify(const ant_watch_tx *tx, ant_watch_modify_fn modify,
                           void *arg)
{
    ant_watch *channel = tx->channel;
    ANT_ASSERT(channel != NULL);
    ant_leavers leavers;
    ant_os_mutex_lock(&channel->waiters.lock);
    (void)modify(channel->value, arg);
    publish(channel, &leavers);
    ant_os_mutex_unlock(&channel->waiters.lock);
    wake(channel, &leavers);
}

bool ant_watch_send_if_modified(const ant_watch_tx *tx,
                                ant_watch_modify_fn modify, void *arg)
{
    ant_watch *channel = tx->channel;
    ANT_ASSERT(channel != NULL);
    ant_leavers leavers = { .is_none = true };
    ant_os_mutex_lock(&channel->waiters.lock);
    const bool is_modified = modify(channel->value, arg);
    if (is_modified) publish(channel, &leavers);
    ant_os_mutex_unlock(&channel->waiters.lock);
    wake(channel, &leavers);
    return is_modified;
}

void ant__watch_tx_borrow(const ant_watch_tx *tx, void *out, size_t value_bytes)
{
    ANT_ASSERT(tx->channel != NULL);
    ANT_ASSERT(tx->channel->value_bytes == value_bytes);
    (void)read_value(tx->channel, out);
}

ant_watch_rx ant_watch_subscribe(const ant_watch_tx *tx)
{
    ant_watch *channel = tx->channel;
    ANT_ASSERT(channel != NULL);
    ant_atomic_add(&channel->refs, 1, ANT_RELAXED);
    ant_os_mutex_lock(&channel->waiters.lock);
    ant_atomic_add(&channel->rx_count, 1, ANT_RELAXED);
    ant_watch_rx rx = { .channel = channel, .seen = version_of(channel) };
    ant_os_mutex_unlock(&channel->waiters.lock);
    rx.half = ant__chan_add_rx(&channel->resource);
    return rx;
}

ant_watch_tx ant_watch_tx_clone(const ant_watch_tx *tx)
{
    ant_watch *channel = tx->channel;
    ANT_ASSERT(channel != NULL);
    ant_atomic_add(&channel->refs, 1, ANT_RELAXED);
    ant_atomic_add(&channel->tx_count, 1, ANT_RELAXED);
    return (ant_watch_tx){ channel, ant__chan_add_tx(&channel->resource) };
}

void ant_watch_tx_drop(ant_watch_tx *tx)
{
    ant_watch *channel = tx->channel;
    if (channel == NULL) return;
    ant__chan_remove(&channel->resource, tx->half);
    *tx = (ant_watch_tx){ 0 };
    ant_leavers leavers = { .is_none = true };
    ant_os_mutex_lock(&channel->waiters.lock);
    // release: pairs with the acquire in has_no_tx().
    if (ant_atomic_sub(&channel->tx_count, 1, ANT_ACQ_REL) == 1) {
        ant__chan_closed(&channel->resource);
        ant_waitlist_take_all(&channel->waiters, &leavers);
    }
    ant_os_mutex_unlock(&channel->waiters.lock);
    wake(channel, &leavers);
    unref(channel);
}

uint32_t ant_watch_receiver_count(const ant_watch_tx *tx)
{
    ANT_ASSERT(tx->channel != NULL);
    return ant_atomic_load(&tx->channel->rx_count, ANT_ACQUIRE);
}

bool ant_watch_is_closed(const ant_watch_tx *tx)
{
    return ant_watch_receiver_count(tx) == 0;
}

// Under the lock: the value has become another.
static void publish(ant_watch *channel, ant_leavers *ret_leavers)
{
    // release: pairs with the acquire in version_of().
    (void)ant_atomic_add(&channel->version, 1, ANT_RELEASE);
    if (ant_trace_is_on(ANT_LEVEL_SCHED))
        ant__chan_sent(
            &channel->resource,
            (ant__chan_value){ channel->value, channel->value_bytes },
            ant_task_id_here(), 1);
    ant_waitlist_take_all(&channel->waiters, ret_leavers);
}

static void wake(ant_watch *channel, ant_leavers *leavers)
{
    ant_waitlist_wake(&channel->waiters, leavers, &channel->resource,
                      ANT_VIA_NOTIFY);
}

// ---- The end of the receivers ----

ANT_ASYNC_OPS(ant_watch_closed, LEAF_OPS)
{
    // Paid before it is taken: what is taken cannot be pending.
    if (!ant_coop_consume(cx)) return ANT_PENDING;
    const int err = place_poll(&self->place, look_for_close, self, cx);
    return end(&self->place, err, &self->base.result, cx);
}

struct ant_watch_closed ant__watch_closed(const ant_watch_tx *tx, uint32_t line)
{
    ant_watch *channel = tx->channel;
    ANT_ASSERT(channel != NULL);
    return (struct ant_watch_closed){
        ANT_INIT(ant_watch_closed),
        .place = { channel, &channel->closers,
                   .waiter = ANT_WAITER_FOR_END(line) },
    };
}

static int look_for_close(void *arg)
{
    const struct ant_watch_closed *self = arg;
    return has_no_rx(self->place.channel) ? 0 : -EAGAIN;
}

// The count is 0 already: who comes to the queue after this sees that.
static void wake_closers(ant_watch *channel)
{
    ant_leavers leavers = { .is_none = true };
    ant_os_mutex_lock(&channel->closers.lock);
    if (has_no_rx(channel)) ant_waitlist_take_all(&channel->closers, &leavers);
    ant_os_mutex_unlock(&channel->closers.lock);
    ant_waitlist_wake(&channel->closers, &leavers, &channel->resource,
                      ANT_VIA_NOTIFY);
}

// ---- The receiver ----

void ant__watch_borrow(const ant_watch_rx *rx, void *out, size_t value_bytes)
{
    ANT_ASSERT(rx->channel != NULL);
    ANT_ASSERT(rx->channel->value_bytes == value_bytes);
    (void)read_value(rx->channel, out);
}

void ant__watch_borrow_and_update(ant_watch_rx *rx, void *out,
                                  size_t value_bytes)
{
    ANT_ASSERT(rx->channel != NULL);
    ANT_ASSERT(rx->channel->value_bytes == value_bytes);
    const uint64_t version = read_value(rx->channel, out);
    if (version != rx->seen) record_recv(rx->channel, ant_task_id_here());
    rx->seen = version;
}

int ant_watch_has_changed(const ant_watch_rx *rx)
{
    ANT_ASSERT(rx->channel != NULL);
    if (has_no_tx(rx->channel)) return -EPIPE;
    return version_of(rx->channel) != rx->seen;
}

void ant_watch_mark_changed(ant_watch_rx *rx)
{
    rx->seen = 0;
}

void ant_watch_mark_unchanged(ant_watch_rx *rx)
{
    ANT_ASSERT(rx->channel != NULL);
    rx->seen = version_of(rx->channel);
}

ant_watch_rx ant_watch_rx_clone(const ant_watch_rx *rx)
{
    ant_watch *channel = rx->channel;
    ANT_ASSERT(channel != NULL);
    ant_atomic_add(&channel->refs, 1, ANT_RELAXED);
    ant_atomic_add(&channel->rx_count, 1, ANT_RELAXED);
    return (ant_watch_rx){ channel, ant__chan_add_rx(&channel->resource),
                           rx->seen };
}

void ant_watch_rx_drop(ant_watch_rx *rx)
{
    ant_watch *channel = rx->channel;
    if (channel == NULL) return;
    ant__chan_remove(&channel->resource, rx->half);
    *rx = (ant_watch_rx){ 0 };
    ant_os_mutex_lock(&channel->waiters.lock);
    // release: pairs with the acquire in has_no_rx().
    const bool is_last =
        ant_atomic_sub(&channel->rx_count, 1, ANT_ACQ_REL) == 1;
    if (is_last) ant__chan_closed(&channel->resource);
    ant_os_mutex_unlock(&channel->waiters.lock);
    if (is_last) wake_closers(channel);
    unref(channel);
}

// The value, and its version.
static uint64_t read_value(ant_watch *channel, void *out)
{
    ant_os_mutex_lock(&channel->waiters.lock);
    memcpy(out, channel->value, channel->value_bytes);
    const uint64_t version = version_of(channel);
    ant_os_mutex_unlock(&channel->waiters.lock);
    return version;
}

// ---- Waiting for another version ----

ANT_ASYNC_OPS(ant_watch_changed, LEAF_OPS)
{
    // Paid before it is taken: what is taken cannot be pending.
    if (!ant_coop_consume(cx)) return ANT_PENDING;
    ANT_ASSERT(self->rx->channel == self->place.channel);
    int err = -EAGAIN;
    if (ant_waiter_get_state(&self->place.waiter) != ANT_WAITER_QUEUED)
        err = look_for_change(self); // two loads, which need no lock
    if (err == -EAGAIN)
        err = place_poll(&self->place, look_for_change, self, cx);
    if (err == 0) record_recv(self->place.channel, cx->task);
    return end(&self->place, err, &self->base.result, cx);
}

struct ant_watch_changed ant__watch_changed(ant_watch_rx *rx, uint32_t line)
{
    ant_watch *channel = rx->channel;
    ANT_ASSERT(channel != NULL);
    return (struct ant_watch_changed){
        ANT_INIT(ant_watch_changed),
        .place = { channel, &channel->waiters, .waiter = ANT_WAITER(line) },
        .rx = rx,
    };
}

// What was not seen counts more than that nothing will come.
static int look_for_change(void *arg)
{
    struct ant_watch_changed *self = arg;
    // Asked in this order: the last sender sends before it goes.
    const bool is_closed = has_no_tx(self->place.channel);
    const uint64_t version = version_of(self->place.channel);
    if (version == self->rx->seen) return is_closed ? -EPIPE : -EAGAIN;
    self->rx->seen = version;
    return 0;
}

// ---- Waiting for a value ----

ANT_ASYNC_OPS(ant_watch_wait_for, LEAF_OPS)
{
    ANT_ASSERT(self->rx->channel == self->place.channel);
    int err;
    do {
        // Each test is paid, so that a busy sender does not keep us here.
        if (!ant_coop_consume(cx)) return ANT_PENDING;
        err = place_poll(&self->place, look_for_value, self, cx);
    } while (err == 0 && !self->predicate(self->out, self->arg));
    if (err == 0) record_recv(self->place.channel, cx->task);
    return end(&self->place, err, &self->base.result, cx);
}

struct ant_watch_wait_for
ant__watch_wait_for(const struct ant_watch_wait_for *parts, size_t value_bytes)
{
    ant_watch *channel = parts->rx->channel;
    ANT_ASSERT(channel != NULL);
    ANT_ASSERT(channel->value_bytes == value_bytes);
    struct ant_watch_wait_for self = *parts;
    self.base = (ant_future){ .ops = &ant_watch_wait_for_ops };
    self.place.channel = channel;
    self.place.list = &channel->waiters;
    return self;
}

// Under the lock: a value that was not tested, to *out.
static int look_for_value(void *arg)
{
    struct ant_watch_wait_for *self = arg;
    ant_watch *channel = self->place.channel;
    const bool is_closed = has_no_tx(channel);
    const uint64_t version = version_of(channel);
    if (version == self->tested) return is_closed ? -EPIPE : -EAGAIN;
    memcpy(self->out, channel->value, channel->value_bytes);
    self->tested = version;
    self->rx->seen = version;
    return 0;
}

// ---- What all futures share ----

static int place_poll(ant_watch_place *place, ant_look_fn look, void *arg,
                      const ant_cx *cx)
{
    const ant_waiting w = { .list = place->list,
                            .waiter = &place->waiter,
                            .resource = &place->channel->resource,
                            .look = look,
                            .arg = arg };
    return ant_waitlist_poll(&w, cx);
}

// The end of a poll: for now, or of the future.
static ant_poll end(ant_watch_place *place, int err, int32_t *ret_result,
                    ant_cx *cx)
{
    if (err == -EAGAIN) {
        if (!place->has_ref)
            ant_atomic_add(&place->channel->refs, 1, ANT_RELAXED);
        place->has_ref = true;
        cx->budget++; // to wait costs nothing
        return ANT_PENDING;
    }
    *ret_result = err;
    if (place->has_ref) unref(place->channel);
    return ANT_READY;
}

static void on_drop(ant_future *future)
{
    ant_watch_place *place = place_of(future);
    ant_watch *channel = place->channel;
    ant_waitlist_leave(place->list, &place->waiter, &channel->resource);
    if (place->has_ref) unref(channel);
}

static bool on_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const ant_watch_place *place = place_of(future);
    return ant_waiter_describe(&place->waiter, &place->channel->resource,
                               ret_wait);
}

// All three futures begin alike.
static ant_watch_place *place_of(const ant_future *future)
{
#define PLACE(name) offsetof(struct ant_watch_##name, place)
    _Static_assert(PLACE(changed) == PLACE(closed), "the place comes second");
    _Static_assert(PLACE(wait_for) == PLACE(closed), "the place comes second");
#undef PLACE
    return (ant_watch_place *)((uintptr_t)future +
                               offsetof(struct ant_watch_closed, place));
}

// A receiver has seen a version; the value stays.
static void record_recv(ant_watch *channel, uint32_t task)
{
    ANT_TRACE(chan_recv, .res = ant_resource_id(&channel->resource),
              .task = task, .len = 1);
}

static void unref(ant_watch *channel)
{
    // acq_rel: the last one frees what the others have left behind.
    if (ant_atomic_sub(&channel->refs, 1, ANT_ACQ_REL) > 1) return;
    ant_waitlist_deinit(&channel->waiters);
    ant_waitlist_deinit(&channel->closers);
    ant_resource_end(&channel->resource);
    ant_mem_free(channel);
}
