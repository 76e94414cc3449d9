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

ANT_CONSTRUCTOR(add_one)

ANT_ASYNC_FN(app, int joined, struct ant_join_handle handle[TASKS])
{
    if (ANT_BEGINS(self->handle[self->joined])) {
        for (int i = 0; i < TASKS; i++)
            self->handle[i] = ant_spawn(add_one());
    }
    ANT_AWAIT(self->handle[self->joined]);
    if (++self->joined < TASKS) return ANT_AGAIN;
    printf("Result: %d\n", counter);
    return ANT_READY;
}

ANT_MAIN(app)
