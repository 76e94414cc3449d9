// SPDX-License-Identifier: MIT
//
// Two operations at the same time: both are over after one second, not two.

#include <antfarm.h>
#include <stdio.h>

struct work {
    ant_future base;
    enum { WORK_START, WORK_SLEEPING } state;
    struct ant_sleep sleep;
    const char *result;
};

ANT_ASYNC(work)
{
    switch (self->state) {
    case WORK_START:
        self->sleep = ant_sleep(1000);
        return ANT_NEXT(WORK_SLEEPING);
    case WORK_SLEEPING:
        ANT_AWAIT(self->sleep);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct work work(const char *result)
{
    return (struct work){ ANT_INIT(work), .result = result };
}

struct app {
    ant_future base;
    enum { APP_START, APP_JOINING } state;
    struct work task1, task2;
    struct ant_join both;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->task1 = work("Task 1 complete");
        self->task2 = work("Task 2 complete");
        self->both = ant_join(&self->task1.base, &self->task2.base);
        return ANT_NEXT(APP_JOINING);
    case APP_JOINING:
        ANT_AWAIT(self->both);
        puts(self->task1.result);
        puts(self->task2.result);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
