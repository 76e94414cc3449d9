// SPDX-License-Identifier: MIT
//
// Nobody lives in house 2, and then the whole round is for nothing. Do not wait
// for the other houses when that is known.

#include <antfarm.h>

#define HOUSES 5

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
        if (self->house == 2) return ANT_FAIL(-ENOENT); // nobody lives there
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
    static const unsigned ms[HOUSES] = { 300, 100, 500, 50, 400 };
    switch (self->state) {
    case STREET_START:
        for (unsigned i = 0; i < HOUSES; i++) {
            self->houses[i] = ask(i + 1, ms[i]);
            self->children[i] = &self->houses[i].base;
        }
        //@ todo the first failure is enough
        self->all = ant_join_all(self->children, HOUSES);
        return ANT_NEXT(STREET_ASKING);

    case STREET_ASKING:
        ANT_AWAIT(self->all);
        if (self->all.base.result < 0) {
            ant_note("nobody is at home");
            return ANT_READY;
        }
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(street)
ANT_MAIN(street)
