// SPDX-License-Identifier: MIT
//
// Tests of http/server: what is wrong, too long, too slow or too much. Limits
// of time in the simulation, where it costs none.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/files.h"
#include "support/flavors.h"
#include "support/http_rig.h"

// ---- What goes wrong ----

static void refuses_with_the_right_status(void **state)
{
    assert_status(state, 400, "hello?\r\n\r\n");
    assert_status(state, 400, "\x16\x03");
    assert_status(state, 400, LAST("/hello/%0"));
    assert_status(state, 400, LAST("/hello/a%00b"));
    assert_status(state, 404, LAST("/hello/1/2"));
    assert_status(state, 404, LAST("/hello/"));
    assert_status(state, 501,
                  "BREW / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    assert_status(state, 505, "GET / HTTP/2.0\r\nHost: h\r\n\r\n");
    assert_status(state, 413,
                  "POST /echo HTTP/1.1\r\nHost: h\r\n"
                  "Content-Length: 9999999\r\n\r\n");
    assert_status(state, 400,
                  "POST /echo HTTP/1.1\r\nHost: h\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n3\r\nabcXX0\r\n\r\n");
    assert_status(state, 404, LAST("/fail/none"));
    assert_status(state, 500, LAST("/fail/io"));
    assert_status(state, 204, LAST("/fail/nothing"));
}

static void limits_the_length_of_everything(void **state)
{
    static char text[5000];
    struct scene scene = { .limits = { .head_bytes_max = 1000,
                                       .body_bytes_max = 100 },
                           .text = { text } };
    (void)snprintf(text, sizeof text, "GET /%01200d HTTP/1.1\r\n", 0);
    scene_play(state, &scene);
    assert_memory_equal(scene_heard(&scene, 0), "HTTP/1.1 414 ", 13);

    scene = (struct scene){ .limits = scene.limits, .text = { text } };
    (void)snprintf(text, sizeof text, "GET / HTTP/1.1\r\nX: %01200d", 0);
    scene_play(state, &scene);
    assert_memory_equal(scene_heard(&scene, 0), "HTTP/1.1 431 ", 13);

    scene = (struct scene){ .limits = scene.limits, .text = { text } };
    (void)snprintf(text, sizeof text,
                   "POST /echo HTTP/1.1\r\nHost: h\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n"
                   "40\r\n%064d\r\n40\r\n%064d\r\n0\r\n\r\n",
                   0, 0);
    scene_play(state, &scene);
    assert_memory_equal(scene_heard(&scene, 0), "HTTP/1.1 413 ", 13);

    // And just as long as it may be.
    scene = (struct scene){ .limits = scene.limits, .text = { text } };
    (void)snprintf(text, sizeof text,
                   "POST /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
                   "Content-Length: 100\r\n\r\n%0100d",
                   0);
    scene_play(state, &scene);
    assert_memory_equal(scene_heard(&scene, 0), "HTTP/1.1 200 ", 13);
}

static void goes_on_after_clients_that_go(void **state)
{
    struct scene scene = {
        .text = { FINISH, "GET /hel" FINISH,
                  "POST /echo HTTP/1.1\r\nHost: h\r\n"
                  "Content-Length: 10\r\n\r\nabc" FINISH,
                  GET("/hello/4") FINISH },
    };
    scene_play(state, &scene);
    assert_string_equal(scene_heard(&scene, 0), "");
    assert_string_equal(scene_heard(&scene, 1), "");
    assert_memory_equal(scene_heard(&scene, 2), "HTTP/1.1 500 ", 13);
    assert_non_null(strstr(scene_heard(&scene, 3), "hello 4")); // half-closed
}

// ---- Time ----

static void lets_nobody_be_slow(void **state)
{
    struct scene scene = {
        .limits = { .head_ms = 2500, .idle_ms = 4500, .body_ms = 2500 },
        .text = { "G" PAUSE "E" PAUSE "T" PAUSE " " PAUSE, // a slow loris
                  GET("/hello/1") PAUSE GET("/hello/2"),   // then nothing more
                  "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n"
                  "a" PAUSE "b" PAUSE "c" PAUSE "d" PAUSE },
    };
    scene_play(state, &scene);
    assert_memory_equal(scene_heard(&scene, 0), "HTTP/1.1 408 ", 13);
    assert_non_null(strstr(scene_heard(&scene, 1), "hello 2"));
    assert_memory_equal(scene_heard(&scene, 2), "HTTP/1.1 408 ", 13);
    assert_in_range(scene.took_ms, 5400, 5700);
}

static void stops_when_all_have_their_answers(void **state)
{
    struct scene scene = { .text = { GET("/think"), GET("/hello/2") PAUSE },
                           .stop_after_ms = 500 };
    scene_play(state, &scene);
    assert_non_null(strstr(scene_heard(&scene, 0), "Connection: close"));
    assert_non_null(strstr(scene_heard(&scene, 0), "\r\n\r\nthought"));
    assert_non_null(strstr(scene_heard(&scene, 1), "hello 2"));
    assert_in_range(scene.took_ms, 5000, 5100);
}

static void aborts_what_takes_too_long(void **state)
{
    struct scene scene = { .limits = { .drain_ms = 1000 },
                           .text = { GET("/think"), LAST("/hello/2") },
                           .stop_after_ms = 500,
                           .served = -ETIMEDOUT };
    scene_play(state, &scene);
    assert_string_equal(scene_heard(&scene, 0), "");
    assert_in_range(scene.took_ms, 1500, 1600);
}

static void lets_in_only_so_many(void **state)
{
    struct scene scene = { .limits = { .connections_max = 1 },
                           .text = { GET("/think") PAUSE FINISH,
                                     GET("/think") PAUSE FINISH } };
    scene_play(state, &scene);
    assert_non_null(strstr(scene_heard(&scene, 0), "thought"));
    assert_non_null(strstr(scene_heard(&scene, 1), "thought"));
    assert_in_range(scene.took_ms, 10000, 10100); // one after the other
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(refuses_with_the_right_status),
        EVERY_FLAVOR(limits_the_length_of_everything),
        EVERY_FLAVOR(goes_on_after_clients_that_go),
        FLAVOR(lets_nobody_be_slow, sim),
        FLAVOR(stops_when_all_have_their_answers, sim),
        FLAVOR(aborts_what_takes_too_long, sim),
        FLAVOR(lets_in_only_so_many, sim),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
