// SPDX-License-Identifier: MIT
//
// Tests of http/server: what clients hear, in every flavour.

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "support/files.h"
#include "support/flavors.h"
#include "support/http_rig.h"

// ---- Answers ----

static void answers_and_closes_when_asked_to(void **state)
{
    assert_string_equal(
        scene_answer_to(state, LAST("/hello/Ann%20B%2F?with=ho+ho%21")),
        "HTTP/1.1 200 OK\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Connection: close\r\n"
        "Content-Length: 13\r\n"
        "\r\n"
        "ho ho! Ann B/");
}

static void keeps_the_connection_and_the_order(void **state)
{
    const char *text =
        scene_answer_to(state, GET("/hello/1") GET("/nowhere") GET("/hello/3")
                                   LAST("/hello/4"));
    const char *one = strstr(text, "\r\n\r\nhello 1HTTP/1.1 404 Not Found");
    assert_non_null(one);
    const char *three = strstr(one, "\r\n\r\nhello 3HTTP/1.1 200 OK");
    assert_non_null(three);
    assert_non_null(strstr(three, "\r\n\r\nhello 4"));
}

static void takes_what_comes_byte_by_byte(void **state)
{
    struct scene scene = { .step = 1,
                           .text = { GET("/hello/1") LAST("/hello/2") } };
    scene_play(state, &scene);
    assert_non_null(strstr(scene_heard(&scene, 0), "hello 1HTTP/1.1 200"));
    assert_non_null(strstr(scene_heard(&scene, 0), "\r\n\r\nhello 2"));
}

static void reads_bodies_of_both_kinds(void **state)
{
    static const char text[] =
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nfirst"
        "PUT /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n"
        "3;x=y\r\nsec\r\n3\r\nond\r\n0\r\nX: y\r\n\r\n"
        "POST /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    for (size_t step = 0; step < 8; step++) {
        struct scene scene = { .step = step, .text = { text } };
        scene_play(state, &scene);
        const char *first = strstr(scene_heard(&scene, 0), "\r\n\r\nfirstHTTP");
        assert_non_null(first);
        const char *second = strstr(first, "6\r\n\r\nsecondHTTP/1.1 200");
        assert_non_null(second);
        assert_non_null(strstr(second, "Content-Length: 0\r\n\r\n"));
    }
}

static void throws_away_a_body_that_nobody_reads(void **state)
{
    const char *text = scene_answer_to(
        state, "POST /nowhere HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n"
               "GET /x HT" LAST("/hello/2"));
    assert_non_null(strstr(text, "404"));
    assert_non_null(strstr(text, "hello 2"));
}

static void answers_head_without_a_body(void **state)
{
    const char *text =
        scene_answer_to(state, "HEAD /hello/1 HTTP/1.1\r\nHost: h\r\n\r\n"
                               "HEAD /count HTTP/1.1\r\nHost: h\r\n\r\n" //
                        LAST("/hello/2"));
    assert_non_null(strstr(text, "Content-Length: 7\r\n\r\nHTTP/1.1 200"));
    assert_non_null(strstr(text, "chunked\r\n\r\nHTTP/1.1 200"));
    assert_non_null(strstr(text, "\r\n\r\nhello 2"));
}

static void writes_in_chunks_what_has_no_length(void **state)
{
    const char *text = scene_answer_to(state, GET("/count") LAST("/hello/2"));
    assert_non_null(strstr(text, "Transfer-Encoding: chunked\r\n\r\n"
                                 "2\r\n1,\r\n2\r\n2,\r\n2\r\n3,\r\n0\r\n\r\n"
                                 "HTTP/1.1 200"));
    // Who does not know chunks, or when half of it is all there will be.
    text = scene_answer_to(state, "GET /count HTTP/1.0\r\n"
                                  "Connection: keep-alive\r\n\r\n");
    assert_non_null(strstr(text, "close\r\n\r\n1,2,3,"));
    text = scene_answer_to(state, GET("/count?fail"));
    assert_non_null(strstr(text, "2\r\n3,\r\n"));
    assert_null(strstr(text, "0\r\n\r\n"));
}

static void asks_for_a_body_that_waits_to_be_asked_for(void **state)
{
    const char *text = scene_answer_to(
        state, "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n"
               "Expect: 100-continue\r\n\r\n" //
               "ab" LAST("/hello/2"));
    assert_non_null(strstr(text, "\r\n\r\nabHTTP"));
    struct scene scene = {
        .step = 0,
        .text = { "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n"
                  "Expect: 100-continue\r\nConnection: close\r\n\r\n" PAUSE
                  "ab" },
    };
    scene_play(state, &scene);
    assert_memory_equal(scene_heard(&scene, 0),
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200", 37);
    assert_non_null(strstr(scene_heard(&scene, 0), "\r\n\r\nab"));
    // Who is refused at once is not asked.
    text = scene_answer_to(
        state, "POST /no HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n"
               "Expect: 100-continue\r\n\r\n");
    assert_memory_equal(text, "HTTP/1.1 404", 12);
    assert_non_null(strstr(text, "Connection: close"));
}

static void speaks_with_old_clients(void **state)
{
    const char *text = scene_answer_to(state, "GET /hello/1 HTTP/1.0\r\n\r\n");
    assert_non_null(strstr(text, "Connection: close"));
    text = scene_answer_to(state, "GET /hello/1 HTTP/1.0\r\n"
                                  "Connection: keep-alive\r\n\r\n"
                                  "GET /hello/2 HTTP/1.0\r\n\r\n");
    assert_non_null(strstr(text, "Connection: keep-alive\r\n"
                                 "Content-Length: 7\r\n\r\nhello 1HTTP"));
    assert_non_null(strstr(text, "\r\n\r\nhello 2"));
}

static void says_what_a_path_can_do(void **state)
{
    const char *text =
        scene_answer_to(state, "DELETE /echo HTTP/1.1\r\nHost: h\r\n"
                               "Connection: close\r\n\r\n");
    assert_memory_equal(text, "HTTP/1.1 405 ", 13);
    assert_non_null(strstr(text, "Allow: POST\r\nAllow: PUT\r\n"));
    text = scene_answer_to(state, "OPTIONS * HTTP/1.1\r\nHost: h\r\n"
                                  "Connection: close\r\n\r\n");
    assert_memory_equal(text, "HTTP/1.1 204 ", 13);
    assert_null(strstr(text, "Content-Length"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(answers_and_closes_when_asked_to),
        EVERY_FLAVOR(keeps_the_connection_and_the_order),
        EVERY_FLAVOR(takes_what_comes_byte_by_byte),
        EVERY_FLAVOR(reads_bodies_of_both_kinds),
        EVERY_FLAVOR(throws_away_a_body_that_nobody_reads),
        EVERY_FLAVOR(answers_head_without_a_body),
        EVERY_FLAVOR(writes_in_chunks_what_has_no_length),
        FLAVOR(asks_for_a_body_that_waits_to_be_asked_for, sim),
        EVERY_FLAVOR(speaks_with_old_clients),
        EVERY_FLAVOR(says_what_a_path_can_do),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
