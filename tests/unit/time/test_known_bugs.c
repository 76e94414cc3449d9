// SPDX-License-Identifier: MIT
//
// Bugs that the timers of others had, by their numbers K18 to K25: none of them
// is here. K19, K20 and K22 have more tests in test_timers.c, K18 in
// test_wheel_model.c, K24 in unit/rt/test_determinism.c.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/timed.h"
#include "time/interval.h"
#include "time/sleep.h"
#include "time/timeout.h"

static void expect(struct ant_sleep *nap, ant_poll poll)
{
    assert_int_equal(hand_poll(&task, &nap->base), poll);
}

// A timer of more than two years hid those that cross a border of 2^30 ms.
static void k18_a_far_timer_hides_no_near_one(void **state)
{
    (void)state;
    static const uint64_t waits_ms[] = { 333, 1000, UINT64_C(1) << 30 };
    struct ant_sleep far = ant_sleep((UINT64_C(1) << 36) + 12345);
    expect(&far, ANT_PENDING);
    hand_clock_advance_ms(&hands, (UINT64_C(1) << 30) - 100);
    for (unsigned i = 0; i < ANT_ARRAY_LEN(waits_ms); i++) {
        struct ant_sleep near = ant_sleep(waits_ms[i]);
        expect(&near, ANT_PENDING);
        hand_clock_advance_ms(&hands, waits_ms[i] - 1);
        expect(&near, ANT_PENDING);
        hand_clock_advance_ms(&hands, 1);
        expect(&near, ANT_READY);
    }
    ant_future_drop(&far.base);
}

// A drop in the very tick in which the timer is due.
static void k19_dropped_in_its_tick(void **state)
{
    (void)state;
    for (uint64_t passed = 0; passed < 130; passed++) {
        struct ant_sleep nap = ant_sleep(64);
        expect(&nap, ANT_PENDING);
        hand_clock_advance_ms(&hands, passed);
        ant_future_drop(&nap.base);
        assert_int_equal(ant_timers_count(&hands.timers), 0);
    }
}

static struct ant_sleep others[3];

static void insert_drop_and_reset(void *arg)
{
    hand_task *other = arg;
    if (others[0].base.phase == ANT_PHASE_NEW)
        assert_int_equal(hand_poll(other, &others[0].base), ANT_PENDING);
    ant_future_drop(&others[1].base);
    ant_sleep_reset(&others[2], 70 * ANT_NS_PER_MS);
}

// Timers came, went and moved while the wheel let others go off.
static void k20_wakers_change_the_wheel_while_it_fires(void **state)
{
    (void)state;
    hand_task other;
    hand_task_init(&other, 2);
    other.clock = &hands;
    struct ant_sleep nap = ant_sleep_until(64 * ANT_NS_PER_MS);
    others[0] = ant_sleep_until(65 * ANT_NS_PER_MS);
    others[1] = ant_sleep_until(64 * ANT_NS_PER_MS);
    others[2] = ant_sleep_until(64 * ANT_NS_PER_MS);
    ant_mock_task_set_evil(&task, ANT_MOCK_ON_WAKE, insert_drop_and_reset,
                           &other);
    expect(&nap, ANT_PENDING);
    assert_int_equal(hand_poll(&other, &others[1].base), ANT_PENDING);
    assert_int_equal(hand_poll(&other, &others[2].base), ANT_PENDING);
    hand_clock_advance_ms(&hands, 100);
    expect(&nap, ANT_READY);
    assert_int_equal(hand_poll(&other, &others[0].base), ANT_READY);
    assert_int_equal(hand_poll(&other, &others[2].base), ANT_READY);
    assert_int_equal(hand_refs(&other), 0);
}

// Far deadlines ran over, into the past or into the mark for "none".
static void k21_no_duration_overflows(void **state)
{
    (void)state;
    static const uint64_t waits_ms[] = {
        UINT64_MAX,
        UINT64_MAX - 1,
        UINT64_MAX / ANT_NS_PER_MS,
        UINT64_MAX / ANT_NS_PER_MS + 1,
        (UINT64_C(1) << 36) - 1,
        UINT64_C(1) << 42,
    };
    hand_clock_advance_ms(&hands, 12345);
    for (unsigned i = 0; i < ANT_ARRAY_LEN(waits_ms); i++) {
        struct ant_sleep nap = ant_sleep(waits_ms[i]);
        expect(&nap, ANT_PENDING);
        assert_true(ant_timers_next_ns(&hands.timers) >
                    (UINT64_C(1) << 35) * ANT_NS_PER_MS);
        struct ant_sleep inner = ant_sleep(UINT64_MAX);
        struct ant_timeout limit = ant_timeout(waits_ms[i], &inner.base);
        assert_int_equal(hand_poll(&task, &limit.base), ANT_PENDING);
        struct ant_interval interval = ant_interval(waits_ms[i]);
        struct ant_interval_tick tick = ant_interval_tick(&interval);
        assert_int_equal(hand_poll(&task, &tick.base), ANT_READY);
        tick = ant_interval_tick(&interval);
        assert_int_equal(hand_poll(&task, &tick.base), ANT_PENDING);
        ant_future_drop(&tick.base);
        ant_future_drop(&limit.base);
        ant_future_drop(&nap.base);
    }
}

// Timers that were given up stood in the wheel until their time came.
static void k22_losers_leave_the_wheel(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 1000; i++) {
        struct ant_sleep inner = ant_sleep(1 + i * i);
        struct ant_timeout limit = ant_timeout(1 + i, &inner.base);
        assert_int_equal(hand_poll(&task, &limit.base), ANT_PENDING);
        ant_future_drop(&limit.base);
        assert_int_equal(ant_timers_count(&hands.timers), 0);
    }
    assert_int_equal(ant_timers_next_ns(&hands.timers), ANT_NS_NEVER);
}

// A clock that went back, or on by an hour, was a panic.
static void k23_steps_of_the_clock_do_no_harm(void **state)
{
    (void)state;
    static const uint64_t steps_ms[] = { 100, 0, 3600000, 50, 7200000, 1 };
    struct ant_sleep nap = ant_sleep_until(7200000 * ANT_NS_PER_MS);
    for (unsigned i = 0; i < ANT_ARRAY_LEN(steps_ms); i++) {
        struct ant_sleep now = ant_sleep(0);
        ant_mock_clock_set_ns(&hands, steps_ms[i] * ANT_NS_PER_MS);
        expect(&now, ANT_READY);
        if (nap.base.phase != ANT_PHASE_ENDED)
            expect(&nap, steps_ms[i] < 7200000 ? ANT_PENDING : ANT_READY);
    }
}

// Paused time went on too far, by fractions of a millisecond.
static void k24_time_that_is_advanced_is_exact(void **state)
{
    (void)state;
    for (uint64_t ms = 1; ms < 200; ms++) {
        struct ant_sleep nap = ant_sleep(ms);
        const uint64_t before_ms = hand_clock_ms(&hands);
        expect(&nap, ANT_PENDING);
        assert_int_equal(ant_timers_next_ns(&hands.timers),
                         (before_ms + ms) * ANT_NS_PER_MS);
        hand_clock_advance_ms(&hands, ms);
        assert_int_equal(hand_clock_ms(&hands), before_ms + ms);
        expect(&nap, ANT_READY);
    }
}

// A timer that was reset while another runtime polled went into that one's
// wheel.
static void k25_a_timer_stays_with_its_clock(void **state)
{
    (void)state;
    hand_clock foreign;
    hand_clock_init(&foreign);
    hand_task stranger;
    hand_task_init(&stranger, 2);
    stranger.clock = &foreign;
    struct ant_sleep nap = ant_sleep(10);
    expect(&nap, ANT_PENDING);
    assert_int_equal(hand_poll(&stranger, &nap.base), ANT_PENDING);
    ant_sleep_reset(&nap, 20 * ANT_NS_PER_MS);
    assert_int_equal(ant_timers_count(&foreign.timers), 0);
    hand_clock_advance_ms(&foreign, 100);
    assert_int_equal(hand_take_wakes(&stranger), 0);
    hand_clock_advance_ms(&hands, 20);
    assert_int_equal(hand_take_wakes(&stranger), 1);
    assert_int_equal(hand_poll(&stranger, &nap.base), ANT_READY);
    assert_int_equal(hand_refs(&stranger), 0);
    hand_clock_deinit(&foreign);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, timed_set_up, timed_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(k18_a_far_timer_hides_no_near_one),
        TEST(k19_dropped_in_its_tick),
        TEST(k20_wakers_change_the_wheel_while_it_fires),
        TEST(k21_no_duration_overflows),
        TEST(k22_losers_leave_the_wheel),
        TEST(k23_steps_of_the_clock_do_no_harm),
        TEST(k24_time_that_is_advanced_is_exact),
        TEST(k25_a_timer_stays_with_its_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
