// SPDX-License-Identifier: MIT
//
// The example of rt/local.h: a till that only one worker ever touches.

#include "antfarm.h"

static unsigned coins; // of one worker

struct till {
    ant_future base;
    enum { TILL_START, TILL_COUNTING } state;
    unsigned *coins;
    struct ant_sleep pause;
};

ANT_ASYNC(till)
{
    switch (self->state) {
    case TILL_START:
        self->pause = ant_sleep(1);
        return ANT_NEXT(TILL_COUNTING);
    case TILL_COUNTING:
        ANT_AWAIT(self->pause);
        ++*self->coins;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct till till(unsigned *box)
{
    return (struct till){ ANT_INIT(till), .coins = box };
}

struct shop {
    ant_future base;
    enum { SHOP_START, SHOP_SELLING } state;
    struct ant_join_handle till;
};

ANT_ASYNC(shop)
{
    switch (self->state) {
    case SHOP_START:
        self->till = ant_spawn_local(till(&coins));
        return ANT_NEXT(SHOP_SELLING);
    case SHOP_SELLING:
        ANT_AWAIT(self->till);
        ANT_ASSERT(coins == 1);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct shop shop(void)
{
    return (struct shop){ ANT_INIT(shop) };
}

ANT_MAIN(shop)
