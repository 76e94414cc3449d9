// SPDX-License-Identifier: MIT
//
// A wrong solution: after the slow one all ticks come later.

#include <antfarm.h>
#include <stdio.h>

// async fn heater(): measures five times, every 100 ms.
struct heater {
    ant_future base;
    enum { HEATER_START, HEATER_TICKING, HEATER_MEASURING } state;
    int count;
    struct ant_interval every;
    struct ant_interval_tick tick;
    struct ant_sleep sensor;
};

ANT_ASYNC(heater)
{
    switch (self->state) {
    case HEATER_START:
        self->every = ant_interval(100);
        self->every.missed = ANT_MISSED_DELAY;
        self->tick = ant_interval_tick(&self->every);
        return ANT_NEXT(HEATER_TICKING);

    case HEATER_TICKING:
        ANT_AWAIT(self->tick);
        printf("measure %d\n", self->count);
        ant_note("measure %d", self->count);
        self->sensor = ant_sleep(self->count == 1 ? 250 : 30);
        return ANT_NEXT(HEATER_MEASURING);

    case HEATER_MEASURING:
        ANT_AWAIT(self->sensor);
        if (++self->count == 5) return ANT_READY;
        self->tick = ant_interval_tick(&self->every);
        return ANT_NEXT(HEATER_TICKING);
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(heater)

ANT_MAIN(heater)
