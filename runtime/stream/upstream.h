// SPDX-License-Identifier: MIT
//
// What a stream draws from when it is made of another one. The upstream lives
// beside it in the parent's struct; it owns its end. Only streams and what
// reads them to the end use this.
//
// The hard thing is that there are two ways to hear of an error. ANT_READY with
// a negative result is the end. ANT_ITEM with a negative result is not: streams
// pass it on, and futures that read a stream to its end make it their own.

#ifndef ANT_STREAM_UPSTREAM_H
#define ANT_STREAM_UPSTREAM_H

#include "stream/stream.h"

typedef struct ant_upstream {
    ant_stream *stream;
    const char *name; // in the source, for the trace
} ant_upstream;

// The place of an item that goes no further than this poll.
#define ANT__ITEM_PLACE(name)                                                  \
    _Alignas(max_align_t) unsigned char name[ANT_STREAM_ITEM_MAX]

static inline ant_upstream ant__upstream(ant_stream *stream, const char *name)
{
    ANT_ASSERT(stream->item_bytes > 0); // it was never made
    return (ant_upstream){ .stream = stream, .name = name };
}

// As ant__upstream, for items of that size only.
static inline ant_upstream ant__upstream_of(ant_stream *stream,
                                            const char *name, size_t bytes)
{
    ANT_ASSERT(stream->item_bytes == bytes);
    return ant__upstream(stream, name);
}

// Asks `up` for an item on behalf of `self`, which drops it when it is dropped
// itself. Its result becomes self's. A stream that is over says its end again.
ANT_MUST_USE ant_poll ant__upstream_poll(ant_future *self,
                                         const ant_upstream *up, void *item,
                                         ant_cx *cx);

// Whether ant__upstream_poll() gave an item that is no error. Whatever else it
// gave, a stream passes on.
static inline bool ant__has_item(const ant_future *self, ant_poll poll)
{
    return poll == ANT_ITEM && self->result == 0;
}

#endif
