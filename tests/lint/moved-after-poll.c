// SPDX-License-Identifier: MIT
//
// A future is polled in one task, copied, and polled in another one.

#include <antfarm.h>

// Pending once.
ANT_ASYNC_FN(step, int polls)
{
    if (self->polls++ > 0) return ANT_READY;
    ant_waker_wake_ref(&cx->waker);
    return ANT_PENDING;
}

ANT_ASYNC_FN(helper, struct step step)
{
    ANT_AWAIT(self->step);
    return ANT_READY;
}

ANT_ASYNC_FN(app, struct step step, struct ant_join_handle helper)
{
    if (ANT_BEGINS(self->helper)) {
        self->step = step();
        ant_poll first = ant_future_poll(&self->step.base, cx);
        (void)first;
        self->helper = ant_spawn(ANT_FUTURE(helper, .step = self->step));
    }
    ANT_AWAIT(self->helper);
    return ANT_READY;
}

ANT_MAIN(app)
