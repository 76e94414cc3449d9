// SPDX-License-Identifier: MIT
//
// Tests of stream/channel.

#include "stream/channel.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/hand.h"

static hand_task task;
static uint64_t block_count;
static int n;

static int set_up(void **state)
{
    (void)state;
    block_count = ant_mem_live_count();
    hand_task_init(&task, 1);
    n = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(hand_refs(&task), 0);
    assert_int_equal(ant_mem_live_count(), block_count);
    return 0;
}

// Reads one item through a `next`; -EAGAIN when that is pending, and dropped.
#define READ(stream) read_one(ant_stream_next(&(stream).base, &n))

static int read_one(struct ant_stream_next next)
{
    const bool is_ready = hand_poll(&task, &next.base) == ANT_READY;
    const int result = is_ready ? next.base.result : -EAGAIN;
    ant_future_drop(&next.base);
    return result;
}

static void from_mpsc_ends_with_the_channel(void **state)
{
    (void)state;
    ant_mpsc_tx tx;
    ant_mpsc_rx rx;
    assert_int_equal(ant_mpsc_new(sizeof(int), 4, &tx, &rx), 0);
    struct ant_stream_from_mpsc stream = ant_stream_from_mpsc(&rx, int);
    assert_int_equal(READ(stream), -EAGAIN);
    for (int i = 1; i < 4; i++) {
        assert_int_equal(ant_mpsc_try_send(&tx, &i), 0);
    }
    assert_int_equal(hand_take_wakes(&task), 1);
    ant_mpsc_tx_drop(&tx);
    for (int i = 1; i < 4; i++) {
        assert_int_equal(READ(stream), 1);
        assert_int_equal(n, i);
    }
    assert_int_equal(READ(stream), 0);
    ant_mpsc_rx_drop(&rx);
}

static void a_dropped_stream_leaves_what_is_inside(void **state)
{
    (void)state;
    ant_mpsc_tx tx;
    ant_mpsc_rx rx;
    assert_int_equal(ant_mpsc_new(sizeof(int), 4, &tx, &rx), 0);
    struct ant_stream_from_mpsc stream = ant_stream_from_mpsc(&rx, int);
    assert_int_equal(READ(stream), -EAGAIN);
    const int five = 5;
    assert_int_equal(ant_mpsc_try_send(&tx, &five), 0);
    ant_stream_drop(&stream.base);
    assert_int_equal(ant_mpsc_try_recv(&rx, &n), 0);
    assert_int_equal(n, 5);
    ant_mpsc_tx_drop(&tx);
    ant_mpsc_rx_drop(&rx);
}

// The place of the item may be another one in each poll.
static void an_item_goes_to_the_place_of_the_last_poll(void **state)
{
    (void)state;
    ant_mpsc_tx tx;
    ant_mpsc_rx rx;
    assert_int_equal(ant_mpsc_new(sizeof(int), 4, &tx, &rx), 0);
    struct ant_stream_from_mpsc stream = ant_stream_from_mpsc(&rx, int);
    int first = 0;
    struct ant_stream_next next = ant_stream_next(&stream.base, &first);
    assert_int_equal(hand_poll(&task, &next.base), ANT_PENDING);
    ant_future_drop(&next.base);
    const int five = 5;
    assert_int_equal(ant_mpsc_try_send(&tx, &five), 0);
    assert_int_equal(READ(stream), 1);
    assert_int_equal(first, 0);
    assert_int_equal(n, 5);
    ant_stream_drop(&stream.base);
    ant_mpsc_tx_drop(&tx);
    ant_mpsc_rx_drop(&rx);
}

static void from_broadcast_says_what_was_missed(void **state)
{
    (void)state;
    ant_broadcast_tx tx;
    ant_broadcast_rx rx;
    assert_int_equal(ant_broadcast_new(sizeof(int), 2, &tx, &rx), 0);
    struct ant_stream_from_broadcast stream =
        ant_stream_from_broadcast(&rx, int);
    for (int i = 1; i < 6; i++) {
        assert_int_equal(ant_broadcast_send(&tx, &i), 1);
    }
    assert_int_equal(READ(stream), -EOVERFLOW);
    assert_int_equal(rx.missed, 3);
    assert_int_equal(READ(stream), 1);
    assert_int_equal(n, 4);
    assert_int_equal(READ(stream), 1);
    assert_int_equal(READ(stream), -EAGAIN);
    ant_broadcast_tx_drop(&tx);
    assert_int_equal(READ(stream), 0);
    ant_broadcast_rx_drop(&rx);
}

static void from_watch_begins_with_the_value(void **state)
{
    (void)state;
    ant_watch_tx tx;
    ant_watch_rx rx;
    int level = 1;
    assert_int_equal(ant_watch_new(&level, &tx, &rx), 0);
    struct ant_stream_from_watch stream = ant_stream_from_watch(&rx, int);
    assert_int_equal(READ(stream), 1);
    assert_int_equal(n, 1);
    assert_int_equal(READ(stream), -EAGAIN);
    level = 2;
    assert_int_equal(ant_watch_send(&tx, &level), 0);
    level = 3;
    assert_int_equal(ant_watch_send(&tx, &level), 0);
    assert_int_equal(READ(stream), 1);
    assert_int_equal(n, 3);
    assert_int_equal(READ(stream), -EAGAIN);
    ant_watch_tx_drop(&tx);
    assert_int_equal(READ(stream), 0);
    ant_watch_rx_drop(&rx);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(from_mpsc_ends_with_the_channel),
        TEST(a_dropped_stream_leaves_what_is_inside),
        TEST(an_item_goes_to_the_place_of_the_last_poll),
        TEST(from_broadcast_says_what_was_missed),
        TEST(from_watch_begins_with_the_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
