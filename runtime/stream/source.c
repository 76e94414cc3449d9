// SPDX-License-Identifier: MIT

#include "stream/source.h"

#include <string.h>

ANT_STREAM(ant_stream_iter, void)
{
    if (self->left == 0) return ANT_READY;
    memcpy(item, self->at, self->base.item_bytes);
    self->at += self->base.item_bytes;
    self->left--;
    return ANT_ITEM;
}

struct ant_stream_iter ant__stream_iter(const void *array, size_t item_bytes,
                                        size_t count)
{
    ANT_ASSERT(array != NULL || count == 0);
    return (struct ant_stream_iter){
        ANT_STREAM_INIT_OF(ant_stream_iter, item_bytes),
        .at = array,
        .left = count,
    };
}

ANT_STREAM(ant_stream_range, int64_t)
{
    if (self->next >= self->end) return ANT_READY;
    *item = self->next++;
    return ANT_ITEM;
}

struct ant_stream_range ant_stream_range(int64_t first, int64_t end)
{
    return (struct ant_stream_range){
        ANT_STREAM_INIT(ant_stream_range),
        .next = first,
        .end = end,
    };
}

ANT_STREAM(ant_stream_repeat, void)
{
    memcpy(item, self->value, self->base.item_bytes);
    return ANT_ITEM;
}

struct ant_stream_repeat ant__stream_repeat(const void *value,
                                            size_t item_bytes)
{
    return (struct ant_stream_repeat){
        ANT_STREAM_INIT_OF(ant_stream_repeat, item_bytes),
        .value = value,
    };
}

ANT_STREAM(ant_stream_unfold, void)
{
    const int result = self->unfold(item, self->state);
    if (result < 0) return ANT_FAIL(result);
    return result == 0 ? ANT_READY : ANT_ITEM;
}

struct ant_stream_unfold
ant__stream_unfold(size_t item_bytes, ant_stream_unfold_fn unfold, void *state)
{
    return (struct ant_stream_unfold){
        ANT_STREAM_INIT_OF(ant_stream_unfold, item_bytes),
        .unfold = unfold,
        .state = state,
    };
}

ANT_STREAM(ant_stream_from_interval, uint64_t)
{
    switch (self->state) {
    case ANT_FROM_INTERVAL_START:
        self->tick = ant_interval_tick(&self->interval);
        return ANT_NEXT(ANT_FROM_INTERVAL_WAITING);

    case ANT_FROM_INTERVAL_WAITING:
        ANT_AWAIT(self->tick);
        if (self->tick.base.result < 0) return ANT_FAIL(self->tick.base.result);
        *item = self->tick.at_ns;
        return ANT_EMIT(ANT_FROM_INTERVAL_START);
    }
    ANT_UNREACHABLE();
}

struct ant_stream_from_interval
ant_stream_from_interval(struct ant_interval interval)
{
    return (struct ant_stream_from_interval){
        ANT_STREAM_INIT(ant_stream_from_interval),
        .interval = interval,
    };
}
