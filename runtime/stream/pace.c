// SPDX-License-Identifier: MIT

#include "stream/pace.h"

#include <errno.h>

static void throttle_drop(ant_future *future);

ANT_STREAM_OPS(ant_stream_throttle, void, .drop = throttle_drop)
{
    switch (self->state) {
    case ANT_THROTTLE_ASKING: {
        ant_future *base = &self->base.future;
        const ant_poll poll = ant__upstream_poll(base, &self->up, item, cx);
        if (!ant__has_item(base, poll)) return poll;
        self->delay = ant_sleep(self->ms);
        return ANT_EMIT(ANT_THROTTLE_DELAYING);
    }

    case ANT_THROTTLE_DELAYING:
        ANT_AWAIT(self->delay);
        if (self->delay.base.result == 0) return ANT_NEXT(ANT_THROTTLE_ASKING);
        ant_stream_drop(self->up.stream);
        return ANT_FAIL(self->delay.base.result);
    }
    ANT_UNREACHABLE();
}

static void throttle_drop(ant_future *future)
{
    struct ant_stream_throttle *self = (void *)future;
    ant_future_drop(&self->delay.base);
    ant_stream_drop(self->up.stream);
}

struct ant_stream_throttle ant__stream_throttle(ant_upstream up, uint64_t ms)
{
    return (struct ant_stream_throttle){
        ANT_STREAM_INIT_OF(ant_stream_throttle, up.stream->item_bytes),
        .up = up,
        .ms = ms,
    };
}

static void timeout_drop(ant_future *future);
static ant_future *timeout_child(const ant_future *future, unsigned i);
static ant_poll on_limit(struct ant_stream_timeout *self);

#define TIMEOUT_OPS                                                            \
    .drop = timeout_drop, .child = timeout_child, .needs_any = true

ANT_STREAM_OPS(ant_stream_timeout, void, TIMEOUT_OPS)
{
    ant_future *base = &self->base.future;
    const ant_poll poll = ant__upstream_poll(base, &self->up, item, cx);
    if (poll == ANT_PENDING) {
        if (self->is_elapsed) return ANT_PENDING;
        if (ant__stream_poll_limit(&self->limit, cx) == ANT_PENDING)
            return ANT_PENDING;
        return on_limit(self);
    }
    ant_future_drop(&self->limit.base);
    self->is_elapsed = false;
    if (poll == ANT_ITEM) self->limit = ant_sleep(self->ms);
    return poll;
}

struct ant_stream_timeout ant__stream_timeout(ant_upstream up, uint64_t ms)
{
    return (struct ant_stream_timeout){
        ANT_STREAM_INIT_OF(ant_stream_timeout, up.stream->item_bytes),
        .up = up,
        .ms = ms,
        .limit = ant_sleep(ms),
    };
}

static void timeout_drop(ant_future *future)
{
    struct ant_stream_timeout *self = (void *)future;
    ant_stream_drop(self->up.stream);
    ant_future_drop(&self->limit.base);
}

static ant_future *timeout_child(const ant_future *future, unsigned i)
{
    struct ant_stream_timeout *self = (void *)(uintptr_t)future;
    return i == 0   ? &self->up.stream->future
           : i == 1 ? &self->limit.base
                    : NULL;
}

// Too slow, which is an item; or the runtime ends, which is the end.
static ant_poll on_limit(struct ant_stream_timeout *self)
{
    if (self->limit.base.result < 0) {
        ant_stream_drop(self->up.stream);
        return ANT_FAIL(self->limit.base.result);
    }
    self->is_elapsed = true;
    self->base.future.result = -ETIMEDOUT;
    return ANT_ITEM;
}

ant_poll ant__stream_poll_limit(struct ant_sleep *limit, ant_cx *cx)
{
    const int32_t budget = cx->budget;
    if (budget <= 0) cx->budget = 1;
    const ant_poll poll = ant__future_poll_as(&limit->base, "timer", 0, cx);
    cx->budget = budget;
    return poll;
}
