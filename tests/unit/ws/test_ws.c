// SPDX-License-Identifier: MIT
//
// Tests of ws/ws: a server that echoes, a client of ours, and one that says
// whatever bytes a test has written down.

#include "ws/ws.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/mem.h"
#include "http/server.h"
#include "support/files.h"
#include "support/flavors.h"
#include "support/ws_echo.h"

// ---- A client ----

#define LONG_LEN 200000

// async fn chat(url): sends messages of several lengths and wants them back.
struct chat {
    ant_future base;
    enum {
        CHAT_START,
        CHAT_CONNECTING,
        CHAT_SENDING,
        CHAT_HEARING,
        CHAT_WAITING,
        CHAT_CLOSING,
    } state;
    const char *url;
    bool waits; // to be told that the server stops
    int n;
    size_t len;
    ant_ws ws;
    struct ant_ws_connect connect;
    struct ant_ws_send send;
    struct ant_ws_recv recv;
    struct ant_ws_close close;
    char text[LONG_LEN];
};

static ant_poll chat_next(struct chat *self)
{
    static const size_t lens[] = { 5, 0, 125, 126, 65535, 65536, LONG_LEN };
    if (self->n == (int)ANT_ARRAY_LEN(lens)) {
        if (!self->waits) {
            self->close = ant_ws_close(&self->ws, ANT_WS_NORMAL);
            return ANT_NEXT(CHAT_CLOSING);
        }
        self->recv = ant_ws_recv(&self->ws);
        return ANT_NEXT(CHAT_WAITING);
    }
    self->len = lens[self->n++];
    for (size_t i = 0; i < self->len; i++)
        self->text[i] = (char)('a' + (i + self->len) % 26);
    self->send =
        ant_ws_send(&self->ws, self->n % 2 == 0 ? ANT_WS_BINARY : ANT_WS_TEXT,
                    self->text, self->len);
    return ANT_NEXT(CHAT_SENDING);
}

static ant_poll chat_fail(struct chat *self, int err)
{
    ant_ws_drop(&self->ws);
    return ANT_FAIL(err);
}

ANT_ASYNC_WITH_DROP(chat)
{
    switch (self->state) {
    case CHAT_START:
        self->connect = ant_ws_connect(self->url, &self->ws);
        return ANT_NEXT(CHAT_CONNECTING);

    case CHAT_CONNECTING:
        ANT_AWAIT(self->connect);
        if (self->connect.base.result < 0)
            return ANT_FAIL(self->connect.base.result);
        return chat_next(self);

    case CHAT_SENDING:
        ANT_AWAIT(self->send);
        if (self->send.base.result < 0)
            return chat_fail(self, self->send.base.result);
        self->recv = ant_ws_recv(&self->ws);
        return ANT_NEXT(CHAT_HEARING);

    case CHAT_HEARING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result != 1)
            return chat_fail(self, self->recv.base.result < 0
                                       ? self->recv.base.result
                                       : -ECONNABORTED);
        if (self->recv.len != self->len ||
            memcmp(self->recv.bytes, self->text, self->len) != 0 ||
            self->recv.kind != (self->n % 2 == 0 ? ANT_WS_BINARY : ANT_WS_TEXT))
            return chat_fail(self, -EILSEQ);
        return chat_next(self);

    case CHAT_WAITING:
        ANT_AWAIT(self->recv);
        self->n = self->ws.close_code;
        self->close = ant_ws_close(&self->ws, ANT_WS_NORMAL);
        return ANT_NEXT(CHAT_CLOSING);

    case CHAT_CLOSING:
        ANT_AWAIT(self->close);
        self->base.result = self->close.base.result;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void chat_drop(struct chat *self)
{
    if (self->base.awaited != NULL) ant_future_drop(self->base.awaited);
    ant_ws_drop(&self->ws);
}

// async fn poke(to, bytes): says that, and keeps what it hears until the end.
struct poke {
    ant_future base;
    enum { POKE_START, POKE_CONNECTING, POKE_WRITING, POKE_READING } state;
    const char *to;
    const char *bytes;
    size_t len;
    bool finishes; // shuts its side down
    char heard[4096];
    size_t heard_len;
    ant_io conn;
    struct ant_tcp_connect connect;
    struct ant_write_all write;
    struct ant_read read;
};

ANT_ASYNC_WITH_DROP(poke)
{
    switch (self->state) {
    case POKE_START:
        self->connect = ant_tcp_connect(self->to, &self->conn);
        return ANT_NEXT(POKE_CONNECTING);

    case POKE_CONNECTING:
        ANT_AWAIT(self->connect);
        if (self->connect.base.result < 0)
            return ANT_FAIL(self->connect.base.result);
        self->write = ant_write_all(&self->conn, self->bytes, self->len);
        return ANT_NEXT(POKE_WRITING);

    case POKE_WRITING:
        ANT_AWAIT(self->write);
        if (self->finishes) (void)ant_io_shutdown(&self->conn);
        self->read = ant_read(&self->conn, self->heard, sizeof self->heard - 1);
        return ANT_NEXT(POKE_READING);

    case POKE_READING:
        ANT_AWAIT(self->read);
        if (self->read.base.result <= 0) {
            ant_io_close(&self->conn);
            return ANT_READY;
        }
        self->heard_len += (size_t)self->read.base.result;
        self->read = ant_read(&self->conn, self->heard + self->heard_len,
                              sizeof self->heard - 1 - self->heard_len);
        return ANT_NEXT(POKE_READING);
    }
    ANT_UNREACHABLE();
}

static void poke_drop(struct poke *self)
{
    if (self->base.awaited != NULL) ant_future_drop(self->base.awaited);
    ant_io_close(&self->conn);
}

// ---- Both ----

// async fn scene(): a server, and one client of either kind.
struct scene {
    ant_future base;
    enum { SCENE_START, SCENE_TALKING, SCENE_STOPPING, SCENE_ENDING } state;
    bool stops; // while the client still waits
    bool is_raw;
    uint64_t fails_nth; // allocation, while they talk; 0: none
    int result;         // of the client
    struct chat chat;
    struct poke poke;
    char at[ANT_ADDR_TEXT_MAX];
    char url[ANT_ADDR_TEXT_MAX + 16];
    ant_cancellation_token stop;
    struct ant_join_handle server;
    struct ant_borrow client;
    struct ant_sleep pause;
    struct ant_select first;
};

static ant_future *client_of(struct scene *self)
{
    return self->is_raw ? &self->poke.base : &self->chat.base;
}

static ant_poll scene_begin(struct scene *self)
{
    ant_tcp_listener listener;
    ant_addr at;
    assert_int_equal(ant_tcp_listener_bind("127.0.0.1:0", &listener), 0);
    assert_int_equal(ant_tcp_listener_addr(&listener, &at), 0);
    ant_addr_format(&at, self->at, sizeof self->at);
    (void)snprintf(self->url, sizeof self->url, "ws://%s/echo", self->at);
    assert_int_equal(ant_cancellation_token_new("stop", &self->stop), 0);
    self->server = ant_spawn(ant_http_serve(
        listener, ws_echo_routes, (ant_http_options){ .stop = &self->stop }));
    self->chat.base.ops = &chat_ops;
    self->chat.url = self->url;
    self->poke.base.ops = &poke_ops;
    self->poke.to = self->at;
    self->client = ant_borrow(client_of(self));
    self->pause = ant_sleep(1000);
    self->first = ant_select_biased(&self->client.base,
                                    ant_when(self->stops, &self->pause.base));
    ant_mem_fail_nth(self->fails_nth, 0);
    return ANT_NEXT(SCENE_TALKING);
}

ANT_ASYNC(scene)
{
    switch (self->state) {
    case SCENE_START:
        return scene_begin(self);

    case SCENE_TALKING:
        ANT_AWAIT(self->first);
        ant_mem_fail_nth(0, 0);
        ant_cancellation_token_cancel(&self->stop);
        if (self->first.winner == 0) return ANT_NEXT(SCENE_ENDING);
        self->client = ant_borrow(client_of(self));
        return ANT_NEXT(SCENE_STOPPING);

    case SCENE_STOPPING:
        ANT_AWAIT(self->client);
        return ANT_NEXT(SCENE_ENDING);

    case SCENE_ENDING:
        ANT_AWAIT(self->server);
        if (self->fails_nth == 0) assert_int_equal(self->server.base.result, 0);
        ant_task_detach(&self->server);
        ant_cancellation_token_drop(&self->stop);
        self->result = client_of(self)->result;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct scene scene;

static void play(void **state)
{
    const int fds = fd_count();
    scene.base.ops = &scene_ops;
    ws_echo_result = ws_echo_code = -1;
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(ant_runtime_block_on_into(rt, &scene, scene), 0);
    ant_runtime_free(rt);
    assert_int_equal(fd_count(), fds);
}

// Plays a raw client; the bytes that came behind the head of the answer.
static const unsigned char *poke_with(void **state, const char *bytes,
                                      size_t len)
{
    static const char request[] =
        "GET /echo HTTP/1.1\r\nHost: h\r\n"
        "Upgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n";
    static char all[5000];
    const size_t head = sizeof request - 1;
    memcpy(all, request, head);
    memcpy(all + head, bytes, len);
    scene = (struct scene){ .is_raw = true };
    scene.poke.bytes = all;
    scene.poke.len = head + len;
    scene.poke.finishes = true;
    play(state);
    const char *end = strstr(scene.poke.heard, "\r\n\r\n");
    assert_non_null(end);
    // The key and its answer are those of RFC 6455.
    assert_non_null(
        strstr(scene.poke.heard, "Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    return (const unsigned char *)end + 4;
}

#define POKE(bytes) poke_with(state, (bytes), sizeof(bytes) - 1)

// The code of the close frame that ends what came.
static int close_code(const unsigned char *frames)
{
    const unsigned char *end =
        (const unsigned char *)scene.poke.heard + scene.poke.heard_len;
    while (frames < end && *frames != 0x88) {
        assert_true(frames[1] < 126);
        frames += 2 + frames[1];
    }
    if (frames + 4 > end) return -1;
    return frames[2] << 8 | frames[3];
}

// No mask changes nothing, and so does a mask of zeros.
#define MASK "\0\0\0\0"

// ---- Tests ----

static void echoes_messages_of_every_length(void **state)
{
    scene = (struct scene){ 0 };
    play(state);
    assert_int_equal(scene.result, 0);
    assert_int_equal(ws_echo_result, 0);
    assert_int_equal(ws_echo_code, ANT_WS_NORMAL);
}

static void says_goodbye_when_the_server_stops(void **state)
{
    scene = (struct scene){ .stops = true };
    scene.chat.waits = true;
    play(state);
    assert_int_equal(scene.result, 0);
    assert_int_equal(scene.chat.n, ANT_WS_GOING_AWAY);
    assert_int_equal(ws_echo_result, 0);
}

static void puts_fragments_together_and_answers_pings(void **state)
{
    // "he", a ping "?" in between, "llo", a pong that nobody asked for.
    const unsigned char *frames = POKE("\x01\x82" MASK "he"
                                       "\x89\x81" MASK "?"
                                       "\x80\x83" MASK "llo"
                                       "\x8a\x80" MASK);
    assert_memory_equal(frames, "\x8a\x01?", 3);
    assert_memory_equal(frames + 3, "\x81\x05hello", 7);
    assert_int_equal(ws_echo_result, -EPIPE); // it went without a word
}

static void answers_a_goodbye(void **state)
{
    const unsigned char *frames = POKE("\x88\x85" MASK "\x03\xe9"
                                       "bye");
    assert_int_equal(close_code(frames), ANT_WS_GOING_AWAY);
    assert_int_equal(ws_echo_result, 0);
    assert_int_equal(ws_echo_code, ANT_WS_GOING_AWAY);
    frames = POKE("\x88\x80" MASK);
    assert_int_equal(frames[0], 0x88);
    assert_int_equal(ws_echo_result, 0);
    assert_int_equal(ws_echo_code, 1005);
}

static void takes_many_messages_at_once(void **state)
{
    char text[700];
    size_t len = 0;
    for (int i = 0; i < 80; i++, len += 8)
        memcpy(text + len, "\x81\x82\0\0\0\0hi", 8);
    const unsigned char *frames = poke_with(state, text, len);
    for (int i = 0; i < 80; i++, frames += 4)
        assert_memory_equal(frames, "\x81\x02hi", 4);
}

static void hears_the_end_in_the_middle_of_a_frame(void **state)
{
    static const char frame[] = "\x82\xfe\0\x80" MASK "abc";
    for (size_t len = 0; len < sizeof frame; len++) {
        (void)poke_with(state, frame, len);
        assert_int_equal(ws_echo_result, -EPIPE);
    }
}

static void says_what_was_wrong(void **state)
{
    assert_int_equal(close_code(POKE("\x81\x82" MASK "\xff\xfe")), 1007);
    assert_int_equal(close_code(POKE("\x88\x83" MASK "\x03\xe8\xff")), 1007);
    assert_int_equal(close_code(POKE("\x81\x02hi")), 1002); // no mask
    assert_int_equal(close_code(POKE("\x83\x80" MASK)), 1002);
    assert_int_equal(close_code(POKE("\xc1\x80" MASK)), 1002);
    assert_int_equal(close_code(POKE("\x09\x80" MASK)), 1002);
    assert_int_equal(close_code(POKE("\x80\x80" MASK)), 1002);
    assert_int_equal(close_code(POKE("\x88\x81" MASK "x")), 1002);
    assert_int_equal(close_code(POKE("\x88\x82" MASK "\x03\xed")), 1002);
    assert_int_equal(ws_echo_result, -EPROTO);
    assert_int_equal(close_code(POKE("\x82\xff\0\0\0\0\0\x10\0\0" MASK "x")),
                     1009);
    assert_int_equal(ws_echo_result, -EPROTO);
}

// What a request hears that is not quite one for a WebSocket.
static const char *answer_to(void **state, const char *request)
{
    scene = (struct scene){ .is_raw = true };
    scene.poke.bytes = request;
    scene.poke.len = strlen(request);
    scene.poke.finishes = true;
    play(state);
    return scene.poke.heard;
}

#define UPGRADE "Host: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
#define KEY     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

static void refuses_other_requests(void **state)
{
    const char *text = answer_to(state, "GET /echo HTTP/1.1\r\n" UPGRADE KEY
                                        "Sec-WebSocket-Version: 8\r\n\r\n");
    assert_memory_equal(text, "HTTP/1.1 426 ", 13);
    assert_non_null(strstr(text, "Sec-WebSocket-Version: 13\r\n"));
    text = answer_to(state, "GET /echo HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_memory_equal(text, "HTTP/1.1 426 ", 13);
    text = answer_to(state,
                     "GET /echo HTTP/1.1\r\n" UPGRADE "Sec-WebSocket-Key: x\r\n"
                     "Sec-WebSocket-Version: 13\r\n\r\n");
    assert_memory_equal(text, "HTTP/1.1 400 ", 13);
    text = answer_to(state, "POST /echo HTTP/1.1\r\n" UPGRADE KEY
                            "Sec-WebSocket-Version: 13\r\n\r\n");
    assert_memory_equal(text, "HTTP/1.1 400 ", 13);
}

// ---- Memory ----

static void each_allocation_may_fail(void **state)
{
    const uint64_t before = ant_mem_alloc_count();
    scene = (struct scene){ .result = -1 };
    play(state);
    assert_int_equal(scene.result, 0);
    const uint64_t count = ant_mem_alloc_count() - before;
    unsigned failed = 0;
    for (uint64_t nth = 1; nth <= count; nth++) {
        const uint64_t blocks = ant_mem_live_count();
        scene = (struct scene){ .fails_nth = nth };
        play(state); // counts descriptors
        // A message that is not what was sent would be the worst.
        if (scene.result > 0 || scene.result == -EILSEQ)
            fail_msg("allocation %u: %d", (unsigned)nth, scene.result);
        failed += scene.result < 0;
        assert_int_equal(ant_mem_live_count(), blocks);
    }
    assert_in_range(failed, 10, count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(echoes_messages_of_every_length),
        FLAVOR(says_goodbye_when_the_server_stops, sim),
        EVERY_FLAVOR(puts_fragments_together_and_answers_pings),
        EVERY_FLAVOR(answers_a_goodbye),
        EVERY_FLAVOR(takes_many_messages_at_once),
        EVERY_FLAVOR(hears_the_end_in_the_middle_of_a_frame),
        EVERY_FLAVOR(says_what_was_wrong),
        EVERY_FLAVOR(refuses_other_requests),
        FLAVOR(each_allocation_may_fail, current),
        FLAVOR(each_allocation_may_fail, sim),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
