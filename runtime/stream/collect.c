// SPDX-License-Identifier: MIT

#include "stream/collect.h"

static ant_poll end(ant_future *self, const ant_upstream *up, uint64_t count);

ANT_ASYNC(ant_stream_for_each)
{
    ANT__ITEM_PLACE(item);
    ant_poll poll = ant__upstream_poll(&self->base, &self->up, item, cx);
    if (poll == ANT_PENDING) return ANT_PENDING;
    if (!ant__has_item(&self->base, poll))
        return end(&self->base, &self->up, self->count);

    self->count++;
    if (self->fold != NULL) self->fold(item, self->arg);
    if (self->each == NULL) return ANT_AGAIN;
    self->base.result = self->each(item, self->arg);
    if (self->base.result >= 0) return ANT_AGAIN;
    return end(&self->base, &self->up, self->count);
}

struct ant_stream_for_each ant__stream_for_each(ant_upstream up,
                                                ant_stream_for_each_fn each,
                                                ant_stream_fold_fn fold,
                                                void *arg)
{
    return (struct ant_stream_for_each){
        ANT_INIT(ant_stream_for_each),
        .up = up,
        .each = each,
        .fold = fold,
        .arg = arg,
    };
}

ANT_ASYNC(ant_stream_collect)
{
    const size_t item_bytes = self->up.stream->item_bytes;
    self->base.result = 0;
    if (self->count == self->room)
        return end(&self->base, &self->up, self->count);
    void *place = self->array + self->count * item_bytes;
    ant_poll poll = ant__upstream_poll(&self->base, &self->up, place, cx);
    if (poll == ANT_PENDING) return ANT_PENDING;
    if (!ant__has_item(&self->base, poll))
        return end(&self->base, &self->up, self->count);
    self->count++;
    return ANT_AGAIN;
}

struct ant_stream_collect ant__stream_collect(ant_upstream up, void *array,
                                              size_t item_bytes, size_t room)
{
    ANT_ASSERT(up.stream->item_bytes == item_bytes);
    return (struct ant_stream_collect){
        ANT_INIT(ant_stream_collect),
        .up = up,
        .array = array,
        .room = room,
    };
}

// Nothing more is wanted of the stream; self's result is 0 or an error.
static ant_poll end(ant_future *self, const ant_upstream *up, uint64_t count)
{
    ant_stream_drop(up->stream);
    if (self->result == 0)
        self->result = count < INT32_MAX ? (int32_t)count : INT32_MAX;
    return ANT_READY;
}
