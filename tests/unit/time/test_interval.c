// SPDX-License-Identifier: MIT
//
// Tests of time/interval.

#include "time/interval.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/timed.h"

// Waits for the next tick, which is to be meant for `at_ms` and to come at
// `now_ms`.
static void expect_tick(struct ant_interval *interval, uint64_t at_ms,
                        uint64_t now_ms)
{
    struct ant_interval_tick tick = ant_interval_tick(interval);
    while (hand_poll(&task, &tick.base) == ANT_PENDING) {
        hand_clock_advance_ms(&hands, 1);
    }
    assert_int_equal(tick.at_ns, at_ms * ANT_NS_PER_MS);
    assert_int_equal(hand_clock_ms(&hands), now_ms);
}

// Ti5: the first tick is immediate.
static void ticks_at_once_and_then_every_period(void **state)
{
    (void)state;
    hand_clock_advance_ms(&hands, 30);
    struct ant_interval interval = ant_interval(100);
    expect_tick(&interval, 30, 30);
    expect_tick(&interval, 130, 130);
    hand_clock_advance_ms(&hands, 60);
    expect_tick(&interval, 230, 230);
}

static void starts_when_it_is_told_to(void **state)
{
    (void)state;
    struct ant_interval interval = ant_interval_at(50 * ANT_NS_PER_MS, 100);
    expect_tick(&interval, 50, 50);
    expect_tick(&interval, 150, 150);

    struct ant_interval past = ant_interval_at(0, 100);
    past.missed = ANT_MISSED_SKIP;
    expect_tick(&past, 0, 150);
    expect_tick(&past, 200, 200);
}

// Ticks at 0 and 100, then looks again at 350 only.
static struct ant_interval late_interval(ant_missed_tick missed)
{
    struct ant_interval interval = ant_interval(100);
    interval.missed = missed;
    expect_tick(&interval, 0, 0);
    expect_tick(&interval, 100, 100);
    hand_clock_advance_ms(&hands, 250);
    expect_tick(&interval, 200, 350);
    return interval;
}

static void burst_catches_up(void **state)
{
    (void)state;
    struct ant_interval interval = late_interval(ANT_MISSED_BURST);
    expect_tick(&interval, 300, 350);
    expect_tick(&interval, 400, 400);
}

static void delay_counts_from_the_look(void **state)
{
    (void)state;
    struct ant_interval interval = late_interval(ANT_MISSED_DELAY);
    expect_tick(&interval, 450, 450);
    expect_tick(&interval, 550, 550);
}

static void skip_keeps_to_the_multiples(void **state)
{
    (void)state;
    struct ant_interval interval = late_interval(ANT_MISSED_SKIP);
    expect_tick(&interval, 400, 400);
    expect_tick(&interval, 500, 500);
}

static void skip_at_a_multiple_goes_to_the_next(void **state)
{
    (void)state;
    struct ant_interval interval = ant_interval(100);
    interval.missed = ANT_MISSED_SKIP;
    expect_tick(&interval, 0, 0);
    hand_clock_advance_ms(&hands, 300);
    expect_tick(&interval, 100, 300);
    expect_tick(&interval, 400, 400);
}

// Ti5: up to 5 ms late is on time, on a clock with that slack.
static void forgives_what_is_within_the_slack(void **state)
{
    (void)state;
    hands.timers.clock.slack_ns = ANT_TIMERS_SLACK_NS;
    struct ant_interval interval = ant_interval(100);
    interval.missed = ANT_MISSED_DELAY;
    expect_tick(&interval, 0, 0);
    hand_clock_advance_ms(&hands, 105);
    expect_tick(&interval, 100, 105);
    hand_clock_advance_ms(&hands, 101);
    expect_tick(&interval, 200, 206);
    expect_tick(&interval, 306, 306);
}

// M5: a tick that is dropped before its time is not lost.
static void loses_no_tick_when_one_is_dropped(void **state)
{
    (void)state;
    struct ant_interval interval = ant_interval(100);
    expect_tick(&interval, 0, 0);
    struct ant_interval_tick tick = ant_interval_tick(&interval);
    assert_int_equal(hand_poll(&task, &tick.base), ANT_PENDING);
    hand_clock_advance_ms(&hands, 50);
    ant_future_drop(&tick.base);
    tick = ant_interval_tick(&interval);
    assert_int_equal(hand_poll(&task, &tick.base), ANT_PENDING);
    hand_clock_advance_ms(&hands, 50); // woken, but dropped unseen
    ant_future_drop(&tick.base);
    expect_tick(&interval, 100, 100);
}

// K21.
struct reset {
    ant_future base;
    enum { RESET_START } state;
    struct ant_interval *interval;
};

ANT_ASYNC(reset)
{
    switch (self->state) {
    case RESET_START:
        ant_interval_reset(self->interval);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void reset(struct ant_interval *interval)
{
    struct reset reset = { ANT_INIT(reset), .interval = interval };
    assert_int_equal(hand_poll(&task, &reset.base), ANT_READY);
}

static void counts_anew_from_a_reset(void **state)
{
    (void)state;
    struct ant_interval interval = late_interval(ANT_MISSED_BURST);
    reset(&interval); // what was missed before is forgotten
    expect_tick(&interval, 450, 450);
    hand_clock_advance_ms(&hands, 30);
    reset(&interval);
    expect_tick(&interval, 580, 580);
    expect_tick(&interval, 680, 680);

    // Before the first tick, too: that is not immediate then.
    struct ant_interval young = ant_interval(100);
    reset(&young);
    expect_tick(&young, 780, 780);
}

static void clamps_at_the_end_of_time(void **state)
{
    (void)state;
    struct ant_interval interval = ant_interval(UINT64_MAX);
    expect_tick(&interval, 0, 0);
    struct ant_interval_tick tick = ant_interval_tick(&interval);
    assert_int_equal(hand_poll(&task, &tick.base), ANT_PENDING);
    ant_future_drop(&tick.base);
}

static void make_zero(void *arg)
{
    (void)arg;
    struct ant_interval interval = ant_interval(0);
    (void)interval;
}

static void traps_on_a_period_of_zero(void **state)
{
    (void)state;
    assert_true(hand_traps(make_zero, NULL));
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, timed_set_up, timed_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(ticks_at_once_and_then_every_period),
        TEST(starts_when_it_is_told_to),
        TEST(burst_catches_up),
        TEST(delay_counts_from_the_look),
        TEST(skip_keeps_to_the_multiples),
        TEST(skip_at_a_multiple_goes_to_the_next),
        TEST(forgives_what_is_within_the_slack),
        TEST(loses_no_tick_when_one_is_dropped),
        TEST(counts_anew_from_a_reset),
        TEST(clamps_at_the_end_of_time),
        TEST(traps_on_a_period_of_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
