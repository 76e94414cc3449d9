// SPDX-License-Identifier: MIT
//
// Three scouts look for water, and the first who is back is enough. What
// becomes of the others when the camp moves on?

#include <antfarm.h>

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

// async fn camp(): moves on with the first who is back.
struct camp {
    ant_future base;
    enum { CAMP_START, CAMP_WAITING, CAMP_MOVING } state;
    ant_join_set scouts;
    struct walk walk[SCOUTS]; // what the tasks leave when they end
    struct ant_join_set_next next;
    struct ant_sleep way;
};

static ant_poll end(struct camp *self, int err)
{
    ant_join_set_deinit(&self->scouts); // stops who is not back
    self->base.result = err;
    return ANT_READY;
}

ANT_ASYNC_WITH_DROP(camp)
{
    const struct walk *back;
    int err;
    switch (self->state) {
    case CAMP_START:
        ant_join_set_init(&self->scouts, "scouts");
        for (unsigned i = 0; i < SCOUTS; i++) {
            struct walk *to = &self->walk[i];
            err = ant_join_set_spawn_into(&self->scouts, to, walk(&scouts[i]));
            if (err < 0) return end(self, err);
        }
        //@ begin camp
        self->next = ant_join_set_next(&self->scouts);
        return ANT_NEXT(CAMP_WAITING);

    case CAMP_WAITING:
        ANT_AWAIT(self->next);
        back = self->next.joined.key;
        ant_note("%s", back->who->name);
        ant_join_set_deinit(&self->scouts); // the others need not go on
        //@ end camp
        self->way = ant_sleep(500);
        return ANT_NEXT(CAMP_MOVING);

    case CAMP_MOVING:
        ANT_AWAIT(self->way);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void camp_drop(struct camp *self)
{
    ant_future_drop(&self->next.base);
    ant_future_drop(&self->way.base);
    ant_join_set_deinit(&self->scouts);
}

ANT_CONSTRUCTOR(camp)
ANT_MAIN(camp)
