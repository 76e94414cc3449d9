// SPDX-License-Identifier: MIT
//
// The cancellation matrix of what waits for nobody: it lets others go first,
// and the task's own queue brings it back. Dropped before its first poll, while
// the task stands in the queue, and after the end, it keeps no waker, takes
// nothing from the budget, and one made anew works. So do streams that are
// never empty.

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

static ant_stream *source;
static struct ant_stream_next next;
static int64_t item;

static ant_future *make_next(void)
{
    next = ant_stream_next(source, &item);
    return &next.base;
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

// Drops one, and has another one, which ends with `result`.
static void drop_at(ant_future *(*make)(void), moment when, int result)
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
    assert_int_equal(future->result, result);
    ant_future_drop(future);
    assert_int_equal(ant_mock_task_waker_refs(&task), 0);
}

static void a_yield_is_dropped_at_any_moment(void **state)
{
    (void)state;
    for (moment when = NEW; when < MOMENTS; when++)
        drop_at(make_turn, when, 0);
}

static void a_payment_is_dropped_at_any_moment(void **state)
{
    (void)state;
    for (moment when = NEW; when < MOMENTS; when++)
        drop_at(make_payment, when, 0);
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

static int count_on(void *count, void *state)
{
    int64_t *so_far = state;
    int64_t *out = count;
    *out = ++*so_far;
    return 1;
}

static void a_stream_that_is_never_empty_keeps_its_items(void **state)
{
    (void)state;
    const int64_t seven = 7;
    for (moment when = NEW; when < MOMENTS; when++) {
        struct ant_stream_iter once = ant_stream_once(&seven);
        source = &once.base;
        item = 0;
        drop_at(make_next, when, when == ENDED ? 0 : 1); // it had one
        assert_int_equal(item, 7);

        struct ant_stream_repeat repeat = ant_stream_repeat(&seven);
        source = &repeat.base;
        item = 0;
        drop_at(make_next, when, 1);
        assert_int_equal(item, 7);

        int64_t so_far = 0;
        struct ant_stream_unfold unfold =
            ant_stream_unfold(int64_t, count_on, &so_far);
        source = &unfold.base;
        drop_at(make_next, when, 1);
        assert_int_equal(item, when == ENDED ? 2 : 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_yield_is_dropped_at_any_moment),
        cmocka_unit_test(a_payment_is_dropped_at_any_moment),
        cmocka_unit_test(a_payment_that_is_dropped_unpolled_costs_nothing),
        cmocka_unit_test(a_stream_that_is_never_empty_keeps_its_items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
