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

static struct fails fails(void)
{
    return (struct fails){ ANT_INIT(fails) };
}

struct app {
    ant_future base;
    enum { APP_START, APP_JOINING } state;
    struct ant_join_handle handle;
};

ANT_ASYNC(app)
{
    const ant_failure *failure;
    switch (self->state) {
    case APP_START:
        self->handle = ant_spawn(fails());
        return ANT_NEXT(APP_JOINING);
    case APP_JOINING:
        ANT_AWAIT(self->handle);
        failure = ant_task_failure(&self->handle);
        if (failure == NULL)
            puts("Task completed");
        else if (failure->is_panic)
            printf("Task panicked: %s\n", failure->text);
        ant_task_detach(&self->handle);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
