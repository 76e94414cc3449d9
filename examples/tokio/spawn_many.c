// SPDX-License-Identifier: MIT
//
// Ten tasks, and a wait for all of them.

#include <antfarm.h>
#include <stdio.h>

#define TASKS 10

ANT_ASYNC_FN(job, int i, struct ant_sleep sleep)
{
    if (ANT_BEGINS(self->sleep)) self->sleep = ant_sleep(100);
    ANT_AWAIT(self->sleep);
    printf("Task %d complete\n", self->i);
    return ANT_READY;
}

ANT_ASYNC_FN(app, int joined, struct ant_join_handle handle[TASKS])
{
    // All are spawned before the first await, and each is awaited once.
    if (ANT_BEGINS(self->handle[self->joined])) {
        for (int i = 0; i < TASKS; i++)
            self->handle[i] = ant_spawn(ANT_FUTURE(job, .i = i));
    }
    ANT_AWAIT(self->handle[self->joined]);
    return ++self->joined < TASKS ? ANT_AGAIN : ANT_READY;
}

ANT_MAIN(app)
