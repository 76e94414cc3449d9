// SPDX-License-Identifier: MIT
//
// One egg boils for a second. How often does the runtime look at it?

#include <antfarm.h>
#include <stdio.h>

// async fn egg(): boils for a second.
struct egg {
    ant_future base;
    enum { EGG_START, EGG_BOILING } state;
    struct ant_sleep clock;
};

ANT_ASYNC(egg)
{
    switch (self->state) {
    case EGG_START:
        //@ begin egg
        puts("in the water");
        self->clock = ant_sleep(1000);
        return ANT_NEXT(EGG_BOILING);

    case EGG_BOILING:
        ANT_AWAIT(self->clock); // goes on when the second is over
        puts("done");
        return ANT_READY;
        //@ end egg
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct egg egg(void)
{
    return (struct egg){ ANT_INIT(egg) };
}

ANT_MAIN(egg)
