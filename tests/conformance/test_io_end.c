// SPDX-License-Identifier: MIT
//
// How connections end, and what goes wrong, in every flavour.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/files.h"
#include "support/flavors.h"

static int run(ant_runtime *rt, int result)
{
    ant_runtime_free(rt);
    return result;
}

// ---- Ends of a connection ----

// async fn ends(): a connection whose both ends one task has. A read that was
// given up loses no byte.
struct ends {
    ant_future base;
    enum { ENDS_START, ENDS_FIRST, ENDS_SECOND, ENDS_THIRD } state;
    ant_io end[2];
    char buf[8];
    struct ant_sleep limit;
    struct ant_read read;
    struct ant_read again;
    struct ant_write_all write;
    struct ant_select first;
};

static void close_both(struct ends *self)
{
    ant_io_close(&self->end[0]);
    ant_io_close(&self->end[1]);
}

// async fn halves(): one end says that it ends, and still hears.
struct halves {
    ant_future base;
    enum { HALVES_START, HALVES_END, HALVES_ANSWERING, HALVES_HEARING } state;
    ant_io end[2];
    char buf[8];
    struct ant_read read;
    struct ant_write_all write;
};

ANT_ASYNC(halves)
{
    int n;
    switch (self->state) {
    case HALVES_START:
        if (ant_io_pair(self->end) < 0) return ANT_FAIL(-EIO);
        if (ant_io_shutdown(&self->end[0]) < 0) return ANT_FAIL(-EIO);
        self->read = ant_read(&self->end[1], self->buf, sizeof self->buf);
        return ANT_NEXT(HALVES_END);

    case HALVES_END:
        ANT_AWAIT(self->read);
        if (self->read.base.result != 0) return ANT_FAIL(-EPROTO);
        if (ant_try_write(&self->end[0], "x", 1) != -EPIPE)
            return ANT_FAIL(-EPROTO);
        self->write = ant_write_all(&self->end[1], "bye", 3);
        return ANT_NEXT(HALVES_ANSWERING);

    case HALVES_ANSWERING:
        ANT_AWAIT(self->write);
        self->read = ant_read(&self->end[0], self->buf, sizeof self->buf);
        return ANT_NEXT(HALVES_HEARING);

    case HALVES_HEARING:
        ANT_AWAIT(self->read);
        n = self->read.base.result;
        ant_io_close(&self->end[0]);
        ant_io_close(&self->end[1]);
        return n == 3 ? ANT_READY : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

static void i7_a_side_that_has_ended_still_hears(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    const struct halves both = { ANT_INIT(halves) };
    assert_int_equal(run(rt, ant_runtime_block_on(rt, both)), 0);
}

ANT_ASYNC(ends)
{
    switch (self->state) {
    case ENDS_START:
        if (ant_io_pair(self->end) < 0) return ANT_FAIL(-EIO);
        self->read = ant_read(&self->end[0], self->buf, sizeof self->buf);
        self->limit = ant_sleep(5);
        self->first = ant_select(&self->read.base, &self->limit.base);
        return ANT_NEXT(ENDS_FIRST);

    case ENDS_FIRST:
        ANT_AWAIT(self->first);
        if (self->first.winner != 1) return ANT_FAIL(-EPROTO);
        self->write = ant_write_all(&self->end[1], "abc", 3);
        return ANT_NEXT(ENDS_SECOND);

    case ENDS_SECOND:
        ANT_AWAIT(self->write);
        self->again = ant_read(&self->end[0], self->buf, sizeof self->buf);
        return ANT_NEXT(ENDS_THIRD);

    case ENDS_THIRD:
        ANT_AWAIT(self->again);
        close_both(self);
        return self->again.base.result == 3 ? ANT_READY : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

static void i8_a_read_that_is_dropped_loses_nothing(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    const struct ends patient = { ANT_INIT(ends) };
    assert_int_equal(run(rt, ant_runtime_block_on(rt, patient)), 0);
}

// ---- What goes wrong ----

// async fn knock(): nobody is at home.
struct knock {
    ant_future base;
    enum { KNOCK_START, KNOCK_REFUSED } state;
    char to[ANT_ADDR_TEXT_MAX];
    ant_io conn;
    struct ant_tcp_connect connect;
};

ANT_ASYNC(knock)
{
    ant_tcp_listener listener, other;
    ant_addr at;
    switch (self->state) {
    case KNOCK_START:
        if (ant_tcp_listener_bind("127.0.0.1:0", &listener) < 0)
            return ANT_FAIL(-EIO);
        ant_tcp_listener_addr(&listener, &at);
        ant_addr_format(&at, self->to, sizeof self->to);
        if (ant_tcp_listener_bind(self->to, &other) != -EADDRINUSE)
            return ANT_FAIL(-EPROTO);
        if (ant_tcp_listener_bind("nowhere", &other) != -EINVAL)
            return ANT_FAIL(-EPROTO);
        ant_tcp_listener_close(&listener);
        self->connect = ant_tcp_connect(self->to, &self->conn);
        return ANT_NEXT(KNOCK_REFUSED);

    case KNOCK_REFUSED:
        ANT_AWAIT(self->connect);
        return self->connect.base.result == -ECONNREFUSED ? ANT_READY
                                                          : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

static void i9_an_error_says_what_is_wrong(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    const struct knock nobody = { ANT_INIT(knock) };
    assert_int_equal(run(rt, ant_runtime_block_on(rt, nobody)), 0);
}

// async fn keep(ends): a connection that outlives its runtime.
struct keep {
    ant_future base;
    ant_io *end;
};

ANT_ASYNC(keep)
{
    const int err = ant_io_pair(self->end);
    return err < 0 ? ANT_FAIL(err) : ANT_READY;
}

static void i3_a_socket_may_outlive_its_runtime(void **state)
{
    const int before = fd_count();
    ant_io end[2];
    char c;
    ant_runtime *rt = flavor_runtime(state, NULL);
    const struct keep both = { ANT_INIT(keep), .end = end };
    assert_int_equal(run(rt, ant_runtime_block_on(rt, both)), 0);
    assert_int_equal(ant_try_read(&end[0], &c, 1), -ESHUTDOWN);
    assert_int_equal(ant_try_write(&end[0], "x", 1), -ESHUTDOWN);
    ant_io_close(&end[0]);
    ant_io_close(&end[1]);
    assert_int_equal(fd_count(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(i3_a_socket_may_outlive_its_runtime),
        EVERY_FLAVOR(i7_a_side_that_has_ended_still_hears),
        EVERY_FLAVOR(i8_a_read_that_is_dropped_loses_nothing),
        EVERY_FLAVOR(i9_an_error_says_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
