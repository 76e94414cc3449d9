// SPDX-License-Identifier: MIT
//
// Many tasks with short polls, all at once: the last one waits for all.

#include <antfarm.h>

#define TASKS 40

ANT_ASYNC_FN(work, int polls)
{
    self->polls++;
    (void)cx;
    ant_thread_sleep(1);
    return ANT_READY;
}

ANT_ASYNC_FN(app, int begun, struct ant_join_handle task[TASKS], int done)
{
    for (; self->begun < TASKS; self->begun++)
        self->task[self->begun] = ant_spawn(work());
    for (; self->done < TASKS; self->done++)
        ANT_AWAIT(self->task[self->done]);
    return ANT_READY;
}

ANT_MAIN(app)
