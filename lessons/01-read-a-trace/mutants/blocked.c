// SPDX-License-Identifier: MIT
//
// A wrong solution: the first egg keeps the worker, so its wait is no gap.

#include <antfarm.h>
#include <stdio.h>

// async fn egg(ms): boils for so long.
struct egg {
    ant_future base;
    enum { EGG_START, EGG_BOILING } state;
    uint64_t ms;
    struct ant_sleep clock;
};

ANT_ASYNC(egg)
{
    switch (self->state) {
    case EGG_START:
        if (self->ms == 300) ant_thread_sleep(300);
        self->clock = ant_sleep(self->ms - 300);
        return ANT_NEXT(EGG_BOILING);

    case EGG_BOILING:
        ANT_AWAIT(self->clock);
        puts("an egg is done");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct egg egg(uint64_t ms)
{
    return (struct egg){ ANT_INIT(egg), .ms = ms };
}

// async fn kitchen(): three eggs, each of them a task.
struct kitchen {
    ant_future base;
    enum { KITCHEN_START, KITCHEN_WAITING } state;
    struct ant_join_handle soft, medium, hard;
    struct ant_join all;
};

ANT_ASYNC(kitchen)
{
    switch (self->state) {
    case KITCHEN_START:
        self->soft = ant_spawn_named("soft", egg(300));
        self->medium = ant_spawn_named("medium", egg(700));
        self->hard = ant_spawn_named("hard", egg(700));
        self->all =
            ant_join(&self->soft.base, &self->medium.base, &self->hard.base);
        return ANT_NEXT(KITCHEN_WAITING);

    case KITCHEN_WAITING:
        ANT_AWAIT(self->all);
        puts("breakfast");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct kitchen kitchen(void)
{
    return (struct kitchen){ ANT_INIT(kitchen) };
}

ANT_MAIN(kitchen)
