// SPDX-License-Identifier: MIT
//
// Ten tasks add to one number behind a mutex for threads. That is right as long
// as nobody awaits while it is locked.

#include <antfarm.h>
#include <stdio.h>

#define TASKS 10

static ant_thread_mutex lock = ANT_THREAD_MUTEX("counter");
static int counter; // under lock

struct add_one {
    ant_future base;
};

ANT_ASYNC(add_one)
{
    (void)self;
    int err = ant_thread_mutex_lock(&lock);
    if (err < 0) return ANT_FAIL(err);
    counter++;
    err = ant_thread_mutex_unlock(&lock);
    return err < 0 ? ANT_FAIL(err) : ANT_READY;
}

static struct add_one add_one(void)
{
    return (struct add_one){ ANT_INIT(add_one) };
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
            self->handle[i] = ant_spawn(add_one());
        return ANT_NEXT(APP_JOINING);
    case APP_JOINING:
        ANT_AWAIT(self->handle[self->joined]);
        if (++self->joined < TASKS) return ANT_NEXT(APP_JOINING);
        printf("Result: %d\n", counter);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
