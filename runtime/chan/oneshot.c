// SPDX-License-Identifier: MIT

#include "chan/oneshot.h"

#include <errno.h>
#include <string.h>

#include "base/block.h"
#include "base/os.h"
#include "chan/record.h"
#include "core/here.h"
#include "core/resource.h"
#include "trace/trace.h"

// One side's wait: the receiver's for the value, the sender's for the end.
typedef struct wait_side {
    ant_waker waker;
    uint32_t task;
    bool is_waiting;
} wait_side;

struct ant_oneshot {
    ant_resource resource;
    // fixed after init
    size_t value_bytes;
    // any thread, atomic
    ant_atomic_u32 refs; // halves, and futures that wait
    // under lock
    ant_os_mutex lock;
    wait_side sender;
    wait_side receiver;
    bool is_closed;  // the receiver takes nothing more
    bool is_used_up; // the sender has sent, or will not
    bool has_value;
    _Alignas(max_align_t) unsigned char value[];
};

// Under the lock: 0 when the wait is over, -EPIPE too, -EAGAIN when it goes on.
typedef int (*look_fn)(ant_oneshot *channel, void *out, uint32_t task);

// What poll_side() needs to know of a future that waits.
typedef struct waiting {
    ant_oneshot *channel;
    wait_side *side;
    look_fn look;
    void *out;
    uint32_t line;
} waiting;

static int look_for_value(ant_oneshot *channel, void *out, uint32_t task);
static int look_for_close(ant_oneshot *channel, void *out, uint32_t task);
static void close_channel(ant_oneshot *channel);
static ant_poll poll_side(const waiting *w, bool *is_waiting, int32_t *ret_err,
                          ant_cx *cx);
static int look_else_wait(const waiting *w, bool *is_waiting, const ant_cx *cx);
static void record_send(ant_oneshot *channel);
static void begin_wait(const waiting *w, bool *is_waiting, uint32_t task);
static void end(ant_oneshot *channel, wait_side *side, bool *is_waiting);
static ant_waker end_wait(ant_oneshot *channel, wait_side *side, uint32_t why);
static void wake(ant_oneshot *channel, ant_waker *waker);
static void unref(ant_oneshot *channel);
static void recv_drop(ant_future *future);
static bool recv_waits_on(const ant_future *future, ant_wait *ret_wait);
static void closed_drop(ant_future *future);
static bool closed_waits_on(const ant_future *future, ant_wait *ret_wait);

int ant__oneshot_new(size_t value_bytes, ant_oneshot_tx *ret_tx,
                     ant_oneshot_rx *ret_rx, const char *file, uint32_t line)
{
    ANT_ASSERT(value_bytes > 0);
    ant_oneshot *channel = ant_block_alloc(sizeof *channel + value_bytes);
    if (channel == NULL) return -ENOMEM;

    channel->resource = (ant_resource)ANT_RESOURCE(ANT_RES_ONESHOT, NULL, 1);
    channel->resource.file = file;
    channel->resource.line = line;
    channel->value_bytes = value_bytes;
    // relaxed: nobody else knows it yet.
    ant_atomic_store(&channel->refs, 2, ANT_RELAXED);
    ant_os_mutex_init(&channel->lock);
    channel->sender = (wait_side){ { NULL }, 0, false };
    channel->receiver = (wait_side){ { NULL }, 0, false };
    channel->is_closed = false;
    channel->is_used_up = false;
    channel->has_value = false;
    *ret_tx = (ant_oneshot_tx){ .channel = channel };
    *ret_rx = (ant_oneshot_rx){ .channel = channel };
    ant__chan_made(&channel->resource, &ret_tx->half, &ret_rx->half);
    return 0;
}

// ---- The sender ----

int ant__oneshot_send(ant_oneshot_tx *tx, const void *value, size_t value_bytes)
{
    ant_oneshot *channel = tx->channel;
    ANT_ASSERT(channel != NULL); // it was used up before
    ANT_ASSERT(channel->value_bytes == value_bytes);
    *tx = (ant_oneshot_tx){ 0 };

    ant_waker waker = { 0 };
    ant_os_mutex_lock(&channel->lock);
    const bool is_closed = channel->is_closed;
    channel->is_used_up = true;
    if (!is_closed) {
        memcpy(channel->value, value, value_bytes);
        channel->has_value = true;
        if (ant_trace_is_on(ANT_LEVEL_SCHED)) record_send(channel);
        waker = end_wait(channel, &channel->receiver, ANT_WAIT_GRANTED);
    }
    ant_os_mutex_unlock(&channel->lock);

    wake(channel, &waker);
    unref(channel);
    return is_closed ? -EPIPE : 0;
}

// Out of line, as a send without a recording has no use for it.
ANT_NOINLINE static void record_send(ant_oneshot *channel)
{
    ant__chan_sent(&channel->resource,
                   (ant__chan_value){ channel->value, channel->value_bytes },
                   ant_task_id_here(), 1);
}

void ant_oneshot_tx_drop(ant_oneshot_tx *tx)
{
    ant_oneshot *channel = tx->channel;
    if (channel == NULL) return;
    *tx = (ant_oneshot_tx){ 0 };
    ant_os_mutex_lock(&channel->lock);
    channel->is_used_up = true;
    ant__chan_closed(&channel->resource);
    ant_waker waker = end_wait(channel, &channel->receiver, ANT_WAIT_CLOSED);
    ant_os_mutex_unlock(&channel->lock);

    wake(channel, &waker);
    unref(channel);
}

bool ant_oneshot_is_closed(const ant_oneshot_tx *tx)
{
    ANT_ASSERT(tx->channel != NULL);
    ant_os_mutex_lock(&tx->channel->lock);
    bool is_closed = tx->channel->is_closed;
    ant_os_mutex_unlock(&tx->channel->lock);
    return is_closed;
}

#define CLOSED_OPS .drop = closed_drop, .waits_on = closed_waits_on

ANT_ASYNC_OPS(ant_oneshot_closed, CLOSED_OPS)
{
    const waiting w = { .channel = self->channel,
                        .side = &self->channel->sender,
                        .look = look_for_close,
                        .line = self->line };
    return poll_side(&w, &self->is_waiting, &self->base.result, cx);
}

struct ant_oneshot_closed ant__oneshot_closed(const ant_oneshot_tx *tx,
                                              uint32_t line)
{
    ANT_ASSERT(tx->channel != NULL);
    return (struct ant_oneshot_closed){
        ANT_INIT(ant_oneshot_closed),
        .channel = tx->channel,
        .line = line,
    };
}

static void closed_drop(ant_future *future)
{
    struct ant_oneshot_closed *self = (void *)future;
    if (self->is_waiting)
        end(self->channel, &self->channel->sender, &self->is_waiting);
}

static bool closed_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_oneshot_closed *self = (const void *)future;
    if (!self->is_waiting) return false;
    ant_resource_describe(&self->channel->resource, ret_wait);
    return true;
}

static int look_for_close(ant_oneshot *channel, void *out, uint32_t task)
{
    (void)out;
    (void)task;
    return channel->is_closed ? 0 : -EAGAIN;
}

// ---- The receiver ----

ANT_ASYNC_OPS(ant_oneshot_recv, .drop = recv_drop, .waits_on = recv_waits_on)
{
    const waiting w = { .channel = self->channel,
                        .side = &self->channel->receiver,
                        .look = look_for_value,
                        .out = self->out,
                        .line = self->line };
    return poll_side(&w, &self->is_waiting, &self->base.result, cx);
}

ant_future_ops *const ant__oneshot_recv_ops = &ant_oneshot_recv_ops;

ant_oneshot *ant__oneshot_of(const ant_oneshot_rx *rx, size_t value_bytes)
{
    ANT_ASSERT(rx->channel != NULL);
    ANT_ASSERT(rx->channel->value_bytes == value_bytes);
    return rx->channel;
}

int ant__oneshot_try_recv(ant_oneshot_rx *rx, void *out, size_t value_bytes)
{
    ANT_ASSERT(rx->channel != NULL);
    ANT_ASSERT(rx->channel->value_bytes == value_bytes);
    ant_os_mutex_lock(&rx->channel->lock);
    int err = look_for_value(rx->channel, out, ant_task_id_here());
    ant_os_mutex_unlock(&rx->channel->lock);
    return err;
}

void ant_oneshot_close(ant_oneshot_rx *rx)
{
    ANT_ASSERT(rx->channel != NULL);
    close_channel(rx->channel);
}

void ant_oneshot_rx_drop(ant_oneshot_rx *rx)
{
    ant_oneshot *channel = rx->channel;
    if (channel == NULL) return;
    *rx = (ant_oneshot_rx){ 0 };
    close_channel(channel);
    unref(channel);
}

static void close_channel(ant_oneshot *channel)
{
    ant_os_mutex_lock(&channel->lock);
    if (!channel->is_closed) ant__chan_closed(&channel->resource);
    channel->is_closed = true;
    ant_waker sender = end_wait(channel, &channel->sender, ANT_WAIT_GRANTED);
    ant_waker receiver = end_wait(channel, &channel->receiver, ANT_WAIT_CLOSED);
    ant_os_mutex_unlock(&channel->lock);
    wake(channel, &sender);
    wake(channel, &receiver);
}

static void recv_drop(ant_future *future)
{
    struct ant_oneshot_recv *self = (void *)future;
    if (self->is_waiting)
        end(self->channel, &self->channel->receiver, &self->is_waiting);
}

static bool recv_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_oneshot_recv *self = (const void *)future;
    if (!self->is_waiting) return false;
    ant_resource_describe(&self->channel->resource, ret_wait);
    return true;
}

static int look_for_value(ant_oneshot *channel, void *out, uint32_t task)
{
    if (!channel->has_value)
        return channel->is_used_up || channel->is_closed ? -EPIPE : -EAGAIN;
    channel->has_value = false;
    memcpy(out, channel->value, channel->value_bytes);
    if (ant_trace_is_on(ANT_LEVEL_SCHED))
        ant__chan_received(&channel->resource,
                           (ant__chan_value){ out, channel->value_bytes }, task,
                           0);
    return 0;
}

// ---- Waiting, the same for both sides ----

static ant_poll poll_side(const waiting *w, bool *is_waiting, int32_t *ret_err,
                          ant_cx *cx)
{
    // Paid before it is taken: what is taken cannot be pending.
    if (!ant_coop_consume(cx)) return ANT_PENDING;
    const int err = look_else_wait(w, is_waiting, cx);
    if (err == -EAGAIN) {
        cx->budget++; // to wait costs nothing
        return ANT_PENDING;
    }
    *ret_err = err;
    if (*is_waiting) unref(w->channel);
    *is_waiting = false;
    return ANT_READY;
}

// Looks, and when it has to wait leaves its waker in the same moment. That is
// cloned outside of the lock, after which another look is due.
static int look_else_wait(const waiting *w, bool *is_waiting, const ant_cx *cx)
{
    ant_oneshot *channel = w->channel;
    ant_waker fresh = { 0 };
    ant_os_mutex_lock(&channel->lock);
    int err = w->look(channel, w->out, cx->task);
    if (err == -EAGAIN && !ant_waker_same(&w->side->waker, &cx->waker)) {
        ant_os_mutex_unlock(&channel->lock);
        fresh = ant_waker_clone(&cx->waker);
        ant_os_mutex_lock(&channel->lock);
        err = w->look(channel, w->out, cx->task);
    }
    ant_waker unused = fresh;
    if (err != -EAGAIN) {
        fresh = end_wait(channel, w->side, ANT_WAIT_CANCELLED);
    } else if (ant_waker_is_set(&fresh)) {
        unused = ant_waker_take(&w->side->waker);
        w->side->waker = fresh;
        fresh = (ant_waker){ 0 };
    }
    if (err == -EAGAIN && !*is_waiting) begin_wait(w, is_waiting, cx->task);
    ant_os_mutex_unlock(&channel->lock);
    ant_waker_drop(&unused);
    ant_waker_drop(&fresh);
    return err;
}

// Under the lock.
static void begin_wait(const waiting *w, bool *is_waiting, uint32_t task)
{
    ant_oneshot *channel = w->channel;
    ANT_ASSERT(!w->side->is_waiting); // two futures on one half
    w->side->is_waiting = true;
    w->side->task = task;
    // relaxed: the half is there.
    ant_atomic_add(&channel->refs, 1, ANT_RELAXED);
    *is_waiting = true;
    ANT_TRACE(wait_begin, .res = ant_resource_id(&channel->resource),
              .task = task, .amount = w->side == &channel->receiver,
              .waiters = 1, .line = w->line);
}

// The future ends: its waker leaves the channel, and so does its reference.
static void end(ant_oneshot *channel, wait_side *side, bool *is_waiting)
{
    ant_os_mutex_lock(&channel->lock);
    ant_waker waker = end_wait(channel, side, ANT_WAIT_CANCELLED);
    ant_os_mutex_unlock(&channel->lock);
    ant_waker_drop(&waker);
    if (*is_waiting) unref(channel);
    *is_waiting = false;
}

// Under the lock: the side need not wait any longer. Returns its waker, to be
// used after unlocking.
static ant_waker end_wait(ant_oneshot *channel, wait_side *side, uint32_t why)
{
    if (side->is_waiting)
        ANT_TRACE(wait_end, .res = ant_resource_id(&channel->resource),
                  .task = side->task, .why = why, .waiters = 0);
    side->is_waiting = false;
    return ant_waker_take(&side->waker);
}

static void wake(ant_oneshot *channel, ant_waker *waker)
{
    ant__waker_wake_for(waker,
                        ant_resource_why(&channel->resource, ANT_VIA_CHANNEL));
}

static void unref(ant_oneshot *channel)
{
    // acq_rel: whoever frees it sees what all others did.
    if (ant_atomic_sub(&channel->refs, 1, ANT_ACQ_REL) != 1) return;
    ant_resource_end(&channel->resource);
    ant_os_mutex_deinit(&channel->lock);
    ant_block_free(channel, sizeof *channel + channel->value_bytes);
}
