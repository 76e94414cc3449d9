// SPDX-License-Identifier: MIT

#include "ws/frames.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <wslay/wslay.h>

#include "base/mem.h"

// More than so many frames, answers to pings mostly, wait for nobody.
#define QUEUED_MAX 16
// A buffer that grew larger is given back when it is empty.
#define KEPT_MAX ((size_t)64 << 10)

// Stands before each message of the inbox.
typedef struct ws_letter {
    ant_ws_kind kind;
    size_t len;
} ws_letter;

static ssize_t on_read(struct wslay_event_context *frames, uint8_t *buf,
                       size_t len, int flags, void *arg);
static ssize_t on_write(struct wslay_event_context *frames, const uint8_t *data,
                        size_t len, int flags, void *arg);
static int on_mask(struct wslay_event_context *frames, uint8_t *buf, size_t len,
                   void *arg);
static void on_message(struct wslay_event_context *frames,
                       const struct wslay_event_on_msg_recv_arg *message,
                       void *arg);
static bool has_news(const ant_ws *ws);
static int64_t break_off(ant_ws *ws);
static int err_of(ant_ws *ws, int wslay_err);

// ---- Its life ----

int ant__ws_open(ant_ws *ws, ant_io io, bool is_client)
{
    static const struct wslay_event_callbacks callbacks = {
        .recv_callback = on_read,
        .send_callback = on_write,
        .genmask_callback = on_mask,
        .on_msg_recv_callback = on_message,
    };
    ws->io = io;
    ws->is_client = is_client;
    const int err =
        is_client
            ? wslay_event_context_client_init(&ws->frames, &callbacks, ws)
            : wslay_event_context_server_init(&ws->frames, &callbacks, ws);
    if (err != 0) {
        ant_ws_drop(ws);
        return -ENOMEM;
    }
    ant_ws_set_message_max(ws, ANT_WS_MESSAGE_MAX);
    return 0;
}

void ant_ws_drop(ant_ws *ws)
{
    ant_future_drop(&ws->stopped.base);
    ant_cancellation_token_drop(&ws->stop);
    ant_io_close(&ws->io);
    if (ws->frames != NULL) wslay_event_context_free(ws->frames);
    ant__http_buffer_deinit(&ws->rest);
    ant__http_buffer_deinit(&ws->inbox);
    ant__http_buffer_deinit(&ws->out);
    ws->frames = NULL;
}

void ant_ws_set_message_max(ant_ws *ws, uint64_t bytes)
{
    wslay_event_config_set_max_recv_msg_length(ws->frames, bytes);
}

// ---- Out ----

int ant__ws_queue(ant_ws *ws, ant_ws_kind kind, const void *bytes, size_t len)
{
    const struct wslay_event_msg message = {
        .opcode = kind == ANT_WS_TEXT ? WSLAY_TEXT_FRAME : WSLAY_BINARY_FRAME,
        .msg = bytes,
        .msg_length = len,
    };
    return err_of(ws, wslay_event_queue_msg(ws->frames, &message));
}

int ant__ws_queue_close(ant_ws *ws, uint16_t code)
{
    return err_of(ws, wslay_event_queue_close(ws->frames, code, NULL, 0));
}

// wslay gives the head of a frame and its bytes apart: they go out together.
int64_t ant__ws_try_write(ant_source *source, void *arg)
{
    (void)source;
    ant_ws *ws = arg;
    for (;;) { // ends: what is queued has an end
        if (ws->err < 0) return ws->err;
        const size_t len = ant__http_buffer_len(&ws->out);
        if (len > 0) {
            const int n =
                ant_try_write(&ws->io, ws->out.bytes + ws->out.begin, len);
            if (n == -EAGAIN) return n;
            if (n < 0) return ws->err = n;
            ant__http_buffer_use(&ws->out, (size_t)n);
            continue;
        }
        if (ws->out.size > KEPT_MAX) ant__http_buffer_deinit(&ws->out);
        if (!ant__ws_wants_write(ws)) return 0;
        const int err = err_of(ws, wslay_event_send(ws->frames));
        if (err < 0) return ws->err = err;
    }
}

static ssize_t on_write(struct wslay_event_context *frames, const uint8_t *data,
                        size_t len, int flags, void *arg)
{
    (void)flags;
    ant_ws *ws = arg;
    // When it is full, wslay goes on another time, from the middle of a frame.
    ws->is_halfway = ant__http_buffer_len(&ws->out) >= KEPT_MAX;
    if (ws->is_halfway) {
        wslay_event_set_error(frames, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    ws->err = ant__http_buffer_add(&ws->out, data, len);
    if (ws->err == 0) return (ssize_t)len;
    wslay_event_set_error(frames, WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static int on_mask(struct wslay_event_context *frames, uint8_t *buf, size_t len,
                   void *arg)
{
    (void)arg;
    if (getentropy(buf, len) == 0) return 0;
    wslay_event_set_error(frames, WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

// ---- In ----

// wslay may stop in the middle of a head without having tried in vain, and then
// the last edge of the socket would be forgotten: so it is asked again.
int64_t ant__ws_try_read(ant_source *source, void *arg)
{
    (void)source;
    ant_ws *ws = arg;
    for (ws->is_dry = false; !ws->is_dry;) { // ends: each turn reads something
        if (ws->err < 0) return ws->err;
        const int err = err_of(ws, wslay_event_recv(ws->frames));
        if (err == -EPROTO && ws->err == 0) return break_off(ws);
        if (err < 0) return ws->err = err;
        if (ws->err < 0) return ws->err; // there was no room for the message
        if (has_news(ws)) return 1;
    }
    return -EAGAIN;
}

static bool has_news(const ant_ws *ws)
{
    return ant__http_buffer_len(&ws->inbox) > 0 ||
           ant__ws_has_heard_goodbye(ws) || ant__ws_is_deaf(ws) ||
           ant__ws_wants_write(ws);
}

// wslay says goodbye to what is no frame at all without a reason. So it is not
// asked any more, and the frame with the reason stands here.
static int64_t break_off(ant_ws *ws)
{
    static const char from_server[] = "\x88\x02\x03\xea";
    static const char from_client[] = "\x88\x82\0\0\0\0\x03\xea";
    int err = 0;
    ws->is_broken = true;
    if (ws->is_halfway) return 1; // into a frame no other fits
    if (ws->is_client)
        err = ant__http_buffer_add(&ws->out, from_client, 8);
    else
        err = ant__http_buffer_add(&ws->out, from_server, 4);
    return err < 0 ? ws->err = err : 1;
}

int64_t ant__ws_try_drain(ant_source *source, void *arg)
{
    (void)source;
    ant_ws *ws = arg;
    char nothing[1024];
    int n;
    do { // ends: a peer who sends for ever is left after ANT_WS_CLOSE_MS
        n = ant_try_read(&ws->io, nothing, sizeof nothing);
    } while (n > 0);
    return n;
}

static ssize_t on_read(struct wslay_event_context *frames, uint8_t *buf,
                       size_t len, int flags, void *arg)
{
    (void)flags;
    ant_ws *ws = arg;
    int n = -EAGAIN;
    const size_t rest = ant__http_buffer_len(&ws->rest);
    if (rest > 0) {
        if (len > rest) len = rest;
        memcpy(buf, ws->rest.bytes + ws->rest.begin, len);
        ant__http_buffer_use(&ws->rest, len);
        if (len == rest) ant__http_buffer_deinit(&ws->rest);
        return (ssize_t)len;
    }
    // One message is enough: the others stay with the system, and their sender
    // waits.
    if (ant__http_buffer_len(&ws->inbox) == 0)
        n = ant_try_read(&ws->io, buf, len);
    if (n > 0) return n;
    ws->is_dry = true;
    if (n != -EAGAIN) ws->err = n < 0 ? n : -EPIPE;
    wslay_event_set_error(frames, n == -EAGAIN ? WSLAY_ERR_WOULDBLOCK
                                               : WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

// What has come with one read may be several.
static void on_message(struct wslay_event_context *frames,
                       const struct wslay_event_on_msg_recv_arg *message,
                       void *arg)
{
    (void)frames;
    ant_ws *ws = arg;
    if (message->opcode == WSLAY_CONNECTION_CLOSE) {
        ws->close_code = message->status_code != 0
                             ? message->status_code
                             : (uint16_t)WSLAY_CODE_NO_STATUS_RCVD;
        // Half a code is none, and an error.
        if (message->msg_length == 1) (void)break_off(ws);
        return;
    }
    if (wslay_is_ctrl_frame(message->opcode)) return;
    const ws_letter letter = {
        message->opcode == WSLAY_TEXT_FRAME ? ANT_WS_TEXT : ANT_WS_BINARY,
        message->msg_length,
    };
    ant_http_buffer *inbox = &ws->inbox;
    const size_t before = inbox->end - inbox->begin;
    if (ant__http_buffer_add(inbox, &letter, sizeof letter) == 0 &&
        ant__http_buffer_add(inbox, message->msg, message->msg_length) == 0 &&
        ant__http_buffer_add(inbox, "", 1) == 0)
        return;
    inbox->end = inbox->begin + before;
    ws->err = -ENOMEM;
}

bool ant__ws_take(ant_ws *ws, ant_ws_kind *ret_kind, const char **ret_bytes,
                  size_t *ret_len)
{
    ant_http_buffer *inbox = &ws->inbox;
    ant__http_buffer_use(inbox, ws->given);
    ws->given = 0;
    if (ant__http_buffer_len(inbox) == 0) {
        if (inbox->size > KEPT_MAX) ant__http_buffer_deinit(inbox);
        return false;
    }
    ws_letter letter;
    const char *at = inbox->bytes + inbox->begin;
    memcpy(&letter, at, sizeof letter);
    ws->given = sizeof letter + letter.len + 1;
    *ret_kind = letter.kind;
    *ret_bytes = at + sizeof letter;
    *ret_len = letter.len;
    return true;
}

// ---- How far the end has come ----

bool ant__ws_has_heard_goodbye(const ant_ws *ws)
{
    return !ws->is_broken && wslay_event_get_close_received(ws->frames);
}

bool ant__ws_is_deaf(const ant_ws *ws)
{
    return ws->is_broken || !wslay_event_get_read_enabled(ws->frames);
}

bool ant__ws_wants_write(const ant_ws *ws)
{
    return ant__http_buffer_len(&ws->out) > 0 ||
           (!ws->is_broken && wslay_event_want_write(ws->frames));
}

bool ant__ws_is_clogged(const ant_ws *ws)
{
    return wslay_event_get_queued_msg_count(ws->frames) > QUEUED_MAX;
}

static int err_of(ant_ws *ws, int wslay_err)
{
    switch (wslay_err) {
    case 0:
        return 0;
    case WSLAY_ERR_NOMEM:
        return -ENOMEM;
    case WSLAY_ERR_NO_MORE_MSG:
        return -EPIPE;
    case WSLAY_ERR_INVALID_ARGUMENT:
        return -EINVAL;
    default: // a callback has said why
        return ws->err < 0 ? ws->err : -EPROTO;
    }
}
