// SPDX-License-Identifier: MIT
//
// Two tasks, and a join over their handles: here they may run in parallel.

#include <antfarm.h>
#include <stdio.h>

struct fetch {
    ant_future base;
    enum { FETCH_START, FETCH_SLEEPING } state;
    int count;
    struct ant_sleep sleep;
};

ANT_ASYNC(fetch)
{
    switch (self->state) {
    case FETCH_START:
        self->sleep = ant_sleep(100);
        return ANT_NEXT(FETCH_SLEEPING);
    case FETCH_SLEEPING:
        ANT_AWAIT(self->sleep);
        self->base.result = self->count;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct fetch fetch(int count)
{
    return (struct fetch){ ANT_INIT(fetch), .count = count };
}

struct app {
    ant_future base;
    enum { APP_START, APP_JOINING } state;
    struct ant_join_handle users, orders;
    struct ant_join both;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->users = ant_spawn(fetch(3));
        self->orders = ant_spawn(fetch(7));
        self->both = ant_join(&self->users.base, &self->orders.base);
        return ANT_NEXT(APP_JOINING);
    case APP_JOINING:
        ANT_AWAIT(self->both);
        printf("%d users, %d orders\n", self->users.base.result,
               self->orders.base.result);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
