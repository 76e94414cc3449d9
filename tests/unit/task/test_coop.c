// SPDX-License-Identifier: MIT
//
// Tests of task/coop.

#include "task/coop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/hand.h"
#include "support/stub.h"

static void each_takes_one(void **state)
{
    (void)state;
    hand_task task;
    hand_task_init(&task, 1);
    struct ant_consume_budget turn = ant_consume_budget();
    assert_int_equal(hand_poll(&task, &turn.base), ANT_READY);
    assert_int_equal(task.budget_left, ANT_BUDGET - 1);

    turn = ant_consume_budget();
    task.budget = 0;
    assert_int_equal(hand_poll(&task, &turn.base), ANT_PENDING);
    assert_true(task.has_yielded);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_int_equal(hand_poll(&task, &turn.base), ANT_READY);
}

// Takes more than there is, and looks at what is left.
struct glutton {
    ant_future base;
    bool had_budget;
};

ANT_ASYNC(glutton)
{
    for (int i = 0; i < 2 * ANT_BUDGET; i++) {
        if (!ant_coop_consume(cx)) return ANT_PENDING;
    }
    self->had_budget = ant_has_budget_remaining();
    return ANT_READY;
}

static void nothing_stops_an_unconstrained_future(void **state)
{
    (void)state;
    hand_task task;
    hand_task_init(&task, 1);
    struct glutton inner = { ANT_INIT(glutton) };
    struct ant_unconstrained free_one = ant_unconstrained(&inner.base);
    assert_int_equal(hand_poll(&task, &free_one.base), ANT_READY);
    assert_int_equal(task.budget_left, ANT_BUDGET);
    assert_false(task.has_yielded);
    assert_true(inner.had_budget);

    struct glutton bound = { ANT_INIT(glutton) };
    assert_int_equal(hand_poll(&task, &bound.base), ANT_PENDING);
    assert_true(task.has_yielded);
}

static void its_result_is_that_of_the_future_in_it(void **state)
{
    (void)state;
    hand_task task;
    hand_task_init(&task, 1);
    stub_log log = { .len = 0 };
    struct stub inner = stub('a', &log);
    struct ant_unconstrained outer = ant_unconstrained(&inner.base);
    assert_int_equal(hand_poll(&task, &outer.base), ANT_PENDING);
    inner.may_end = true;
    inner.result = 3;
    assert_int_equal(hand_poll(&task, &outer.base), ANT_READY);
    assert_int_equal(outer.base.result, 3);

    inner = stub('b', &log);
    outer = ant_unconstrained(&inner.base);
    assert_int_equal(hand_poll(&task, &outer.base), ANT_PENDING);
    ant_future_drop(&outer.base);
    assert_int_equal(inner.drop_count, 1);
}

static void outside_of_tasks_there_is_budget(void **state)
{
    (void)state;
    assert_true(ant_has_budget_remaining());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_takes_one),
        cmocka_unit_test(nothing_stops_an_unconstrained_future),
        cmocka_unit_test(its_result_is_that_of_the_future_in_it),
        cmocka_unit_test(outside_of_tasks_there_is_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
