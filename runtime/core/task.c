// SPDX-License-Identifier: MIT

#include "core/task.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/panic.h"
#include "core/task_block.h"
#include "trace/trace.h"

static const char *name_of(const ant_future *future, const char *text);
static void on_clone(ant_wakeable *self);
static void on_wake(ant_wakeable *self, ant_why why);
static void on_drop(ant_wakeable *self);
static void poll_or_cancel(ant_task *task, uint32_t queue, uint32_t len);
static uint32_t poll_guarded(ant_task *task, ant_cx *cx, ant_panic *panic);
static uint32_t drop_guarded(ant_task *task, uint32_t why, ant_panic *panic);
static void end_pending(ant_task *task, const ant_cx *cx, ant_panic *panic);
static void leave_scopes(const ant_task *task);
static void end_lost(ant_task *task, ant_panic *panic);
static void finish(ant_task *task, uint32_t outcome, uint32_t why,
                   ant_panic *panic);

static const ant_waker_ops task_waker_ops = { on_clone, on_wake, on_drop };

ant_task *ant_task_new(ant_scheduler *scheduler, const ant_future *future,
                       const ant_task_origin *origin)
{
    ANT_ASSERT(future->phase == ANT_PHASE_NEW);
    const size_t future_size = future->ops->size;
    ant_task *task = ant_mem_alloc(offsetof(ant_task, future) + future_size);
    if (task == NULL) return NULL;

    *task = (ant_task){
        .wakeable = { &task_waker_ops },
        .scheduler = scheduler,
        .name = name_of(future, origin->name),
        .id = ant_trace_id_task(),
        .kind = origin->kind,
        .hook = origin->hook,
    };
    ant_task_state_init(&task->state);
    memcpy(&task->future, future, future_size);

    if (ant_trace_is_on(ANT_LEVEL_SCHED)) {
        unsigned name_len = (unsigned)ant_task_name_len(task);
        ANT_TRACE(task_spawn, .task = task->id, .seq = 1 & 127,
                  .kind = task->kind, .parent = ant_task_id_here(),
                  .type = ant__future_type_id(future->ops),
                  .name = ant_trace_string_n(task->name, name_len),
                  .file = ant_trace_string(origin->file), .line = origin->line);
    }
    return task;
}

void ant_task_start(ant_task *task, struct ant_join_handle *ret_handle)
{
    *ret_handle = ant__join_handle(task);
    task->scheduler->ops->schedule(task->scheduler, task, ANT_SCHEDULE_SPAWN);
}

int ant_task_name_len(const ant_task *task)
{
    return (int)strcspn(task->name, "(");
}

void ant__task_copy_name(const ant_task *task, char *ret_name, size_t size)
{
    (void)snprintf(ret_name, size, "%.*s",
                   task != NULL ? ant_task_name_len(task) : 0,
                   task != NULL ? task->name : "");
}

void ant__task_abort(ant_task *task)
{
    bool is_late;
    ant_step step = ant_task_state_abort(&task->state, &is_late);
    if (is_late) return;
    ANT_TRACE(task_abort, .task = task->id, .seq = step.seq & 127);
    if (step.todo == ANT_DO_SCHEDULE)
        task->scheduler->ops->schedule(task->scheduler, task,
                                       ANT_SCHEDULE_WAKE);
}

void ant__task_ref(ant_task *task)
{
    ant_task_state_ref(&task->state);
}

void ant__task_unref(ant_task *task)
{
    if (!ant_task_state_unref(&task->state)) return;
    ant__failure_free(task->link.failure);
    ant_mem_free(task);
}

// ---- Running ----

void ant_task_run(ant_task *task, uint32_t queue, uint32_t len)
{
    ant_here *here = ant__here();
    ant_task *const outer = here->task; // when one task runs others by itself
    here->task = task;
    poll_or_cancel(task, queue, len);
    here->task = outer;
}

// A task is called what its future is called in the source. A future that is
// written out there, ANT_FUTURE(tea, .cups = 2), is called what it is.
static const char *name_of(const ant_future *future, const char *text)
{
    const bool is_written_out = strncmp(text, "ANT_FUTURE(", 11) == 0;
    return is_written_out ? future->ops->name : text;
}

static void poll_or_cancel(ant_task *task, uint32_t queue, uint32_t len)
{
    ant_here *here = ant__here();
    ant_panic panic;
    ant_step step = ant_task_state_begin(&task->state);
    if (step.todo == ANT_DO_CANCEL) {
        finish(task, ANT_RESULT_CANCELLED, ANT_DROP_CANCELLED, &panic);
        return;
    }
    ANT_TRACE(poll_begin, .task = task->id, .seq = step.seq & 127,
              .queue = queue, .len = len);

    ant_cx cx = {
        .waker = { &task->wakeable },
        .clock = task->scheduler->clock,
        .rng = here->rng,
        .task = task->id,
        .budget = here->budget > 0 ? here->budget : ANT_BUDGET,
        .again_left = ANT_AGAIN_MAX,
    };
    ant_cx *const outer = here->cx;
    here->cx = &cx;
    uint32_t outcome = poll_guarded(task, &cx, &panic);
    here->cx = outer;
    if (here->budget > 0) here->budget = cx.budget;

    if (outcome == ANT_RESULT_PENDING) {
        end_pending(task, &cx, &panic);
    } else {
        step = ant_task_state_end_ready(&task->state);
        ANT_TRACE(poll_end, .task = task->id, .seq = step.seq & 127,
                  .result = outcome, .budget = (uint64_t)cx.budget);
        finish(task, outcome,
               outcome == ANT_RESULT_PANICKED ? ANT_DROP_PANIC : ANT_DROP_DONE,
               &panic);
    }
}

void ant_task_shutdown(ant_task *task)
{
    if (!ant_task_state_seize(&task->state)) return;
    ant_here *here = ant__here();
    ant_task *const outer = here->task; // one that spawns during shutdown
    ant_panic panic;
    here->task = task;
    finish(task, ANT_RESULT_CANCELLED, ANT_DROP_SHUTDOWN, &panic);
    here->task = outer;
}

// The harness of a poll: a panic lands here. Nothing that is changed between
// setjmp and longjmp is read afterwards.
static uint32_t poll_guarded(ant_task *task, ant_cx *cx, ant_panic *panic)
{
    ant_panic *const outer = ant__here()->panic;
    ant__here()->panic = panic;
    if (_setjmp(panic->target) != 0) {
        ant__here()->panic = outer;
        leave_scopes(task);
        return ANT_RESULT_PANICKED;
    }
    ant_poll poll = ant_future_poll(&task->future, cx);
    ant__here()->panic = outer;
    if (poll == ANT_PENDING) return ANT_RESULT_PENDING;
    return task->future.result < 0 ? ANT_RESULT_FAILED : ANT_RESULT_READY;
}

// A panic jumps over the ends of the task-local scopes that it was in.
static void leave_scopes(const ant_task *task)
{
    ant_here *here = ant__here();
    while (here->locals != NULL && here->locals->task == task) {
        here->locals = here->locals->outer;
    }
}

// The poll was PENDING: idle now, or queued again, or destroyed.
static void end_pending(ant_task *task, const ant_cx *cx, ant_panic *panic)
{
    // Once idle, the task may be run and freed by others: copy what is needed.
    ant_scheduler *scheduler = task->scheduler;
    const uint32_t id = task->id;
    const bool has_yielded = cx->has_yielded;

    ant_step step = ant_task_state_end_pending(&task->state);
    ANT_TRACE(poll_end, .task = id, .seq = step.seq & 127,
              .result = ANT_RESULT_PENDING, .wakers = step.wakers,
              .budget = (uint64_t)cx->budget);
    if (step.todo == ANT_DO_CANCEL) {
        finish(task, ANT_RESULT_CANCELLED, ANT_DROP_CANCELLED, panic);
    } else if (step.todo == ANT_DO_TRAP) {
        end_lost(task, panic);
    } else if (step.todo == ANT_DO_SCHEDULE) {
        scheduler->ops->schedule(scheduler, task,
                                 has_yielded ? ANT_SCHEDULE_YIELD
                                             : ANT_SCHEDULE_BACK);
    }
}

// PENDING is a promise that somebody holds the waker. Nobody does: the task
// could never run again, so it ends here and says where it broke the promise.
static void end_lost(ant_task *task, ant_panic *panic)
{
    const ant_future *leaf = &task->future;
    while (leaf->awaited != NULL)
        leaf = leaf->awaited;
    panic->file = leaf->ops->file;
    panic->line = leaf->line != 0 ? leaf->line : leaf->ops->line;
    (void)snprintf(panic->text, sizeof panic->text,
                   "`%s` returned PENDING in state %s, and nobody holds its "
                   "waker: nothing could ever wake it",
                   leaf->ops->name, ant_future_state_name(leaf));
    finish(task, ANT_RESULT_PANICKED, ANT_DROP_PANIC, panic);
}

static uint32_t drop_guarded(ant_task *task, uint32_t why, ant_panic *panic)
{
    ant_here *here = ant__here();
    ant_panic *const outer = here->panic;
    const uint32_t outer_why = here->drop_why;
    here->panic = panic;
    here->drop_why = why;
    uint32_t outcome = ANT_RESULT_READY;
    if (_setjmp(panic->target) == 0) {
        ant__future_drop_why(&task->future, why);
    } else {
        leave_scopes(task);
        outcome = ANT_RESULT_PANICKED;
    }
    ant__here()->panic = outer;
    ant__here()->drop_why = outer_why;
    return outcome;
}

// All cancelled tasks share one, which nobody changes: to be cancelled takes no
// memory.
static ant_failure cancelled = {
    .err = -ECANCELED,
    .file = "",
    .text = "cancelled",
};

void ant__failure_free(ant_failure *failure)
{
    if (failure != &cancelled) ant_mem_free(failure);
}

// NULL when there is no memory.
static ant_failure *failure_of(const ant_task *task, uint32_t outcome,
                               const ant_panic *panic)
{
    if (outcome == ANT_RESULT_READY) return NULL;
    if (outcome == ANT_RESULT_CANCELLED) return &cancelled;
    ant_failure *failure = ant_mem_alloc(sizeof *failure);
    if (failure == NULL) return NULL;
    if (outcome == ANT_RESULT_PANICKED) {
        failure->err = -ENOTRECOVERABLE;
        failure->is_panic = true;
        failure->file = panic->file;
        failure->line = panic->line;
        memcpy(failure->text, panic->text, sizeof failure->text);
    } else {
        failure->err = task->future.result;
        failure->file = task->future.ops->file;
        failure->line = task->future.line;
        (void)snprintf(failure->text, sizeof failure->text, "%s",
                       ant_err_text(failure->err));
    }
    return failure;
}

// Destroys the future, stores the outcome, and only then says that the task is
// over (semantics J3). The caller has it RUNNING.
static void finish(ant_task *task, uint32_t outcome, uint32_t why,
                   ant_panic *panic)
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

    ant_failure *failure = failure_of(task, outcome, panic);
    if (outcome == ANT_RESULT_PANICKED) task->future.result = -ENOTRECOVERABLE;
    if (outcome == ANT_RESULT_CANCELLED) task->future.result = -ECANCELED;
    task->link.failure = failure;

    // From COMPLETE on the failure is the handle's: its texts are read before.
    const int err = outcome == ANT_RESULT_READY ? 0 : task->future.result;
    ant_ev_task_end end = { .task = task->id,
                            .outcome = outcome,
                            .err = (uint64_t)(int64_t)err };
    if (failure != NULL && ant_trace_is_on(ANT_LEVEL_SCHED)) {
        const bool is_panic = failure->is_panic;
        end.message = ant_trace_string(failure->text);
        end.file =
            ant_trace_string(is_panic ? failure->file : task->future.ops->file);
        end.line = is_panic ? failure->line : task->future.line;
    }
    ant_scheduler *scheduler = task->scheduler;
    if (failure != NULL && failure->is_panic && scheduler->ops->panicked)
        scheduler->ops->panicked(scheduler, task, failure);
    ant_step step = ant_task_state_complete(&task->state);
    ANT_TRACE(task_end, .task = end.task, .seq = step.seq & 127,
              .outcome = end.outcome, .err = end.err, .message = end.message,
              .file = end.file, .line = end.line);
    if (step.todo == ANT_DO_WAKE_JOINER) {
        // Used up, but not overwritten: the handle may be comparing it.
        ant_waker joiner = task->joiner;
        ant__waker_wake_for(&joiner,
                            (ant_why){ .via = ANT_VIA_JOIN, .res = task->id });
    }
    if (ANT_UNLIKELY(task->hook != NULL)) task->hook->ended(task->hook);
    scheduler->ops->release(scheduler, task);
    ant__task_unref(task);
}

// ---- The task as something that can be woken ----

static void on_clone(ant_wakeable *self)
{
    ant_task_state_ref(&ant_task_of(self)->state);
}

static void record_wake(const ant_task *task, ant_step step, ant_why why)
{
    const bool by_timer = why.via == ANT_VIA_TIMER;
    const bool by_join = why.via == ANT_VIA_JOIN;
    ANT_TRACE(wake, .task = task->id, .seq = step.seq & 127,
              .result = step.wake, .via = why.via,
              .res = by_timer || by_join ? 0 : why.res,
              .timer = by_timer ? why.res : 0, .ended = by_join ? why.res : 0);
    (void)task, (void)step, (void)by_timer, (void)by_join;
}

static void on_wake(ant_wakeable *self, ant_why why)
{
    ant_task *task = ant_task_of(self);
    // The task is alive: the caller's waker holds a reference.
    if (why.via == ANT_VIA_WAKER && ant__here()->task == task)
        why.via = ANT_VIA_SELF;
    ant_step step = ant_task_state_wake(&task->state);
    record_wake(task, step, why);
    if (step.todo == ANT_DO_SCHEDULE)
        task->scheduler->ops->schedule(task->scheduler, task,
                                       ANT_SCHEDULE_WAKE);
}

static void on_drop(ant_wakeable *self)
{
    ant__task_unref(ant_task_of(self));
}
