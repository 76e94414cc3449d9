// SPDX-License-Identifier: MIT

#include "mock/manual_clock.h"

static uint64_t read_hands(void *arg);
static void on_earlier(void *arg);

void ant_mock_clock_init(ant_mock_clock *clock)
{
    // relaxed, here and below: the hands are all that is shared.
    ant_atomic_store(&clock->now_ns, 0, ANT_RELAXED);
    ant_atomic_store(&clock->earlier_count, 0, ANT_RELAXED);
    ant_timers_init(&clock->timers, &(ant_timers_desc){
                                        .now_ns = read_hands,
                                        .on_earlier = on_earlier,
                                        .arg = clock,
                                        .is_virtual = true,
                                    });
}

void ant_mock_clock_deinit(ant_mock_clock *clock)
{
    ant_timers_deinit(&clock->timers);
}

void ant_mock_clock_advance_ms(ant_mock_clock *clock, uint64_t ms)
{
    const uint64_t end_ns =
        ant_clock_add(read_hands(clock), ant_clock_ns_of_ms(ms));
    for (;;) { // ends at end_ns: each turn lets something go off
        const uint64_t now_ns = read_hands(clock);
        const uint64_t next_ns = ant_timers_next_ns(&clock->timers);
        if (next_ns > end_ns || next_ns == ANT_NS_NEVER) break;
        ant_mock_clock_set_ns(clock, next_ns > now_ns ? next_ns : now_ns);
    }
    ant_atomic_store(&clock->now_ns, end_ns, ANT_RELAXED);
}

void ant_mock_clock_set_ns(ant_mock_clock *clock, uint64_t now_ns)
{
    ant_atomic_store(&clock->now_ns, now_ns, ANT_RELAXED);
    ant_timers_fire(&clock->timers);
}

uint64_t ant_mock_clock_ms(ant_mock_clock *clock)
{
    return read_hands(clock) / ANT_NS_PER_MS;
}

static uint64_t read_hands(void *arg)
{
    ant_mock_clock *clock = arg;
    return ant_atomic_load(&clock->now_ns, ANT_RELAXED);
}

static void on_earlier(void *arg)
{
    ant_mock_clock *clock = arg;
    ant_atomic_add(&clock->earlier_count, 1, ANT_RELAXED);
}
