// SPDX-License-Identifier: MIT
//
// Two tasks, and a join over their handles: here they may run in parallel.

#include <antfarm.h>
#include <stdio.h>

ANT_ASYNC_FN(fetch, int count, struct ant_sleep sleep)
{
    if (ANT_BEGINS(self->sleep)) self->sleep = ant_sleep(100);
    ANT_AWAIT(self->sleep);
    self->base.result = self->count;
    return ANT_READY;
}

struct app {
    ant_future base;
    struct ant_join_handle users, orders;
    struct ant_join both;
};

ANT_ASYNC(app)
{
    if (ANT_BEGINS(self->both)) {
        self->users = ant_spawn(ANT_FUTURE(fetch, .count = 3));
        self->orders = ant_spawn(ANT_FUTURE(fetch, .count = 7));
        self->both = ant_join(&self->users.base, &self->orders.base);
    }
    ANT_AWAIT(self->both);
    printf("%d users, %d orders\n", self->users.base.result,
           self->orders.base.result);
    return ANT_READY;
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
