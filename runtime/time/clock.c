// SPDX-License-Identifier: MIT

#include "time/clock.h"

#include <stddef.h>

#include "base/assert.h"
#include "core/here.h"

ant_clock *ant_clock_of(const ant_cx *cx)
{
    if (ANT_UNLIKELY(cx->clock == NULL)) {
        ant__crash(__FILE__, __LINE__,
                   "a sleep needs a runtime with a clock: whoever polls it has "
                   "to set cx->clock");
    }
    return cx->clock;
}

ant_clock *ant_clock_here(void)
{
    const ant_cx *cx = ant__here()->cx;
    return cx != NULL ? cx->clock : NULL;
}

bool ant_clock_arm(ant_clock *clock, ant_alarm *alarm, uint64_t deadline_ns,
                   const ant_cx *cx)
{
    switch (ant_alarm_get_state(alarm)) {
    case ANT_ALARM_IDLE:
        alarm->clock = clock;
        alarm->deadline_ns = deadline_ns;
        return clock->ops->arm(clock, alarm, cx);
    case ANT_ALARM_ARMED:
        return alarm->clock->ops->arm(alarm->clock, alarm, cx);
    case ANT_ALARM_FIRED:
    case ANT_ALARM_CLOSED:
        return false;
    }
    ANT_UNREACHABLE();
}

void ant_clock_move(ant_alarm *alarm, uint64_t deadline_ns)
{
    if (ant_alarm_get_state(alarm) == ANT_ALARM_ARMED)
        alarm->clock->ops->move(alarm->clock, alarm, deadline_ns);
    else
        ant_clock_disarm(alarm);
}

void ant_clock_disarm(ant_alarm *alarm)
{
    if (ant_alarm_get_state(alarm) == ANT_ALARM_ARMED)
        alarm->clock->ops->disarm(alarm->clock, alarm);
    // relaxed: the clock has let go of it, it is the owner's alone.
    ant_atomic_store(&alarm->state, ANT_ALARM_IDLE, ANT_RELAXED);
}
