// SPDX-License-Identifier: MIT
//
// Two tasks sleep for a second each, and there is one worker. When is the
// program over, and how many threads are asleep meanwhile?

#include <antfarm.h>
#include <stdio.h>

// async fn nap(): a second of sleep.
struct nap {
    ant_future base;
    enum { NAP_START, NAP_SLEEPING } state;
    struct ant_sleep sleep;
};

ANT_ASYNC(nap)
{
    switch (self->state) {
    case NAP_START:
        //@ begin nap
        self->sleep = ant_sleep(1000);
        return ANT_NEXT(NAP_SLEEPING);

    case NAP_SLEEPING:
        ANT_AWAIT(self->sleep); // this task waits, the worker does not
        //@ end nap
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct nap nap(void)
{
    return (struct nap){ ANT_INIT(nap) };
}

// async fn house(): two tasks, and it waits for both.
struct house {
    ant_future base;
    enum { HOUSE_START, HOUSE_WAITING } state;
    struct ant_join_handle anna, ben;
    struct ant_join both;
};

ANT_ASYNC(house)
{
    switch (self->state) {
    case HOUSE_START:
        self->anna = ant_spawn_named("anna", nap());
        self->ben = ant_spawn_named("ben", nap());
        self->both = ant_join(&self->anna.base, &self->ben.base);
        return ANT_NEXT(HOUSE_WAITING);

    case HOUSE_WAITING:
        ANT_AWAIT(self->both);
        puts("both are awake");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct house house(void)
{
    return (struct house){ ANT_INIT(house) };
}

ANT_MAIN(house)
