// SPDX-License-Identifier: MIT
//
// A hundred tasks begin to nap before the first one is awaited.

#include <antfarm.h>
#include <stdio.h>

#define NAPS 100

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
        self->sleep = ant_sleep(1000);
        return ANT_NEXT(NAP_SLEEPING);

    case NAP_SLEEPING:
        ANT_AWAIT(self->sleep);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct nap nap(void)
{
    return (struct nap){ ANT_INIT(nap) };
}

// async fn house(): waits until all are awake.
struct house {
    ant_future base;
    enum { HOUSE_START, HOUSE_WAITING } state;
    struct ant_join_handle sleeper[NAPS];
    int awake;
};

ANT_ASYNC(house)
{
    switch (self->state) {
    case HOUSE_START:
        for (int i = 0; i < NAPS; i++)
            self->sleeper[i] = ant_spawn(nap());
        return ANT_NEXT(HOUSE_WAITING);

    case HOUSE_WAITING:
        ANT_AWAIT(self->sleeper[self->awake]);
        if (++self->awake == NAPS) {
            printf("%d are awake\n", self->awake);
            return ANT_READY;
        }
        return ANT_NEXT(HOUSE_WAITING);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct house house(void)
{
    return (struct house){ ANT_INIT(house) };
}

ANT_MAIN(house)
