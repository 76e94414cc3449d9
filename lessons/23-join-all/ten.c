// SPDX-License-Identifier: MIT
//
// Ten houses open one after the other, 10 ms apart. How often does the join ask
// at a house?

#include <antfarm.h>

#define HOUSES 10

// async fn ask(house, ms): somebody answers the door after so many ms.
struct ask {
    ant_future base;
    enum { ASK_START, ASK_WAITING } state;
    unsigned house;
    unsigned ms;
    struct ant_sleep door;
};

ANT_ASYNC(ask)
{
    switch (self->state) {
    case ASK_START:
        self->door = ant_sleep(self->ms);
        return ANT_NEXT(ASK_WAITING);

    case ASK_WAITING:
        ANT_AWAIT(self->door);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct ask ask(unsigned house, unsigned ms)
{
    return (struct ask){ ANT_INIT(ask), .house = house, .ms = ms };
}

// async fn street(): asks at all houses.
struct street {
    ant_future base;
    enum { STREET_START, STREET_ASKING } state;
    struct ask houses[HOUSES];
    ant_future *children[HOUSES];
    struct ant_join all;
};

ANT_ASYNC(street)
{
    switch (self->state) {
    case STREET_START:
        //@ begin street
        for (unsigned i = 0; i < HOUSES; i++) {
            self->houses[i] = ask(i + 1, 10 * (i + 1));
            self->children[i] = &self->houses[i].base;
        }
        self->all = ant_join_all(self->children, HOUSES);
        return ANT_NEXT(STREET_ASKING);

    case STREET_ASKING:
        ANT_AWAIT(self->all);
        //@ end street
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(street)
ANT_MAIN(street)
