// SPDX-License-Identifier: MIT
//
// Tea, an egg and bread need their time, and one worker waits for all of them.
// How often is it called out of its sleep?

#include <antfarm.h>
#include <stdio.h>

// async fn cook(what, ms): waits, and says that it is done.
struct cook {
    ant_future base;
    enum { COOK_START, COOK_WAITING } state;
    const char *what;
    uint64_t ms;
    struct ant_sleep clock;
};

ANT_ASYNC(cook)
{
    switch (self->state) {
    case COOK_START:
        self->clock = ant_sleep(self->ms);
        return ANT_NEXT(COOK_WAITING);

    case COOK_WAITING:
        ANT_AWAIT(self->clock);
        printf("the %s is done\n", self->what);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct cook cook(const char *what, uint64_t ms)
{
    return (struct cook){ ANT_INIT(cook), .what = what, .ms = ms };
}

// async fn kitchen(): three tasks, each with a timer.
struct kitchen {
    ant_future base;
    enum { KITCHEN_START, KITCHEN_WAITING } state;
    struct ant_join_handle tea, egg, bread;
    struct ant_join all;
};

ANT_ASYNC(kitchen)
{
    switch (self->state) {
    case KITCHEN_START:
        //@ begin cooks
        self->bread = ant_spawn_named("bread", cook("bread", 5000));
        self->tea = ant_spawn_named("tea", cook("tea", 50));
        self->egg = ant_spawn_named("egg", cook("egg", 100));
        //@ end cooks
        self->all =
            ant_join(&self->tea.base, &self->egg.base, &self->bread.base);
        return ANT_NEXT(KITCHEN_WAITING);

    case KITCHEN_WAITING:
        ANT_AWAIT(self->all);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(kitchen)

ANT_MAIN(kitchen)
