// SPDX-License-Identifier: MIT
//
// The receiving side of chan/mpsc.h. One future at a time waits on a receiver,
// in a list of its own; the sender that finds LISTENING in the queue's word
// wakes it. All here is called by the task that has the receiver.

#include "chan/mpsc_impl.h"
#include "core/here.h"
#include "core/thread_wait.h"
#include "trace/trace.h"

static int look_for_value(void *arg);
static int wait_for_value(struct ant_mpsc_recv *self, ant_cx *cx);
static void recv_drop(ant_future *future);
static bool recv_waits_on(const ant_future *future, ant_wait *ret_wait);

ANT_ASYNC_OPS(ant_mpsc_recv, .drop = recv_drop, .waits_on = recv_waits_on)
{
    ant__mpsc_check(self->channel, self->value_bytes);
    if (self->limit == 0) return ANT_READY;
    // Paid before it is taken: what is taken cannot be pending.
    if (!ant_coop_consume(cx)) return ANT_PENDING;
    const bool is_queued =
        self->has_ref &&
        ant_waiter_get_state(&self->waiter) == ANT_WAITER_QUEUED;
    int got = -EAGAIN;
    if (!is_queued)
        got = ant__mpsc_get(self->channel, self->out, self->limit, cx->task);
    if (got == -EAGAIN) got = wait_for_value(self, cx);
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
        ANT_TRACE(chan_recv, .res = ant_resource_id(&channel->resource),
                  .task = task, .len = ant__mpsc_queue_left(queue));
        to += queue->value_bytes;
        count++;
    } while (count < limit && (slot = ant__mpsc_front(queue)) != NULL);
    if (ant__mpsc_release(queue)) ant__mpsc_hand_out(channel);
    return (int)count;
}

// The receiver joins its list when there is nothing; or takes what has come.
static int wait_for_value(struct ant_mpsc_recv *self, ant_cx *cx)
{
    ant_mpsc *channel = self->channel;
    if (!self->has_ref) self->waiter = (ant_waiter){ .line = self->line };
    const ant_waiting w = { .list = &channel->receiver,
                            .waiter = &self->waiter,
                            .resource = &channel->resource,
                            .look = look_for_value,
                            .arg = self };
    ant__mpsc_keep(channel, &self->has_ref);
    const int err = ant_waitlist_poll(&w, cx);
    if (err == -EAGAIN) return err;
    return ant__mpsc_get(channel, self->out, self->limit, cx->task);
}

static int look_for_value(void *arg)
{
    struct ant_mpsc_recv *self = arg;
    ant_mpsc *channel = self->channel;
    const ant_waiter *waiter = ant_waitlist_first(&channel->receiver);
    // Two futures must not wait on one receiver.
    ANT_ASSERT(waiter == NULL || waiter == &self->waiter);
    return ant__mpsc_listen(&channel->queue) ? 0 : -EAGAIN;
}

static void recv_drop(ant_future *future)
{
    struct ant_mpsc_recv *self = (struct ant_mpsc_recv *)(void *)future;
    ant_mpsc *channel = self->channel;
    if (!self->has_ref) return;
    ant_waitlist_leave(&channel->receiver, &self->waiter, &channel->resource);
    ant__mpsc_let_go(channel, &self->has_ref);
}

static bool recv_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_mpsc_recv *self = (const void *)future;
    return self->has_ref &&
           ant_waiter_describe(&self->waiter, &self->channel->resource,
                               ret_wait);
}
