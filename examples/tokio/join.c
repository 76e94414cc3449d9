// SPDX-License-Identifier: MIT
//
// Two operations at the same time: both are over after one second, not two.

#include <antfarm.h>
#include <stdio.h>

ANT_ASYNC_FN(work, const char *result, struct ant_sleep sleep)
{
    if (ANT_BEGINS(self->sleep)) self->sleep = ant_sleep(1000);
    ANT_AWAIT(self->sleep);
    return ANT_READY;
}

ANT_ASYNC_FN(app, struct work task1, struct work task2, struct ant_join both)
{
    if (ANT_BEGINS(self->both)) {
        self->task1 = ANT_FUTURE(work, .result = "Task 1 complete");
        self->task2 = ANT_FUTURE(work, .result = "Task 2 complete");
        self->both = ant_join(&self->task1.base, &self->task2.base);
    }
    ANT_AWAIT(self->both);
    puts(self->task1.result);
    puts(self->task2.result);
    return ANT_READY;
}

ANT_MAIN(app)
