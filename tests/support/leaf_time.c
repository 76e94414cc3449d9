// SPDX-License-Identifier: MIT
//
// The leaf operations of time.

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "support/leaf.h"

#include <cmocka.h>

#include "time/interval.h"
#include "time/sleep.h"
#include "time/timeout.h"

static void set_up_nothing(unsigned waiters)
{
    (void)waiters;
}

static void pass_a_millisecond(void)
{
    ant_mock_clock_advance_ms(&leaf_clock, 1);
}

static void expect_no_timer(void)
{
    assert_int_equal(ant_timers_count(&leaf_clock.timers), 0);
}

// ---- Sleeps, each a millisecond longer than the one before ----

static struct ant_sleep naps[LEAF_PLACES];
static uint64_t deadline_ms[LEAF_PLACES];

static ant_future *start_sleep(unsigned i)
{
    deadline_ms[i] = ant_mock_clock_ms(&leaf_clock) + i + 1;
    naps[i] = ant_sleep(i + 1);
    return &naps[i].base;
}

static ant_future *start_sleep_ns(unsigned i)
{
    (void)start_sleep(i);
    naps[i] = ant_sleep_ns((i + 1) * ANT_NS_PER_MS);
    return &naps[i].base;
}

static ant_future *start_sleep_until(unsigned i)
{
    (void)start_sleep(i);
    naps[i] = ant_sleep_until(deadline_ms[i] * ANT_NS_PER_MS);
    return &naps[i].base;
}

static void serve_sleep(unsigned i)
{
    assert_int_equal(naps[i].base.result, 0);
    assert_true(ant_mock_clock_ms(&leaf_clock) >= deadline_ms[i]);
}

#define LEAF_SLEEP(name_, start_)                                              \
    {                                                                          \
        .name = (name_), .set_up = set_up_nothing, .start = (start_),          \
        .supply = pass_a_millisecond, .serve = serve_sleep,                    \
        .tear_down = expect_no_timer,                                          \
    }

static const leaf leaf_sleep = LEAF_SLEEP("sleep", start_sleep);
static const leaf leaf_sleep_ns = LEAF_SLEEP("sleep_ns", start_sleep_ns);
static const leaf leaf_sleep_until =
    LEAF_SLEEP("sleep_until", start_sleep_until);

// ---- Timeouts whose inner future, a sleep for ever, is dropped with them ----

static struct ant_timeout limits[LEAF_PLACES];

static ant_future *start_timeout(unsigned i)
{
    naps[i] = ant_sleep(UINT64_MAX);
    limits[i] = ant_timeout(i + 1, &naps[i].base);
    return &limits[i].base;
}

static void serve_timeout(unsigned i)
{
    assert_true(limits[i].is_elapsed);
    assert_int_equal(naps[i].base.phase, ANT_PHASE_ENDED);
}

static const leaf leaf_timeout = {
    .name = "timeout",
    .set_up = set_up_nothing,
    .start = start_timeout,
    .supply = pass_a_millisecond,
    .serve = serve_timeout,
    .tear_down = expect_no_timer,
};

// ---- An interval, which loses no tick ----

static struct ant_interval interval;
static struct ant_interval_tick ticks[LEAF_PLACES];
static uint64_t tick_count;

static void set_up_interval(unsigned waiters)
{
    (void)waiters;
    interval = ant_interval_at(3 * ANT_NS_PER_MS, 3);
    tick_count = 0;
}

static ant_future *start_tick(unsigned i)
{
    ticks[i] = ant_interval_tick(&interval);
    return &ticks[i].base;
}

static void serve_tick(unsigned i)
{
    tick_count++;
    assert_int_equal(ticks[i].at_ns, tick_count * 3 * ANT_NS_PER_MS);
}

static const leaf leaf_tick = {
    .name = "interval tick",
    .waiters_max = 1,
    .set_up = set_up_interval,
    .start = start_tick,
    .supply = pass_a_millisecond,
    .serve = serve_tick,
    .tear_down = expect_no_timer,
};

const leaf *const leaf_time[] = { &leaf_sleep,       &leaf_sleep_ns,
                                  &leaf_sleep_until, &leaf_timeout,
                                  &leaf_tick,        NULL };
