// SPDX-License-Identifier: MIT
//
// One task has 200 parcels to pack and spawns a task for each. They all begin
// in the run queue of one worker. Which worker packs them?

#include <antfarm.h>
#include <stdio.h>

#define PARCELS 200

// Work for the CPU: nothing in it can wait.
static unsigned pack(unsigned parcel)
{
    unsigned sum = parcel;
    for (unsigned i = 0; i < 200000; i++)
        sum = sum * 1664525u + 1013904223u;
    return sum;
}

// async fn parcel(n): packs, lets the others have a turn, and packs on.
struct parcel {
    ant_future base;
    enum { PARCEL_START, PARCEL_YIELDING } state;
    unsigned n;
    unsigned seal;
    struct ant_yield_now turn;
};

ANT_ASYNC(parcel)
{
    switch (self->state) {
    case PARCEL_START:
        self->seal = pack(self->n);
        self->turn = ant_yield_now();
        return ANT_NEXT(PARCEL_YIELDING);

    case PARCEL_YIELDING:
        ANT_AWAIT(self->turn);
        self->seal ^= pack(self->n);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct parcel parcel(unsigned n)
{
    return (struct parcel){ ANT_INIT(parcel), .n = n };
}

// async fn depot(): fans out, then collects.
struct depot {
    ant_future base;
    enum { DEPOT_START, DEPOT_COLLECTING } state;
    unsigned collected;
    struct ant_join_handle task[PARCELS];
    struct parcel done; // the one that was joined last
    unsigned sealed;
};

ANT_ASYNC(depot)
{
    switch (self->state) {
    case DEPOT_START:
        //@ begin fanout
        for (unsigned i = 0; i < PARCELS; i++)
            self->task[i] = ant_spawn_into(&self->done, parcel(i));
        //@ end fanout
        return ANT_NEXT(DEPOT_COLLECTING);

    case DEPOT_COLLECTING:
        ANT_AWAIT(self->task[self->collected]);
        if (self->done.seal != 0) self->sealed++;
        self->collected++;
        if (self->collected < PARCELS) return ANT_NEXT(DEPOT_COLLECTING);
        printf("%u parcels are sealed\n", self->sealed);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct depot depot(void)
{
    return (struct depot){ ANT_INIT(depot) };
}

ANT_MAIN(depot)
