// SPDX-License-Identifier: MIT
//
// Tests of explore/frontier: every schedule comes once, those with the fewest
// changes first.

#include "explore/frontier.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/macros.h"

static explore_frontier frontier;
static char text[EXPLORE_TEXT_MAX];

static int tear_down(void **state)
{
    (void)state;
    explore_frontier_deinit(&frontier);
    return 0;
}

// What a program with these many ready tasks at each choice would leave.
static void grow(const uint32_t *of, uint32_t count)
{
    explore_choice choice[8];
    for (uint32_t i = 0; i < count; i++)
        choice[i] = (explore_choice){ .place = 1, .of = of[i] };
    const explore_trail trail = { .choice = choice, .count = count };
    assert_int_equal(explore_frontier_grow(&frontier, &trail), 0);
}

static void expect_next(const char *schedule, uint32_t changes)
{
    assert_true(explore_frontier_next(&frontier, text, sizeof text));
    assert_string_equal(text, schedule);
    assert_int_equal(explore_frontier_changes(&frontier), changes);
}

static void the_usual_order_comes_first(void **state)
{
    (void)state;
    assert_int_equal(explore_frontier_init(&frontier, 10), 0);
    expect_next("", 0);
    assert_false(explore_frontier_next(&frontier, text, sizeof text));
    assert_false(frontier.is_cut);
}

static void each_schedule_comes_once_with_few_changes_first(void **state)
{
    (void)state;
    const uint32_t of[] = { 2, 3 };
    const struct {
        const char *schedule;
        uint32_t changes;
    } expected[] = { { "", 0 },    { "2", 1 },   { "1.2", 1 },
                     { "1.3", 1 }, { "2.2", 2 }, { "2.3", 2 } };
    assert_int_equal(explore_frontier_init(&frontier, 10), 0);
    for (size_t i = 0; i < ANT_ARRAY_LEN(expected); i++) {
        expect_next(expected[i].schedule, expected[i].changes);
        grow(of, 2);
    }
    assert_false(explore_frontier_next(&frontier, text, sizeof text));
}

// A change can make a run longer or shorter.
static void a_run_may_have_other_choices_than_its_parent(void **state)
{
    (void)state;
    assert_int_equal(explore_frontier_init(&frontier, 10), 0);
    expect_next("", 0);
    grow((uint32_t[]){ 2 }, 1);
    expect_next("2", 1);
    grow((uint32_t[]){ 2, 1, 2 }, 3);
    expect_next("2.1.2", 2);
    grow((uint32_t[]){ 2 }, 1);
    assert_false(explore_frontier_next(&frontier, text, sizeof text));
}

static void late_choices_can_be_left_alone(void **state)
{
    (void)state;
    assert_int_equal(explore_frontier_init(&frontier, 1), 0);
    expect_next("", 0);
    grow((uint32_t[]){ 2, 2 }, 2);
    assert_true(frontier.is_cut);
    expect_next("2", 1);
    grow((uint32_t[]){ 2, 2 }, 2);
    assert_false(explore_frontier_next(&frontier, text, sizeof text));
}

// All orders of five tasks that run once each: 5! schedules.
static void the_orders_of_five_tasks_are_all_there(void **state)
{
    (void)state;
    assert_int_equal(explore_frontier_init(&frontier, 10), 0);
    unsigned runs = 0;
    while (explore_frontier_next(&frontier, text, sizeof text)) {
        grow((uint32_t[]){ 5, 4, 3, 2 }, 4);
        runs++;
    }
    assert_int_equal(runs, 120);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_teardown(test, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_usual_order_comes_first),
        TEST(each_schedule_comes_once_with_few_changes_first),
        TEST(a_run_may_have_other_choices_than_its_parent),
        TEST(late_choices_can_be_left_alone),
        TEST(the_orders_of_five_tasks_are_all_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
