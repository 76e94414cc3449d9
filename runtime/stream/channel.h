// SPDX-License-Identifier: MIT
//
// Streams of what a receiver receives, until its channel ends. The receiver is
// borrowed: it stays where it is, nobody else receives with it meanwhile, and
// its owner drops it when the stream is over. Dropping the stream loses nothing
// of what is in the channel. Tokio: tokio_stream::wrappers.
//
//   case CLERK_START:
//       self->orders = ant_stream_from_mpsc(&self->rx, int);
//       self->first = ant_stream_take(&self->orders.base, 2);
//       self->all = ant_stream_fold(&self->first.base, add, &self->sum);
//       return ANT_NEXT(CLERK_READING);
//   case CLERK_READING:
//       ANT_AWAIT(self->all);
//       ant_mpsc_rx_drop(&self->rx);
//       return ANT_READY;
//
// The hard thing is a broadcast receiver that was too slow: there is an item
// that is the error -EOVERFLOW, rx.missed says how many it missed, and the
// stream goes on with the oldest that is left.
//
//   function                   Tokio            cancel-safe  alloc  threads
//   ant_stream_from_mpsc       ReceiverStream   yes          no     the task's
//   ant_stream_from_broadcast  BroadcastStream  yes          no     the task's
//   ant_stream_from_watch      WatchStream      yes          no     the task's

#ifndef ANT_STREAM_CHANNEL_H
#define ANT_STREAM_CHANNEL_H

#include <stddef.h>
#include <stdint.h>

#include "chan/broadcast.h"
#include "chan/mpsc.h"
#include "chan/watch.h"
#include "stream/stream.h"

struct ant_stream_from_mpsc {
    ant_stream base;
    enum { ANT_FROM_MPSC_START, ANT_FROM_MPSC_RECEIVING } state;
    uint32_t line; // of the call
    const ant_mpsc_rx *rx;
    struct ant_mpsc_recv recv;
};

struct ant_stream_from_broadcast {
    ant_stream base;
    enum { ANT_FROM_BROADCAST_START, ANT_FROM_BROADCAST_RECEIVING } state;
    uint32_t line; // of the call
    ant_broadcast_rx *rx;
    struct ant_broadcast_recv recv;
};

struct ant_stream_from_watch {
    ant_stream base;
    enum {
        ANT_FROM_WATCH_START,
        ANT_FROM_WATCH_ASKING,
        ANT_FROM_WATCH_WAITING,
    } state;
    uint32_t line; // of the call
    ant_watch_rx *rx;
    struct ant_watch_changed changed;
};

// What `rx` receives, each a `type`.
#define ant_stream_from_mpsc(rx, type)                                         \
    ant__stream_from_mpsc((rx), sizeof(type), __LINE__)

// What `rx` receives, each a `type`, or -EOVERFLOW.
#define ant_stream_from_broadcast(rx, type)                                    \
    ant__stream_from_broadcast((rx), sizeof(type), __LINE__)

// The value of the channel, a `type`, and then each that is new when asked for.
#define ant_stream_from_watch(rx, type)                                        \
    ant__stream_from_watch((rx), sizeof(type), __LINE__)

ANT_MUST_USE struct ant_stream_from_mpsc
ant__stream_from_mpsc(const ant_mpsc_rx *rx, size_t item_bytes, uint32_t line);
ANT_MUST_USE struct ant_stream_from_broadcast
ant__stream_from_broadcast(ant_broadcast_rx *rx, size_t item_bytes,
                           uint32_t line);
ANT_MUST_USE struct ant_stream_from_watch
ant__stream_from_watch(ant_watch_rx *rx, size_t item_bytes, uint32_t line);

#endif
