// SPDX-License-Identifier: MIT
//
// Two eggs boil for a second, and there is one worker. Both are done at the
// same moment: who looks at which?

#include <antfarm.h>
#include <stdio.h>

// async fn egg(colour): boils for a second.
struct egg {
    ant_future base;
    enum { EGG_START, EGG_BOILING } state;
    const char *colour;
    struct ant_sleep clock;
};

ANT_ASYNC(egg)
{
    switch (self->state) {
    case EGG_START:
        self->clock = ant_sleep(1000);
        return ANT_NEXT(EGG_BOILING);

    case EGG_BOILING:
        ANT_AWAIT(self->clock);
        printf("the %s egg is done\n", self->colour);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct egg egg(const char *colour)
{
    return (struct egg){ ANT_INIT(egg), .colour = colour };
}

// async fn kitchen(): two eggs, each of them a task, and it waits for both.
struct kitchen {
    ant_future base;
    enum { KITCHEN_START, KITCHEN_WAITING } state;
    struct ant_join_handle brown, white;
    struct ant_join both;
};

ANT_ASYNC(kitchen)
{
    switch (self->state) {
    case KITCHEN_START:
        //@ begin kitchen
        self->brown = ant_spawn_named("brown", egg("brown"));
        self->white = ant_spawn_named("white", egg("white"));
        self->both = ant_join(&self->brown.base, &self->white.base);
        return ANT_NEXT(KITCHEN_WAITING);

    case KITCHEN_WAITING:
        ANT_AWAIT(self->both);
        puts("breakfast");
        //@ end kitchen
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct kitchen kitchen(void)
{
    return (struct kitchen){ ANT_INIT(kitchen) };
}

ANT_MAIN(kitchen)
