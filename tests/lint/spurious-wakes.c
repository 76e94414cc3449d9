// SPDX-License-Identifier: MIT
//
// A task is woken at every step, and only the last one concerns it.

#include <antfarm.h>

#define ROUNDS 10

static ant_waker bell;
static int rounds;

ANT_ASYNC_FN(listener, int polls)
{
    self->polls++;
    ant_waker_drop(&bell);
    if (rounds == ROUNDS) return ANT_READY;
    bell = ant_waker_clone(&cx->waker);
    return ANT_PENDING;
}

ANT_ASYNC_FN(app, struct ant_join_handle listener, struct ant_sleep nap)
{
    if (self->listener.base.ops == NULL) self->listener = ant_spawn(listener());
    while (rounds < ROUNDS) {
        if (ANT_BEGINS(self->nap)) self->nap = ant_sleep(1);
        ANT_AWAIT(self->nap);
        rounds++;
        ant_waker_wake_ref(&bell);
    }
    ANT_AWAIT(self->listener);
    return ANT_READY;
}

ANT_MAIN(app)
