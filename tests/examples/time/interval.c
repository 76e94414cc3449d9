// SPDX-License-Identifier: MIT
//
// The example of time/interval.h.

#include <antfarm.h>

static int beats;

static void beat(uint64_t at_ns)
{
    ANT_ASSERT(at_ns > 0);
    beats++;
}

struct beat {
    ant_future base;
    enum { BEAT_START, BEAT_WAITING } state;
    struct ant_interval interval;
    struct ant_interval_tick tick;
};

ANT_ASYNC(beat)
{
    switch (self->state) {
    case BEAT_START:
        self->interval = ant_interval(100);
        self->tick = ant_interval_tick(&self->interval);
        return ANT_NEXT(BEAT_WAITING);
    case BEAT_WAITING:
        ANT_AWAIT(self->tick);
        beat(self->tick.at_ns);
        self->tick = ant_interval_tick(&self->interval);
        return ANT_NEXT(BEAT_WAITING);
    }
    ANT_UNREACHABLE();
}

struct app {
    ant_future base;
    enum { APP_START, APP_LISTENING } state;
    struct beat beat;
    struct ant_timeout limit;
};

// It beats for ever; here, until the limit.
ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->beat = (struct beat){ ANT_INIT(beat) };
        self->limit = ant_timeout(250, &self->beat.base);
        return ANT_NEXT(APP_LISTENING);
    case APP_LISTENING:
        ANT_AWAIT(self->limit);
        ANT_ASSERT(self->limit.is_elapsed);
        ANT_ASSERT(beats > 0);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
