// SPDX-License-Identifier: MIT
//
// A task in the background, and its result.

#include <antfarm.h>
#include <stdio.h>

struct background {
    ant_future base;
    enum { BACKGROUND_START, BACKGROUND_SLEEPING } state;
    struct ant_sleep sleep;
};

ANT_ASYNC(background)
{
    switch (self->state) {
    case BACKGROUND_START:
        self->sleep = ant_sleep(1000);
        return ANT_NEXT(BACKGROUND_SLEEPING);
    case BACKGROUND_SLEEPING:
        ANT_AWAIT(self->sleep);
        puts("Background task complete");
        self->base.result = 42;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct background background(void)
{
    return (struct background){ ANT_INIT(background) };
}

struct app {
    ant_future base;
    enum { APP_START, APP_JOINING } state;
    struct ant_join_handle handle;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->handle = ant_spawn(background());
        puts("Doing other work...");
        return ANT_NEXT(APP_JOINING);
    case APP_JOINING:
        ANT_AWAIT(self->handle);
        printf("Result: %d\n", self->handle.base.result);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
