// SPDX-License-Identifier: MIT
//
// The example of rt/affine.h: a drawer of coins that belongs to one worker.

#include "antfarm.h"

static struct {
    ant_affine mark;
    unsigned coins;
} drawer = {
    .mark = ANT_AFFINE("drawer"),
};

struct app {
    ant_future base;
};

ANT_ASYNC(app)
{
    (void)self;
    ant_affine_check(&drawer.mark); // binds it to the first worker that asks
    drawer.coins++;
    return ANT_READY;
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
