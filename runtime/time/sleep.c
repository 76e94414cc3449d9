// SPDX-License-Identifier: MIT

#include "time/sleep.h"

#include <errno.h>

#include "core/here.h"
#include "core/resource.h"

static void sleep_drop(ant_future *future);
static bool sleep_waits_on(const ant_future *future, ant_wait *ret_wait);

ANT_ASYNC_OPS(ant_sleep, .drop = sleep_drop, .waits_on = sleep_waits_on)
{
    ant_clock *clock = ant_clock_of(cx);
    if (self->from_ns == ANT_NS_NEVER)
        self->from_ns = ant_clock_look(clock, cx);
    const uint64_t deadline_ns = ant_clock_add(self->from_ns, self->ns);
    if (ant_clock_arm(clock, &self->alarm, deadline_ns, cx)) return ANT_PENDING;
    if (!ant_coop_consume(cx)) return ANT_PENDING;
    if (ant_alarm_get_state(&self->alarm) == ANT_ALARM_CLOSED)
        return ANT_FAIL(-ESHUTDOWN);
    return ANT_READY;
}

ant_future_ops *const ant__sleep_ops = &ant_sleep_ops;

uint64_t ant__sleep_from(void)
{
    ant_cx *cx = ant__here()->cx;
    if (cx == NULL || cx->clock == NULL) return ANT_NS_NEVER;
    return ant_clock_look(cx->clock, cx);
}

void ant_sleep_reset(struct ant_sleep *sleep, uint64_t deadline_ns)
{
    ANT_ASSERT(sleep->base.phase != ANT_PHASE_ENDED);
    sleep->from_ns = 0;
    sleep->ns = deadline_ns;
    ant_clock_move(&sleep->alarm, deadline_ns);
}

static void sleep_drop(ant_future *future)
{
    struct ant_sleep *self = (struct ant_sleep *)(void *)future;
    ant_clock_disarm(&self->alarm);
}

static bool sleep_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_sleep *self =
        (const struct ant_sleep *)(const void *)future;
    if (ant_alarm_get_state(&self->alarm) != ANT_ALARM_ARMED) return false;
    *ret_wait = (ant_wait){
        .kind = ANT_RES_TIMER,
        .res = self->alarm.id,
        .deadline_ns = self->alarm.deadline_ns,
    };
    return true;
}
