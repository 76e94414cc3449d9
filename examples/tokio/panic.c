// SPDX-License-Identifier: MIT
//
// A panic ends its task and nothing else; the join handle says what happened.

#include <antfarm.h>
#include <stdio.h>

struct fails {
    ant_future base;
};

ANT_ASYNC(fails)
{
    (void)self;
    ant_panic("This panic is detected!");
}

ANT_CONSTRUCTOR(fails)

ANT_ASYNC_FN(app, struct ant_join_handle handle)
{
    if (ANT_BEGINS(self->handle)) self->handle = ant_spawn(fails());
    ANT_AWAIT(self->handle);
    const ant_failure *failure = ant_task_failure(&self->handle);
    if (failure == NULL)
        puts("Task completed");
    else if (failure->is_panic)
        printf("Task panicked: %s\n", failure->text);
    return ANT_READY;
}

ANT_MAIN(app)
