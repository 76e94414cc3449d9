// SPDX-License-Identifier: MIT
//
// Tests of io/addr.

#include "io/addr.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "io/sockaddr.h"

static const char *rewritten(const char *text)
{
    static char again[ANT_ADDR_TEXT_MAX];
    ant_addr addr;
    assert_int_equal(ant_addr_parse(text, &addr), 0);
    ant_addr_format(&addr, again, sizeof again);
    return again;
}

static void is_written_as_it_is_read(void **state)
{
    (void)state;
    assert_string_equal(rewritten("127.0.0.1:80"), "127.0.0.1:80");
    assert_string_equal(rewritten("0.0.0.0:0"), "0.0.0.0:0");
    assert_string_equal(rewritten("[::1]:65535"), "[::1]:65535");
    assert_string_equal(rewritten("localhost:8080"), "127.0.0.1:8080");
}

static void refuses_what_is_no_address(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:x",
        ":80",
        "::1:80",
        "[::1]",
        "[::1:80",
        "[]:80",
        "1.2.3:80",
        "host:80",
        "1.2.3.4:-1",
        "1.2.3.4:+80",
        "1.2.3.4: 80",
        "1.2.3.4:65536",
        "[1.2.3]:",
        "999.1.1.1:1",
        "[x]:1",
        "1.2.3.4:999999",
    };
    for (size_t i = 0; i < ANT_ARRAY_LEN(bad); i++) {
        ant_addr addr = { .len = 7 };
        assert_int_equal(ant_addr_parse(bad[i], &addr), -EINVAL);
        assert_int_equal(addr.len, 7); // untouched
    }
}

static void splits_names_from_ports(void **state)
{
    (void)state;
    char host[16];
    uint16_t port;
    assert_int_equal(ant__addr_split("example.org:80", host, 16, &port), 0);
    assert_string_equal(host, "example.org");
    assert_int_equal(port, 80);
    assert_int_equal(
        ant__addr_split("a-much-longer-name.org:80", host, 16, &port), -EINVAL);
}

static void knows_a_path(void **state)
{
    (void)state;
    char text[ANT_ADDR_TEXT_MAX];
    char path[200];
    ant_addr addr;
    assert_int_equal(ant_addr_unix("/tmp/x.sock", &addr), 0);
    ant_addr_format(&addr, text, sizeof text);
    assert_string_equal(text, "/tmp/x.sock");
    assert_int_equal(ant_addr_port(&addr), 0);
    memset(path, 'a', sizeof path);
    path[sizeof path - 1] = '\0';
    assert_int_equal(ant_addr_unix(path, &addr), -ENAMETOOLONG);
    assert_int_equal(ant_addr_unix("", &addr), -ENAMETOOLONG);

    ant_addr_format(&(ant_addr){ 0 }, text, sizeof text);
    assert_string_equal(text, "?");
    addr = (ant_addr){ .len = 2 };
    ant__sockaddr_of(&addr)->any.sa_family = AF_UNIX;
    ant_addr_format(&addr, text, sizeof text);
    assert_string_equal(text, "(unnamed)");
}

static void tells_equal_from_other(void **state)
{
    (void)state;
    ant_addr a, b;
    assert_int_equal(ant_addr_parse("127.0.0.1:80", &a), 0);
    assert_int_equal(ant_addr_parse("127.0.0.1:81", &b), 0);
    assert_false(ant_addr_equal(&a, &b));
    ant_addr_set_port(&b, 80);
    assert_true(ant_addr_equal(&a, &b));
    assert_int_equal(ant_addr_parse("[::1]:80", &b), 0);
    assert_false(ant_addr_equal(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_written_as_it_is_read),
        cmocka_unit_test(refuses_what_is_no_address),
        cmocka_unit_test(splits_names_from_ports),
        cmocka_unit_test(knows_a_path),
        cmocka_unit_test(tells_equal_from_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
