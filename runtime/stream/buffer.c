// SPDX-License-Identifier: MIT

#include "stream/buffer.h"

static void buffered_drop(ant_future *future);
static ant_future *buffered_child(const ant_future *future, unsigned i);
static ant_poll fill(struct ant_stream_buffered *self, ant_cx *cx);
static ant_poll end(struct ant_stream_buffered *self);
static ant_poll poll_finishing(struct ant_stream_buffered *self, ant_cx *cx);

#define BUFFERED_OPS                                                           \
    .drop = buffered_drop, .child = buffered_child, .needs_any = true

ANT_STREAM_OPS(ant_stream_buffered, void *, BUFFERED_OPS)
{
    const ant_poll filled = fill(self, cx);
    if (filled == ANT_ITEM) return ANT_ITEM; // an error that is not the end
    if (ant_future_set_is_empty(&self->set))
        return filled == ANT_READY ? end(self) : ANT_PENDING;

    // The end, good or bad, comes behind what is under way.
    self->base.future.result = 0;
    if (poll_finishing(self, cx) == ANT_PENDING) return ANT_PENDING;
    *item = self->finishing.finished;
    return ANT_ITEM;
}

struct ant_stream_buffered ant__stream_buffered(ant_upstream up, uint32_t max,
                                                ant_stream_start_fn start,
                                                void *arg, bool is_ordered)
{
    ANT_ASSERT(max > 0);
    return (struct ant_stream_buffered){
        ANT_STREAM_INIT(ant_stream_buffered),
        .up = up,
        .max = max,
        .start = start,
        .arg = arg,
        .set.is_ordered = is_ordered,
    };
}

static void buffered_drop(ant_future *future)
{
    struct ant_stream_buffered *self = (void *)future;
    ant_stream_drop(self->up.stream);
    ant_future_drop(&self->finishing.base);
    ant_future_set_clear(&self->set);
}

static ant_future *buffered_child(const ant_future *future, unsigned i)
{
    struct ant_stream_buffered *self = (void *)(uintptr_t)future;
    if (i == 0) return &self->up.stream->future;
    return i == 1 && self->finishing.base.ops != NULL ? &self->finishing.base
                                                      : NULL;
}

// Starts futures up to the limit. PENDING when the stream or the limit says
// wait, READY at the end of the stream, ITEM for an error on the way. When a
// future cannot be started that is the end of all.
static ant_poll fill(struct ant_stream_buffered *self, ant_cx *cx)
{
    ANT__ITEM_PLACE(item);
    ant_future *base = &self->base.future;
    while (ant_future_set_len(&self->set) < self->max) {
        const ant_poll poll = ant__upstream_poll(base, &self->up, item, cx);
        if (!ant__has_item(base, poll)) return poll;
        const int err = self->start(item, &self->set, self->arg);
        if (err < 0) {
            buffered_drop(base);
            return ANT_FAIL(err);
        }
    }
    return ANT_PENDING;
}

static ant_poll end(struct ant_stream_buffered *self)
{
    buffered_drop(&self->base.future);
    return ANT_READY;
}

// One future ends. What was given out before may be gone then.
static ant_poll poll_finishing(struct ant_stream_buffered *self, ant_cx *cx)
{
    const bool is_new = self->finishing.base.ops == NULL ||
                        ant_future_is_ready(&self->finishing.base);
    if (is_new) self->finishing = ant_future_set_next(&self->set);
    return ant__future_poll_as(&self->finishing.base, "finishing", 0, cx);
}

// ---- For each, several at once ----

static void each_drop(ant_future *future);
static ant_future *each_child(const ant_future *future, unsigned i);

#define EACH_OPS .drop = each_drop, .child = each_child

ANT_ASYNC_OPS(ant_stream_for_each_concurrent, EACH_OPS)
{
    void *finished = NULL;
    ant_stream *work = &self->work.base;
    const ant_poll poll = ant__stream_poll_as(work, "work", &finished, cx);
    if (poll == ANT_PENDING) return ANT_PENDING;

    self->base.result = work->future.result;
    if (poll == ANT_READY) return ANT_READY;
    const ant_future *done = finished;
    if (done != NULL && done->result < 0) self->base.result = done->result;
    if (self->base.result == 0) return ANT_AGAIN;
    ant_stream_drop(work);
    return ANT_READY;
}

struct ant_stream_for_each_concurrent
ant__stream_for_each_concurrent(struct ant_stream_buffered work)
{
    return (struct ant_stream_for_each_concurrent){
        ANT_INIT(ant_stream_for_each_concurrent),
        .work = work,
    };
}

static void each_drop(ant_future *future)
{
    struct ant_stream_for_each_concurrent *self = (void *)future;
    ant_stream_drop(&self->work.base);
}

static ant_future *each_child(const ant_future *future, unsigned i)
{
    struct ant_stream_for_each_concurrent *self = (void *)(uintptr_t)future;
    return i == 0 ? &self->work.base.future : NULL;
}
