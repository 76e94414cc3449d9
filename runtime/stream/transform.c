// SPDX-License-Identifier: MIT

#include "stream/transform.h"

static ant_poll end_early(const ant_upstream *up);

ANT_STREAM(ant_stream_map, void)
{
    ANT__ITEM_PLACE(place);
    ant_future *base = &self->base.future;
    const ant_poll poll = ant__upstream_poll(base, &self->up, place, cx);
    if (ant__has_item(base, poll)) self->map(place, item, self->arg);
    return poll;
}

struct ant_stream_map ant__stream_map(ant_upstream up, size_t item_bytes,
                                      ant_stream_map_fn map, void *arg)
{
    return (struct ant_stream_map){
        ANT_STREAM_INIT_OF(ant_stream_map, item_bytes),
        .up = up,
        .map = map,
        .arg = arg,
    };
}

ANT_STREAM(ant_stream_filter, void)
{
    ant_future *base = &self->base.future;
    const ant_poll poll = ant__upstream_poll(base, &self->up, item, cx);
    if (!ant__has_item(base, poll)) return poll;
    return self->is_wanted(item, self->arg) ? ANT_ITEM : ANT_AGAIN;
}

struct ant_stream_filter
ant__stream_filter(ant_upstream up, ant_stream_filter_fn is_wanted, void *arg)
{
    return (struct ant_stream_filter){
        ANT_STREAM_INIT_OF(ant_stream_filter, up.stream->item_bytes),
        .up = up,
        .is_wanted = is_wanted,
        .arg = arg,
    };
}

ANT_STREAM(ant_stream_filter_map, void)
{
    ANT__ITEM_PLACE(place);
    ant_future *base = &self->base.future;
    const ant_poll poll = ant__upstream_poll(base, &self->up, place, cx);
    if (!ant__has_item(base, poll)) return poll;
    if (self->map(place, item, self->arg)) return ANT_ITEM;
    return self->is_while ? end_early(&self->up) : ANT_AGAIN;
}

struct ant_stream_filter_map
ant__stream_filter_map(ant_upstream up, size_t item_bytes,
                       ant_stream_filter_map_fn map, void *arg, bool is_while)
{
    return (struct ant_stream_filter_map){
        ANT_STREAM_INIT_OF(ant_stream_filter_map, item_bytes),
        .up = up,
        .map = map,
        .arg = arg,
        .is_while = is_while,
    };
}

ANT_STREAM(ant_stream_take, void)
{
    // Not with the last item: that may point into the stream.
    if (self->left == 0) return end_early(&self->up);
    ant_future *base = &self->base.future;
    const ant_poll poll = ant__upstream_poll(base, &self->up, item, cx);
    if (ant__has_item(base, poll)) self->left--;
    return poll;
}

struct ant_stream_take ant__stream_take(ant_upstream up, uint64_t count)
{
    return (struct ant_stream_take){
        ANT_STREAM_INIT_OF(ant_stream_take, up.stream->item_bytes),
        .up = up,
        .left = count,
    };
}

ANT_STREAM(ant_stream_take_while, void)
{
    ant_future *base = &self->base.future;
    const ant_poll poll = ant__upstream_poll(base, &self->up, item, cx);
    if (!ant__has_item(base, poll)) return poll;
    return self->goes_on(item, self->arg) ? ANT_ITEM : end_early(&self->up);
}

struct ant_stream_take_while
ant__stream_take_while(ant_upstream up, ant_stream_filter_fn goes_on, void *arg)
{
    return (struct ant_stream_take_while){
        ANT_STREAM_INIT_OF(ant_stream_take_while, up.stream->item_bytes),
        .up = up,
        .goes_on = goes_on,
        .arg = arg,
    };
}

ANT_STREAM(ant_stream_skip, void)
{
    ant_future *base = &self->base.future;
    const ant_poll poll = ant__upstream_poll(base, &self->up, item, cx);
    if (!ant__has_item(base, poll) || self->left == 0) return poll;
    self->left--;
    return ANT_AGAIN;
}

struct ant_stream_skip ant__stream_skip(ant_upstream up, uint64_t count)
{
    return (struct ant_stream_skip){
        ANT_STREAM_INIT_OF(ant_stream_skip, up.stream->item_bytes),
        .up = up,
        .left = count,
    };
}

ANT_STREAM(ant_stream_skip_while, void)
{
    ant_future *base = &self->base.future;
    const ant_poll poll = ant__upstream_poll(base, &self->up, item, cx);
    if (!ant__has_item(base, poll) || self->goes_on == NULL) return poll;
    if (self->goes_on(item, self->arg)) return ANT_AGAIN;
    self->goes_on = NULL;
    return ANT_ITEM;
}

struct ant_stream_skip_while
ant__stream_skip_while(ant_upstream up, ant_stream_filter_fn goes_on, void *arg)
{
    return (struct ant_stream_skip_while){
        ANT_STREAM_INIT_OF(ant_stream_skip_while, up.stream->item_bytes),
        .up = up,
        .goes_on = goes_on,
        .arg = arg,
    };
}

// The end, while there may be more upstream.
static ant_poll end_early(const ant_upstream *up)
{
    ant_stream_drop(up->stream);
    return ANT_READY;
}
