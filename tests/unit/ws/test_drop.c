// SPDX-License-Identifier: MIT
//
// What waits for a WebSocket, dropped at every point of its life
// (support/trial.h). A message that is received comes once and whole; one that
// is sent may have gone, but not in part; a handshake ends for both sides.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "antfarm.h"
#include "http/answer.h"
#include "http/server.h"
#include "support/files.h"
#include "support/flavors.h"
#include "support/plug.h"
#include "support/request.h"
#include "support/trial.h"
#include "ws/frames.h"
#include "ws/ws.h"

// No mask changes nothing, and so does a mask of zeros.
#define MASK "\0\0\0\0"

#define SAY(text) plug_say((text), sizeof(text) - 1)

// Exactly that came out of the other end.
#define assert_heard(text) assert_heard_bytes((text), sizeof(text) - 1)

static void assert_heard_bytes(const char *bytes, size_t len)
{
    size_t heard_len;
    const char *heard = plug_heard(&heard_len);
    assert_int_equal(heard_len, len);
    assert_memory_equal(heard, bytes, len);
}

// ---- A WebSocket, and the bytes that its peer says ----

static ant_ws ws;
static ant_cancellation_token stop; // the server's

static int open_ws(bool is_client)
{
    const ant_io io = plug_end[0];
    plug_end[0] = (ant_io){ 0 };
    ws = (ant_ws){ 0 };
    return ant__ws_open(&ws, io, is_client);
}

static int set_up_client(void)
{
    const int err = plug_open();
    return err < 0 ? err : open_ws(true);
}

static int set_up_server(void)
{
    int err = plug_open();
    if (err == 0) err = open_ws(false);
    if (err == 0) err = ant_cancellation_token_new("stop", &stop);
    if (err == 0) ws.stop = ant_cancellation_token_clone(&stop);
    return err;
}

static int set_up_stuffed(void)
{
    const int err = plug_open_stuffed();
    return err < 0 ? err : open_ws(false);
}

static void tear_down(void)
{
    ant_ws_drop(&ws);
    ant_cancellation_token_drop(&stop);
    plug_close();
}

// ---- Receiving: half of a message has come, and stays ----

static struct ant_ws_recv recvs[2];

static ant_future *start_recv(unsigned i)
{
    recvs[i] = ant_ws_recv(&ws);
    return &recvs[i].base;
}

static int set_up_half_client(void)
{
    const int err = set_up_client();
    return err < 0 ? err : SAY("\x81\x03t");
}

static int set_up_half_server(void)
{
    const int err = set_up_server();
    return err < 0 ? err : SAY("\x81\x83" MASK "te");
}

static int supply_rest_of_two(void)
{
    return SAY("ea");
}

static int supply_rest_of_one(void)
{
    return SAY("a");
}

static bool is_message(void)
{
    return recvs[1].base.result == 1 && strcmp(recvs[1].bytes, "tea") == 0;
}

// A server that stops says so once, whoever hears the peer's answer.
static int supply_stop(void)
{
    ant_cancellation_token_cancel(&stop);
    return SAY("\x88\x82" MASK "\x03\xe9");
}

static bool is_farewell(void)
{
    return recvs[1].base.result == 0 && ws.close_code == ANT_WS_GOING_AWAY;
}

static void tear_down_stopped(void)
{
    assert_heard("\x88\x02\x03\xe9");
    tear_down();
}

// ---- Sending: the first may have been sent ----

static struct ant_ws_send sends[2];

static ant_future *start_send(unsigned i)
{
    sends[i] = ant_ws_send(&ws, ANT_WS_TEXT, i == 0 ? "one" : "two", 3);
    return &sends[i].base;
}

static bool is_sent(void)
{
    return sends[1].base.result == 0;
}

static void tear_down_sent(void)
{
    size_t len;
    const char *heard = plug_heard(&len);
    if (len > 5) assert_heard("\x81\x03one\x81\x03two");
    assert_int_equal(heard[0], '\x81');
    if (len <= 5) assert_heard("\x81\x03two");
    tear_down();
}

// ---- Closing: goodbye is said once ----

static struct ant_ws_close closes[2];

static ant_future *start_close(unsigned i)
{
    closes[i] = ant_ws_close(&ws, ANT_WS_NORMAL);
    return &closes[i].base;
}

static int supply_goodbye_of_client(void)
{
    return SAY("\x88\x82" MASK "\x03\xe8");
}

static int supply_goodbye_of_server(void)
{
    const int err = SAY("\x88\x02\x03\xe8");
    return err < 0 ? err : ant_io_shutdown(&plug_end[1]);
}

static int supply_room_and_goodbye(void)
{
    const int err = plug_drain();
    return err < 0 ? err : supply_goodbye_of_client();
}

static bool is_closed(void)
{
    return closes[1].base.result == 0 && ws.io.source == NULL;
}

static void tear_down_server_said(void)
{
    assert_heard("\x88\x02\x03\xe8");
    tear_down();
}

static void tear_down_client_said(void)
{
    size_t len;
    const char *heard = plug_heard(&len);
    assert_int_equal(len, 8); // with a mask of chance
    assert_memory_equal(heard, "\x88\x82", 2);
    tear_down();
}

// ---- A handshake that begins at the client ----

static ant_cancellation_token gate; // when it is open, the server answers
static struct ant_ws_connect connects[2];
static ant_ws dialed[2];
static char url[ANT_ADDR_TEXT_MAX + 16];

// async fn doorman(http): accepts when the gate is open, and goes.
struct doorman {
    ant_future base;
    enum { DOORMAN_START, DOORMAN_WAITING, DOORMAN_ACCEPTING } state;
    ant_http *http;
    ant_ws ws;
    struct ant_cancellation_token_cancelled open;
    struct ant_ws_accept accept;
};

ANT_ASYNC_WITH_DROP(doorman)
{
    switch (self->state) {
    case DOORMAN_START:
        self->open = ant_cancellation_token_cancelled(&gate);
        return ANT_NEXT(DOORMAN_WAITING);

    case DOORMAN_WAITING:
        ANT_AWAIT(self->open);
        self->accept = ant_ws_accept(self->http, &self->ws);
        return ANT_NEXT(DOORMAN_ACCEPTING);

    case DOORMAN_ACCEPTING:
        ANT_AWAIT(self->accept);
        ant_ws_drop(&self->ws);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void doorman_drop(struct doorman *self)
{
    if (self->base.awaited != NULL) ant_future_drop(self->base.awaited);
    ant_ws_drop(&self->ws);
}

static int set_up_door(void)
{
    static const ant_http_route routes[] = {
        ANT_HTTP_ROUTE("GET", "/", doorman),
        { 0 },
    };
    char text[ANT_ADDR_TEXT_MAX];
    ant_tcp_listener listener = { 0 };
    ant_addr at;
    int err = ant_cancellation_token_new("gate", &gate);
    if (err == 0) err = ant_tcp_listener_bind("127.0.0.1:0", &listener);
    if (err == 0) err = ant_tcp_listener_addr(&listener, &at);
    if (err < 0) return err;
    ant_addr_format(&at, text, sizeof text);
    (void)snprintf(url, sizeof url, "ws://%s/", text);
    struct ant_join_handle server =
        ant_spawn(ant_http_serve(listener, routes, (ant_http_options){ 0 }));
    ant_task_detach(&server);
    return 0;
}

static ant_future *start_connect(unsigned i)
{
    connects[i] = ant_ws_connect(url, &dialed[i]);
    return &connects[i].base;
}

static int supply_open_gate(void)
{
    ant_cancellation_token_cancel(&gate);
    return 0;
}

// The one that was dropped has left nothing in its place.
static bool is_connected(void)
{
    return connects[1].base.result == 0 && dialed[1].frames != NULL &&
           dialed[0].io.source == NULL;
}

static void tear_down_door(void)
{
    ant_ws_drop(&dialed[0]);
    ant_ws_drop(&dialed[1]);
    ant_cancellation_token_drop(&gate);
}

// ---- And at the server, to a client who reads nothing ----

static ant_http http;
static struct ant_ws_accept accepting;
static struct ant__http_flush flush;

static int set_up_request(void)
{
    int err = plug_open_stuffed();
    if (err == 0) err = ant_cancellation_token_new("stop", &stop);
    if (err == 0)
        err = request_open(&http,
                           "GET / HTTP/1.1\r\nHost: h\r\n"
                           "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                           "Sec-WebSocket-Version: 13\r\n\r\n",
                           &stop);
    return err;
}

// Who follows does what the server does when the handler has ended.
static ant_future *start_accept(unsigned i)
{
    accepting = ant_ws_accept(&http, &ws);
    if (i == 0) return &accepting.base;
    const int err = ant__http_answer_end(&http, 0);
    flush = ant__http_flush(&http);
    return err < 0 ? NULL : &flush.base;
}

// It was promised that what follows is a WebSocket, and it is none.
static bool is_broken_off(void)
{
    return http.status == 101 ? http.has_broken : http.status == 204;
}

static void tear_down_request(void)
{
    request_close(&http);
    tear_down();
}

static const operation operations[] = {
    { "message to a client", set_up_half_client, start_recv, supply_rest_of_two,
      is_message, .tear_down = tear_down },
    { "message to a server", set_up_half_server, start_recv, supply_rest_of_one,
      is_message, .tear_down = tear_down },
    { "end of the server", set_up_server, start_recv, supply_stop, is_farewell,
      .tear_down = tear_down_stopped },
    { "send", set_up_stuffed, start_send, plug_drain, is_sent,
      .tear_down = tear_down_sent },
    { "close by a server", set_up_server, start_close, supply_goodbye_of_client,
      is_closed, .tear_down = tear_down_server_said },
    { "close by a client", set_up_client, start_close, supply_goodbye_of_server,
      is_closed, .tear_down = tear_down_client_said },
    { "close to one who reads nothing", set_up_stuffed, start_close,
      supply_room_and_goodbye, is_closed, .tear_down = tear_down_server_said },
    { "connect", set_up_door, start_connect, supply_open_gate, is_connected,
      .tear_down = tear_down_door },
    { "connect, and ask", set_up_door, start_connect, supply_open_gate,
      is_connected, .tear_down = tear_down_door, .steps = 1 },
    { "accept", set_up_request, start_accept, plug_drain, is_broken_off,
      .tear_down = tear_down_request },
};

static void what_is_dropped_at_any_point_is_whole_or_ended(void **state)
{
    trial_run(state, operations, ANT_ARRAY_LEN(operations));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(what_is_dropped_at_any_point_is_whole_or_ended),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
