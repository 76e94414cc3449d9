// SPDX-License-Identifier: MIT
//
// A task that is waited for until a signal comes first; then it is stopped. The
// signal is a sleep here.

#include <antfarm.h>
#include <stdio.h>

struct long_running {
    ant_future base;
    struct ant_sleep sleep;
};

ANT_ASYNC_WITH_DROP(long_running)
{
    if (ANT_BEGINS(self->sleep)) self->sleep = ant_sleep(60000);
    ANT_AWAIT(self->sleep);
    return ANT_READY;
}

static void long_running_drop(struct long_running *self)
{
    ant_future_drop(&self->sleep.base);
    puts("The task gives back what it holds");
}

ANT_CONSTRUCTOR(long_running)

struct app {
    ant_future base;
    enum { APP_START, APP_WAITING, APP_STOPPING } state;
    struct ant_join_handle operation;
    struct ant_borrow lent; // &mut operation
    struct ant_sleep signal;
    struct ant_select first;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->operation = ant_spawn(long_running());
        self->lent = ant_borrow(&self->operation.base);
        self->signal = ant_sleep(500);
        self->first = ant_select(&self->lent.base, &self->signal.base);
        return ANT_NEXT(APP_WAITING);
    case APP_WAITING:
        ANT_AWAIT(self->first);
        if (self->first.winner == 0) {
            puts("Operation completed");
            return ANT_READY;
        }
        puts("Cancelled");
        ant_task_abort(&self->operation);
        return ANT_NEXT(APP_STOPPING);
    case APP_STOPPING:
        ANT_AWAIT(self->operation);
        printf("It ended: %s\n", ant_err_text(self->operation.base.result));
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
