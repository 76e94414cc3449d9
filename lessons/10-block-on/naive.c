// SPDX-License-Identifier: MIT
//
// An executor that knows no wakers: it polls a nap of 50 ms, and when that is
// not ready, it looks again a millisecond later. How often does it look?

#include <antfarm.h>
#include <stdio.h>

// async fn block_on(): runs the nap to its end.
struct block_on {
    ant_future base;
    enum { BLOCK_ON_START, BLOCK_ON_TICKING } state;
    struct ant_sleep nap;
    struct ant_sleep tick;
};

ANT_ASYNC(block_on)
{
    ant_cx blind = *cx;
    blind.waker = ant_waker_noop(); // whoever uses it tells nobody
    switch (self->state) {
    //@ begin loop
    case BLOCK_ON_START:
        if (ant_future_poll(&self->nap.base, &blind) == ANT_READY) {
            puts("awake");
            return ANT_READY;
        }
        self->tick = ant_sleep(1);
        return ANT_NEXT(BLOCK_ON_TICKING);

    case BLOCK_ON_TICKING:
        ANT_AWAIT(self->tick);
        return ANT_NEXT(BLOCK_ON_START); // and look again
        //@ end loop
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct block_on block_on(void)
{
    return (struct block_on){ ANT_INIT(block_on), .nap = ant_sleep(50) };
}

ANT_MAIN(block_on)
