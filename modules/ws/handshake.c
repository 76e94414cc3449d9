// SPDX-License-Identifier: MIT
//
// How a connection becomes a WebSocket, on both sides: RFC 6455, section 4.

#include <errno.h>
#include <nettle/base64.h>
#include <nettle/sha1.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "http/upgrade.h"
#include "ws/frames.h"

// An answer is not longer.
#define HEAD_MAX 4096

#define WS_KEY_SIZE    25 // 16 bytes in Base64, and a 0
#define WS_ACCEPT_SIZE 29 // 20 bytes

static int make_key(char ret_key[WS_KEY_SIZE]);
static void answer_key(const char *key, char ret_answer[WS_ACCEPT_SIZE]);
static int look_at_request(const ant_http *http, int *ret_status);
static int refuse(ant_http *http, int status);
static int answer(ant_http *http);
static int parse_url(struct ant_ws_connect *self, const char **ret_path);
static int write_request(struct ant_ws_connect *self);
static ant_poll read_more(struct ant_ws_connect *self);
static ant_poll look_at_answer(struct ant_ws_connect *self);
static ant_poll fail(struct ant_ws_connect *self, int err);
static void connect_drop(ant_future *future);

// ---- Keys ----

// A new one, from the system's source of chance. 0 or -errno.
static int make_key(char ret_key[WS_KEY_SIZE])
{
    uint8_t bytes[16];
    if (getentropy(bytes, sizeof bytes) < 0) return -errno;
    base64_encode_raw(ret_key, sizeof bytes, bytes);
    ret_key[WS_KEY_SIZE - 1] = '\0';
    return 0;
}

// The hash that shows that the key was understood (Sec-WebSocket-Accept).
static void answer_key(const char *key, char ret_answer[WS_ACCEPT_SIZE])
{
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    uint8_t digest[SHA1_DIGEST_SIZE];
    struct sha1_ctx hash;
    sha1_init(&hash);
    sha1_update(&hash, strlen(key), (const uint8_t *)key);
    sha1_update(&hash, sizeof guid - 1, (const uint8_t *)guid);
    sha1_digest(&hash, sizeof digest, digest);
    base64_encode_raw(ret_answer, sizeof digest, digest);
    ret_answer[WS_ACCEPT_SIZE - 1] = '\0';
}

// ---- The server's side ----

ANT_ASYNC(ant_ws_accept)
{
    ant_http *http = self->http;
    ant_ws *ws = self->ws;
    ant_io io;
    int err, status;
    switch (self->state) {
    case ACCEPT_START:
        err = look_at_request(http, &status);
        if (err < 0) {
            return ANT_FAIL(refuse(http, status) < 0 ? -ENOMEM : err);
        }
        err = answer(http);
        if (err < 0) return ANT_FAIL(err);
        self->flush = ant__http_flush(http);
        return ANT_NEXT(ACCEPT_WRITING);

    case ACCEPT_WRITING:
        ANT_AWAIT(self->flush);
        if (self->flush.base.result < 0)
            return ANT_FAIL(self->flush.base.result);
        *ws = (ant_ws){ 0 };
        ant__http_take(http, &io, &ws->rest);
        ws->stop = ant_cancellation_token_clone(http->stop);
        err = ant__ws_open(ws, io, false);
        return err < 0 ? ANT_FAIL(err) : ANT_READY;
    }
    ANT_UNREACHABLE();
}

struct ant_ws_accept ant_ws_accept(ant_http *http, ant_ws *ws)
{
    return (struct ant_ws_accept){ ANT_INIT(ant_ws_accept), .http = http,
                                   .ws = ws };
}

static int look_at_request(const ant_http *http, int *ret_status)
{
    const ant_http_head *request = &http->request;
    const char *version = ant_http_header(http, "Sec-WebSocket-Version");
    const char *key = ant_http_header(http, "Sec-WebSocket-Key");
    *ret_status = 426;
    if (!ant__http_head_has(request, "Upgrade", "websocket") ||
        !ant__http_head_has(request, "Connection", "upgrade") ||
        version == NULL || strcmp(version, "13") != 0)
        return -EPROTO;
    *ret_status = 400;
    if (request->minor == 0 || strcmp(request->method, "GET") != 0 ||
        request->is_chunked || request->length > 0)
        return -EPROTO;
    if (key == NULL || strlen(key) != WS_KEY_SIZE - 1) return -EPROTO;
    return 0;
}

static int refuse(ant_http *http, int status)
{
    int err = 0;
    if (status == 426) {
        err = ant_http_set_header(http, "Upgrade", "websocket");
        if (err == 0)
            err = ant_http_set_header(http, "Sec-WebSocket-Version", "13");
    }
    return err < 0 ? err
                   : ant_http_printf(http, status, "this is for WebSockets\n");
}

static int answer(ant_http *http)
{
    char text[WS_ACCEPT_SIZE];
    answer_key(ant_http_header(http, "Sec-WebSocket-Key"), text);
    const int err = ant_http_set_header(http, "Sec-WebSocket-Accept", text);
    return err < 0 ? err : ant__http_upgrade(http, "websocket");
}

// ---- The client's side ----

ANT_ASYNC_OPS(ant_ws_connect, .drop = connect_drop)
{
    ant_ws *ws = self->ws;
    const char *path;
    int err;
    switch (self->state) {
    case DIAL_START:
        *ws = (ant_ws){ 0 };
        err = parse_url(self, &path);
        if (err < 0) return ANT_FAIL(err);
        self->connect = ant_tcp_connect(self->host, &ws->io);
        return ANT_NEXT(DIAL_CONNECTING);

    case DIAL_CONNECTING:
        ANT_AWAIT(self->connect);
        if (self->connect.base.result < 0)
            return fail(self, self->connect.base.result);
        err = write_request(self);
        if (err < 0) return fail(self, err);
        self->ask = ant_write_all(&ws->io, ws->out.bytes, ws->out.end);
        return ANT_NEXT(DIAL_ASKING);

    case DIAL_ASKING:
        ANT_AWAIT(self->ask);
        if (self->ask.base.result < 0) return fail(self, self->ask.base.result);
        return read_more(self);

    case DIAL_HEARING:
        ANT_AWAIT(self->read);
        err = self->read.base.result;
        if (err <= 0) return fail(self, err < 0 ? err : -EPIPE);
        ws->rest.end += (size_t)err;
        return look_at_answer(self);
    }
    ANT_UNREACHABLE();
}

struct ant_ws_connect ant_ws_connect(const char *url, ant_ws *ws)
{
    return (struct ant_ws_connect){ ANT_INIT(ant_ws_connect), .url = url,
                                    .ws = ws };
}

// "ws://host:port/path": the port may be missing, and the path.
static int parse_url(struct ant_ws_connect *self, const char **ret_path)
{
    if (strncasecmp(self->url, "ws://", 5) != 0) return -EINVAL;
    const char *host = self->url + 5;
    const size_t len = strcspn(host, "/?#");
    if (len == 0 || len + sizeof ":80" > sizeof self->host) return -EINVAL;
    for (const char *c = host; *c != '\0'; c++) {
        if (*c <= ' ' || *c >= 127 || *c == '#' || *c == '@') return -EINVAL;
    }
    memcpy(self->host, host, len);
    self->host[len] = '\0';
    const char *port = strrchr(self->host, ':');
    if (port == NULL || strchr(port, ']') != NULL)
        memcpy(self->host + len, ":80", sizeof ":80");
    *ret_path = host + len;
    return 0;
}

static int write_request(struct ant_ws_connect *self)
{
    const char *path;
    int err = parse_url(self, &path);
    if (err == 0) err = make_key(self->key);
    if (err < 0) return err;
    return ant__http_buffer_print(&self->ws->out,
                                  "GET %s%s HTTP/1.1\r\n"
                                  "Host: %s\r\n"
                                  "Upgrade: websocket\r\n"
                                  "Connection: Upgrade\r\n"
                                  "Sec-WebSocket-Key: %s\r\n"
                                  "Sec-WebSocket-Version: 13\r\n"
                                  "\r\n",
                                  *path == '/' ? "" : "/", path, self->host,
                                  self->key);
}

static ant_poll read_more(struct ant_ws_connect *self)
{
    ant_http_buffer *rest = &self->ws->rest;
    if (rest->end >= HEAD_MAX) return fail(self, -EPROTO);
    const int err = ant__http_buffer_reserve(rest, 512);
    if (err < 0) return fail(self, err);
    self->read = ant_read(&self->ws->io, rest->bytes + rest->end,
                          rest->size - rest->end);
    return ANT_NEXT(DIAL_HEARING);
}

static ant_poll look_at_answer(struct ant_ws_connect *self)
{
    ant_ws *ws = self->ws;
    ant_http_head head;
    char wanted[WS_ACCEPT_SIZE];
    const int64_t len =
        ant__http_head_scan(ws->rest.bytes, ws->rest.end, &self->seen);
    if (len < 0) return fail(self, -EPROTO);
    if (len == 0) return read_more(self);
    if (ant__http_answer_parse(&head, ws->rest.bytes, (size_t)len) < 0)
        return fail(self, -EPROTO);
    const char *answer = ant__http_head_get(&head, "Sec-WebSocket-Accept");
    answer_key(self->key, wanted);
    if (head.status != 101 || answer == NULL || strcmp(answer, wanted) != 0 ||
        !ant__http_head_has(&head, "Upgrade", "websocket"))
        return fail(self, -EPROTO);
    ant__http_buffer_use(&ws->rest, (size_t)len);
    if (ws->rest.end == 0) ant__http_buffer_deinit(&ws->rest);
    ant__http_buffer_deinit(&ws->out);
    (void)ant_tcp_set_nodelay(&ws->io, true);
    const int err = ant__ws_open(ws, ws->io, true);
    return err < 0 ? ANT_FAIL(err) : ANT_READY;
}

static ant_poll fail(struct ant_ws_connect *self, int err)
{
    ant_ws_drop(self->ws);
    return ANT_FAIL(err);
}

static void connect_drop(ant_future *future)
{
    struct ant_ws_connect *self = (struct ant_ws_connect *)(void *)future;
    if (self->base.awaited != NULL) ant_future_drop(self->base.awaited);
    ant_ws_drop(self->ws);
}
