// SPDX-License-Identifier: MIT
//
// One async function awaits another.

#include <antfarm.h>
#include <stdio.h>

ANT_ASYNC_FN(async_operation, struct ant_sleep sleep)
{
    if (ANT_BEGINS(self->sleep)) {
        puts("Operation started");
        self->sleep = ant_sleep(1000);
    }
    ANT_AWAIT(self->sleep);
    puts("Operation completed");
    return ANT_READY;
}

ANT_ASYNC_FN(app, struct async_operation operation)
{
    if (ANT_BEGINS(self->operation)) {
        puts("Starting");
        self->operation = async_operation();
    }
    ANT_AWAIT(self->operation);
    puts("Done");
    return ANT_READY;
}

ANT_MAIN(app)
