// SPDX-License-Identifier: MIT

#include "support/timed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

hand_clock hands;
hand_task task;

int timed_set_up(void **state)
{
    (void)state;
    hand_clock_init(&hands);
    hand_task_init(&task, 1);
    task.clock = &hands;
    return 0;
}

int timed_tear_down(void **state)
{
    (void)state;
    assert_int_equal(hand_refs(&task), 0);
    assert_int_equal(ant_timers_count(&hands.timers), 0);
    hand_clock_deinit(&hands);
    return 0;
}
