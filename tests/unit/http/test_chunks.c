// SPDX-License-Identifier: MIT
//
// Tests of http/chunks: the same data comes out, in whatever pieces it goes in.

#include "http/chunks.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

// Feeds the text in pieces of `step` bytes; writes the data to `out`. What it
// ended with: how many bytes it used up to the end of the body, 0 when there is
// no end, or an error.
static int64_t feed(const char *text, size_t step, char *out)
{
    ant_http_chunks chunks = { 0 };
    const size_t len = strlen(text);
    size_t at = 0, end = 0;
    size_t done = 0;
    while (at < len || end < len) { // ends: one of both grows
        if (at == end) end = end + step < len ? end + step : len;
        const int64_t skipped =
            ant__http_chunks_skip(&chunks, text + at, end - at);
        if (skipped < 0) return skipped;
        at += (size_t)skipped;
        if (chunks.state == CHUNKS_ENDED) return (int64_t)at;
        const size_t left = end - at;
        const size_t n = left < chunks.left ? left : (size_t)chunks.left;
        memcpy(out + done, text + at, n);
        done += n;
        out[done] = '\0';
        at += n;
        chunks.left -= n;
    }
    return 0;
}

static void gives_the_data_in_pieces_of_any_size(void **state)
{
    (void)state;
    static const char text[] = "5\r\nhello\r\n"
                               "001;a=b;c=\"d\"\r\n,\r\n"
                               "6 ;x\r\n world\r\n"
                               "0\r\nTrailer: x\r\nOther: y\r\n\r\nGET /";
    const int64_t len = (int64_t)(strstr(text, "GET") - text);
    for (size_t step = 1; step < sizeof text; step++) {
        char out[sizeof text];
        assert_int_equal(feed(text, step, out), len);
        assert_string_equal(out, "hello, world");
    }
}

static void refuses_what_is_not_strict(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\r\n",
        "x\r\n",
        "-1\r\n",
        "+1\r\n",
        "0x1\r\na\r\n",
        " 1\r\na\r\n",
        "1 \r\na\r\n",
        "1\na\r\n",
        "1\r\nab\r\n",
        "1\r\na\n0\r\n\r\n",
        "3\r\nabcXX0\r\n\r\n",
        "1;\x01\r\na\r\n",
        "1;\n\r\na\r\n",
        "0\r\nX\n\r\n",
        "0\r\n: x\r\n\r\n",
        "0\r\n x\r\n\r\n",
        "0\r\n\rx",
        "fffffffffffffffff\r\n",
        ";\r\n",
    };
    for (size_t i = 0; i < ANT_ARRAY_LEN(bad); i++) {
        for (size_t step = 1; step < 30; step++) {
            char out[100];
            if (feed(bad[i], step, out) != -EBADMSG)
                fail_msg("taken, %zu bytes at a time: %s", step, bad[i]);
        }
    }
}

static void limits_what_is_no_data(void **state)
{
    (void)state;
    char text[2 * ANT_HTTP_CHUNK_LINE_MAX] = "1;";
    char out[sizeof text];
    memset(text + 2, 'x', sizeof text - 3);
    assert_int_equal(feed(text, 7, out), -EMSGSIZE);
    memcpy(text, "0\r\n", 3);
    assert_int_equal(feed(text, 7, out), -EMSGSIZE);
}

static void ends_only_at_the_end(void **state)
{
    (void)state;
    static const char text[] = "1\r\na\r\n0\r\n\r\n";
    char cut[sizeof text];
    char out[sizeof text];
    for (size_t len = 0; len < strlen(text); len++) {
        memcpy(cut, text, len);
        cut[len] = '\0';
        assert_int_equal(feed(cut, 1, out), 0);
    }
    assert_int_equal(feed(text, 1, out), strlen(text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_data_in_pieces_of_any_size),
        cmocka_unit_test(refuses_what_is_not_strict),
        cmocka_unit_test(limits_what_is_no_data),
        cmocka_unit_test(ends_only_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
