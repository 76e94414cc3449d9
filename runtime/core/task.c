// SPDX-License-Identifier: MIT

#include "core/task.h"

#include <stdio.h>
#include <string.h>

#include "base/block.h"
#include "base/mem.h"
#include "core/half.h"
#include "core/panic.h"
#include "core/task_block.h"
#include "trace/trace.h"

typedef struct ant_guard ant_guard;

static const char *name_of(const ant_future *future, const char *text);
static void run_lone(ant_task *task, uint32_t queue, uint32_t len);
static void leave_poll(ant_here *here, const ant_guard *guard);
static void end_panicked(ant_guard *guard);
static void end_polled(ant_task *task, ant_guard *guard, uint32_t outcome);
static void end_pending(ant_task *task, ant_guard *guard, uint32_t begun);
static void end_lost(ant_task *task, ant_panic *panic);

ant_task *ant_task_new(ant_scheduler *scheduler, const ant_future *future,
                       const ant_task_origin *origin)
{
    ANT_ASSERT(future->phase == ANT_PHASE_NEW);
    const size_t future_size = future->ops->size;
    ant_task *task = ant_block_alloc(offsetof(ant_task, future) + future_size);
    if (task == NULL) return NULL;

    // One by one: to clear the block first would take longer than all this.
    task->wakeable.ops = &ant__task_waker_ops;
    task->scheduler = scheduler;
    task->name = name_of(future, origin->name);
    task->id = ant_trace_id_task();
    task->kind = (uint8_t)origin->kind;
    task->volume = 0;
    ant_task_state_init(&task->state);
    task->link.next = NULL;
    task->owned = (ant_list){ NULL, NULL };
    task->joiner.target = NULL;
    task->hook = origin->hook;
    memcpy(&task->future, future, future_size);

    if (ant_trace_is_on(ANT_LEVEL_SCHED)) {
        unsigned name_len = (unsigned)ant_task_name_len(task);
        ANT_TRACE(task_spawn, .task = task->id, .seq = 1 & 127,
                  .kind = task->kind, .parent = ant_task_id_here(),
                  .type = ant__future_type_id(future->ops),
                  .name = ant_trace_string_n(task->name, name_len),
                  .file = ant_trace_string(origin->file), .line = origin->line);
        ant__halves_move(future, future_size, task->id, 0);
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
    if (ant_task_state_unref(&task->state)) ant__task_free(task);
}

void ant__task_leave(ant_task *task)
{
    ant_waker joiner = task->joiner; // the handle's, as long as it is one
    const ant_leave left = ant_task_state_leave(&task->state);
    if (left.has_joiner) ant_waker_drop(&joiner);
    if (left.is_last) ant__task_free(task);
}

void ant__task_free(ant_task *task)
{
    ant_block_free(task, offsetof(ant_task, future) + task->future.ops->size);
}

// ---- Running ----

// What a loop that runs tasks needs for each of them, made once: where a panic
// lands, the context of the poll, and what was there before the loop.
struct ant_guard {
    ant_cx cx;
    ant_guard *outer;
    ant_task *outer_task; // it is here->task between two runs
    ant_cx *outer_cx;
    ant_panic *outer_panic;
    ant_panic panic;
};

void ant_task_guard(void (*loop)(void *arg), void *arg)
{
    ant_here *here = ant__here();
    ant_guard guard = {
        .cx = { .rng = here->rng },
        .outer = here->guard,
        .outer_task = here->task,
        .outer_cx = here->cx,
        .outer_panic = here->panic,
    };
    here->guard = &guard;
    // Nothing that is changed between setjmp and longjmp is a variable of this
    // function.
    if (_setjmp(guard.panic.target) != 0) end_panicked(&guard);
    loop(arg);
    ant__here()->guard = guard.outer;
}

// A task is called what its future is called in the source. A future that is
// written out there, ANT_FUTURE(tea, .cups = 2), is called what it is.
static const char *name_of(const ant_future *future, const char *text)
{
    const bool is_written_out =
        text[0] == 'A' && strncmp(text, "ANT_FUTURE(", 11) == 0;
    return is_written_out ? future->ops->name : text;
}

// A run that has no loop around it, or is inside of another task's poll.
typedef struct lone_run {
    ant_task *task;
    uint32_t queue;
    uint32_t len;
} lone_run;

static void run_once(void *arg)
{
    lone_run *run = arg;
    ant_task *task = run->task;
    run->task = NULL; // a panic comes back here
    if (task != NULL) ant_task_run(task, run->queue, run->len);
}

ANT_NOINLINE static void run_lone(ant_task *task, uint32_t queue, uint32_t len)
{
    lone_run run = { task, queue, len };
    ant_task_guard(run_once, &run);
}

ANT_NOINLINE static void record_begin(const ant_task *task, ant_step step,
                                      uint32_t queue, uint32_t len)
{
    ANT_TRACE(poll_begin, .task = task->id, .seq = step.seq & 127,
              .queue = queue, .len = len);
    (void)task, (void)step, (void)queue, (void)len;
}

// One by one, as in ant_task_new; what says where it is polled stays.
static void begin_cx(const ant_here *here, ant_cx *cx, ant_task *task)
{
    cx->waker.target = &task->wakeable;
    cx->yielder = NULL;
    cx->clock = task->scheduler->clock;
    cx->seen_ns = 0;
    cx->task = task->id;
    cx->parent = 0;
    cx->budget = here->budget > 0 ? here->budget : ANT_BUDGET;
    cx->again_left = ANT_AGAIN_MAX;
    cx->has_yielded = false;
    cx->is_unconstrained = false;
}

void ant_task_run(ant_task *task, uint32_t queue, uint32_t len)
{
    ant_here *here = ant__here();
    ant_guard *guard = here->guard;
    if (ANT_UNLIKELY(guard == NULL || here->task != guard->outer_task)) {
        run_lone(task, queue, len);
        return;
    }
    here->task = task;
    const bool is_recorded = ant_trace_is_on(ANT_LEVEL_SCHED);
    ant_step step = ant_task_state_begin(&task->state, is_recorded);
    if (ANT_UNLIKELY(step.todo == ANT_DO_CANCEL)) {
        ant__task_finish(task, ANT_RESULT_CANCELLED, ANT_DROP_CANCELLED,
                         &guard->panic);
        here->task = guard->outer_task;
        return;
    }
    if (is_recorded) record_begin(task, step, queue, len);

    begin_cx(here, &guard->cx, task);
    here->cx = &guard->cx;
    here->panic = &guard->panic;
    const ant_poll poll = ant_future_poll(&task->future, &guard->cx);
    leave_poll(here, guard);
    if (poll == ANT_PENDING)
        end_pending(task, guard, step.seq);
    else
        end_polled(task, guard,
                   task->future.result < 0 ? ANT_RESULT_FAILED
                                           : ANT_RESULT_READY);
    here->task = guard->outer_task;
}

// The poll is over; what follows is not the task's any more, but done for it.
static void leave_poll(ant_here *here, const ant_guard *guard)
{
    here->cx = guard->outer_cx;
    here->panic = guard->outer_panic;
    if (here->budget > 0) here->budget = guard->cx.budget;
}

// A poll has panicked, and the jump has ended here.
static void end_panicked(ant_guard *guard)
{
    ant_here *here = ant__here();
    ant_task *task = here->task;
    leave_poll(here, guard);
    ant__task_leave_scopes(task);
    end_polled(task, guard, ANT_RESULT_PANICKED);
    here->task = guard->outer_task;
}

// The poll was not PENDING.
static void end_polled(ant_task *task, ant_guard *guard, uint32_t outcome)
{
    const bool has_panicked = outcome == ANT_RESULT_PANICKED;
    if (ant_trace_is_on(ANT_LEVEL_SCHED)) {
        // Only a recording counts this step: nobody else can act on it.
        ant_step step = ant_task_state_end_ready(&task->state);
        ANT_TRACE(poll_end, .task = task->id, .seq = step.seq & 127,
                  .result = outcome, .budget = (uint64_t)guard->cx.budget);
    }
    ant__task_finish(task, outcome,
                     has_panicked ? ANT_DROP_PANIC : ANT_DROP_DONE,
                     &guard->panic);
}

ANT_NOINLINE static void record_pending(uint32_t task, ant_step step,
                                        int32_t budget)
{
    ANT_TRACE(poll_end, .task = task, .seq = step.seq & 127,
              .result = ANT_RESULT_PENDING, .wakers = step.wakers,
              .budget = (uint64_t)budget);
    (void)task, (void)step, (void)budget;
}

// The poll was PENDING: idle now, or queued again, or destroyed.
static void end_pending(ant_task *task, ant_guard *guard, uint32_t begun)
{
    // Once idle, the task may be run and freed by others: copy what is needed.
    ant_scheduler *scheduler = task->scheduler;
    const uint32_t id = task->id;
    const ant_cx *cx = &guard->cx;

    ant_step step =
        ant_task_state_end_pending(&task->state, begun, cx->yielder != NULL);
    if (ant_trace_is_on(ANT_LEVEL_SCHED)) record_pending(id, step, cx->budget);
    if (ANT_LIKELY(step.todo == ANT_DO_NOTHING)) return;
    if (ANT_LIKELY(step.todo == ANT_DO_SCHEDULE)) {
        scheduler->ops->schedule(scheduler, task,
                                 cx->has_yielded ? ANT_SCHEDULE_YIELD
                                                 : ANT_SCHEDULE_BACK);
    } else if (step.todo == ANT_DO_CANCEL) {
        ant__task_finish(task, ANT_RESULT_CANCELLED, ANT_DROP_CANCELLED,
                         &guard->panic);
    } else {
        end_lost(task, &guard->panic);
    }
}

// PENDING is a promise that somebody holds the waker. Nobody does: the task
// could never run again, so it ends here and says where it broke the promise.
ANT_NOINLINE static void end_lost(ant_task *task, ant_panic *panic)
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
    ant__task_finish(task, ANT_RESULT_PANICKED, ANT_DROP_PANIC, panic);
}
