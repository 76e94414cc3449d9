// SPDX-License-Identifier: MIT
//
// Tests of time/timeout.

#include "time/timeout.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/hand.h"
#include "support/stub.h"

static hand_clock hands;
static hand_task task;
static stub_log diary;
static struct stub inner;

static int set_up(void **state)
{
    (void)state;
    diary = (stub_log){ .len = 0 };
    inner = stub('a', &diary);
    hand_clock_init(&hands);
    hand_task_init(&task, 1);
    task.clock = &hands;
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

static void ends_as_the_inner_future_when_that_is_in_time(void **state)
{
    (void)state;
    struct ant_timeout limit = ant_timeout(10, &inner.base);
    assert_int_equal(hand_poll(&task, &limit.base), ANT_PENDING);
    inner.may_end = true;
    inner.result = -EIO;
    assert_int_equal(hand_poll(&task, &limit.base), ANT_READY);
    assert_int_equal(limit.base.result, -EIO);
    assert_false(limit.is_elapsed);
    assert_string_equal(diary.text, "aaA");
}

static void drops_the_inner_future_when_the_time_is_up(void **state)
{
    (void)state;
    struct ant_timeout limit = ant_timeout(10, &inner.base);
    assert_int_equal(hand_poll(&task, &limit.base), ANT_PENDING);
    hand_clock_advance_ms(&hands, 10);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_int_equal(hand_poll(&task, &limit.base), ANT_READY);
    assert_int_equal(limit.base.result, -ETIMEDOUT);
    assert_true(limit.is_elapsed);
    assert_string_equal(diary.text, "aa-a");
}

// M8: the future goes first, and beats a deadline that has come.
static void lets_the_inner_future_win_at_the_deadline(void **state)
{
    (void)state;
    struct ant_timeout limit = ant_timeout(10, &inner.base);
    assert_int_equal(hand_poll(&task, &limit.base), ANT_PENDING);
    hand_clock_advance_ms(&hands, 10);
    inner.may_end = true;
    assert_int_equal(hand_poll(&task, &limit.base), ANT_READY);
    assert_int_equal(limit.base.result, 0);

    inner = stub('a', &diary);
    inner.may_end = true;
    struct ant_timeout none = ant_timeout_until(0, &inner.base);
    assert_int_equal(hand_poll(&task, &none.base), ANT_READY);
    assert_int_equal(none.base.result, 0);
}

static void of_no_time_polls_the_inner_future_once(void **state)
{
    (void)state;
    struct ant_timeout limit = ant_timeout(0, &inner.base);
    assert_int_equal(hand_poll(&task, &limit.base), ANT_READY);
    assert_int_equal(limit.base.result, -ETIMEDOUT);
    assert_string_equal(diary.text, "a-a");
}

// M8, K37: a future that eats the whole budget does not outlive its deadline.
static void holds_although_the_budget_is_used_up(void **state)
{
    (void)state;
    inner.appetite = ANT_BUDGET + 1;
    struct ant_timeout limit = ant_timeout(10, &inner.base);
    assert_int_equal(hand_poll(&task, &limit.base), ANT_PENDING);
    assert_int_equal(task.budget_left, 0);
    hand_clock_advance_ms(&hands, 10);
    assert_int_equal(hand_poll(&task, &limit.base), ANT_READY);
    assert_int_equal(limit.base.result, -ETIMEDOUT);
}

// Without budget from the start it is a timer like any other, and yields.
static void yields_when_there_was_no_budget(void **state)
{
    (void)state;
    struct ant_timeout limit = ant_timeout(0, &inner.base);
    task.budget = 0;
    assert_int_equal(hand_poll(&task, &limit.base), ANT_PENDING);
    assert_true(task.has_yielded);
    assert_int_equal(hand_poll(&task, &limit.base), ANT_READY);
}

// K21.
static void clamps_at_the_end_of_time(void **state)
{
    (void)state;
    struct ant_timeout limit = ant_timeout(UINT64_MAX, &inner.base);
    assert_int_equal(hand_poll(&task, &limit.base), ANT_PENDING);
    hand_clock_advance_ms(&hands, 1000);
    assert_int_equal(hand_poll(&task, &limit.base), ANT_PENDING);
    ant_future_drop(&limit.base);
    assert_string_equal(diary.text, "aa-a");
}

static void ends_with_the_clock(void **state)
{
    (void)state;
    struct ant_timeout limit = ant_timeout(10, &inner.base);
    assert_int_equal(hand_poll(&task, &limit.base), ANT_PENDING);
    ant_timers_close(&hands.timers);
    assert_int_equal(hand_poll(&task, &limit.base), ANT_READY);
    assert_int_equal(limit.base.result, -ESHUTDOWN);
    assert_false(limit.is_elapsed);
    assert_int_equal(inner.drop_count, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(ends_as_the_inner_future_when_that_is_in_time),
        TEST(drops_the_inner_future_when_the_time_is_up),
        TEST(lets_the_inner_future_win_at_the_deadline),
        TEST(of_no_time_polls_the_inner_future_once),
        TEST(holds_although_the_budget_is_used_up),
        TEST(yields_when_there_was_no_budget),
        TEST(clamps_at_the_end_of_time),
        TEST(ends_with_the_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
