// SPDX-License-Identifier: MIT

#include "stream/upstream.h"

ant_poll ant__upstream_poll(ant_future *self, const ant_upstream *up,
                            void *item, ant_cx *cx)
{
    ant_stream *stream = up->stream;
    ant_poll poll = ANT_READY;
    if (!ant_stream_is_over(stream)) {
        self->awaited = &stream->future; // the default drop drops it
        poll = ant__stream_poll_as(stream, up->name, item, cx);
    }
    if (poll != ANT_PENDING) self->result = stream->future.result;
    return poll;
}
