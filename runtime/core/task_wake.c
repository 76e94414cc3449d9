// SPDX-License-Identifier: MIT
//
// The task as something that can be woken: what its wakers do. Any thread uses
// them, and each holds a reference to the task.

#include "core/here.h"
#include "core/task.h"
#include "core/task_block.h"
#include "core/task_state.h"
#include "trace/trace.h"

static void on_clone(ant_wakeable *self);
static void on_wake(ant_wakeable *self, ant_why why);
static void on_wake_last(ant_wakeable *self, ant_why why);
static void on_drop(ant_wakeable *self);
static void record_wake(uint32_t task, ant_step step, ant_why why);
static ant_why why_of(const ant_task *task, ant_why why);

const ant_waker_ops ant__task_waker_ops = {
    .clone = on_clone,
    .wake = on_wake,
    .drop = on_drop,
    .wake_last = on_wake_last,
};

static void on_clone(ant_wakeable *self)
{
    ant_task_state_ref(&ant_task_of(self)->state);
}

static void on_wake(ant_wakeable *self, ant_why why)
{
    ant_task *task = ant_task_of(self);
    // The task is alive: the caller's waker holds a reference.
    ant_step step = ant_task_state_wake(&task->state);
    record_wake(task->id, step, why_of(task, why));
    if (step.todo == ANT_DO_SCHEDULE)
        task->scheduler->ops->schedule(task->scheduler, task,
                                       ANT_SCHEDULE_WAKE);
}

// Between the step and the queue nothing keeps the task but its scheduler,
// whose workers all have to end before it destroys tasks. So this is for them
// alone: a worker's local tasks have another scheduler.
static void on_wake_last(ant_wakeable *self, ant_why why)
{
    ant_task *task = ant_task_of(self);
    if (ant__here()->scheduler != task->scheduler) {
        on_wake(self, why);
        on_drop(self);
        return;
    }
    const uint32_t id = task->id;
    why = why_of(task, why);
    ant_step step = ant_task_state_wake_last(&task->state);
    record_wake(id, step, why);
    if (step.todo == ANT_DO_SCHEDULE)
        task->scheduler->ops->schedule(task->scheduler, task,
                                       ANT_SCHEDULE_WAKE);
    if (step.todo == ANT_DO_FREE) ant__task_free(task);
}

static void on_drop(ant_wakeable *self)
{
    ant__task_unref(ant_task_of(self));
}

static void record_wake(uint32_t task, ant_step step, ant_why why)
{
    const bool by_timer = why.via == ANT_VIA_TIMER;
    const bool by_join = why.via == ANT_VIA_JOIN;
    ANT_TRACE(wake, .task = task, .seq = step.seq & 127, .result = step.wake,
              .via = why.via, .res = by_timer || by_join ? 0 : why.res,
              .timer = by_timer ? why.res : 0, .ended = by_join ? why.res : 0);
    (void)task, (void)step, (void)by_timer, (void)by_join;
}

static ant_why why_of(const ant_task *task, ant_why why)
{
    if (why.via == ANT_VIA_WAKER && ant__here()->task == task)
        why.via = ANT_VIA_SELF;
    return why;
}
