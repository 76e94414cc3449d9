// SPDX-License-Identifier: MIT

#include "time/interval.h"

static uint64_t tick_after(const struct ant_interval *interval,
                           ant_clock *clock);

ANT_ASYNC(ant_interval_tick)
{
    struct ant_interval *interval = self->interval;
    switch (self->state) {
    case ANT_TICK_START:
        if (!interval->has_begun)
            interval->next_ns = ant_clock_now_ns(ant_clock_of(cx));
        interval->has_begun = true;
        self->sleep = ant_sleep_until(interval->next_ns);
        return ANT_NEXT(ANT_TICK_SLEEPING);

    case ANT_TICK_SLEEPING:
        ANT_AWAIT(self->sleep);
        if (self->sleep.base.result < 0)
            return ANT_FAIL(self->sleep.base.result);
        self->at_ns = interval->next_ns;
        interval->next_ns = tick_after(interval, ant_clock_of(cx));
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

struct ant_interval ant_interval(uint64_t period_ms)
{
    ant_clock *clock = ant_clock_here();
    struct ant_interval interval = ant_interval_at(0, period_ms);
    interval.has_begun = clock != NULL;
    if (clock != NULL) interval.next_ns = ant_clock_now_ns(clock);
    return interval;
}

struct ant_interval ant_interval_at(uint64_t start_ns, uint64_t period_ms)
{
    ANT_ASSERT(period_ms > 0);
    return (struct ant_interval){
        .period_ns = ant_clock_ns_of_ms(period_ms),
        .next_ns = start_ns,
        .has_begun = true,
    };
}

struct ant_interval_tick ant_interval_tick(struct ant_interval *interval)
{
    return (struct ant_interval_tick){
        ANT_INIT(ant_interval_tick),
        .interval = interval,
    };
}

void ant_interval_reset(struct ant_interval *interval)
{
    ant_clock *clock = ant_clock_here();
    ANT_ASSERT(clock != NULL);
    interval->next_ns =
        ant_clock_add(ant_clock_now_ns(clock), interval->period_ns);
    interval->has_begun = true;
}

// The moment of the tick that follows the one of next_ns, which is over.
static uint64_t tick_after(const struct ant_interval *interval,
                           ant_clock *clock)
{
    const uint64_t due_ns = interval->next_ns;
    const uint64_t period_ns = interval->period_ns;
    const uint64_t now_ns = ant_clock_now_ns(clock);
    if (now_ns <= ant_clock_add(due_ns, clock->slack_ns))
        return ant_clock_add(due_ns, period_ns);

    switch (interval->missed) {
    case ANT_MISSED_BURST:
        return ant_clock_add(due_ns, period_ns);
    case ANT_MISSED_DELAY:
        return ant_clock_add(now_ns, period_ns);
    case ANT_MISSED_SKIP:
        return ant_clock_add(now_ns, period_ns - (now_ns - due_ns) % period_ns);
    }
    ANT_UNREACHABLE();
}
