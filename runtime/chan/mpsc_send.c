// SPDX-License-Identifier: MIT
//
// The sending side of chan/mpsc.h: sends, permits, and the wait for the end. A
// send or a reserve that finds no place becomes a request in the channel's
// queue of senders; whoever frees places grants them there. The futures belong
// to their task; what is granted to one that is dropped goes to the next.

#include "chan/mpsc_impl.h"
#include "chan/record.h"
#include "core/here.h"
#include "core/thread_wait.h"
#include "trace/trace.h"

static int try_send(ant_mpsc *channel, const void *value, uint32_t task);
static int send_first(struct ant_mpsc_send *self, ant_cx *cx);
static int send_held(ant_mpsc *channel, const void *value, uint32_t task);
static void record_send(ant_mpsc *channel, const ant__mpsc_place *place,
                        uint32_t task);
static void send_drop(ant_future *future);
static bool send_waits_on(const ant_future *future, ant_wait *ret_wait);
static int reserve_first(struct ant_mpsc_reserve *self, ant_cx *cx);
static void reserve_drop(ant_future *future);
static bool reserve_waits_on(const ant_future *future, ant_wait *ret_wait);
static void closed_drop(ant_future *future);
static bool closed_waits_on(const ant_future *future, ant_wait *ret_wait);
static bool request_is_new(const ant_mpsc_request *request);
static int request_queue(ant_mpsc_request *request, ant_cx *cx);
static int hold_else_queue(ant_mpsc_request *request);
static int request_look(ant_mpsc_request *request, ant_cx *cx);
static void request_drop(ant_mpsc_request *request);
static bool request_waits_on(const ant_mpsc_request *request,
                             ant_wait *ret_wait);

// A request that is over without an error has its places.
enum { HAS_PLACES = 1 };

// ---- Sending ----

ANT_ASYNC_OPS(ant_mpsc_send, .drop = send_drop, .waits_on = send_waits_on)
{
    ant_mpsc_request *request = &self->request;
    int err = request_is_new(request) ? send_first(self, cx)
                                      : request_look(request, cx);
    if (err == -EAGAIN) return ANT_PENDING;
    if (err == HAS_PLACES)
        err = send_held(request->channel, self->value, cx->task);
    self->base.result = err;
    ant__mpsc_let_go(request->channel, &request->has_ref);
    return ANT_READY;
}

ant_future_ops *const ant__mpsc_send_ops = &ant_mpsc_send_ops;

int ant__mpsc_try_send(const ant_mpsc_tx *tx, const void *value,
                       size_t value_bytes)
{
    ant__mpsc_check(tx->channel, value_bytes);
    return try_send(tx->channel, value, ant_task_id_here());
}

int ant__mpsc_unbounded_send(const ant_mpsc_tx *tx, const void *value,
                             size_t value_bytes)
{
    ant__mpsc_check(tx->channel, value_bytes);
    ANT_ASSERT(!ant__mpsc_is_bounded(tx->channel)); // it could be full
    return try_send(tx->channel, value, ant_task_id_here());
}

int ant__mpsc_blocking_send(const ant_mpsc_tx *tx, const void *value,
                            size_t value_bytes, const char *file, uint32_t line)
{
    struct ant_mpsc_send send = ant__mpsc_send(tx, value, value_bytes, line);
    return ant__thread_wait(&send.base, file, line);
}

static int try_send(ant_mpsc *channel, const void *value, uint32_t task)
{
    ant__mpsc_place place;
    const int err = ant__mpsc_claim(&channel->queue, &place);
    if (err == 0) ant__mpsc_put(channel, &place, value, task);
    return err;
}

static int send_first(struct ant_mpsc_send *self, ant_cx *cx)
{
    // Paid before it is sent: what is sent cannot be pending.
    ant__mpsc_check(self->request.channel, self->value_bytes);
    if (!ant_coop_consume(cx)) return -EAGAIN;
    const int err = try_send(self->request.channel, self->value, cx->task);
    return err == -EAGAIN ? request_queue(&self->request, cx) : err;
}

// With a place that is held, which is given back when the receiver is gone.
static int send_held(ant_mpsc *channel, const void *value, uint32_t task)
{
    ant__mpsc_place place;
    const int err = ant__mpsc_claim_held(&channel->queue, &place);
    if (err == 0)
        ant__mpsc_put(channel, &place, value, task);
    else
        ant__mpsc_give_back(channel, 1);
    return err;
}

void ant__mpsc_put(ant_mpsc *channel, const ant__mpsc_place *place,
                   const void *value, uint32_t task)
{
    ant__mpsc_queue *queue = &channel->queue;
    ant__mpsc_copy(queue, ant__mpsc_value(queue, place->slot), value);
    // Before the receiver can say that it has it.
    if (ant_trace_is_on(ANT_LEVEL_SCHED)) record_send(channel, place, task);
    ant__mpsc_publish(place);
    if (place->must_wake) ant__mpsc_wake_receiver(channel, ANT_WAIT_GRANTED);
}

// Out of line, as a send without a recording has no use for it.
ANT_NOINLINE static void
record_send(ant_mpsc *channel, const ant__mpsc_place *place, uint32_t task)
{
    ant__mpsc_queue *queue = &channel->queue;
    const void *value = ant__mpsc_value(queue, place->slot);
    ant__chan_sent(&channel->resource,
                   (ant__chan_value){ value, queue->value_bytes }, task,
                   ant__mpsc_queue_len(queue));
}

static void send_drop(ant_future *future)
{
    struct ant_mpsc_send *self = (struct ant_mpsc_send *)(void *)future;
    request_drop(&self->request);
}

static bool send_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_mpsc_send *self = (const void *)future;
    return request_waits_on(&self->request, ret_wait);
}

// ---- Permits ----

#define RESERVE_OPS .drop = reserve_drop, .waits_on = reserve_waits_on

ANT_ASYNC_OPS(ant_mpsc_reserve, RESERVE_OPS)
{
    ant_mpsc_request *request = &self->request;
    const int err = request_is_new(request) ? reserve_first(self, cx)
                                            : request_look(request, cx);
    if (err == -EAGAIN) return ANT_PENDING;
    if (err == HAS_PLACES) {
        ant__mpsc_ref(request->channel);
        *self->permit = (ant_mpsc_permit){ request->channel, request->places };
    }
    self->base.result = err < 0 ? err : 0;
    ant__mpsc_let_go(request->channel, &request->has_ref);
    return ANT_READY;
}

struct ant_mpsc_reserve ant__mpsc_reserve(const ant_mpsc_tx *tx, uint32_t count,
                                          ant_mpsc_permit *ret_permit,
                                          uint32_t line)
{
    ANT_ASSERT(tx->channel != NULL);
    ANT_ASSERT(ant__mpsc_is_bounded(tx->channel));
    return (struct ant_mpsc_reserve){
        ANT_INIT(ant_mpsc_reserve),
        .permit = ret_permit,
        .request = { .channel = tx->channel, .places = count, .line = line },
    };
}

static int reserve_first(struct ant_mpsc_reserve *self, ant_cx *cx)
{
    ant_mpsc_request *request = &self->request;
    if (request->places > request->channel->queue.capacity) return -EINVAL;
    if (!ant_coop_consume(cx)) return -EAGAIN;
    const int err = ant__mpsc_hold(&request->channel->queue, request->places);
    if (err == 0) return HAS_PLACES;
    return err == -EAGAIN ? request_queue(request, cx) : err;
}

int ant_mpsc_try_reserve(const ant_mpsc_tx *tx, ant_mpsc_permit *ret_permit)
{
    return ant_mpsc_try_reserve_many(tx, 1, ret_permit);
}

int ant_mpsc_try_reserve_many(const ant_mpsc_tx *tx, uint32_t count,
                              ant_mpsc_permit *ret_permit)
{
    ant_mpsc *channel = tx->channel;
    ANT_ASSERT(channel != NULL);
    ANT_ASSERT(ant__mpsc_is_bounded(channel));
    if (count > channel->queue.capacity) return -EINVAL;
    const int err = ant__mpsc_hold(&channel->queue, count);
    if (err < 0) return err;
    ant__mpsc_ref(channel);
    *ret_permit = (ant_mpsc_permit){ channel, count };
    return 0;
}

int ant__mpsc_permit_send(ant_mpsc_permit *permit, const void *value,
                          size_t value_bytes)
{
    ant__mpsc_check(permit->channel, value_bytes);
    ANT_ASSERT(permit->count > 0);
    const int err = send_held(permit->channel, value, ant_task_id_here());
    if (--permit->count == 0) ant_mpsc_permit_drop(permit);
    return err;
}

void ant_mpsc_permit_drop(ant_mpsc_permit *permit)
{
    ant_mpsc *channel = permit->channel;
    const uint32_t count = permit->count;
    if (channel == NULL) return;
    *permit = (ant_mpsc_permit){ .count = 0 };
    if (count > 0) ant__mpsc_give_back(channel, count);
    ant__mpsc_unref(channel);
}

static void reserve_drop(ant_future *future)
{
    struct ant_mpsc_reserve *self = (struct ant_mpsc_reserve *)(void *)future;
    request_drop(&self->request);
}

static bool reserve_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_mpsc_reserve *self = (const void *)future;
    return request_waits_on(&self->request, ret_wait);
}

// ---- Waiting for places ----

static bool request_is_new(const ant_mpsc_request *request)
{
    return !request->has_ref;
}

// Joins the queue: -EAGAIN. HAS_PLACES or -EPIPE when that is not needed.
static int request_queue(ant_mpsc_request *request, ant_cx *cx)
{
    ant_mpsc *channel = request->channel;
    ant__mpsc_keep(channel, &request->has_ref);
    request->waiter = (ant_waiter){ .task = cx->task,
                                    .line = (uint16_t)request->line,
                                    .waker = ant_waker_clone(&cx->waker) };
    ant_os_mutex_lock(&channel->senders.lock);
    const int err = hold_else_queue(request);
    ant_os_mutex_unlock(&channel->senders.lock);
    if (err == -EAGAIN)
        cx->budget++; // to wait costs nothing
    else
        ant_waker_drop(&request->waiter.waker);
    return err;
}

// Under the lock. Says first that somebody waits, and looks then.
static int hold_else_queue(ant_mpsc_request *request)
{
    ant_mpsc *channel = request->channel;
    ant_waitlist *list = &channel->senders;
    const bool is_first = ant_waitlist_first(list) == NULL;
    if (is_first) ant__mpsc_mark_waited(&channel->queue);
    int err = -EAGAIN;
    if (ant__mpsc_is_closed(channel))
        err = -EPIPE;
    else if (is_first && ant__mpsc_grant(&channel->queue, request->places))
        err = HAS_PLACES;
    else
        ant_waitlist_push(list, &request->waiter, &channel->resource,
                          request->places);
    if (is_first && err != -EAGAIN) ant__mpsc_unmark_waited(&channel->queue);
    return err;
}

// It waits: -EAGAIN, HAS_PLACES or -EPIPE. What was granted before a close and
// is looked at after it has failed too.
static int request_look(ant_mpsc_request *request, ant_cx *cx)
{
    ant_mpsc *channel = request->channel;
    ant_waiter *waiter = &request->waiter;
    if (!ant_waitlist_look(&channel->senders, waiter, &cx->waker))
        return -EAGAIN;
    if (ant_waiter_get_state(waiter) == ANT_WAITER_REFUSED) return -EPIPE;
    if (!ant_coop_consume(cx)) return -EAGAIN;
    if (!ant__mpsc_is_closed(channel)) return HAS_PLACES;
    ant__mpsc_give_back(channel, request->places);
    return -EPIPE;
}

static void request_drop(ant_mpsc_request *request)
{
    ant_mpsc *channel = request->channel;
    if (request_is_new(request)) return;
    ant_waitlist_leave(&channel->senders, &request->waiter, &channel->resource);
    if (ant_waiter_get_state(&request->waiter) == ANT_WAITER_GRANTED)
        ant__mpsc_give_back(channel, request->places);
    else
        ant__mpsc_hand_out(channel); // the next may want less
    ant__mpsc_let_go(channel, &request->has_ref);
}

static bool request_waits_on(const ant_mpsc_request *request,
                             ant_wait *ret_wait)
{
    return request->has_ref &&
           ant_waiter_describe(&request->waiter, &request->channel->resource,
                               ret_wait);
}

// ---- Waiting for the end ----

static int look_for_close(void *arg)
{
    return ant__mpsc_is_closed(arg) ? 0 : -EAGAIN;
}

#define CLOSED_OPS .drop = closed_drop, .waits_on = closed_waits_on

ANT_ASYNC_OPS(ant_mpsc_closed, CLOSED_OPS)
{
    if (!ant_coop_consume(cx)) return ANT_PENDING;
    ant_mpsc *channel = self->channel;
    self->waiter.line = (uint16_t)self->line;
    self->waiter.mark = ANT_MARK_END;
    const ant_waiting w = { .list = &channel->closers,
                            .waiter = &self->waiter,
                            .resource = &channel->resource,
                            .look = look_for_close,
                            .arg = channel };
    ant__mpsc_keep(channel, &self->has_ref);
    if (ant_waitlist_poll(&w, cx) == -EAGAIN) {
        cx->budget++; // to wait costs nothing
        return ANT_PENDING;
    }
    ant__mpsc_let_go(channel, &self->has_ref);
    return ANT_READY;
}

struct ant_mpsc_closed ant__mpsc_closed(const ant_mpsc_tx *tx, uint32_t line)
{
    ANT_ASSERT(tx->channel != NULL);
    return (struct ant_mpsc_closed){
        ANT_INIT(ant_mpsc_closed),
        .channel = tx->channel,
        .line = line,
    };
}

static void closed_drop(ant_future *future)
{
    struct ant_mpsc_closed *self = (struct ant_mpsc_closed *)(void *)future;
    ant_mpsc *channel = self->channel;
    ant_waitlist_leave(&channel->closers, &self->waiter, &channel->resource);
    ant__mpsc_let_go(channel, &self->has_ref);
}

static bool closed_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_mpsc_closed *self = (const void *)future;
    return ant_waiter_describe(&self->waiter, &self->channel->resource,
                               ret_wait);
}
