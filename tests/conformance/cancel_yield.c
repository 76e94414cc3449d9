// SPDX-License-Identifier: MIT
//
// The cancellation matrix of the two futures that wait for nobody: they let
// others go first, and the task's own queue brings them back. Dropped before
// their first poll, while the task stands in the queue, and after the end, they
// keep no waker, take nothing from the budget, and one made anew works.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "antfarm.h"
#include "mock/mock_task.h"

typedef enum moment { NEW, QUEUED, ENDED, MOMENTS } moment;

static struct ant_yield_now turn;
static struct ant_consume_budget payment;

static ant_future *make_turn(void)
{
    turn = ant_yield_now();
    return &turn.base;
}

static ant_future *make_payment(void)
{
    payment = ant_consume_budget();
    return &payment.base;
}

// One poll with nothing left to spend yields; the next one has a full budget.
static void go_to(ant_mock_task *task, ant_future *future, moment when)
{
    if (when == NEW) return;
    task->budget = 0;
    assert_int_equal(ant_mock_task_poll(task, future), ANT_PENDING);
    assert_true(task->has_yielded);
    if (when == QUEUED) return;
    assert_int_equal(ant_mock_task_poll(task, future), ANT_READY);
    assert_false(task->has_yielded);
}

static void drop_at(ant_future *(*make)(void), moment when)
{
    ant_mock_task task;
    ant_mock_task_init(&task, 1);
    ant_future *future = make();
    go_to(&task, future, when);
    const uint32_t wakes = ant_mock_task_take_wakes(&task);
    ant_future_drop(future);
    assert_int_equal(ant_mock_task_waker_refs(&task), 0);
    assert_int_equal(ant_mock_task_take_wakes(&task), 0);
    assert_true(wakes <= 1);

    future = make();
    go_to(&task, future, ENDED);
    assert_int_equal(future->result, 0);
    ant_future_drop(future);
    assert_int_equal(ant_mock_task_waker_refs(&task), 0);
}

static void a_yield_is_dropped_at_any_moment(void **state)
{
    (void)state;
    for (moment when = NEW; when < MOMENTS; when++)
        drop_at(make_turn, when);
}

static void a_payment_is_dropped_at_any_moment(void **state)
{
    (void)state;
    for (moment when = NEW; when < MOMENTS; when++)
        drop_at(make_payment, when);
}

static void a_payment_that_is_dropped_unpolled_costs_nothing(void **state)
{
    (void)state;
    ant_mock_task task;
    ant_mock_task_init(&task, 1);
    ant_future *future = make_payment();
    ant_future_drop(future);
    future = make_payment();
    task.budget = 1;
    assert_int_equal(ant_mock_task_poll(&task, future), ANT_READY);
    assert_int_equal(task.budget_left, 0);
    ant_future_drop(future);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_yield_is_dropped_at_any_moment),
        cmocka_unit_test(a_payment_is_dropped_at_any_moment),
        cmocka_unit_test(a_payment_that_is_dropped_unpolled_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
