// SPDX-License-Identifier: MIT
//
// Ten tasks add to one number behind a mutex for tasks: who has to wait yields,
// and the lock may be held across an await.

#include <antfarm.h>
#include <stdio.h>

#define TASKS 10

static ant_mutex mutex = ANT_MUTEX("counter");
static int counter; // under mutex

ANT_ASYNC_FN(add_one, struct ant_mutex_lock lock)
{
    if (ANT_BEGINS(self->lock)) self->lock = ant_mutex_lock(&mutex);
    ANT_AWAIT(self->lock);
    counter++;
    ant_mutex_unlock(&mutex);
    return ANT_READY;
}

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
