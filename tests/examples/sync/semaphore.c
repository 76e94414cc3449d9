// SPDX-License-Identifier: MIT
//
// The example of sync/semaphore.h: six cooks at four stoves.

#include "antfarm.h"

static ant_semaphore stoves = ANT_SEMAPHORE("stoves", 4);

struct cook {
    ant_future base;
    enum { COOK_START, COOK_ACQUIRING, COOK_FRYING } state;
    struct ant_semaphore_acquire stove;
    struct ant_sleep pan;
};

ANT_ASYNC_WITH_DROP(cook)
{
    switch (self->state) {
    case COOK_START:
        self->stove = ant_semaphore_acquire(&stoves);
        return ANT_NEXT(COOK_ACQUIRING);
    case COOK_ACQUIRING:
        ANT_AWAIT(self->stove);
        if (self->stove.base.result < 0) // -EPIPE: it was closed
            return ANT_FAIL(self->stove.base.result);
        self->pan = ant_sleep(100);
        return ANT_NEXT(COOK_FRYING);
    case COOK_FRYING:
        ANT_AWAIT(self->pan);
        ant_semaphore_release(&stoves, 1);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void cook_drop(struct cook *self)
{
    ant_future_drop(&self->stove.base);
    ant_future_drop(&self->pan.base);
    if (self->state == COOK_FRYING) ant_semaphore_release(&stoves, 1);
}

static struct cook cook(void)
{
    return (struct cook){ ANT_INIT(cook) };
}

struct app {
    ant_future base;
    enum { APP_START, APP_COOKING } state;
    struct cook cooks[6];
    ant_future *all[6];
    struct ant_join dinner;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        for (unsigned i = 0; i < 6; i++) {
            self->cooks[i] = cook();
            self->all[i] = &self->cooks[i].base;
        }
        self->dinner = ant_join_all(self->all, 6);
        return ANT_NEXT(APP_COOKING);
    case APP_COOKING:
        ANT_AWAIT(self->dinner);
        ANT_ASSERT(ant_semaphore_available_permits(&stoves) == 4);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
