// SPDX-License-Identifier: MIT
//
// A WebSocket: messages both ways over one connection, which begins as a
// request to an HTTP server. The frames are wslay's; here are the socket, the
// waiting, and the beginning and the end. Rust: tokio-tungstenite.
//
//   case CHAT_START:
//       self->accept = ant_ws_accept(self->http, &self->ws);
//       return ANT_NEXT(CHAT_ACCEPTING);
//   case CHAT_ACCEPTING:
//       ANT_AWAIT(self->accept);
//       if (self->accept.base.result < 0)
//           return ANT_FAIL(self->accept.base.result);
//       self->recv = ant_ws_recv(&self->ws);
//       return ANT_NEXT(CHAT_HEARING);
//   case CHAT_HEARING:
//       ANT_AWAIT(self->recv);
//       if (self->recv.base.result <= 0) return bye(self); // ant_ws_close
//       self->send = ant_ws_send(&self->ws, self->recv.kind,
//                                self->recv.bytes, self->recv.len);
//       return ANT_NEXT(CHAT_ANSWERING);
//
// It belongs to one task, which may wait for a message and send others at the
// same time, in a join or select, and drops it at its end. Pings are answered,
// fragments put together, and what breaks the rules ends with a close frame
// that says why: 1002 bad frames, 1007 text that is not UTF-8, 1009 too long.
// When the server stops (ant_http_options.stop), each of its sockets says 1001
// and ends as if the peer had closed it.
//
// Who sends waits until the system has taken it all: a peer who does not read
// stops the one who sends, and nobody else. In a simulation all of this works
// too.
//
//   function               tokio-tungstenite      cancel-safe     alloc threads
//   ant_ws_accept          accept_async           no              yes   owner
//   ant_ws_connect         connect_async          no              yes   inside
//   ant_ws_recv            StreamExt::next        yes             yes   owner
//   ant_ws_send            SinkExt::send          no, may be sent yes   owner
//   ant_ws_close           WebSocketStream::close no              yes   owner
//   ant_ws_set_message_max max_message_size       -               no    owner
//   ant_ws_drop            drop                   -               no    owner

#ifndef ANT_WS_WS_H
#define ANT_WS_WS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/future.h"
#include "http/http.h"
#include "io/io.h"
#include "io/tcp.h"
#include "task/cancellation_token.h"
#include "time/timeout.h"

typedef enum ant_ws_kind {
    ANT_WS_TEXT = 1, // UTF-8
    ANT_WS_BINARY = 2,
} ant_ws_kind;

// Why it was closed, when nobody said: 1005; or without a word: 1006.
#define ANT_WS_NORMAL     1000
#define ANT_WS_GOING_AWAY 1001

// A longer message ends the connection, unless message_max says otherwise.
#define ANT_WS_MESSAGE_MAX ((uint64_t)1 << 20)
// So long ant_ws_close waits for the other side.
#define ANT_WS_CLOSE_MS 2000

struct wslay_event_context;

// {0} is dropped. It stays where it is from ant_ws_accept or _connect on.
typedef struct ant_ws {
    ant_io io;
    uint16_t close_code; // that the peer has closed it with, or 0
    // the inside
    struct wslay_event_context *frames;
    bool is_client;
    bool is_dry;           // the last try to read was in vain
    bool is_halfway;       // a frame has gone out in part
    bool is_broken;        // what came is no frame: nothing more is looked at
    int err;               // why nothing more can be read or written
    ant_http_buffer rest;  // bytes that came before it was a WebSocket
    ant_http_buffer inbox; // messages: a ws_letter and its bytes, each
    size_t given;          // of the inbox: what the program has by now
    ant_http_buffer out;   // frames
    ant_cancellation_token stop;
    struct ant_cancellation_token_cancelled stopped;
} ant_ws;

// Its result: 0; -EPROTO when the request does not ask for a WebSocket (it was
// answered with 400 or 426), -ENOMEM, or what writing fails with.
struct ant_ws_accept {
    ant_future base;
    enum { ACCEPT_START, ACCEPT_WRITING } state;
    ant_http *http;
    ant_ws *ws;
    struct ant__http_flush flush;
};

// In the handler of a request: answers it, and makes `ws` of its connection.
ANT_MUST_USE struct ant_ws_accept ant_ws_accept(ant_http *http, ant_ws *ws);

// Its result: 0; -EINVAL (no "ws://host:port/path"), what connecting, writing
// and reading fail with, -EPROTO when the answer is none of a WebSocket server.
struct ant_ws_connect {
    ant_future base;
    enum { DIAL_START, DIAL_CONNECTING, DIAL_ASKING, DIAL_HEARING } state;
    const char *url;
    ant_ws *ws;
    char host[256]; // with its port
    char key[32];
    size_t seen;
    struct ant_tcp_connect connect;
    struct ant_write_all ask;
    struct ant_read read;
};

// Connects to "ws://host:port/path". Both stay where they are until then. There
// is no time limit in it: ant_timeout.
ANT_MUST_USE struct ant_ws_connect ant_ws_connect(const char *url, ant_ws *ws);

// Its result: 1 for a message, 0 when the peer has closed it, -EPIPE when it
// went without a word, -EPROTO when it broke the rules, -errno.
struct ant_ws_recv {
    ant_future base;
    ant_ws *ws;
    // Outputs, good until the next ant_ws_recv; there is a 0 behind the bytes.
    ant_ws_kind kind;
    const char *bytes;
    size_t len;
    ant_source_op in;
    ant_source_op out;
};

// The next message.
#define ant_ws_recv(ws) ant__ws_recv((ws), __LINE__)

// Its result: 0, -EPIPE when the WebSocket is closed, -ENOMEM, -errno.
struct ant_ws_send {
    ant_future base;
    ant_ws *ws;
    bool is_queued;
    ant_ws_kind kind;
    const void *bytes;
    size_t len;
    ant_source_op out;
};

// Sends one message; `bytes` stay where they are until the first poll.
#define ant_ws_send(ws, kind, bytes, len)                                      \
    ant__ws_send((ws), (kind), (bytes), (len), __LINE__)

// Says goodbye and hears it out.
struct ant__ws_farewell {
    ant_future base;
    ant_ws *ws;
    uint16_t code;
    bool is_said;
    ant_source_op in;
    ant_source_op out;
};

// Its result: 0, or -ETIMEDOUT when the other side did not answer in time.
struct ant_ws_close {
    ant_future base;
    struct ant__ws_farewell farewell;
    struct ant_timeout limit;
};

// Closes it in order, at the end of whatever was done with it: also after an
// error, for then the peer gets to hear why. Nothing is received any more.
#define ant_ws_close(ws, code) ant__ws_close((ws), (code), __LINE__)

// Gives it up; what the peer thinks is not asked. Twice does nothing.
void ant_ws_drop(ant_ws *ws);

// A message may have so many bytes. After accept or connect.
void ant_ws_set_message_max(ant_ws *ws, uint64_t bytes);

ANT_MUST_USE struct ant_ws_recv ant__ws_recv(ant_ws *ws, uint32_t line);
ANT_MUST_USE struct ant_ws_send ant__ws_send(ant_ws *ws, ant_ws_kind kind,
                                             const void *bytes, size_t len,
                                             uint32_t line);
ANT_MUST_USE struct ant_ws_close ant__ws_close(ant_ws *ws, uint16_t code,
                                               uint32_t line);

#endif
