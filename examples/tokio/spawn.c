// SPDX-License-Identifier: MIT
//
// A task in the background, and its result.

#include <antfarm.h>
#include <stdio.h>

ANT_ASYNC_FN(background, struct ant_sleep sleep)
{
    if (ANT_BEGINS(self->sleep)) self->sleep = ant_sleep(1000);
    ANT_AWAIT(self->sleep);
    puts("Background task complete");
    self->base.result = 42;
    return ANT_READY;
}

ANT_ASYNC_FN(app, struct ant_join_handle handle)
{
    if (ANT_BEGINS(self->handle)) {
        self->handle = ant_spawn(background());
        puts("Doing other work...");
    }
    ANT_AWAIT(self->handle);
    printf("Result: %d\n", self->handle.base.result);
    return ANT_READY;
}

ANT_MAIN(app)
