// SPDX-License-Identifier: MIT

#include "support/executor.h"

#include <errno.h>

#include "core/task_block.h"

static void on_schedule(ant_scheduler *base, ant_task *task, ant_schedule how)
{
    executor *ex = (executor *)base;
    if (ex->how_len + 1 < sizeof ex->how) ex->how[ex->how_len++] = "SWBY"[how];
    task->link.next = NULL;
    if (ex->first == NULL)
        ex->first = task;
    else
        ex->last->link.next = task;
    ex->last = task;
}

static void on_release(ant_scheduler *base, ant_task *task)
{
    (void)task;
    ((executor *)base)->release_count++;
}

static void on_panicked(ant_scheduler *base, ant_task *task,
                        const ant_failure *failure)
{
    executor *ex = (executor *)base;
    (void)task;
    ex->panic_count++;
    ex->panic = *failure;
}

void executor_init(executor *ex)
{
    static const ant_scheduler_ops ops = { .schedule = on_schedule,
                                           .release = on_release,
                                           .panicked = on_panicked };
    *ex = (executor){ .base = { .ops = &ops } };
}

struct ant_join_handle executor__spawn(executor *ex, const ant_future *future,
                                       const char *name, int line)
{
    const ant_task_origin origin = {
        .name = name,
        .file = "executor.c",
        .line = (uint32_t)line,
        .kind = ANT_TASK_ASYNC,
    };
    ant_task *task = ant_task_new(&ex->base, future, &origin);
    if (task == NULL) return ant__join_handle_failed(-ENOMEM);
    struct ant_join_handle handle;
    ant_task_start(task, &handle);
    return handle;
}

bool executor_run_one(executor *ex)
{
    ant_task *task = ex->first;
    if (task == NULL) return false;
    ex->first = task->link.next;
    ant_task_run(task, ANT_QUEUE_LOCAL, 0);
    return true;
}

void executor_run(executor *ex)
{
    while (executor_run_one(ex))
        continue;
}
