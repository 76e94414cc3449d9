// SPDX-License-Identifier: MIT

#include "rt/pause.h"

#include <errno.h>

#include "rt/runtime_impl.h"

// What a wall clock's interval forgives is no lateness in time that stands
// still (time/timers.h).
void ant__runtime_pause(ant_runtime *runtime)
{
    if (runtime->desc.flavor == ANT_RUNTIME_SIM) return;
    ant_timebase_pause(&runtime->timebase, runtime->timers.wheel.start_ns);
    runtime->timers.clock.slack_ns = 0;
}

static bool can_pause(const ant_runtime *runtime)
{
    return runtime->desc.flavor != ANT_RUNTIME_MULTI && ant__is_async_here();
}

int ant_time_pause(void)
{
    ant_runtime *runtime = ant__runtime_here("ant_time_pause");
    if (!can_pause(runtime)) return -ENOTSUP;
    if (ant_timebase_is_paused(&runtime->timebase)) return -EALREADY;
    ant__runtime_pause(runtime);
    return 0;
}

int ant_time_resume(void)
{
    ant_runtime *runtime = ant__runtime_here("ant_time_resume");
    if (!can_pause(runtime)) return -ENOTSUP;
    if (runtime->desc.flavor == ANT_RUNTIME_SIM) return 0;
    if (!ant_timebase_is_paused(&runtime->timebase)) return -EALREADY;
    ant_timebase_resume(&runtime->timebase);
    runtime->timers.clock.slack_ns = ANT_TIMERS_SLACK_NS;
    return 0;
}

static int advance(uint64_t ms)
{
    ant_runtime *runtime = ant__runtime_here("ant_time_advance");
    ant_timebase *timebase = &runtime->timebase;
    if (!can_pause(runtime)) return -ENOTSUP;
    if (runtime->desc.flavor != ANT_RUNTIME_SIM &&
        !ant_timebase_is_paused(timebase))
        return -EINVAL;
    ant_timebase_move(timebase, ant_clock_add(ant_timebase_now(timebase),
                                              ant_clock_ns_of_ms(ms)));
    return 0;
}

ANT_ASYNC(ant_time_advance)
{
    switch (self->state) {
    case ANT_ADVANCE_START: {
        const int err = advance(self->ms);
        if (err < 0) return ANT_FAIL(err);
        self->turn = ant_yield_now();
        return ANT_NEXT(ANT_ADVANCE_YIELDING);
    }

    case ANT_ADVANCE_YIELDING:
        ANT_AWAIT(self->turn);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

struct ant_time_advance ant_time_advance(uint64_t ms)
{
    return (struct ant_time_advance){ ANT_INIT(ant_time_advance), .ms = ms };
}

uint64_t ant_now_ns(void)
{
    return ant_timebase_now(&ant__runtime_here("ant_now_ns")->timebase);
}
