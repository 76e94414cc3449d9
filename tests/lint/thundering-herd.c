// SPDX-License-Identifier: MIT
//
// One cake is ready, all guests are called, one gets it.

#include <antfarm.h>

#define GUESTS 8

static ant_notify bell = ANT_NOTIFY("bell");
static int cakes;
static int begun, served, done; // guests

ANT_ASYNC_FN(guest, struct ant_notified ring)
{
    if (cakes > 0) {
        cakes--;
        ant_future_drop(&self->ring.base);
        return ANT_READY;
    }
    if (ANT_BEGINS(self->ring)) self->ring = ant_notified(&bell);
    ANT_AWAIT(self->ring);
    return ANT_AGAIN;
}

ANT_ASYNC_FN(app, struct ant_join_handle guest[GUESTS], struct ant_sleep nap)
{
    for (; begun < GUESTS; begun++)
        self->guest[begun] = ant_spawn(guest());
    while (served < GUESTS) {
        if (ANT_BEGINS(self->nap)) self->nap = ant_sleep(1);
        ANT_AWAIT(self->nap);
        cakes++;
        served++;
        ant_notify_waiters(&bell);
    }
    for (; done < GUESTS; done++)
        ANT_AWAIT(self->guest[done]);
    return ANT_READY;
}

ANT_MAIN(app)
