// SPDX-License-Identifier: MIT
//
// Tests of sched/idle on one thread: who is woken, who may search, and the
// count of threads that can still do something.

#include "sched/idle.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"

static ant_idle idle;

static int set_up(void **state)
{
    (void)state;
    return ant_idle_init(&idle, 4);
}

static int tear_down(void **state)
{
    (void)state;
    ant_idle_deinit(&idle);
    return 0;
}

static void while_all_are_awake_nobody_is_woken(void **state)
{
    (void)state;
    assert_int_equal(ant_idle_notify(&idle), -1);
    assert_int_equal(ant_idle_running(&idle), 4);
    assert_int_equal(ant_idle_sleeping(&idle), 0);
}

static void the_warmest_sleeper_is_woken_and_searches(void **state)
{
    (void)state;
    assert_false(ant_idle_sleep(&idle, 2, false));
    assert_false(ant_idle_sleep(&idle, 0, false));
    assert_int_equal(ant_idle_running(&idle), 2);
    assert_int_equal(ant_idle_notify(&idle), 0);
    assert_int_equal(ant_idle_running(&idle), 3);
    assert_int_equal(ant_idle_searching(&idle), 1);
}

static void as_long_as_one_searches_nobody_else_is_woken(void **state)
{
    (void)state;
    (void)ant_idle_sleep(&idle, 2, false);
    (void)ant_idle_sleep(&idle, 0, false);
    assert_int_equal(ant_idle_notify(&idle), 0);
    assert_int_equal(ant_idle_notify(&idle), -1);
    // It found work, and was the last: it wakes the next one.
    assert_true(ant_idle_search_end(&idle));
    assert_int_equal(ant_idle_notify(&idle), 2);
}

// S8.
static void at_most_half_of_the_workers_search(void **state)
{
    (void)state;
    assert_true(ant_idle_search_begin(&idle));
    assert_true(ant_idle_search_begin(&idle));
    assert_false(ant_idle_search_begin(&idle));
    assert_false(ant_idle_search_end(&idle));
    assert_true(ant_idle_search_begin(&idle));
}

static void the_last_searcher_that_falls_asleep_has_to_look_again(void **state)
{
    (void)state;
    assert_true(ant_idle_search_begin(&idle));
    assert_true(ant_idle_search_begin(&idle));
    assert_false(ant_idle_sleep(&idle, 0, true));
    assert_true(ant_idle_sleep(&idle, 1, true));
    assert_int_equal(ant_idle_searching(&idle), 0);
    assert_false(ant_idle_sleep(&idle, 2, false));
}

static void a_worker_that_wakes_by_itself_is_no_sleeper_any_more(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 3; i++)
        (void)ant_idle_sleep(&idle, i, false);
    assert_true(ant_idle_wake_self(&idle, 1));
    assert_false(ant_idle_wake_self(&idle, 1));
    assert_int_equal(ant_idle_sleeping(&idle), 2);
    assert_int_equal(ant_idle_running(&idle), 2);
    assert_int_equal(ant_idle_notify(&idle), 2);
    // It was notified meanwhile: it counts as searching.
    assert_false(ant_idle_wake_self(&idle, 2));
    assert_true(ant_idle_search_end(&idle));
    assert_int_equal(ant_idle_notify(&idle), 0);
}

static void counts_who_can_still_do_something(void **state)
{
    (void)state;
    assert_int_equal(ant_idle_running_add(&idle, +1), 5);
    for (uint32_t i = 0; i < 4; i++)
        (void)ant_idle_sleep(&idle, i, false);
    assert_int_equal(ant_idle_running(&idle), 1);
    assert_int_equal(ant_idle_running_add(&idle, -1), 0);
}

static void without_memory_there_is_none(void **state)
{
    (void)state;
    ant_idle none;
    ant_mem_fail_nth(1, 0);
    assert_int_equal(ant_idle_init(&none, 4), -ENOMEM);
    ant_idle_deinit(&none);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(while_all_are_awake_nobody_is_woken),
        TEST(the_warmest_sleeper_is_woken_and_searches),
        TEST(as_long_as_one_searches_nobody_else_is_woken),
        TEST(at_most_half_of_the_workers_search),
        TEST(the_last_searcher_that_falls_asleep_has_to_look_again),
        TEST(a_worker_that_wakes_by_itself_is_no_sleeper_any_more),
        TEST(counts_who_can_still_do_something),
        TEST(without_memory_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
