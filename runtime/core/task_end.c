// SPDX-License-Identifier: MIT
//
// How a task ends: its future is destroyed, the outcome is left for the join
// handle, and then everybody hears of it. Whoever calls has the task for
// itself, from the scheduler's queue or by shutdown. The hard thing is a
// destructor that panics, and that from the step to COMPLETE on others may free
// the task.

#include <errno.h>
#include <stdio.h>

#include "base/err.h"
#include "core/here.h"
#include "core/panic.h"
#include "core/task_block.h"
#include "trace/trace.h"

static void finish_otherwise(ant_task *task, uint32_t outcome, uint32_t why,
                             ant_panic *panic);
static uint32_t drop_guarded(ant_task *task, uint32_t why, ant_panic *panic);
static void leave_failure(ant_task *task, uint32_t outcome,
                          const ant_panic *panic, ant_ev_task_end *end);
static void complete(ant_task *task, const ant_ev_task_end *end);

void ant__task_finish(ant_task *task, uint32_t outcome, uint32_t why,
                      ant_panic *panic)
{
    const bool is_well =
        outcome == ANT_RESULT_READY && ant_future_is_ready(&task->future);
    if (ANT_UNLIKELY(!is_well)) {
        finish_otherwise(task, outcome, why, panic);
        return;
    }
    ANT_TRACE(task_drop, .task = task->id, .why = why);
    task->link.failure = NULL;
    complete(task, NULL);
}

void ant_task_shutdown(ant_task *task)
{
    if (!ant_task_state_seize(&task->state)) return;
    ant_here *here = ant__here();
    ant_task *const outer = here->task; // one that spawns during shutdown
    ant_panic panic;
    here->task = task;
    ant__task_finish(task, ANT_RESULT_CANCELLED, ANT_DROP_SHUTDOWN, &panic);
    here->task = outer;
}

void ant__task_leave_scopes(const ant_task *task)
{
    ant_here *here = ant__here();
    while (here->locals != NULL && here->locals->task == task) {
        here->locals = here->locals->outer;
    }
}

// It has to be dropped first, or has not ended well, or both.
ANT_NOINLINE static void finish_otherwise(ant_task *task, uint32_t outcome,
                                          uint32_t why, ant_panic *panic)
{
    ant_panic on_drop_panic;
    if (drop_guarded(task, why, &on_drop_panic) == ANT_RESULT_PANICKED) {
        // A panic while a panic is cleaned up: there is no way on.
        if (outcome == ANT_RESULT_PANICKED)
            ant__crash(on_drop_panic.file, (int)on_drop_panic.line,
                       on_drop_panic.text);
        outcome = ANT_RESULT_PANICKED;
        panic = &on_drop_panic;
    }
    ANT_TRACE(task_drop, .task = task->id, .why = why);

    if (outcome == ANT_RESULT_PANICKED) task->future.result = -ENOTRECOVERABLE;
    if (outcome == ANT_RESULT_CANCELLED) task->future.result = -ECANCELED;
    const int err = outcome == ANT_RESULT_READY ? 0 : task->future.result;
    ant_ev_task_end end = { .outcome = outcome, .err = (uint64_t)(int64_t)err };
    task->link.failure = NULL;
    if (outcome != ANT_RESULT_READY) leave_failure(task, outcome, panic, &end);
    complete(task, &end);
}

// What is over is not dropped: then there is nothing that could panic.
static uint32_t drop_guarded(ant_task *task, uint32_t why, ant_panic *panic)
{
    if (ant_future_is_ready(&task->future)) return ANT_RESULT_READY;
    ant_here *here = ant__here();
    ant_panic *const outer = here->panic;
    const uint32_t outer_why = here->drop_why;
    here->panic = panic;
    here->drop_why = why;
    uint32_t outcome = ANT_RESULT_READY;
    if (_setjmp(panic->target) == 0) {
        ant__future_drop_why(&task->future, why);
    } else {
        ant__task_leave_scopes(task);
        outcome = ANT_RESULT_PANICKED;
    }
    ant__here()->panic = outer;
    ant__here()->drop_why = outer_why;
    return outcome;
}

// How a task ended that did not end well, as the task and its panic say it.
static ant_failure failure_of(const ant_task *task, uint32_t outcome,
                              const ant_panic *panic)
{
    const bool is_panic = outcome == ANT_RESULT_PANICKED;
    ant_failure failure = {
        .err = task->future.result,
        .is_panic = is_panic,
        .file = is_panic ? panic->file : task->future.ops->file,
        .line = is_panic ? panic->line : task->future.line,
    };
    (void)snprintf(failure.text, sizeof failure.text, "%s",
                   is_panic ? panic->text : ant_err_text(failure.err));
    return failure;
}

// Leaves the failure in the task, for the handle, and tells the recording and
// the scheduler. All that are cancelled share one.
static void leave_failure(ant_task *task, uint32_t outcome,
                          const ant_panic *panic, ant_ev_task_end *end)
{
    static const ant_failure cancelled = { .err = -ECANCELED,
                                           .file = "",
                                           .text = "cancelled" };
    ant_failure own;
    const ant_failure *failure = &cancelled;
    task->link.failure = &cancelled;
    if (outcome != ANT_RESULT_CANCELLED) {
        own = failure_of(task, outcome, panic);
        failure = &own;
        task->link.failure = ant__failure_keep(&own);
    }

    const bool is_panic = failure->is_panic;
    if (ant_trace_is_on(ANT_LEVEL_SCHED)) {
        end->message = ant_trace_string(failure->text);
        end->file =
            ant_trace_string(is_panic ? failure->file : task->future.ops->file);
        end->line = is_panic ? failure->line : task->future.line;
    }
    ant_scheduler *scheduler = task->scheduler;
    if (is_panic && scheduler->ops->panicked)
        scheduler->ops->panicked(scheduler, task, failure);
}

// `end` is NULL for a task that ended well.
ANT_NOINLINE static void record_end(uint32_t task, ant_step step,
                                    const ant_ev_task_end *end)
{
    static const ant_ev_task_end well = { .outcome = ANT_RESULT_READY };
    if (end == NULL) end = &well;
    ANT_TRACE(task_end, .task = task, .seq = step.seq & 127,
              .outcome = end->outcome, .err = end->err, .message = end->message,
              .file = end->file, .line = end->line);
    (void)task, (void)step;
}

// Says that the task is over, to all who want to know. From the step on others
// may free the task, unless there is a joiner, for whom it is kept.
static void complete(ant_task *task, const ant_ev_task_end *end)
{
    const uint32_t id = task->id;
    const char *name = task->name;
    ant_task_hook *hook = task->hook;
    ant_scheduler *scheduler = task->scheduler;
    scheduler->ops->release(scheduler, task);
    ant_step step = ant_task_state_complete(&task->state);
    if (ant_trace_is_on(ANT_LEVEL_SCHED)) record_end(id, step, end);
    if (step.todo == ANT_DO_WAKE_JOINER) {
        // Used up, but not overwritten: the handle may be comparing it.
        ant_waker joiner = task->joiner;
        ant__waker_wake_for(&joiner,
                            (ant_why){ .via = ANT_VIA_JOIN, .res = id });
    }
    if (ANT_UNLIKELY(hook != NULL)) hook->ended(hook);
    if (ANT_UNLIKELY(scheduler->is_watched))
        scheduler->ops->ended(scheduler, id, name);
    if (step.todo == ANT_DO_WAKE_JOINER) ant__task_unref(task);
    if (step.todo == ANT_DO_FREE) ant__task_free(task);
}
