// SPDX-License-Identifier: MIT
//
// A task waits to be told something, and nobody is there who would.

#include <antfarm.h>

static ant_notify bell = ANT_NOTIFY("bell");

ANT_ASYNC_FN(app, struct ant_notified ring)
{
    if (ANT_BEGINS(self->ring)) self->ring = ant_notified(&bell);
    ANT_AWAIT(self->ring);
    return ANT_READY;
}

ANT_MAIN(app)
