// SPDX-License-Identifier: MIT

#include "stream/channel.h"

#include <errno.h>

ANT_STREAM(ant_stream_from_mpsc, void)
{
    self->recv.out = item; // another place in each poll
    switch (self->state) {
    case ANT_FROM_MPSC_START:
        self->recv =
            ant__mpsc_recv(self->rx, item, self->base.item_bytes, self->line);
        return ANT_NEXT(ANT_FROM_MPSC_RECEIVING);

    case ANT_FROM_MPSC_RECEIVING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result == -EPIPE) return ANT_READY;
        return ANT_EMIT(ANT_FROM_MPSC_START);
    }
    ANT_UNREACHABLE();
}

struct ant_stream_from_mpsc
ant__stream_from_mpsc(const ant_mpsc_rx *rx, size_t item_bytes, uint32_t line)
{
    return (struct ant_stream_from_mpsc){
        ANT_STREAM_INIT_OF(ant_stream_from_mpsc, item_bytes),
        .line = line,
        .rx = rx,
    };
}

ANT_STREAM(ant_stream_from_broadcast, void)
{
    self->recv.out = item; // another place in each poll
    switch (self->state) {
    case ANT_FROM_BROADCAST_START:
        self->recv = ant__broadcast_recv(self->rx, item, self->base.item_bytes,
                                         self->line);
        return ANT_NEXT(ANT_FROM_BROADCAST_RECEIVING);

    case ANT_FROM_BROADCAST_RECEIVING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result == -EPIPE) return ANT_READY;
        // -EOVERFLOW is an item too: there are more behind it.
        self->base.future.result = self->recv.base.result;
        return ANT_EMIT(ANT_FROM_BROADCAST_START);
    }
    ANT_UNREACHABLE();
}

struct ant_stream_from_broadcast
ant__stream_from_broadcast(ant_broadcast_rx *rx, size_t item_bytes,
                           uint32_t line)
{
    return (struct ant_stream_from_broadcast){
        ANT_STREAM_INIT_OF(ant_stream_from_broadcast, item_bytes),
        .line = line,
        .rx = rx,
    };
}

ANT_STREAM(ant_stream_from_watch, void)
{
    switch (self->state) {
    case ANT_FROM_WATCH_START:
        ant__watch_borrow_and_update(self->rx, item, self->base.item_bytes);
        return ANT_EMIT(ANT_FROM_WATCH_ASKING);

    case ANT_FROM_WATCH_ASKING:
        self->changed = ant__watch_changed(self->rx, self->line);
        return ANT_NEXT(ANT_FROM_WATCH_WAITING);

    case ANT_FROM_WATCH_WAITING:
        ANT_AWAIT(self->changed);
        if (self->changed.base.result == -EPIPE) return ANT_READY;
        ant__watch_borrow_and_update(self->rx, item, self->base.item_bytes);
        return ANT_EMIT(ANT_FROM_WATCH_ASKING);
    }
    ANT_UNREACHABLE();
}

struct ant_stream_from_watch
ant__stream_from_watch(ant_watch_rx *rx, size_t item_bytes, uint32_t line)
{
    return (struct ant_stream_from_watch){
        ANT_STREAM_INIT_OF(ant_stream_from_watch, item_bytes),
        .line = line,
        .rx = rx,
    };
}
