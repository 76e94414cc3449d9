// SPDX-License-Identifier: MIT
//
// Between wslay and a socket: wslay asks for bytes and gives messages and
// bytes; here these become tries that do not wait, which is what a source
// (io/source.h) wants of a future. The only file that calls wslay.

#ifndef ANT_WS_FRAMES_H
#define ANT_WS_FRAMES_H

#include "ws/ws.h"

// Makes a WebSocket of a connection. 0 or -ENOMEM, and then the connection is
// closed.
ANT_MUST_USE int ant__ws_open(ant_ws *ws, ant_io io, bool is_client);

// Queues a message, or the end. 0, -EPIPE after the end, -ENOMEM.
ANT_MUST_USE int ant__ws_queue(ant_ws *ws, ant_ws_kind kind, const void *bytes,
                               size_t len);
ANT_MUST_USE int ant__ws_queue_close(ant_ws *ws, uint16_t code);

// Tries for ant__source_poll, `ws` as their argument. Reads until there is
// something to look at: 1, -EAGAIN, or -errno.
ANT_MUST_USE int64_t ant__ws_try_read(ant_source *source, void *ws);
// Writes all that is queued: 0, -EAGAIN, or -errno.
ANT_MUST_USE int64_t ant__ws_try_write(ant_source *source, void *ws);
// Throws away what comes: 0 at the end, -EAGAIN, or -errno.
ANT_MUST_USE int64_t ant__ws_try_drain(ant_source *source, void *ws);

// Moves on to the next message of the inbox: false when there is none.
ANT_MUST_USE bool ant__ws_take(ant_ws *ws, ant_ws_kind *ret_kind,
                               const char **ret_bytes, size_t *ret_len);

// How far the end has come.
bool ant__ws_has_heard_goodbye(const ant_ws *ws);
bool ant__ws_is_deaf(const ant_ws *ws); // the peer broke the rules
bool ant__ws_wants_write(const ant_ws *ws);
bool ant__ws_is_clogged(const ant_ws *ws); // more is queued than is good

#endif
