// SPDX-License-Identifier: MIT
//
// What a handler waits for, and the server itself, dropped at every point of
// their lives (support/trial.h). Nothing of a body is lost, a piece of an
// answer is whole, and who asks for a body asks once.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "antfarm.h"
#include "http/server.h"
#include "support/files.h"
#include "support/flavors.h"
#include "support/plug.h"
#include "support/request.h"
#include "support/trial.h"

#define POST(fields) "POST / HTTP/1.1\r\nHost: h\r\n" fields "\r\n"
#define OF_THREE     "Content-Length: 3\r\n"
#define GO_ON        "HTTP/1.1 100 Continue\r\n\r\n"
#define SAY(text)    plug_say((text), sizeof(text) - 1)

static ant_cancellation_token stop; // the server's
static ant_http http;

// `err` is that of opening the connection.
static int set_up_request(int err, const char *request)
{
    if (err == 0) err = ant_cancellation_token_new("stop", &stop);
    return err < 0 ? err : request_open(&http, request, &stop);
}

static int set_up(const char *request)
{
    return set_up_request(plug_open(), request);
}

static int set_up_stuffed(const char *request)
{
    return set_up_request(plug_open_stuffed(), request);
}

static void tear_down(void)
{
    request_close(&http);
    ant_cancellation_token_drop(&stop);
    plug_close();
}

// ---- Some of a body ----

static struct ant_http_read reads[2];
static char buf[16];

static ant_future *start_read(unsigned i)
{
    reads[i] = ant_http_read(&http, buf, sizeof buf);
    return &reads[i].base;
}

static bool is_tea(void)
{
    return reads[1].base.result == 3 && memcmp(buf, "tea", 3) == 0;
}

static int set_up_body(void)
{
    return set_up(POST(OF_THREE));
}

static int supply_body(void)
{
    return SAY("tea");
}

// Half of the line in front of a chunk has come, and stays.
static int set_up_chunk(void)
{
    return set_up(POST("Transfer-Encoding: chunked\r\n") "3;x");
}

static int supply_chunk(void)
{
    return SAY("=y\r\ntea\r\n");
}

// ---- One that waits to be asked for ----

static int set_up_asking(void)
{
    return set_up_stuffed(POST(OF_THREE "Expect: 100-continue\r\n"));
}

// In a simulation there is room for a part of asking.
static int set_up_asking_in_part(void)
{
    return set_up_request(plug_open_with_room(10),
                          POST(OF_THREE "Expect: 100-continue\r\n"));
}

// Who waits to be asked may get tired of it.
static int supply_room_and_body(void)
{
    const int err = plug_drain();
    return err < 0 ? err : supply_body();
}

// async fn answering(): reads, and answers.
struct answering {
    ant_future base;
    enum { ANSWERING_START, ANSWERING_READING, ANSWERING_FLUSHING } state;
    struct ant__http_flush flush;
};

ANT_ASYNC(answering)
{
    switch (self->state) {
    case ANSWERING_START:
        (void)start_read(1);
        return ANT_NEXT(ANSWERING_READING);

    case ANSWERING_READING:
        ANT_AWAIT(reads[1]);
        if (ant_http_respond(&http, 204, NULL, "", 0) < 0)
            return ANT_FAIL(-ENOMEM);
        self->flush = ant__http_flush(&http);
        return ANT_NEXT(ANSWERING_FLUSHING);

    case ANSWERING_FLUSHING:
        ANT_AWAIT(self->flush);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct answering answering;

static ant_future *start_asking(unsigned i)
{
    if (i == 0) return start_read(0);
    answering = (struct answering){ ANT_INIT(answering) };
    return &answering.base;
}

// It was asked for once, or not at all, before it was answered.
static void tear_down_asked(void)
{
    size_t len;
    const char *heard = plug_heard(&len);
    if (strncmp(heard, GO_ON, strlen(GO_ON)) == 0) heard += strlen(GO_ON);
    assert_memory_equal(heard, "HTTP/1.1 204 ", 13);
    tear_down();
}

// ---- All of it: the first letter has come ----

static struct ant_http_body bodies[2];

static int set_up_letter(void)
{
    return set_up(POST(OF_THREE) "t");
}

static ant_future *start_body(unsigned i)
{
    bodies[i] = ant_http_body(&http);
    return &bodies[i].base;
}

static int supply_rest(void)
{
    return SAY("ea");
}

static bool is_all(void)
{
    return bodies[1].base.result == 0 && strcmp(bodies[1].text, "tea") == 0;
}

// ---- An answer in pieces: the first piece may be there ----

static struct ant_http_write writes[2];

static int set_up_answer(void)
{
    return set_up_stuffed("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
}

static ant_future *start_write(unsigned i)
{
    writes[i] = ant_http_write(&http, i == 0 ? "one" : "two", 3);
    return &writes[i].base;
}

static bool is_written(void)
{
    return writes[1].base.result == 0 && ant__http_buffer_len(&http.out) == 0;
}

static void tear_down_answer(void)
{
    size_t len;
    const char *heard = plug_heard(&len);
    // With a real connection there is a date in front.
    const char *body = strstr(heard, "\r\n\r\n");
    assert_non_null(body);
    if (strstr(body, "one") != NULL)
        assert_string_equal(body, "\r\n\r\n3\r\none\r\n3\r\ntwo\r\n");
    else
        assert_string_equal(body, "\r\n\r\n3\r\ntwo\r\n");
    tear_down();
}

// ---- The server ----

static const ant_http_route no_routes[] = { { 0 } };
static ant_cancellation_token stops[2];
static struct ant_http_serve servers[2];
static char address[ANT_ADDR_TEXT_MAX];
static ant_io guest;

static int set_up_servers(void)
{
    const int err = ant_cancellation_token_new("first", &stops[0]);
    return err < 0 ? err : ant_cancellation_token_new("second", &stops[1]);
}

static ant_future *start_server(unsigned i)
{
    ant_tcp_listener listener;
    ant_addr at;
    assert_int_equal(ant_tcp_listener_bind("127.0.0.1:0", &listener), 0);
    assert_int_equal(ant_tcp_listener_addr(&listener, &at), 0);
    ant_addr_format(&at, address, sizeof address);
    servers[i] = ant_http_serve(listener, no_routes,
                                (ant_http_options){ .stop = &stops[i] });
    return &servers[i].base;
}

// The second one is stopped before it begins.
static int supply_stop(void)
{
    ant_cancellation_token_cancel(&stops[0]);
    ant_cancellation_token_cancel(&stops[1]);
    return 0;
}

static int supply_guest(void)
{
    ant_cancellation_token_cancel(&stops[1]);
    struct ant_join_handle task = ant_spawn(ant_tcp_connect(address, &guest));
    ant_task_detach(&task);
    return 0;
}

static bool is_stopped(void)
{
    return servers[1].base.result == 0;
}

static void tear_down_servers(void)
{
    ant_cancellation_token_drop(&stops[0]);
    ant_cancellation_token_drop(&stops[1]);
    ant_io_close(&guest);
}

static const operation operations[] = {
    { "read", set_up_body, start_read, supply_body, is_tea,
      .tear_down = tear_down },
    { "read of a chunk", set_up_chunk, start_read, supply_chunk, is_tea,
      .tear_down = tear_down },
    { "read that asks", set_up_asking, start_asking, supply_room_and_body,
      is_tea, .tear_down = tear_down_asked },
    { "read that asks in part", set_up_asking_in_part, start_asking,
      supply_room_and_body, is_tea, .tear_down = tear_down_asked },
    { "body", set_up_letter, start_body, supply_rest, is_all,
      .tear_down = tear_down },
    { "write", set_up_answer, start_write, plug_drain, is_written,
      .tear_down = tear_down_answer },
    { "serve until it stops", set_up_servers, start_server, supply_stop,
      is_stopped, .tear_down = tear_down_servers },
    { "serve a guest", set_up_servers, start_server, supply_guest, is_stopped,
      .tear_down = tear_down_servers },
};

static void what_is_dropped_at_any_point_loses_nothing(void **state)
{
    trial_run(state, operations, ANT_ARRAY_LEN(operations));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(what_is_dropped_at_any_point_loses_nothing),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
