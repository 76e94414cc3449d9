// SPDX-License-Identifier: MIT
//
// All tasks are bound to one worker; the other one sleeps.

#include <antfarm.h>

#define TASKS 40

ANT_ASYNC_FN(work, int polls)
{
    self->polls++;
    (void)cx;
    ant_thread_sleep(1);
    return ANT_READY;
}

ANT_ASYNC_FN(boss, int begun, struct ant_join_handle task[TASKS], int done)
{
    for (; self->begun < TASKS; self->begun++)
        self->task[self->begun] = ant_spawn_local(work());
    for (; self->done < TASKS; self->done++)
        ANT_AWAIT(self->task[self->done]);
    return ANT_READY;
}

ANT_ASYNC_FN(app, struct ant_join_handle boss)
{
    if (ANT_BEGINS(self->boss)) self->boss = ant_spawn(boss());
    ANT_AWAIT(self->boss);
    return ANT_READY;
}

ANT_MAIN(app)
