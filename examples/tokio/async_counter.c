// SPDX-License-Identifier: MIT
//
// Ten tasks add to one number behind a mutex for tasks: who has to wait yields,
// and the lock may be held across an await.

#include <antfarm.h>
#include <stdio.h>

#define TASKS 10

static ant_mutex mutex = ANT_MUTEX("counter");
static int counter; // under mutex

struct add_one {
    ant_future base;
    enum { ADD_START, ADD_LOCKING } state;
    struct ant_mutex_lock lock;
};

ANT_ASYNC(add_one)
{
    switch (self->state) {
    case ADD_START:
        self->lock = ant_mutex_lock(&mutex);
        return ANT_NEXT(ADD_LOCKING);
    case ADD_LOCKING:
        ANT_AWAIT(self->lock);
        counter++;
        ant_mutex_unlock(&mutex);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
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
