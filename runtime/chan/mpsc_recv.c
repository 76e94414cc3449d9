// SPDX-License-Identifier: MIT
//
// The receiving side of chan/mpsc.h. One future at a time waits on a receiver,
// as the queue's listener; the sender that clears LISTENING in the queue's word
// wakes it. All here is called by the task that has the receiver.

#include "chan/mpsc_impl.h"
#include "chan/record.h"
#include "core/here.h"
#include "core/thread_wait.h"
#include "trace/trace.h"

static int get_else_wait(struct ant_mpsc_recv *self, const ant_cx *cx);
static bool begin_wait(struct ant_mpsc_recv *self, const ant_cx *cx);
static void end_wait(ant_mpsc *channel);
static bool goes_on_waiting(const struct ant_mpsc_recv *self, const ant_cx *cx);
static void recv_drop(ant_future *future);
static bool recv_waits_on(const ant_future *future, ant_wait *ret_wait);

ANT_ASYNC_OPS(ant_mpsc_recv, .drop = recv_drop, .waits_on = recv_waits_on)
{
    ant__mpsc_check(self->channel, self->value_bytes);
    if (self->limit == 0) return ANT_READY;
    // Paid before it is taken: what is taken cannot be pending.
    if (!ant_coop_consume(cx)) return ANT_PENDING;
    int got = -EAGAIN;
    if (!goes_on_waiting(self, cx)) {
        if (self->has_ref) end_wait(self->channel);
        got = get_else_wait(self, cx);
    }
    if (got == -EAGAIN) {
        cx->budget++; // to wait costs nothing
        return ANT_PENDING;
    }
    self->base.result = got > 0 && !self->is_many ? 0 : got;
    ant__mpsc_let_go(self->channel, &self->has_ref);
    return ANT_READY;
}

ant_future_ops *const ant__mpsc_recv_ops = &ant_mpsc_recv_ops;

struct ant_mpsc_recv ant__mpsc_recv_many(const ant_mpsc_rx *rx, void *array,
                                         size_t value_bytes, uint32_t limit,
                                         uint32_t line)
{
    ANT_ASSERT(limit <= INT32_MAX); // the result says how many
    struct ant_mpsc_recv recv = ant__mpsc_recv(rx, array, value_bytes, line);
    recv.limit = limit;
    recv.is_many = true;
    return recv;
}

int ant__mpsc_try_recv(const ant_mpsc_rx *rx, void *out, size_t value_bytes)
{
    ant__mpsc_check(rx->channel, value_bytes);
    const int got = ant__mpsc_get(rx->channel, out, 1, ant_task_id_here());
    return got > 0 ? 0 : got;
}

int ant__mpsc_blocking_recv(const ant_mpsc_rx *rx, void *out,
                            size_t value_bytes, const char *file, uint32_t line)
{
    struct ant_mpsc_recv recv = ant__mpsc_recv(rx, out, value_bytes, line);
    return ant__thread_wait(&recv.base, file, line);
}

int ant__mpsc_get(ant_mpsc *channel, void *out, uint32_t limit, uint32_t task)
{
    ant__mpsc_queue *queue = &channel->queue;
    ant__mpsc_slot *slot = ant__mpsc_front(queue);
    if (slot == NULL) {
        const int err = ant__mpsc_look(queue, &slot);
        if (err < 0) return err;
    }
    unsigned char *to = out;
    uint32_t count = 0;
    do {
        ant__mpsc_copy(queue, to, ant__mpsc_value(queue, slot));
        ant__mpsc_pop(queue);
        // Before a sender can say that it has the place.
        if (ant_trace_is_on(ANT_LEVEL_SCHED))
            ant__chan_received(&channel->resource,
                               (ant__chan_value){ to, queue->value_bytes },
                               task, ant__mpsc_queue_left(queue));
        to += queue->value_bytes;
        count++;
    } while (count < limit && (slot = ant__mpsc_front(queue)) != NULL);
    if (ant__mpsc_release(queue)) ant__mpsc_hand_out(channel);
    return (int)count;
}

// What has come; or else it waits, unless something comes just then.
static int get_else_wait(struct ant_mpsc_recv *self, const ant_cx *cx)
{
    int got = ant__mpsc_get(self->channel, self->out, self->limit, cx->task);
    if (got != -EAGAIN || !begin_wait(self, cx)) return got;
    end_wait(self->channel);
    return ant__mpsc_get(self->channel, self->out, self->limit, cx->task);
}

// True when there is something after all.
static bool begin_wait(struct ant_mpsc_recv *self, const ant_cx *cx)
{
    ant_mpsc *channel = self->channel;
    // Two futures must not wait on one receiver.
    ANT_ASSERT(!ant__mpsc_is_listening(&channel->queue));
    ant__mpsc_keep(channel, &self->has_ref);
    channel->listener_task = cx->task;
    ANT_TRACE(wait_begin, .res = ant_resource_id(&channel->resource),
              .task = cx->task, .amount = 1, .waiters = 1, .line = self->line);
    const ant_waker waker = ant_waker_clone(&cx->waker);
    return ant__mpsc_listen(&channel->queue, (uintptr_t)waker.target);
}

static void end_wait(ant_mpsc *channel)
{
    if (!ant__mpsc_unlisten(&channel->queue)) {
        ant__mpsc_listener_await(&channel->queue);
        return;
    }
    ant_waker waker = ant__mpsc_take_listener(channel, ANT_WAIT_CANCELLED);
    ant_waker_drop(&waker);
}

// Whether it waits since an earlier poll, with the same waker.
static bool goes_on_waiting(const struct ant_mpsc_recv *self, const ant_cx *cx)
{
    const ant__mpsc_queue *queue = &self->channel->queue;
    return self->has_ref && ant__mpsc_is_listening(queue) &&
           ant__mpsc_listener(queue) == (uintptr_t)cx->waker.target;
}

static void recv_drop(ant_future *future)
{
    struct ant_mpsc_recv *self = (struct ant_mpsc_recv *)(void *)future;
    if (!self->has_ref) return;
    end_wait(self->channel);
    ant__mpsc_let_go(self->channel, &self->has_ref);
}

static bool recv_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_mpsc_recv *self = (const void *)future;
    if (!self->has_ref || !ant__mpsc_is_listening(&self->channel->queue))
        return false;
    ant_resource_describe(&self->channel->resource, ret_wait);
    return true;
}
