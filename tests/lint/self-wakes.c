// SPDX-License-Identifier: MIT
//
// A task asks again and again whether it is time, and wakes itself for it.

#include <antfarm.h>

ANT_ASYNC_FN(app, int asked)
{
    if (++self->asked > 20) return ANT_READY;
    ant_waker_wake_ref(&cx->waker);
    return ANT_PENDING;
}

ANT_MAIN(app)
