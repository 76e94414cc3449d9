// SPDX-License-Identifier: MIT
//
// Three scouts walk for 300, 100 and 200 ms, each a task. The camp awaits one
// handle after the other. When does it hear from each?

#include <antfarm.h>
#include <stdio.h>

#define SCOUTS 3

typedef struct scout {
    const char *name;
    unsigned ms; // until it is back
} scout;

static const scout scouts[SCOUTS] = { { "north", 300 },
                                      { "east", 100 },
                                      { "south", 200 } };

// async fn walk(who): looks around, and comes back.
struct walk {
    ant_future base;
    enum { WALK_START, WALK_WALKING } state;
    const scout *who;
    struct ant_sleep way;
};

ANT_ASYNC(walk)
{
    switch (self->state) {
    case WALK_START:
        self->way = ant_sleep(self->who->ms);
        return ANT_NEXT(WALK_WALKING);

    case WALK_WALKING:
        ANT_AWAIT(self->way);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct walk walk(const scout *who)
{
    return (struct walk){ ANT_INIT(walk), .who = who };
}

// async fn camp(): hears from them in the order in which they left.
struct camp {
    ant_future base;
    enum { CAMP_START, CAMP_WAITING } state;
    struct ant_join_handle scout[SCOUTS];
    unsigned heard;
};

ANT_ASYNC(camp)
{
    switch (self->state) {
    case CAMP_START:
        for (unsigned i = 0; i < SCOUTS; i++)
            self->scout[i] = ant_spawn_named(scouts[i].name, walk(&scouts[i]));
        return ANT_NEXT(CAMP_WAITING);

    case CAMP_WAITING:
        //@ begin camp
        ANT_AWAIT(self->scout[self->heard]);
        ant_note("%s", scouts[self->heard].name);
        if (++self->heard < SCOUTS) return ANT_NEXT(CAMP_WAITING);
        //@ end camp
        puts("all are back");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(camp)
ANT_MAIN(camp)
