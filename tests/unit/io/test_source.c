// SPDX-License-Identifier: MIT
//
// Tests of io/source and of the futures over it (io/io), polled by hand. The
// world is a tube of the test's own: what is in it, and what comes into it in
// the middle of a try.

#include "io/source.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "io/io.h"
#include "support/hand.h"

typedef struct tube {
    ant_source source; // first
    size_t has;        // bytes that can be read, or written
    size_t comes;      // with an edge, during the next try that is in vain
    int err;           // of the next try
    unsigned tries;
    unsigned closes;
    bool is_over;
} tube;

static tube pipe_;
static ant_io io;
static hand_task ann, ben;
static char buf[16];

static void edge(ant_side side)
{
    ant__source_edge(&pipe_.source, side, ANT_SIDE_READY);
}

static int64_t move(ant_side side, size_t len)
{
    pipe_.tries++;
    if (pipe_.err != 0) return pipe_.err;
    const size_t n = pipe_.has < len ? pipe_.has : len;
    pipe_.has -= n;
    if (n > 0 || pipe_.is_over) return (int64_t)n;
    pipe_.has = pipe_.comes;
    pipe_.comes = 0;
    if (pipe_.has > 0) edge(side);
    return -EAGAIN;
}

static int64_t tube_read(ant_source *source, void *to, size_t len)
{
    (void)source;
    memset(to, 'x', pipe_.has < len ? pipe_.has : len);
    return move(ANT_SIDE_IN, len);
}

static int64_t tube_write(ant_source *source, const void *from, size_t len)
{
    (void)source, (void)from;
    return move(ANT_SIDE_OUT, len);
}

static void tube_close(ant_source *source)
{
    pipe_.closes++;
    ant__source_deinit(source);
}

static int set_up(void **state)
{
    (void)state;
    static const ant_source_ops ops = { .read = tube_read,
                                        .write = tube_write,
                                        .close = tube_close };
    pipe_ = (tube){ .has = 0 };
    ant__source_init(&pipe_.source, &ops, ANT_RES_SOCKET);
    pipe_.source.is_stream = true;
    io = ant__io_of(&pipe_.source);
    hand_task_init(&ann, 1);
    hand_task_init(&ben, 2);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ant_io_close(&io);
    assert_int_equal(hand_refs(&ann), 0);
    assert_int_equal(hand_refs(&ben), 0);
    return pipe_.closes == 1 ? 0 : -1;
}

// ---- Edges ----

static void tries_before_it_waits(void **state)
{
    (void)state;
    pipe_.has = 3;
    struct ant_read read = ant_read(&io, buf, sizeof buf);
    assert_int_equal(hand_poll(&ann, &read.base), ANT_READY);
    assert_int_equal(read.base.result, 3);
    assert_int_equal(pipe_.tries, 1);
}

static void waits_for_an_edge(void **state)
{
    (void)state;
    struct ant_read read = ant_read(&io, buf, sizeof buf);
    assert_int_equal(hand_poll(&ann, &read.base), ANT_PENDING);
    assert_int_equal(ann.budget_left, ANT_BUDGET);
    edge(ANT_SIDE_OUT);
    assert_int_equal(hand_take_wakes(&ann), 0);
    pipe_.has = 5;
    edge(ANT_SIDE_IN);
    assert_int_equal(hand_take_wakes(&ann), 1);
    assert_int_equal(ant_atomic_load(&ann.via, ANT_RELAXED), ANT_VIA_IO);
    assert_int_equal(hand_poll(&ann, &read.base), ANT_READY);
    assert_int_equal(read.base.result, 5);
}

// What was read up is known to be empty: the system is not asked again.
static void does_not_try_what_was_read_up(void **state)
{
    (void)state;
    pipe_.has = 3;
    assert_int_equal(ant_try_read(&io, buf, sizeof buf), 3);
    struct ant_read read = ant_read(&io, buf, sizeof buf);
    assert_int_equal(hand_poll(&ann, &read.base), ANT_PENDING);
    assert_int_equal(ant_try_read(&io, buf, sizeof buf), -EAGAIN);
    assert_int_equal(pipe_.tries, 1);
    ant_future_drop(&read.base);

    // A full buffer says nothing about what is left.
    edge(ANT_SIDE_IN);
    pipe_.has = sizeof buf + 2;
    assert_int_equal(ant_try_read(&io, buf, sizeof buf), sizeof buf);
    assert_int_equal(ant_try_read(&io, buf, sizeof buf), 2);
    assert_int_equal(pipe_.tries, 3);
}

// I1: the edge comes after the try, and before the word that it was in vain.
static void i1_an_edge_during_a_try_is_not_lost(void **state)
{
    (void)state;
    pipe_.comes = 4;
    struct ant_read read = ant_read(&io, buf, sizeof buf);
    assert_int_equal(hand_poll(&ann, &read.base), ANT_READY);
    assert_int_equal(read.base.result, 4);
    assert_int_equal(pipe_.tries, 2);
}

// K17: numbers of edges that wrapped made an edge look like an older one.
static void no_number_of_edges_hides_one(void **state)
{
    (void)state;
    static const unsigned rounds[] = { 1, 16, 255, 256, 32768, 65536 };
    for (size_t i = 0; i < ANT_ARRAY_LEN(rounds); i++) {
        for (unsigned n = 0; n < rounds[i]; n++)
            edge(ANT_SIDE_IN);
        pipe_.comes = 1;
        struct ant_read read = ant_read(&io, buf, sizeof buf);
        assert_int_equal(hand_poll(&ann, &read.base), ANT_READY);
    }
}

// K39: edges of one side must not keep the other one trying.
static void edges_of_one_side_leave_the_other_alone(void **state)
{
    (void)state;
    struct ant_read read = ant_read(&io, buf, sizeof buf);
    for (int i = 0; i < 100; i++) {
        edge(ANT_SIDE_OUT);
        assert_int_equal(hand_poll(&ann, &read.base), ANT_PENDING);
    }
    assert_int_equal(pipe_.tries, 1);
    ant_future_drop(&read.base);
}

static void one_edge_wakes_all_who_wait(void **state)
{
    (void)state;
    struct ant_read first = ant_read(&io, buf, 2);
    struct ant_read second = ant_read(&io, buf, 2);
    assert_int_equal(hand_poll(&ann, &first.base), ANT_PENDING);
    assert_int_equal(hand_poll(&ben, &second.base), ANT_PENDING);
    pipe_.has = 3;
    edge(ANT_SIDE_IN);
    assert_int_equal(hand_take_wakes(&ann), 1);
    assert_int_equal(hand_take_wakes(&ben), 1);
    assert_int_equal(hand_poll(&ben, &second.base), ANT_READY);
    assert_int_equal(hand_poll(&ann, &first.base), ANT_READY);
    assert_int_equal(first.base.result, 1);
}

// The other end is gone: no read waits any more, however short.
static void the_end_stays(void **state)
{
    (void)state;
    pipe_.has = 3;
    pipe_.is_over = true;
    ant__source_edge(&pipe_.source, ANT_SIDE_IN,
                     ANT_SIDE_READY | ANT_SIDE_ENDS);
    assert_int_equal(ant_try_read(&io, buf, sizeof buf), 3);
    assert_int_equal(ant_try_read(&io, buf, sizeof buf), 0);
    assert_int_equal(ant_try_read(&io, buf, sizeof buf), 0);
}

static void says_what_it_waits_for(void **state)
{
    (void)state;
    ant_wait wait;
    ant_io_name(&io, "the tube");
    struct ant_read read = ant_read(&io, buf, sizeof buf);
    assert_false(read.base.ops->waits_on(&read.base, &wait));
    assert_int_equal(hand_poll(&ann, &read.base), ANT_PENDING);
    assert_true(read.base.ops->waits_on(&read.base, &wait));
    assert_int_equal(wait.kind, ANT_RES_SOCKET);
    assert_string_equal(wait.name, "the tube");
    ant_future_drop(&read.base);
}

// ---- Ends ----

static void closing_ends_what_waits(void **state)
{
    (void)state;
    struct ant_read read = ant_read(&io, buf, sizeof buf);
    struct ant_write write = ant_write(&io, buf, sizeof buf);
    assert_int_equal(hand_poll(&ann, &read.base), ANT_PENDING);
    assert_int_equal(hand_poll(&ben, &write.base), ANT_PENDING);
    ant_io_close(&io);
    ant_io_close(&io);
    assert_int_equal(pipe_.closes, 0); // two still use it
    assert_int_equal(hand_poll(&ann, &read.base), ANT_READY);
    assert_int_equal(read.base.result, -ECANCELED);
    assert_int_equal(hand_poll(&ben, &write.base), ANT_READY);
    assert_int_equal(write.base.result, -ECANCELED);
    assert_int_equal(pipe_.closes, 1);
    assert_int_equal(pipe_.tries, 2);
}

static void the_end_of_the_runtime_ends_what_waits(void **state)
{
    (void)state;
    struct ant_read_exact read = ant_read_exact(&io, buf, sizeof buf);
    assert_int_equal(hand_poll(&ann, &read.base), ANT_PENDING);
    ant__source_shut(&pipe_.source);
    assert_int_equal(hand_take_wakes(&ann), 1);
    assert_int_equal(hand_poll(&ann, &read.base), ANT_READY);
    assert_int_equal(read.base.result, -ESHUTDOWN);
    assert_int_equal(ant_try_write(&io, buf, 1), -ESHUTDOWN);
}

static void each_half_ends_its_side(void **state)
{
    (void)state;
    ant_io reader, writer;
    ant_io_split(&io, &reader, &writer);
    assert_null(io.source);
    struct ant_read read = ant_read(&reader, buf, sizeof buf);
    assert_int_equal(hand_poll(&ann, &read.base), ANT_PENDING);
    ant_io_close(&writer);
    assert_int_equal(hand_poll(&ann, &read.base), ANT_PENDING);
    ant_io_close(&reader);
    assert_int_equal(hand_poll(&ann, &read.base), ANT_READY);
    assert_int_equal(read.base.result, -ECANCELED);
}

// ---- All or nothing ----

static void all_goes_on_where_it_was(void **state)
{
    (void)state;
    struct ant_read_exact read = ant_read_exact(&io, buf, 10);
    pipe_.has = 4;
    assert_int_equal(hand_poll(&ann, &read.base), ANT_PENDING);
    assert_int_equal(read.move.done, 4);
    pipe_.has = 12;
    edge(ANT_SIDE_IN);
    assert_int_equal(hand_poll(&ann, &read.base), ANT_READY);
    assert_int_equal(read.base.result, 0);
    assert_int_equal(pipe_.has, 6);

    struct ant_write_all write = ant_write_all(&io, buf, 8);
    assert_int_equal(hand_poll(&ann, &write.base), ANT_PENDING);
    assert_int_equal(write.move.done, 6);
    pipe_.err = -ECONNRESET;
    edge(ANT_SIDE_OUT);
    assert_int_equal(hand_poll(&ann, &write.base), ANT_READY);
    assert_int_equal(write.base.result, -ECONNRESET);
}

static void an_early_end_is_an_error(void **state)
{
    (void)state;
    struct ant_read_exact read = ant_read_exact(&io, buf, 10);
    pipe_.has = 4;
    pipe_.is_over = true;
    ant__source_edge(&pipe_.source, ANT_SIDE_IN,
                     ANT_SIDE_READY | ANT_SIDE_ENDS);
    assert_int_equal(hand_poll(&ann, &read.base), ANT_READY);
    assert_int_equal(read.base.result, -EPIPE);
    assert_int_equal(read.move.done, 4);
}

static void nothing_is_done_at_once(void **state)
{
    (void)state;
    struct ant_read_exact read = ant_read_exact(&io, buf, 0);
    assert_int_equal(hand_poll(&ann, &read.base), ANT_READY);
    assert_int_equal(read.base.result, 0);
    assert_int_equal(pipe_.tries, 0);
}

// ---- Drops, budgets, evil wakers ----

static void a_dropped_wait_leaves_nothing(void **state)
{
    (void)state;
    struct ant_read read = ant_read(&io, buf, sizeof buf);
    assert_int_equal(hand_poll(&ann, &read.base), ANT_PENDING);
    ant_future_drop(&read.base);
    assert_int_equal(hand_refs(&ann), 0);
    pipe_.has = 3;
    edge(ANT_SIDE_IN);
    assert_int_equal(hand_take_wakes(&ann), 0);
    assert_int_equal(ant_try_read(&io, buf, sizeof buf), 3);
}

// K38: I/O that is always ready uses up the budget too.
static void yields_when_the_budget_is_used_up(void **state)
{
    (void)state;
    pipe_.has = 1000;
    char one;
    ann.budget = 3;
    struct ant_read_exact read = ant_read_exact(&io, buf, 4);
    pipe_.source.is_stream = false;
    for (int i = 0; i < 4; i++) {
        struct ant_read each = ant_read(&io, &one, 1);
        ann.budget = i < 3 ? 1 : 0;
        assert_int_equal(hand_poll(&ann, &each.base),
                         i < 3 ? ANT_READY : ANT_PENDING);
        assert_int_equal(ann.has_yielded, i == 3);
        ant_future_drop(&each.base);
    }
    assert_int_equal(hand_poll(&ann, &read.base), ANT_READY);
}

static void read_again(void *arg)
{
    (void)arg;
    (void)!ant_try_read(&io, buf, 1);
    edge(ANT_SIDE_OUT);
}

static void close_it(void *arg)
{
    (void)arg;
    ant_io_close(&io);
}

// I2: nothing is locked while a waker is used, and it may close everything.
static void i2_stands_an_evil_waker(void **state)
{
    (void)state;
    const hand_evil_fn evils[] = { read_again, close_it };
    for (int i = 0; i < 2; i++) {
        ann.evil = evils[i];
        ann.evil_on = i == 0 ? ANT_MOCK_ON_ALL : ANT_MOCK_ON_WAKE;
        struct ant_read read = ant_read(&io, buf, sizeof buf);
        assert_int_equal(hand_poll(&ann, &read.base), ANT_PENDING);
        pipe_.has = 1;
        edge(ANT_SIDE_IN);
        pipe_.has = 0;
        ant_future_drop(&read.base);
        ant_mock_task_set_evil(&ann, 0, NULL, NULL);
    }
}

// ---- Mistakes ----

static void read_a_closed_one(void *arg)
{
    (void)arg;
    ant_io closed = { 0 };
    struct ant_read read = ant_read(&closed, buf, 1);
    (void)read;
}

static void write_to_the_reader(void *arg)
{
    struct ant_write write = ant_write((ant_io *)arg, buf, 1);
    (void)write;
}

static void traps_when_it_is_used_wrongly(void **state)
{
    (void)state;
    ant_io reader, writer;
    assert_true(hand_traps(read_a_closed_one, NULL));
    ant_io_split(&io, &reader, &writer);
    assert_true(hand_traps(write_to_the_reader, &reader));
    ant_io_close(&reader);
    ant_io_close(&writer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tries_before_it_waits),
        TEST(waits_for_an_edge),
        TEST(does_not_try_what_was_read_up),
        TEST(i1_an_edge_during_a_try_is_not_lost),
        TEST(no_number_of_edges_hides_one),
        TEST(edges_of_one_side_leave_the_other_alone),
        TEST(one_edge_wakes_all_who_wait),
        TEST(the_end_stays),
        TEST(says_what_it_waits_for),
        TEST(closing_ends_what_waits),
        TEST(the_end_of_the_runtime_ends_what_waits),
        TEST(each_half_ends_its_side),
        TEST(all_goes_on_where_it_was),
        TEST(an_early_end_is_an_error),
        TEST(nothing_is_done_at_once),
        TEST(a_dropped_wait_leaves_nothing),
        TEST(yields_when_the_budget_is_used_up),
        TEST(i2_stands_an_evil_waker),
        TEST(traps_when_it_is_used_wrongly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
