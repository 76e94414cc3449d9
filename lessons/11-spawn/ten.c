// SPDX-License-Identifier: MIT
//
// Ten dishes, each a task that waits 100 ms for the oven, and one worker. When
// is all served?

#include <antfarm.h>
#include <stdio.h>

#define DISHES 10

// async fn cook(): waits for the oven.
struct cook {
    ant_future base;
    enum { COOK_START, COOK_BAKING } state;
    struct ant_sleep oven;
};

ANT_ASYNC(cook)
{
    switch (self->state) {
    case COOK_START:
        self->oven = ant_sleep(100);
        return ANT_NEXT(COOK_BAKING);

    case COOK_BAKING:
        ANT_AWAIT(self->oven);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(cook)

// async fn waiter(): ten orders, and waits for one dish after the other.
struct waiter {
    ant_future base;
    enum { WAITER_START, WAITER_WAITING } state;
    struct ant_join_handle dish[DISHES];
    int served;
};

ANT_ASYNC(waiter)
{
    switch (self->state) {
    case WAITER_START:
        //@ begin ten
        for (int i = 0; i < DISHES; i++)
            self->dish[i] = ant_spawn(cook());
        return ANT_NEXT(WAITER_WAITING);

    case WAITER_WAITING:
        ANT_AWAIT(self->dish[self->served]);
        if (++self->served < DISHES) return ANT_NEXT(WAITER_WAITING);
        //@ end ten
        printf("%d dishes are served\n", self->served);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(waiter)

ANT_MAIN(waiter)
