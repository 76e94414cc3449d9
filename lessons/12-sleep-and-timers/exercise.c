// SPDX-License-Identifier: MIT
//
// A heater that measures and then sleeps. It should measure every 100 ms, and
// go back to that when the sensor was slow once.

#include <antfarm.h>
#include <stdio.h>

// async fn heater(): measures five times.
struct heater {
    ant_future base;
    enum { HEATER_START, HEATER_TICKING, HEATER_MEASURING } state;
    int count;
    struct ant_sleep tick;
    struct ant_sleep sensor;
};

ANT_ASYNC(heater)
{
    switch (self->state) {
    case HEATER_START:
        self->tick = ant_sleep(0);
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
        self->tick = ant_sleep(100); //@ todo every 100 ms, from the start
        return ANT_NEXT(HEATER_TICKING);
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(heater)

ANT_MAIN(heater)
