// SPDX-License-Identifier: MIT

#include "stream/stream.h"

#include "core/here.h"
#include "trace/trace.h"

static void next_drop(ant_future *future);
static ant_future *next_child(const ant_future *future, unsigned i);
static ant_poll poll_under(struct ant_stream_next *self, ant_cx *cx);

ANT_ASYNC_OPS(ant_stream_next, .drop = next_drop, .child = next_child)
{
    ant_stream *stream = self->stream;
    if (!ant_stream_is_over(stream)) {
        const ant_poll poll = poll_under(self, cx);
        if (poll == ANT_PENDING) return ANT_PENDING;
        if (poll == ANT_ITEM && stream->future.result == 0) {
            self->base.result = 1;
            return ANT_READY;
        }
    }
    self->base.result = stream->future.result;
    return ANT_READY;
}

struct ant_stream_next ant__stream_next(ant_stream *stream, const char *name,
                                        void *item, size_t item_bytes)
{
    ANT_ASSERT(stream->item_bytes == item_bytes);
    const ant_cx *cx = ant__here()->cx;
    return (struct ant_stream_next){
        ANT_INIT(ant_stream_next),
        .stream = stream,
        .name = name,
        .item = item,
        .parent = cx != NULL ? cx->parent : 0,
    };
}

// The stream stays with its owner.
static void next_drop(ant_future *future)
{
    (void)future;
}

static ant_future *next_child(const ant_future *future, unsigned i)
{
    const struct ant_stream_next *self = (const void *)future;
    return i == 0 ? &self->stream->future : NULL;
}

// A stream outlives this future, which is for one item: in the trace it hangs
// under whoever asked.
static ant_poll poll_under(struct ant_stream_next *self, ant_cx *cx)
{
    const uint32_t parent = cx->parent;
    if (self->parent != 0) cx->parent = self->parent;
    const ant_poll poll =
        ant__stream_poll_as(self->stream, self->name, self->item, cx);
    cx->parent = parent;
    return poll;
}

ant_poll ant_stream_poll_next(ant_stream *stream, void *item, ant_cx *cx)
{
    return ant__stream_poll_as(stream, NULL, item, cx);
}

ant_poll ant__stream_poll_as(ant_stream *stream, const char *name, void *item,
                             ant_cx *cx)
{
    if (cx->budget <= 0 && !ant_coop_consume(cx)) return ANT_PENDING;

    const int32_t budget = cx->budget;
    stream->item = item;
    stream->future.result = 0;
    const ant_poll poll = ant__future_poll_as(&stream->future, name, 0, cx);
    stream->item = NULL;
    // An item that nobody inside has paid for.
    if (poll == ANT_ITEM && cx->budget == budget && budget > 0) cx->budget--;
    return poll;
}

void ant_stream_drop(ant_stream *stream)
{
    ant_future_drop(&stream->future);
}

ant_poll ant__stream_emit(ant_future *self, unsigned state, const char *name,
                          unsigned line)
{
    const ant_poll again = ant__next(self, state, name, line);
    ANT_ASSERT(again == ANT_AGAIN);
    return ANT_ITEM;
}
