// SPDX-License-Identifier: MIT
//
// What clocks, sleeps and intervals promise: Ti1 to Ti7, polled by hand on a
// clock whose hands the test moves. The same in runtimes: test_time_rt.c.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/timed.h"

static struct ant_sleep nap_until(uint64_t ms)
{
    return ant_sleep_until(ms * ANT_NS_PER_MS);
}

static void expect_pending(struct ant_sleep *nap)
{
    assert_int_equal(hand_poll(&task, &nap->base), ANT_PENDING);
}

static void expect_ready(struct ant_sleep *nap)
{
    assert_int_equal(hand_poll(&task, &nap->base), ANT_READY);
    assert_int_equal(nap->base.result, 0);
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
        expect_pending(&nap);
        hand_clock_advance_ms(&hands, wait_ms - 1);
        assert_int_equal(hand_take_wakes(&task), 0);
        expect_pending(&nap);
        hand_clock_advance_ms(&hands, 1);
        assert_int_equal(hand_take_wakes(&task), 1);
        expect_ready(&nap);
    }
}

// Waits beside each power of 64 milliseconds, also the 2^30 and 2^36 at which
// other wheels end; each goes off in its own millisecond.
static void ti2_long_sleeps_end_on_time(void **state)
{
    (void)state;
    for (unsigned bits = 6; bits <= 42; bits += 6) {
        for (unsigned i = 0; i < 3; i++) {
            const uint64_t wait_ms = (UINT64_C(1) << bits) - 1 + i;
            struct ant_sleep nap = ant_sleep(wait_ms);
            hand_task_init(&task, 1);
            task.clock = &hands;
            expect_pending(&nap);
            hand_clock_advance_ms(&hands, wait_ms - 1);
            assert_int_equal(hand_take_wakes(&task), 0);
            hand_clock_advance_ms(&hands, 1);
            expect_ready(&nap);
        }
    }
}

static void ti2_the_end_of_time_does_not_overflow(void **state)
{
    (void)state;
    hand_clock_advance_ms(&hands, 1000);
    struct ant_sleep naps[] = { ant_sleep(UINT64_MAX), ant_sleep_ns(UINT64_MAX),
                                ant_sleep_until(ANT_NS_NEVER) };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(naps); i++)
        expect_pending(&naps[i]);
    hand_clock_advance_ms(&hands, UINT64_C(1) << 43);
    for (unsigned i = 0; i < ANT_ARRAY_LEN(naps); i++) {
        expect_pending(&naps[i]);
        ant_future_drop(&naps[i].base);
    }
    assert_int_equal(hand_take_wakes(&task), 0);
}

// What a waker does while the clock is letting sleeps go off.
static struct ant_sleep naps[4];

static void drop_move_and_arm(void *arg)
{
    hand_task *other = arg;
    ant_future_drop(&naps[1].base);
    ant_sleep_reset(&naps[2], 30 * ANT_NS_PER_MS);
    if (naps[3].base.phase == ANT_PHASE_NEW)
        assert_int_equal(hand_poll(other, &naps[3].base), ANT_PENDING);
}

static void ti3_a_waker_may_drop_move_and_arm_timers(void **state)
{
    (void)state;
    hand_task other;
    hand_task_init(&other, 2);
    other.clock = &hands;
    for (unsigned i = 0; i < 3; i++)
        naps[i] = nap_until(10);
    naps[3] = nap_until(20);
    ant_mock_task_set_evil(&task, ANT_MOCK_ON_WAKE, drop_move_and_arm, &other);
    expect_pending(&naps[0]);
    assert_int_equal(hand_poll(&other, &naps[1].base), ANT_PENDING);
    assert_int_equal(hand_poll(&other, &naps[2].base), ANT_PENDING);
    hand_clock_advance_ms(&hands, 10);
    expect_ready(&naps[0]);
    hand_clock_advance_ms(&hands, 10);
    assert_int_equal(hand_poll(&other, &naps[3].base), ANT_READY);
    hand_clock_advance_ms(&hands, 9);
    assert_int_equal(hand_poll(&other, &naps[2].base), ANT_PENDING);
    hand_clock_advance_ms(&hands, 1);
    assert_int_equal(hand_poll(&other, &naps[2].base), ANT_READY);
    assert_int_equal(hand_refs(&other), 0);
}

// A sleep is dropped or moved in each state that it can be in.
static void ti3_a_timer_may_be_dropped_or_moved_at_any_time(void **state)
{
    (void)state;
    for (unsigned passed_ms = 0; passed_ms <= 20; passed_ms++) {
        const uint64_t start_ms = hand_clock_ms(&hands);
        struct ant_sleep dropped = nap_until(start_ms + 10);
        struct ant_sleep moved = nap_until(start_ms + 10);
        expect_pending(&dropped);
        expect_pending(&moved);
        hand_clock_advance_ms(&hands, passed_ms);
        ant_future_drop(&dropped.base);
        ant_sleep_reset(&moved, (start_ms + 25) * ANT_NS_PER_MS);
        expect_pending(&moved);
        hand_clock_advance_ms(&hands, 24 - passed_ms);
        expect_pending(&moved);
        hand_clock_advance_ms(&hands, 1);
        expect_ready(&moved);
    }
}

// The driver hears of each timer that is earlier than all others, and only of
// those; and what it is told as the next deadline is right at once.
static void ti4_the_driver_hears_of_an_earlier_timer(void **state)
{
    (void)state;
    static const uint64_t deadlines_ms[] = { 5000, 6000, 4000, 4500, 1 };
    static const uint32_t calls[] = { 1, 1, 2, 2, 3 };
    struct ant_sleep all[5];
    for (unsigned i = 0; i < 5; i++) {
        all[i] = nap_until(deadlines_ms[i]);
        expect_pending(&all[i]);
        assert_int_equal(ant_atomic_load(&hands.earlier_count, ANT_RELAXED),
                         calls[i]);
    }
    assert_int_equal(ant_timers_next_ns(&hands.timers), ANT_NS_PER_MS);
    for (unsigned i = 0; i < 5; i++)
        ant_future_drop(&all[i].base);
}

// ---- Ti5: the interval ----

static void expect_tick(struct ant_interval *interval, uint64_t at_ms,
                        uint64_t now_ms)
{
    struct ant_interval_tick tick = ant_interval_tick(interval);
    while (hand_poll(&task, &tick.base) == ANT_PENDING)
        hand_clock_advance_ms(&hands, 1);
    assert_int_equal(tick.at_ns, at_ms * ANT_NS_PER_MS);
    assert_int_equal(hand_clock_ms(&hands), now_ms);
}

static void ti5_the_first_tick_is_immediate(void **state)
{
    (void)state;
    hand_clock_advance_ms(&hands, 7);
    struct ant_interval interval = ant_interval(100);
    expect_tick(&interval, 7, 7);
    expect_tick(&interval, 107, 107);
}

// The tick of 100 is looked at 350: what follows?
static void ti5_late_ticks_follow_the_policy(void **state)
{
    (void)state;
    static const struct {
        ant_missed_tick policy;
        uint64_t at_ms[4];
        uint64_t now_ms[4];
    } rows[] = {
        { ANT_MISSED_BURST, { 100, 200, 300, 400 }, { 350, 350, 350, 400 } },
        { ANT_MISSED_DELAY, { 100, 450, 550, 650 }, { 350, 450, 550, 650 } },
        { ANT_MISSED_SKIP, { 100, 400, 500, 600 }, { 350, 400, 500, 600 } },
    };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(rows); i++) {
        const uint64_t start_ms = hand_clock_ms(&hands);
        struct ant_interval interval = ant_interval(100);
        interval.missed = rows[i].policy;
        expect_tick(&interval, start_ms, start_ms);
        hand_clock_advance_ms(&hands, 350);
        for (unsigned k = 0; k < 4; k++)
            expect_tick(&interval, start_ms + rows[i].at_ms[k],
                        start_ms + rows[i].now_ms[k]);
    }
}

// On a wall clock the policy begins behind 5 ms; in virtual time behind none.
static void ti5_slack_is_five_ms_on_a_wall_clock(void **state)
{
    (void)state;
    assert_int_equal(hands.timers.clock.slack_ns, 0);
    for (uint64_t late_ms = 1; late_ms <= 10; late_ms++) {
        hands.timers.clock.slack_ns = ANT_TIMERS_SLACK_NS;
        const uint64_t start_ms = hand_clock_ms(&hands);
        struct ant_interval interval = ant_interval(100);
        interval.missed = ANT_MISSED_DELAY;
        expect_tick(&interval, start_ms, start_ms);
        hand_clock_advance_ms(&hands, 100 + late_ms);
        expect_tick(&interval, start_ms + 100, start_ms + 100 + late_ms);
        const uint64_t next_ms = start_ms + 200 + (late_ms > 5 ? late_ms : 0);
        expect_tick(&interval, next_ms, next_ms);
    }
}

static void make_zero(void *arg)
{
    (void)arg;
    struct ant_interval interval = ant_interval(0);
    (void)interval;
}

static void ti5_a_period_of_zero_traps(void **state)
{
    (void)state;
    assert_true(hand_traps(make_zero, NULL));
}

// ---- Ti7: the clock jumps ----

static void ti7_a_clock_that_goes_backwards_does_no_harm(void **state)
{
    (void)state;
    hand_clock_advance_ms(&hands, 100);
    struct ant_sleep nap = nap_until(120);
    struct ant_interval interval = ant_interval(50);
    expect_tick(&interval, 100, 100);
    expect_pending(&nap);
    ant_mock_clock_set_ns(&hands, 0);
    expect_pending(&nap);
    struct ant_sleep late = ant_sleep(10); // 10 of the clock as it is now
    expect_pending(&late);
    ant_mock_clock_set_ns(&hands, 119 * ANT_NS_PER_MS);
    expect_ready(&late);
    expect_pending(&nap);
    hand_clock_advance_ms(&hands, 1);
    expect_ready(&nap);
    expect_tick(&interval, 150, 150);
}

// As after a suspend: an hour is gone at once. Everybody goes off in order.
static void ti7_a_clock_that_jumps_lets_all_go_off(void **state)
{
    (void)state;
    struct ant_sleep all[60];
    for (unsigned i = 0; i < 60; i++) {
        all[i] = nap_until(60000 * (uint64_t)(i + 1));
        expect_pending(&all[i]);
    }
    ant_mock_clock_set_ns(&hands, 3600 * ANT_NS_PER_S);
    assert_int_equal(hand_take_wakes(&task), 60);
    for (unsigned i = 0; i < 60; i++)
        expect_ready(&all[i]);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, timed_set_up, timed_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(ti1_deadlines_are_rounded_up),
        TEST(ti2_long_sleeps_end_on_time),
        TEST(ti2_the_end_of_time_does_not_overflow),
        TEST(ti3_a_waker_may_drop_move_and_arm_timers),
        TEST(ti3_a_timer_may_be_dropped_or_moved_at_any_time),
        TEST(ti4_the_driver_hears_of_an_earlier_timer),
        TEST(ti5_the_first_tick_is_immediate),
        TEST(ti5_late_ticks_follow_the_policy),
        TEST(ti5_slack_is_five_ms_on_a_wall_clock),
        TEST(ti5_a_period_of_zero_traps),
        TEST(ti7_a_clock_that_goes_backwards_does_no_harm),
        TEST(ti7_a_clock_that_jumps_lets_all_go_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
