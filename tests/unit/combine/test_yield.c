// SPDX-License-Identifier: MIT
//
// Tests of combine/yield.

#include "combine/yield.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/hand.h"

// S11.
static void is_pending_once_and_wakes_its_own_task(void **state)
{
    (void)state;
    hand_task task;
    hand_task_init(&task, 1);
    struct ant_yield_now turn = ant_yield_now();
    assert_int_equal(hand_poll(&task, &turn.base), ANT_PENDING);
    assert_true(task.has_yielded);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_int_equal(ant_atomic_load(&task.via, ANT_RELAXED), ANT_VIA_YIELD);
    assert_int_equal(hand_poll(&task, &turn.base), ANT_READY);
    assert_false(task.has_yielded);
    assert_int_equal(hand_refs(&task), 0);
}

static void may_be_dropped_while_pending(void **state)
{
    (void)state;
    hand_task task;
    hand_task_init(&task, 1);
    struct ant_yield_now turn = ant_yield_now();
    assert_int_equal(hand_poll(&task, &turn.base), ANT_PENDING);
    ant_future_drop(&turn.base);
    assert_int_equal(hand_refs(&task), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_pending_once_and_wakes_its_own_task),
        cmocka_unit_test(may_be_dropped_while_pending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
