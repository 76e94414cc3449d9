// SPDX-License-Identifier: MIT
//
// Tests of stream/stream and stream/source: the contract, and where it begins.

#include "stream/stream.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "combine/select.h"
#include "stream/source.h"
#include "support/feed.h"
#include "support/hand.h"

static hand_clock hands;
static hand_task task;
static struct feed feed;

static int set_up(void **state)
{
    (void)state;
    hand_clock_init(&hands);
    hand_task_init(&task, 1);
    task.clock = &hands;
    feed = feed_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(hand_refs(&task), 0);
    assert_int_equal(ant_timers_count(&hands.timers), 0);
    hand_clock_deinit(&hands);
    return 0;
}

// Reads one item through a `next`; -EAGAIN when that is pending, and dropped.
#define READ(stream, item) read_one(ant_stream_next(&(stream).base, (item)))

static int read_one(struct ant_stream_next next)
{
    const bool is_ready = hand_poll(&task, &next.base) == ANT_READY;
    const int result = is_ready ? next.base.result : -EAGAIN;
    ant_future_drop(&next.base);
    return result;
}

// ---- The contract ----

static void gives_items_and_then_its_end(void **state)
{
    (void)state;
    int n = 0;
    feed_put(&feed, 7);
    feed_end(&feed, 0);
    assert_int_equal(READ(feed, &n), 1);
    assert_int_equal(n, 7);
    assert_false(ant_stream_is_over(&feed.base));
    assert_int_equal(READ(feed, &n), 0);
    assert_true(ant_stream_is_over(&feed.base));
    assert_int_equal(READ(feed, &n), 0);
    assert_int_equal(feed.poll_count, 2);
}

static void wakes_whoever_waits_for_an_item(void **state)
{
    (void)state;
    int n = 0;
    struct ant_stream_next next = ant_stream_next(&feed.base, &n);
    assert_int_equal(hand_poll(&task, &next.base), ANT_PENDING);
    feed_put(&feed, 3);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_int_equal(hand_poll(&task, &next.base), ANT_READY);
    assert_int_equal(n, 3);
    ant_stream_drop(&feed.base);
}

static void tells_an_error_on_the_way_from_one_at_the_end(void **state)
{
    (void)state;
    int n = 5;
    feed_error(&feed, -EOVERFLOW);
    feed_put(&feed, 1);
    feed_end(&feed, -EIO);
    assert_int_equal(READ(feed, &n), -EOVERFLOW);
    assert_false(ant_stream_is_over(&feed.base));
    assert_int_equal(READ(feed, &n), 1);
    assert_int_equal(READ(feed, &n), -EIO);
    assert_true(ant_stream_is_over(&feed.base));
    assert_int_equal(READ(feed, &n), -EIO);
}

static void a_dropped_next_leaves_the_stream(void **state)
{
    (void)state;
    int n = 0;
    assert_int_equal(READ(feed, &n), -EAGAIN);
    assert_false(feed.was_dropped);
    feed_put(&feed, 4);
    assert_int_equal(READ(feed, &n), 1);
    assert_int_equal(n, 4);
    ant_stream_drop(&feed.base);
    assert_true(feed.was_dropped);
}

static void dropping_a_new_one_does_nothing(void **state)
{
    (void)state;
    struct feed none = { 0 };
    ant_stream_drop(&none.base);
    ant_stream_drop(&feed.base);
    assert_false(feed.was_dropped);
    ant_stream_drop(&feed.base);
}

static void poll_over(void *arg)
{
    struct feed *over = arg;
    int n;
    ant_cx cx = { .budget = ANT_BUDGET, .again_left = 1 };
    (void)(ant_stream_poll_next(&over->base, &n, &cx) == ANT_READY);
}

static void traps_when_it_is_polled_after_its_end(void **state)
{
    (void)state;
    int n;
    feed_end(&feed, 0);
    assert_int_equal(READ(feed, &n), 0);
    assert_true(hand_traps(poll_over, &feed));
    assert_non_null(strstr(hand_trap_text(), "polled after it was ready"));
}

static void poll_as_future(void *arg)
{
    struct feed *stream = arg;
    (void)(hand_poll(&task, &stream->base.future) == ANT_READY);
}

static void traps_when_it_is_awaited(void **state)
{
    (void)state;
    feed_put(&feed, 1);
    assert_true(hand_traps(poll_as_future, &feed));
}

static void read_into_wrong_size(void *arg)
{
    struct feed *stream = arg;
    char c;
    struct ant_stream_next next = ant_stream_next(&stream->base, &c);
    (void)next;
}

static void traps_when_the_place_has_another_size(void **state)
{
    (void)state;
    assert_true(hand_traps(read_into_wrong_size, &feed));
}

// An async function that counts, with a nap before each number.
struct ticks {
    ant_stream base;
    enum { TICKS_START, TICKS_SLEEPING } state;
    int n;
    struct ant_sleep nap;
};

ANT_STREAM(ticks, int)
{
    switch (self->state) {
    case TICKS_START:
        if (self->n == 3) return ANT_READY;
        self->nap = ant_sleep(100);
        return ANT_NEXT(TICKS_SLEEPING);
    case TICKS_SLEEPING:
        ANT_AWAIT(self->nap);
        *item = self->n++;
        return ANT_EMIT(TICKS_START);
    }
    ANT_UNREACHABLE();
}

static struct ticks ticks(void)
{
    return (struct ticks){ ANT_STREAM_INIT(ticks) };
}

static void can_be_an_async_function(void **state)
{
    (void)state;
    int n = -1;
    struct ticks t = ticks();
    for (int i = 0; i < 3; i++) {
        assert_int_equal(READ(t, &n), -EAGAIN);
        hand_clock_advance_ms(&hands, 100);
        assert_int_equal(READ(t, &n), 1);
        assert_int_equal(n, i);
        assert_string_equal(ant_future_state_name(&t.base.future),
                            "TICKS_START");
    }
    assert_int_equal(READ(t, &n), 0);
}

static void drops_what_it_awaits(void **state)
{
    (void)state;
    int n;
    struct ticks t = ticks();
    assert_int_equal(READ(t, &n), -EAGAIN);
    assert_int_equal(ant_timers_count(&hands.timers), 1);
    ant_stream_drop(&t.base);
    assert_int_equal(ant_timers_count(&hands.timers), 0);
}

static void a_next_may_lose_a_race(void **state)
{
    (void)state;
    int n = -1;
    struct ticks t = ticks();
    struct ant_stream_next next = ant_stream_next(&t.base, &n);
    struct ant_sleep limit = ant_sleep(50);
    struct ant_select first = ant_select_biased(&next.base, &limit.base);
    assert_int_equal(hand_poll(&task, &first.base), ANT_PENDING);
    hand_clock_advance_ms(&hands, 50);
    assert_int_equal(hand_poll(&task, &first.base), ANT_READY);
    assert_int_equal(first.winner, 1);
    hand_clock_advance_ms(&hands, 50);
    assert_int_equal(READ(t, &n), 1);
    assert_int_equal(n, 0);
    ant_stream_drop(&t.base);
}

// S12: an item costs one operation, and without budget there is none.
static void an_item_costs_one_operation(void **state)
{
    (void)state;
    int n;
    feed_put(&feed, 1);
    feed_put(&feed, 2);
    assert_int_equal(READ(feed, &n), 1);
    assert_int_equal(task.budget_left, ANT_BUDGET - 1);
    task.budget = 0;
    assert_int_equal(READ(feed, &n), -EAGAIN);
    assert_true(task.has_yielded);
    assert_int_equal(READ(feed, &n), 1);
    assert_int_equal(READ(feed, &n), -EAGAIN);
    assert_int_equal(task.budget_left, ANT_BUDGET);
    ant_stream_drop(&feed.base);
}

// ---- Sources ----

static void iter_gives_what_is_in_the_array(void **state)
{
    (void)state;
    const char letters[3] = { 'a', 'b', 'c' };
    char letter = 0;
    struct ant_stream_iter iter = ant_stream_iter(letters, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(READ(iter, &letter), 1);
        assert_int_equal(letter, 'a' + i);
    }
    assert_int_equal(READ(iter, &letter), 0);
}

static void once_and_empty_are_short(void **state)
{
    (void)state;
    double pi = 3.0;
    double got = 0.0;
    struct ant_stream_iter once = ant_stream_once(&pi);
    assert_int_equal(READ(once, &got), 1);
    assert_true(got > 2.9);
    assert_int_equal(READ(once, &got), 0);
    struct ant_stream_iter none = ant_stream_empty(double);
    assert_int_equal(READ(none, &got), 0);
}

static void range_ends_before_its_end(void **state)
{
    (void)state;
    int64_t n = 0;
    struct ant_stream_range range = ant_stream_range(-1, 1);
    assert_int_equal(READ(range, &n), 1);
    assert_int_equal(n, -1);
    assert_int_equal(READ(range, &n), 1);
    assert_int_equal(n, 0);
    assert_int_equal(READ(range, &n), 0);
    struct ant_stream_range none = ant_stream_range(5, 5);
    assert_int_equal(READ(none, &n), 0);
}

static void repeat_goes_on(void **state)
{
    (void)state;
    const int seven = 7;
    int n = 0;
    struct ant_stream_repeat repeat = ant_stream_repeat(&seven);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(READ(repeat, &n), 1);
        assert_int_equal(n, 7);
    }
    ant_stream_drop(&repeat.base);
}

static int halve(void *item, void *state)
{
    unsigned *left = state;
    unsigned *half = item;
    if (*left == 13) return -EIO;
    *half = *left /= 2;
    return *left > 0;
}

static void unfold_makes_items_out_of_a_state(void **state)
{
    (void)state;
    unsigned n;
    unsigned left = 4;
    struct ant_stream_unfold powers = ant_stream_unfold(unsigned, halve, &left);
    assert_int_equal(READ(powers, &n), 1);
    assert_int_equal(n, 2);
    assert_int_equal(READ(powers, &n), 1);
    assert_int_equal(READ(powers, &n), 0);
    left = 13;
    powers = ant_stream_unfold(unsigned, halve, &left);
    assert_int_equal(READ(powers, &n), -EIO);
    assert_true(ant_stream_is_over(&powers.base));
}

static void interval_gives_its_ticks(void **state)
{
    (void)state;
    uint64_t at_ns = 1;
    struct ant_stream_from_interval beats =
        ant_stream_from_interval(ant_interval(50));
    assert_int_equal(READ(beats, &at_ns), 1);
    assert_int_equal(at_ns, 0);
    assert_int_equal(READ(beats, &at_ns), -EAGAIN);
    hand_clock_advance_ms(&hands, 50);
    assert_int_equal(READ(beats, &at_ns), 1);
    assert_int_equal(at_ns, 50 * ANT_NS_PER_MS);
    assert_int_equal(READ(beats, &at_ns), -EAGAIN);
    ant_stream_drop(&beats.base);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(gives_items_and_then_its_end),
        TEST(wakes_whoever_waits_for_an_item),
        TEST(tells_an_error_on_the_way_from_one_at_the_end),
        TEST(a_dropped_next_leaves_the_stream),
        TEST(dropping_a_new_one_does_nothing),
        TEST(traps_when_it_is_polled_after_its_end),
        TEST(traps_when_it_is_awaited),
        TEST(traps_when_the_place_has_another_size),
        TEST(can_be_an_async_function),
        TEST(drops_what_it_awaits),
        TEST(a_next_may_lose_a_race),
        TEST(an_item_costs_one_operation),
        TEST(iter_gives_what_is_in_the_array),
        TEST(once_and_empty_are_short),
        TEST(range_ends_before_its_end),
        TEST(repeat_goes_on),
        TEST(unfold_makes_items_out_of_a_state),
        TEST(interval_gives_its_ticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
