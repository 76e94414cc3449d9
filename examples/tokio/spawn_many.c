// SPDX-License-Identifier: MIT
//
// Ten tasks, and a wait for all of them.

#include <antfarm.h>
#include <stdio.h>

#define TASKS 10

struct job {
    ant_future base;
    enum { JOB_START, JOB_SLEEPING } state;
    int i;
    struct ant_sleep sleep;
};

ANT_ASYNC(job)
{
    switch (self->state) {
    case JOB_START:
        self->sleep = ant_sleep(100);
        return ANT_NEXT(JOB_SLEEPING);
    case JOB_SLEEPING:
        ANT_AWAIT(self->sleep);
        printf("Task %d complete\n", self->i);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct job job(int i)
{
    return (struct job){ ANT_INIT(job), .i = i };
}

struct app {
    ant_future base;
    enum { APP_START, APP_JOINING } state;
    int joined;
    struct ant_join_handle handle[TASKS];
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        for (int i = 0; i < TASKS; i++)
            self->handle[i] = ant_spawn(job(i));
        return ANT_NEXT(APP_JOINING);
    case APP_JOINING:
        ANT_AWAIT(self->handle[self->joined]);
        if (++self->joined < TASKS) return ANT_NEXT(APP_JOINING);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
