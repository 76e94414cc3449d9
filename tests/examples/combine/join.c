// SPDX-License-Identifier: MIT
//
// The example of combine/join.h.

#include <antfarm.h>

struct fetch_user {
    ant_future base;
    enum { FETCH_START, FETCH_SLEEPING } state;
    int id;
    const char *name;
    struct ant_sleep nap;
};

ANT_ASYNC(fetch_user)
{
    switch (self->state) {
    case FETCH_START:
        self->nap = ant_sleep(2);
        return ANT_NEXT(FETCH_SLEEPING);
    case FETCH_SLEEPING:
        ANT_AWAIT(self->nap);
        self->name = self->id == 1 ? "Anna" : "Ben";
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct fetch_user fetch_user(int id)
{
    return (struct fetch_user){ ANT_INIT(fetch_user), .id = id };
}

static void greet(const char *one, const char *two)
{
    ANT_ASSERT(one[0] == 'A' && two[0] == 'B');
}

struct trip {
    ant_future base;
    enum { TRIP_START, TRIP_FETCHING } state;
    struct fetch_user anna, ben;
    struct ant_join both;
};

ANT_ASYNC(trip)
{
    switch (self->state) {
    case TRIP_START:
        self->anna = fetch_user(1);
        self->ben = fetch_user(2);
        self->both = ant_join(&self->anna.base, &self->ben.base);
        return ANT_NEXT(TRIP_FETCHING);
    case TRIP_FETCHING:
        ANT_AWAIT(self->both);
        greet(self->anna.name, self->ben.name);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct trip trip(void)
{
    return (struct trip){ ANT_INIT(trip) };
}

ANT_MAIN(trip)
