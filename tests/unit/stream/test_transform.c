// SPDX-License-Identifier: MIT
//
// Tests of stream/transform and stream/collect.

#include "stream/transform.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stream/collect.h"
#include "stream/source.h"
#include "support/feed.h"
#include "support/hand.h"

static hand_task task;
static struct feed feed;
static struct ant_stream_range numbers;

static int set_up(void **state)
{
    (void)state;
    hand_task_init(&task, 1);
    feed = feed_new();
    numbers = ant_stream_range(0, 10);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(hand_refs(&task), 0);
    return 0;
}

static int64_t got[16];

// What a stream of int64_t gives, as one number: 1, 2, 3 is 123.
static int64_t digits(ant_stream *stream)
{
    struct ant_stream_collect all = ant_stream_collect(stream, got);
    assert_int_equal(hand_poll(&task, &all.base), ANT_READY);
    assert_true(all.base.result >= 0);
    int64_t sum = 0;
    for (int i = 0; i < all.base.result; i++) {
        sum = sum * 10 + got[i];
    }
    return sum;
}

static void halve(const void *item, void *mapped, void *arg)
{
    (void)arg;
    const int64_t *n = item;
    int *half = mapped;
    *half = (int)(*n / 2);
}

static bool is_even(const void *item, void *arg)
{
    (void)arg;
    const int64_t *n = item;
    return *n % 2 == 0;
}

static bool is_below(const void *item, void *arg)
{
    const int64_t *n = item;
    const int64_t *limit = arg;
    return *n < *limit;
}

static bool third(const void *item, void *mapped, void *arg)
{
    (void)arg;
    const int64_t *n = item;
    int64_t *part = mapped;
    *part = *n / 3;
    return *n % 3 == 0;
}

static bool running_sum(const void *item, void *mapped, void *arg)
{
    const int64_t *n = item;
    int64_t *sum = arg;
    int64_t *so_far = mapped;
    *so_far = *sum += *n;
    return *sum < 10;
}

static void map_may_change_the_type(void **state)
{
    (void)state;
    int half[16];
    struct ant_stream_map map = ant_stream_map(&numbers.base, int, halve, NULL);
    struct ant_stream_collect all = ant_stream_collect(&map.base, half);
    assert_int_equal(hand_poll(&task, &all.base), ANT_READY);
    assert_int_equal(all.base.result, 10);
    assert_int_equal(half[7], 3);
}

static void filter_keeps_what_is_wanted(void **state)
{
    (void)state;
    struct ant_stream_filter evens =
        ant_stream_filter(&numbers.base, is_even, NULL);
    assert_int_equal(digits(&evens.base), 2468);
}

static void filter_map_leaves_out(void **state)
{
    (void)state;
    struct ant_stream_filter_map thirds =
        ant_stream_filter_map(&numbers.base, int64_t, third, NULL);
    assert_int_equal(digits(&thirds.base), 123);
}

static void map_while_scans_up_to_a_no(void **state)
{
    (void)state;
    int64_t sum = 0;
    struct ant_stream_filter_map sums =
        ant_stream_map_while(&numbers.base, int64_t, running_sum, &sum);
    assert_int_equal(digits(&sums.base), 136);
    assert_true(ant_stream_is_over(&numbers.base));
}

static void take_and_skip_count(void **state)
{
    (void)state;
    struct ant_stream_skip rest = ant_stream_skip(&numbers.base, 4);
    struct ant_stream_take some = ant_stream_take(&rest.base, 3);
    assert_int_equal(digits(&some.base), 456);
    assert_true(ant_stream_is_over(&numbers.base));

    numbers = ant_stream_range(0, 10);
    struct ant_stream_take none = ant_stream_take(&numbers.base, 0);
    assert_int_equal(digits(&none.base), 0);
    assert_true(ant_stream_is_over(&numbers.base));

    numbers = ant_stream_range(0, 3);
    struct ant_stream_skip all = ant_stream_skip(&numbers.base, 5);
    assert_int_equal(digits(&all.base), 0);
}

static void take_asks_for_no_more_than_it_gives(void **state)
{
    (void)state;
    int three[3];
    for (int i = 0; i < 5; i++) {
        feed_put(&feed, i);
    }
    struct ant_stream_take take = ant_stream_take(&feed.base, 3);
    struct ant_stream_collect all = ant_stream_collect(&take.base, three);
    assert_int_equal(hand_poll(&task, &all.base), ANT_READY);
    assert_int_equal(all.base.result, 3);
    assert_int_equal(feed.poll_count, 3);
    assert_true(feed.was_dropped);
}

static void the_while_kinds_ask_until_the_first_no(void **state)
{
    (void)state;
    int64_t three = 3;
    struct ant_stream_take_while low =
        ant_stream_take_while(&numbers.base, is_below, &three);
    assert_int_equal(digits(&low.base), 12);
    assert_true(ant_stream_is_over(&numbers.base));

    // Behind the first no it does not look any more.
    const int64_t zigzag[] = { 1, 2, 5, 1, 2 };
    struct ant_stream_iter iter = ant_stream_iter(zigzag, 5);
    struct ant_stream_skip_while high =
        ant_stream_skip_while(&iter.base, is_below, &three);
    assert_int_equal(digits(&high.base), 512);
}

static bool is_odd_int(const void *item, void *arg)
{
    (void)arg;
    const int *n = item;
    return *n % 2 == 1;
}

static void dropping_the_outermost_drops_all(void **state)
{
    (void)state;
    int n;
    struct ant_stream_filter odd =
        ant_stream_filter(&feed.base, is_odd_int, NULL);
    struct ant_stream_skip rest = ant_stream_skip(&odd.base, 1);
    struct ant_stream_next next = ant_stream_next(&rest.base, &n);
    assert_int_equal(hand_poll(&task, &next.base), ANT_PENDING);
    assert_int_equal(hand_refs(&task), 1);
    ant_future_drop(&next.base);
    ant_stream_drop(&rest.base);
    assert_true(feed.was_dropped);
    assert_true(ant_stream_is_over(&odd.base));
}

static void errors_on_the_way_are_passed_on(void **state)
{
    (void)state;
    int n = 0;
    feed_error(&feed, -EOVERFLOW);
    feed_put(&feed, 3);
    feed_end(&feed, -EIO);
    struct ant_stream_filter odd =
        ant_stream_filter(&feed.base, is_odd_int, NULL);
    struct ant_stream_take some = ant_stream_take(&odd.base, 1);
    const int wanted[] = { -EOVERFLOW, 1, 0 };
    for (int i = 0; i < 3; i++) {
        struct ant_stream_next next = ant_stream_next(&some.base, &n);
        assert_int_equal(hand_poll(&task, &next.base), ANT_READY);
        assert_int_equal(next.base.result, wanted[i]);
    }
    assert_int_equal(n, 3);
    assert_true(feed.was_dropped);
}

// ---- Reading to the end ----

static void add(const void *item, void *arg)
{
    const int64_t *n = item;
    int64_t *sum = arg;
    *sum += *n;
}

static int add_below_five(const void *item, void *arg)
{
    const int64_t *n = item;
    if (*n == 5) return -EINVAL;
    add(item, arg);
    return 1; // anything that is no error
}

static void fold_and_count_say_how_many(void **state)
{
    (void)state;
    int64_t sum = 0;
    struct ant_stream_for_each fold = ant_stream_fold(&numbers.base, add, &sum);
    assert_int_equal(hand_poll(&task, &fold.base), ANT_READY);
    assert_int_equal(fold.base.result, 10);
    assert_int_equal(sum, 45);

    numbers = ant_stream_range(0, 7);
    struct ant_stream_for_each count = ant_stream_count(&numbers.base);
    assert_int_equal(hand_poll(&task, &count.base), ANT_READY);
    assert_int_equal(count.base.result, 7);
}

static void for_each_ends_with_an_error(void **state)
{
    (void)state;
    int64_t sum = 0;
    struct ant_stream_for_each each =
        ant_stream_for_each(&numbers.base, add_below_five, &sum);
    assert_int_equal(hand_poll(&task, &each.base), ANT_READY);
    assert_int_equal(each.base.result, -EINVAL);
    assert_int_equal(each.count, 6);
    assert_int_equal(sum, 10);
    assert_true(ant_stream_is_over(&numbers.base));
}

static void an_error_of_the_stream_is_theirs(void **state)
{
    (void)state;
    int room[4];
    feed_put(&feed, 1);
    feed_error(&feed, -EOVERFLOW);
    feed_put(&feed, 2);
    struct ant_stream_collect all = ant_stream_collect(&feed.base, room);
    assert_int_equal(hand_poll(&task, &all.base), ANT_READY);
    assert_int_equal(all.base.result, -EOVERFLOW);
    assert_int_equal(all.count, 1);
    assert_true(feed.was_dropped);
}

static void collect_waits_and_goes_on(void **state)
{
    (void)state;
    int room[4];
    struct ant_stream_collect all = ant_stream_collect(&feed.base, room);
    assert_int_equal(hand_poll(&task, &all.base), ANT_PENDING);
    feed_put(&feed, 4);
    assert_int_equal(hand_poll(&task, &all.base), ANT_PENDING);
    feed_put(&feed, 5);
    feed_end(&feed, 0);
    assert_int_equal(hand_poll(&task, &all.base), ANT_READY);
    assert_int_equal(all.base.result, 2);
    assert_int_equal(room[1], 5);

    feed = feed_new();
    all = ant_stream_collect(&feed.base, room);
    assert_int_equal(hand_poll(&task, &all.base), ANT_PENDING);
    ant_future_drop(&all.base);
    assert_true(feed.was_dropped);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(map_may_change_the_type),
        TEST(filter_keeps_what_is_wanted),
        TEST(filter_map_leaves_out),
        TEST(map_while_scans_up_to_a_no),
        TEST(take_and_skip_count),
        TEST(take_asks_for_no_more_than_it_gives),
        TEST(the_while_kinds_ask_until_the_first_no),
        TEST(dropping_the_outermost_drops_all),
        TEST(errors_on_the_way_are_passed_on),
        TEST(fold_and_count_say_how_many),
        TEST(for_each_ends_with_an_error),
        TEST(an_error_of_the_stream_is_theirs),
        TEST(collect_waits_and_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
