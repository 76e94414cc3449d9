// SPDX-License-Identifier: MIT

#include "ws/ws.h"

#include <errno.h>

#include "ws/frames.h"

static int look_whether_to_stop(ant_ws *ws, ant_cx *cx);
static int say_goodbye(ant_ws *ws, uint16_t code);
static int64_t hear(struct ant_ws_recv *self, ant_cx *cx);
static ant_poll recv_end(struct ant_ws_recv *self, int64_t result);
static void stop_waiting(struct ant_ws_recv *self);
static void recv_drop(ant_future *future);
static bool recv_waits_on(const ant_future *future, ant_wait *ret_wait);
static void send_drop(ant_future *future);
static bool send_waits_on(const ant_future *future, ant_wait *ret_wait);
static int64_t part(struct ant__ws_farewell *self, ant_cx *cx);
static void farewell_drop(ant_future *future);
static bool farewell_waits_on(const ant_future *future, ant_wait *ret_wait);

// ---- Receiving ----

#define RECV_OPS .drop = recv_drop, .waits_on = recv_waits_on
ANT_ASYNC_OPS(ant_ws_recv, RECV_OPS)
{
    if (ant__ws_take(self->ws, &self->kind, &self->bytes, &self->len))
        return recv_end(self, 1);
    int64_t n = look_whether_to_stop(self->ws, cx);
    if (n == 0) n = hear(self, cx);
    return n == -EAGAIN ? ANT_PENDING : recv_end(self, n);
}

struct ant_ws_recv ant__ws_recv(ant_ws *ws, uint32_t line)
{
    ANT_ASSERT(ws->frames != NULL); // it was dropped before
    return (struct ant_ws_recv){
        ANT_INIT(ant_ws_recv),
        .ws = ws,
        .in = ant__source_op(ws->io.source, ANT_SIDE_IN, line),
        .out = ant__source_op(ws->io.source, ANT_SIDE_OUT, line),
    };
}

// Until there is a message, or nothing can come any more. What wslay wants to
// say to what came, an answer to a ping or a goodbye, goes out meanwhile.
static int64_t hear(struct ant_ws_recv *self, ant_cx *cx)
{
    ant_ws *ws = self->ws;
    for (;;) { // ends: each turn has read something
        const int64_t written =
            ant__source_poll(&self->out, ant__ws_try_write, ws, 0, cx);
        if (written < 0 && written != -EAGAIN) return written;
        const bool is_over =
            ant__ws_has_heard_goodbye(ws) || ant__ws_is_deaf(ws);
        if (is_over && written == 0)
            return ant__ws_has_heard_goodbye(ws) ? 0 : -EPROTO;
        // The answers to a peer who only asks must not pile up.
        if (is_over || (written == -EAGAIN && ant__ws_is_clogged(ws)))
            return -EAGAIN;
        const int64_t n =
            ant__source_poll(&self->in, ant__ws_try_read, ws, 0, cx);
        if (n < 0) return n;
        if (ant__ws_take(ws, &self->kind, &self->bytes, &self->len)) return 1;
    }
}

// Once.
static int say_goodbye(ant_ws *ws, uint16_t code)
{
    const int err = ant__ws_queue_close(ws, code);
    return err == -EPIPE ? 0 : err;
}

// A server that stops says so to all.
static int look_whether_to_stop(ant_ws *ws, ant_cx *cx)
{
    if (ws->stop.node == NULL || ant_future_is_ready(&ws->stopped.base))
        return 0;
    if (ws->stopped.base.ops == NULL)
        ws->stopped = ant_cancellation_token_cancelled(&ws->stop);
    if (ant_future_poll(&ws->stopped.base, cx) == ANT_PENDING) return 0;
    return say_goodbye(ws, ANT_WS_GOING_AWAY);
}

static ant_poll recv_end(struct ant_ws_recv *self, int64_t result)
{
    stop_waiting(self);
    self->base.result = (int32_t)result;
    return ANT_READY;
}

static void stop_waiting(struct ant_ws_recv *self)
{
    ant__source_op_end(&self->in);
    ant__source_op_end(&self->out);
}

// The next one may be another task's; so the server's end forgets this one,
// unless it has come. From one receive to the next it need not.
static void recv_drop(ant_future *future)
{
    struct ant_ws_recv *self = (struct ant_ws_recv *)(void *)future;
    ant_ws *ws = self->ws;
    stop_waiting(self);
    if (ant_future_is_ready(&ws->stopped.base)) return;
    ant_future_drop(&ws->stopped.base);
    ws->stopped = (struct ant_cancellation_token_cancelled){ 0 };
}

static bool recv_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_ws_recv *self = (const void *)future;
    return ant__source_op_describe(&self->in, ret_wait) ||
           ant__source_op_describe(&self->out, ret_wait);
}

// ---- Sending ----

#define SEND_OPS .drop = send_drop, .waits_on = send_waits_on
ANT_ASYNC_OPS(ant_ws_send, SEND_OPS)
{
    int64_t n = 0;
    if (!self->is_queued)
        n = ant__ws_queue(self->ws, self->kind, self->bytes, self->len);
    self->is_queued = true;
    if (n == 0)
        n = ant__source_poll(&self->out, ant__ws_try_write, self->ws, 0, cx);
    if (n == -EAGAIN) return ANT_PENDING;
    send_drop(&self->base);
    self->base.result = (int32_t)n;
    return ANT_READY;
}

struct ant_ws_send ant__ws_send(ant_ws *ws, ant_ws_kind kind, const void *bytes,
                                size_t len, uint32_t line)
{
    ANT_ASSERT(ws->frames != NULL); // it was dropped before
    return (struct ant_ws_send){
        ANT_INIT(ant_ws_send),
        .ws = ws,
        .kind = kind,
        .bytes = bytes,
        .len = len,
        .out = ant__source_op(ws->io.source, ANT_SIDE_OUT, line),
    };
}

static void send_drop(ant_future *future)
{
    ant__source_op_end(&((struct ant_ws_send *)(void *)future)->out);
}

static bool send_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_ws_send *self = (const void *)future;
    return ant__source_op_describe(&self->out, ret_wait);
}

// ---- The end ----

#define FAREWELL_OPS .drop = farewell_drop, .waits_on = farewell_waits_on
ANT_ASYNC_OPS(ant__ws_farewell, FAREWELL_OPS)
{
    const int64_t n = part(self, cx);
    if (n == -EAGAIN) return ANT_PENDING;
    farewell_drop(&self->base);
    return ANT_READY;
}

// Says goodbye, if that was not done, and the end of what will be written;
// then waits for the peer's. A server does not wait for the client to close,
// who waits for it.
static int64_t part(struct ant__ws_farewell *self, ant_cx *cx)
{
    ant_ws *ws = self->ws;
    ant_ws_kind kind;
    const char *bytes;
    size_t len;
    int64_t n;
    if (ws->err < 0) return ws->err; // nobody is there
    n = self->is_said ? 0 : say_goodbye(ws, self->code);
    if (n < 0) return n;
    n = ant__source_poll(&self->out, ant__ws_try_write, ws, 0, cx);
    if (n < 0) return n;
    while (!ant__ws_is_deaf(ws) && !ant__ws_has_heard_goodbye(ws)) {
        // ends: each turn has read something
        n = ant__source_poll(&self->in, ant__ws_try_read, ws, 0, cx);
        if (n < 0) return n;
        while (ant__ws_take(ws, &kind, &bytes, &len)) {
            // ends: the inbox is finite, and nobody wants it
        }
    }
    if (!self->is_said && !ws->is_client) (void)ant_io_shutdown(&ws->io);
    self->is_said = true;
    if (ant__ws_has_heard_goodbye(ws) && !ws->is_client) return 0;
    return ant__source_poll(&self->in, ant__ws_try_drain, ws, 0, cx);
}

static void farewell_drop(ant_future *future)
{
    struct ant__ws_farewell *self = (struct ant__ws_farewell *)(void *)future;
    ant__source_op_end(&self->in);
    ant__source_op_end(&self->out);
}

static bool farewell_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant__ws_farewell *self = (const void *)future;
    return ant__source_op_describe(&self->in, ret_wait) ||
           ant__source_op_describe(&self->out, ret_wait);
}

ANT_ASYNC(ant_ws_close)
{
    if (ANT_BEGINS(self->limit))
        self->limit = ant_timeout(ANT_WS_CLOSE_MS, &self->farewell.base);
    ANT_AWAIT(self->limit);
    const bool is_late = self->limit.is_elapsed;
    ant_ws_drop(self->farewell.ws);
    return is_late ? ANT_FAIL(-ETIMEDOUT) : ANT_READY;
}

struct ant_ws_close ant__ws_close(ant_ws *ws, uint16_t code, uint32_t line)
{
    ANT_ASSERT(ws->frames != NULL); // it was dropped before
    return (struct ant_ws_close){
        ANT_INIT(ant_ws_close),
        .farewell = { .base = { .ops = &ant__ws_farewell_ops },
                      .ws = ws,
                      .code = code,
                      .in = ant__source_op(ws->io.source, ANT_SIDE_IN, line),
                      .out =
                          ant__source_op(ws->io.source, ANT_SIDE_OUT, line) },
    };
}
