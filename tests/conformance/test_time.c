// SPDX-License-Identifier: MIT
//
// What the clocks, sleeps and intervals promise: Ti1 to Ti7.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/flavors.h"
#include "support/hand.h"

static hand_clock hands;
static hand_task task;

static int set_up(void **state)
{
    (void)state;
    hand_clock_init(&hands);
    hand_task_init(&task, 1);
    task.clock = &hands;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    hand_clock_deinit(&hands);
    return 0;
}

// Every moment within a millisecond counts as its end.
static void ti1_deadlines_are_rounded_up(void **state)
{
    (void)state;
    static const uint64_t waits_ns[] = { 1, 999999, 1000000, 1000001 };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(waits_ns); i++) {
        const uint64_t wait_ms = (waits_ns[i] + 999999) / 1000000;
        struct ant_sleep nap = ant_sleep_until(
            hand_clock_ms(&hands) * ANT_NS_PER_MS + waits_ns[i]);
        assert_int_equal(hand_poll(&task, &nap.base), ANT_PENDING);
        hand_clock_advance_ms(&hands, wait_ms - 1);
        assert_int_equal(hand_take_wakes(&task), 0);
        assert_int_equal(hand_poll(&task, &nap.base), ANT_PENDING);
        hand_clock_advance_ms(&hands, 1);
        assert_int_equal(hand_take_wakes(&task), 1);
        assert_int_equal(hand_poll(&task, &nap.base), ANT_READY);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(ti1_deadlines_are_rounded_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
