// SPDX-License-Identifier: MIT
//
// One async function awaits another.

#include <antfarm.h>
#include <stdio.h>

struct async_operation {
    ant_future base;
    enum { OPERATION_START, OPERATION_SLEEPING } state;
    struct ant_sleep sleep;
};

ANT_ASYNC(async_operation)
{
    switch (self->state) {
    case OPERATION_START:
        puts("Operation started");
        self->sleep = ant_sleep(1000);
        return ANT_NEXT(OPERATION_SLEEPING);
    case OPERATION_SLEEPING:
        ANT_AWAIT(self->sleep);
        puts("Operation completed");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct async_operation async_operation(void)
{
    return (struct async_operation){ ANT_INIT(async_operation) };
}

struct app {
    ant_future base;
    enum { APP_START, APP_WAITING } state;
    struct async_operation operation;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        puts("Starting");
        self->operation = async_operation();
        return ANT_NEXT(APP_WAITING);
    case APP_WAITING:
        ANT_AWAIT(self->operation);
        puts("Done");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
