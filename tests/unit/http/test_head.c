// SPDX-License-Identifier: MIT
//
// Tests of http/head: what is taken, what is refused and how, in whatever
// pieces it comes.

#include "http/head.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char place[20000];

// Parses a copy of `text`, of which all has to be the head.
static int parse(ant_http_head *head, const char *text)
{
    const size_t len = strlen(text);
    size_t seen = 0;
    const int64_t found = ant__http_head_scan(text, len, &seen);
    if (found < 0) return 400;
    assert_int_equal(found, len);
    memcpy(place, text, len);
    return ant__http_head_parse(head, place, len);
}

static void takes_a_request_apart(void **state)
{
    (void)state;
    ant_http_head head;
    assert_int_equal(parse(&head, "POST /a/b?x=1&y HTTP/1.1\r\n"
                                  "Host: example.org:80\r\n"
                                  "Content-Length: 12\r\n"
                                  "X-Empty:\r\n"
                                  "x-Text: \t two words\t \r\n"
                                  "\r\n"),
                     0);
    assert_string_equal(head.method, "POST");
    assert_string_equal(head.path, "/a/b");
    assert_string_equal(head.query, "x=1&y");
    assert_int_equal(head.minor, 1);
    assert_int_equal(head.field_count, 4);
    assert_true(head.has_length);
    assert_int_equal(head.length, 12);
    assert_false(head.is_chunked || head.closes || head.expects);
    assert_string_equal(ant__http_head_get(&head, "HOST"), "example.org:80");
    assert_string_equal(ant__http_head_get(&head, "x-empty"), "");
    assert_string_equal(ant__http_head_get(&head, "X-TEXT"), "two words");
    assert_null(ant__http_head_get(&head, "X"));
}

static void understands_every_form_of_a_target(void **state)
{
    (void)state;
    ant_http_head head;
    assert_int_equal(parse(&head, "GET http://h HTTP/1.1\r\nHost: h\r\n\r\n"),
                     0);
    assert_string_equal(head.path, "/");
    assert_null(head.query);
    assert_int_equal(parse(&head, "GET http://h?q HTTP/1.1\r\nHost: h\r\n\r\n"),
                     0);
    assert_string_equal(head.path, "/");
    assert_string_equal(head.query, "q");
    assert_int_equal(
        parse(&head, "GET HTTP://h:1/p?q HTTP/1.1\r\nHost: h\r\n\r\n"), 0);
    assert_string_equal(head.path, "/p");
    assert_int_equal(parse(&head, "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"), 0);
    assert_string_equal(head.path, "*");
}

static void knows_when_the_connection_ends(void **state)
{
    (void)state;
    ant_http_head head;
    assert_int_equal(parse(&head, "GET / HTTP/1.0\r\n\r\n"), 0);
    assert_true(head.closes);
    assert_int_equal(
        parse(&head, "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"), 0);
    assert_false(head.closes);
    assert_int_equal(parse(&head, "GET / HTTP/1.1\r\nHost: h\r\n"
                                  "Connection: upgrade, close\r\n\r\n"),
                     0);
    assert_true(head.closes);
    assert_true(ant__http_head_has(&head, "Connection", "Upgrade"));
    assert_false(ant__http_head_has(&head, "Connection", "up"));
}

typedef struct refusal {
    int status;
    const char *text;
} refusal;

#define HOST "Host: h\r\n"

static void refuses_what_is_wrong_or_has_two_meanings(void **state)
{
    (void)state;
    static const refusal refusals[] = {
        { 400, "GET / HTTP/1.1\nHost: h\n\n" },
        { 400, "GET / HTTP/1.1\r\nHost: h\n\r\n" },
        { 400, "\x16\x03\x01\x02" },
        { 400, " GET / HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET  / HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET / HTTP/1.1 \r\n" HOST "\r\n" },
        { 400, "GET /\r\n" HOST "\r\n" },
        { 400, "GET / HTTP/1.1\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST HOST "\r\n" },
        { 400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\nHost: u@h\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\nHost : h\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST "X\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST ": x\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST "X: \x01\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST "X: a\rb\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST "X\x7f: a\r\n\r\n" },
        { 400, "GET /\x80 HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET /#x HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET x HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET * HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET http:///x HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "G(T / HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET / ICE/1.1\r\n" HOST "\r\n" },
        { 400, "GET / HTTP/1.11\r\n" HOST "\r\n" },
        { 400, "GET / HTTP/x.1\r\n" HOST "\r\n" },
        { 505, "GET / HTTP/2.0\r\n" HOST "\r\n" },
        { 505, "GET / HTTP/9.9\r\n" HOST "\r\n" },
        { 501, "CONNECT h:80 HTTP/1.1\r\n" HOST "\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST "Content-Length: +3\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST "Content-Length: 3,3\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST
               "Content-Length: 9999999999999999999\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n"
               "Content-Length: 3\r\n\r\n" },
        { 400, "GET / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n"
               "Transfer-Encoding: chunked\r\n\r\n" },
        { 400, "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" },
        { 501, "GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n" },
        { 501,
          "GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n" },
        { 501, "GET / HTTP/1.1\r\n" HOST
               "Transfer-Encoding: chunked, identity\r\n\r\n" },
        { 417, "GET / HTTP/1.1\r\n" HOST "Expect: a miracle\r\n\r\n" },
    };
    for (size_t i = 0; i < ANT_ARRAY_LEN(refusals); i++) {
        ant_http_head head;
        const int status = parse(&head, refusals[i].text);
        if (status != refusals[i].status)
            fail_msg("%d instead of %d for:\n%s", status, refusals[i].status,
                     refusals[i].text);
    }
}

static void refuses_zeros(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "GET /0 HTTP/1.1\r\n" HOST "X: y\r\n\r\n",
        "GET / HTTP/1.1\r\n" HOST "X: 0\r\n\r\n",
        "GET / HTTP/1.1\r\n" HOST "0: y\r\n\r\n",
        "GET0 / HTTP/1.1\r\n" HOST "X: y\r\n\r\n",
    };
    for (size_t i = 0; i < ANT_ARRAY_LEN(texts); i++) {
        ant_http_head head;
        const size_t len = strlen(texts[i]);
        memcpy(place, texts[i], len);
        *(char *)memchr(place, '0', len) = '\0';
        assert_int_equal(ant__http_head_parse(&head, place, len), 400);
    }
}

static void counts_the_fields(void **state)
{
    (void)state;
    ant_http_head head;
    char text[4000] = "GET / HTTP/1.1\r\n" HOST;
    size_t len = strlen(text);
    for (int i = 1; i < ANT_HTTP_FIELDS_MAX; i++, len += 6)
        memcpy(text + len, "X: y\r\n", 6);
    memcpy(text + len, "\r\n", 3);
    assert_int_equal(parse(&head, text), 0);
    assert_int_equal(head.field_count, ANT_HTTP_FIELDS_MAX);
    memcpy(text + len, "X: y\r\n\r\n", 9);
    assert_int_equal(parse(&head, text), 431);
}

static void finds_the_end_byte_by_byte(void **state)
{
    (void)state;
    static const char text[] = "GET / HTTP/1.1\r\n" HOST "X: y\r\n\r\nbody\n";
    const int64_t head_len = (int64_t)(strstr(text, "body") - text);
    size_t seen = 0;
    for (int64_t len = 0; len < head_len; len++)
        assert_int_equal(ant__http_head_scan(text, (size_t)len, &seen), 0);
    assert_int_equal(ant__http_head_scan(text, (size_t)head_len, &seen),
                     head_len);
    // And in one piece, with what follows.
    seen = 0;
    assert_int_equal(ant__http_head_scan(text, strlen(text), &seen), head_len);
}

static void takes_an_answer_apart(void **state)
{
    (void)state;
    ant_http_head head;
    char text[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n";
    assert_int_equal(ant__http_answer_parse(&head, text, strlen(text)), 0);
    assert_int_equal(head.status, 101);
    assert_string_equal(ant__http_head_get(&head, "upgrade"), "x");
    static const char *const bad[] = {
        "HTTP/1.1 20 OK\r\n\r\n",       "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",     "HTTP/1.1  200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX\r\n\r\n", "HTTP/1.1 200 \x01\r\n\r\n",
    };
    for (size_t i = 0; i < ANT_ARRAY_LEN(bad); i++) {
        (void)snprintf(place, sizeof place, "%s", bad[i]);
        assert_int_equal(ant__http_answer_parse(&head, place, strlen(place)),
                         -EBADMSG);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_a_request_apart),
        cmocka_unit_test(understands_every_form_of_a_target),
        cmocka_unit_test(knows_when_the_connection_ends),
        cmocka_unit_test(refuses_what_is_wrong_or_has_two_meanings),
        cmocka_unit_test(refuses_zeros),
        cmocka_unit_test(counts_the_fields),
        cmocka_unit_test(finds_the_end_byte_by_byte),
        cmocka_unit_test(takes_an_answer_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
