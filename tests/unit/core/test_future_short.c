// SPDX-License-Identifier: MIT
//
// Tests of core/future: the short form of an async function, which has one
// await and no states, and the constructors that need no writing.

#include "core/future.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/task.h"
#include "support/executor.h"
#include "support/hand.h"
#include "support/stub.h"

static hand_task task;
static stub_log events;

static int set_up(void **state)
{
    (void)state;
    hand_task_init(&task, 1);
    events = (stub_log){ .len = 0 };
    return 0;
}

// Rides `count` times.
ANT_ASYNC_FN(ride, int count, unsigned begun, unsigned done, struct stub bus)
{
    if (ANT_BEGINS(self->bus)) {
        self->begun++;
        self->bus = stub('b', &events);
    }
    ANT_AWAIT(self->bus);
    return ++self->done < 3 ? ANT_AGAIN : ANT_READY;
}

static void begins_its_child_once_for_each_turn(void **state)
{
    (void)state;
    struct ride r = ride();
    assert_int_equal(hand_poll(&task, &r.base), ANT_PENDING);
    assert_int_equal(hand_poll(&task, &r.base), ANT_PENDING);
    assert_int_equal(r.begun, 1);
    r.bus.may_end = true;
    assert_int_equal(hand_poll(&task, &r.base), ANT_PENDING);
    assert_int_equal(r.begun, 2);
    assert_int_equal(r.done, 1);
    assert_string_equal(events.text, "bbbBb");
    r.bus.may_end = true;
    assert_int_equal(hand_poll(&task, &r.base), ANT_PENDING);
    r.bus.may_end = true;
    assert_int_equal(hand_poll(&task, &r.base), ANT_READY);
    assert_int_equal(r.begun, 3);
}

static void drops_the_child_that_is_under_way(void **state)
{
    (void)state;
    struct ride r = ride();
    assert_int_equal(hand_poll(&task, &r.base), ANT_PENDING);
    ant_future_drop(&r.base);
    assert_string_equal(events.text, "b-b");
}

static void takes_its_arguments_by_name(void **state)
{
    (void)state;
    const struct ride r = ANT_FUTURE(ride, .count = 7, .begun = 2);
    assert_int_equal(r.count, 7);
    assert_int_equal(r.begun, 2);
    assert_int_equal(r.done, 0);
    assert_int_equal(r.base.phase, ANT_PHASE_NEW);
    assert_string_equal(r.base.ops->name, "ride");
}

static void a_task_of_a_future_that_is_written_out_has_its_name(void **state)
{
    (void)state;
    executor ex;
    executor_init(&ex);
    char name[32];
    struct ant_join_handle written =
        executor_spawn(&ex, ANT_FUTURE(ride, .count = 7));
    ant_task_name(&written, name, sizeof name);
    assert_string_equal(name, "ride");
    struct ant_join_handle called = executor_spawn(&ex, ride());
    ant_task_name(&called, name, sizeof name);
    assert_string_equal(name, "ride");
    ant_task_abort(&written);
    ant_task_abort(&called);
    executor_run(&ex);
    ant_task_detach(&written);
    ant_task_detach(&called);
}

// ---- What begins beside the await ----

ANT_ASYNC_FN(trip, unsigned begun, struct stub side, struct stub bus)
{
    if (ANT_BEGINS(self->side)) {
        self->begun++;
        self->side = stub('s', &events);
    }
    if (ANT_BEGINS(self->bus)) self->bus = stub('b', &events);
    ANT_AWAIT(self->bus);
    return ANT_READY;
}

static void what_is_not_awaited_begins_once_too(void **state)
{
    (void)state;
    struct trip t = trip();
    assert_int_equal(hand_poll(&task, &t.base), ANT_PENDING);
    assert_int_equal(hand_poll(&task, &t.base), ANT_PENDING);
    assert_int_equal(t.begun, 1);
    assert_string_equal(events.text, "bb");
}

// The mistake: a second await. The first child would begin again and again.
ANT_ASYNC_FN(two_awaits, struct stub one, struct stub two)
{
    if (ANT_BEGINS(self->one)) self->one = stub('1', &events);
    self->one.may_end = true;
    ANT_AWAIT(self->one);
    if (ANT_BEGINS(self->two)) self->two = stub('2', &events);
    ANT_AWAIT(self->two);
    return ANT_READY;
}

static void poll_it(void *arg)
{
    (void)!hand_poll(&task, arg);
}

static void a_second_await_traps(void **state)
{
    (void)state;
    struct two_awaits t = two_awaits();
    assert_int_equal(hand_poll(&task, &t.base), ANT_PENDING);
    assert_true(hand_traps(poll_it, &t.base));
    assert_non_null(strstr(hand_trap_text(), "`two_awaits` of task 0 would "
                                             "begin a `stub` while it awaits a "
                                             "`stub`"));
    assert_non_null(strstr(hand_trap_text(), "test_future_short.c:"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(begins_its_child_once_for_each_turn, set_up),
        cmocka_unit_test_setup(drops_the_child_that_is_under_way, set_up),
        cmocka_unit_test_setup(takes_its_arguments_by_name, set_up),
        cmocka_unit_test_setup(
            a_task_of_a_future_that_is_written_out_has_its_name, set_up),
        cmocka_unit_test_setup(what_is_not_awaited_begins_once_too, set_up),
        cmocka_unit_test_setup(a_second_await_traps, set_up),
    };
    return cmocka_run_group_tests_name("core/future_short", tests, NULL, NULL);
}
