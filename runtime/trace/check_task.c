// SPDX-License-Identifier: MIT
//
// Rules about tasks: the state machine of core/task_state.h, followed from the
// outside. A task's steps are in their true order, so what each wake found can
// be compared with what it must have found.
//
//   step         a task's steps follow each other by one
//   one-poller   a task is polled on one lane at a time
//   stays        a local task is polled on the lane that spawned it
//   after-end    nothing happens to a task that is over but late wakes
//   unwoken      a task is polled only when it was spawned or woken before
//   aborted      a task that was asked to stop is not polled again
//   wake-result  a wake finds the task in the state that it is in
//   one-queue    a task is in at most one run queue, and polled out of one
//   unarmed      PENDING is a promise: somebody holds the waker
//   left-over    when the runtime is gone, so are its tasks
//   stall        when nothing can wake any more, no task is ready to run

#include <inttypes.h>

#include "trace/check_parts.h"

#define STEPS 128u

typedef struct task_row {
    uint64_t id;
    // From here to cancel: as in the state word. A task that was met in the
    // middle of its life is not known until it is polled.
    bool is_known;
    bool is_scheduled;
    bool is_running; // polled, or being destroyed
    bool is_over;
    bool is_cancelled;
    bool is_polled;  // between poll_begin and poll_end
    bool is_unarmed; // PENDING, and nobody holds its waker
    bool is_dropped;
    bool has_step;
    uint8_t step;
    bool is_queued;
    uint8_t queue;      // ANT_QUEUE_…
    uint32_t lane;      // polled on, or in whose queue
    uint32_t overflows; // of that lane when the task was pushed
    uint32_t home;      // of a local task, 0 for any other
} task_row;

static bool stands_still(ant_check *check, const task_row *row);
static bool all_stand_still(const ant_check *check);
static task_row *row_of(ant_check *check, uint64_t id);
static void judge_step(ant_check *check, task_row *row, uint64_t step);
static void judge_wake(ant_check *check, task_row *row);
static void judge_begin(ant_check *check, task_row *row);
static void judge_end(ant_check *check, task_row *row);
static void judge_over(ant_check *check, task_row *row);
static void abort_task(task_row *row);
static void judge_push(ant_check *check, task_row *row);
static bool may_move(const ant_check *check, const task_row *row);
static void judge_steal(ant_check *check, task_row *row);
static void report(ant_check *check, const char *rule, const task_row *row,
                   const char *what);

void ant__check_task_init(ant_check *check)
{
    check->tasks = ant_table_init(sizeof(task_row));
}

void ant__check_task_event(ant_check *check)
{
    if (check->is_lossy) return;
    const ant_event *event = check->event;
    // All these rows begin with the task.
    switch ((int)event->kind) {
    case ANT_EV_task_spawn: {
        task_row *row = row_of(check, event->field[0]);
        if (row == NULL) return;
        judge_step(check, row, event->field[1]);
        row->is_known = true;
        row->is_scheduled = true;
        if (ANT_EVENT_AS(task_spawn, event)->kind == ANT_TASK_LOCAL)
            row->home = event->lane;
        return;
    }
    case ANT_EV_wake:
        judge_wake(check, row_of(check, event->field[0]));
        return;
    case ANT_EV_poll_begin:
        judge_begin(check, row_of(check, event->field[0]));
        return;
    case ANT_EV_poll_end:
        judge_end(check, row_of(check, event->field[0]));
        return;
    case ANT_EV_task_abort: {
        task_row *row = row_of(check, event->field[0]);
        if (row == NULL) return;
        judge_step(check, row, event->field[1]);
        abort_task(row);
        return;
    }
    case ANT_EV_task_drop:
    case ANT_EV_task_end:
        judge_over(check, row_of(check, event->field[0]));
        return;
    case ANT_EV_task_push:
        judge_push(check, row_of(check, event->field[0]));
        return;
    case ANT_EV_steal_task:
        judge_steal(check, row_of(check, event->field[0]));
        return;
    }
}

void ant__check_task_finish(ant_check *check)
{
    bool is_gone = check->has_stopped && check->root_count == 0;
    for (uint32_t i = 0; i < check->tasks.count; i++) {
        const task_row *row = ant_table_row(&check->tasks, i);
        if (!row->is_known || row->is_over) continue;
        if (row->is_unarmed && !row->is_dropped) {
            report(check, "unarmed", row,
                   "was PENDING while nobody held its waker");
        } else if (is_gone) {
            report(check, "left-over", row,
                   "is still there after the runtime has ended");
        } else if (check->has_stalled && row->is_scheduled &&
                   !stands_still(check, row)) {
            report(check, "stall", row,
                   "may run, but the runtime said that nothing could");
        }
    }
}

// No lane that may poll the task could have: a local task has only one.
static bool stands_still(ant_check *check, const task_row *row)
{
    if (row->home == 0) return all_stand_still(check);
    const ant_check_lane *home = ant__check_lane_of(check, row->home);
    return home == NULL || home->is_blocked;
}

// No lane could have polled: one at least is blocked, and none sleeps.
static bool all_stand_still(const ant_check *check)
{
    bool is_any_blocked = false;
    for (uint32_t i = 0; i < check->lanes.count; i++) {
        const ant_check_lane *lane = ant_table_row(&check->lanes, i);
        if (lane->is_parked) return false;
        is_any_blocked |= lane->is_blocked;
    }
    return is_any_blocked;
}

static task_row *row_of(ant_check *check, uint64_t id)
{
    task_row *row = ant_table_get(&check->tasks, id);
    if (row != NULL) row->id = id;
    return row;
}

static void judge_step(ant_check *check, task_row *row, uint64_t step)
{
    bool is_next = step % STEPS == (row->step + 1u) % STEPS;
    if (row->has_step && !is_next) {
        // In the file of a killed program the missing step may be one that a
        // thread had no time to write.
        if (ant_reader_info(check->names)->is_closed) {
            ant__check_report(
                check, "step", row->id, "%s goes from step %u to step %" PRIu64,
                ant__check_task_name(check, row->id), row->step, step % STEPS);
        }
        row->is_known = false;
        row->is_queued = false;
    }
    row->has_step = true;
    row->step = (uint8_t)(step % STEPS);
}

// What a wake does depends on what it finds, see ant_task_state_wake().
static void judge_wake(ant_check *check, task_row *row)
{
    if (row == NULL) return;
    const ant_ev_wake *wake = ANT_EVENT_AS(wake, check->event);
    judge_step(check, row, wake->seq);
    // A task that is destroyed unpolled is RUNNING, and no event says so.
    bool may_be_seized = (row->is_cancelled || check->is_stopping) &&
                         !row->is_over && wake->result == ANT_WAKE_RUNNING;
    if (may_be_seized && !row->is_running) {
        row->is_running = true;
        row->is_scheduled = false;
    }
    uint64_t wanted = row->is_over        ? ANT_WAKE_LATE
                      : row->is_scheduled ? ANT_WAKE_COALESCED
                      : row->is_running   ? ANT_WAKE_RUNNING
                                          : ANT_WAKE_QUEUED;
    if (row->is_known && wake->result != wanted) {
        report(check, "wake-result", row,
               wanted == ANT_WAKE_LATE      ? "was over when it was woken"
               : wanted == ANT_WAKE_QUEUED  ? "was waiting when it was woken"
               : wanted == ANT_WAKE_RUNNING ? "was running when it was woken"
                                            : "was to run when it was woken");
    }
    if (wake->result != ANT_WAKE_LATE) row->is_scheduled = true;
}

static void judge_begin(ant_check *check, task_row *row)
{
    if (row == NULL) return;
    const ant_event *event = check->event;
    judge_step(check, row, event->field[1]);
    if (row->is_over) {
        report(check, "after-end", row, "is polled after its end");
    } else if (row->is_polled) {
        ant__check_report(check, "one-poller", row->id,
                          "%s is polled by %s while %s polls it",
                          ant__check_task_name(check, row->id),
                          ant__check_lane_name(check, event->lane),
                          ant__check_lane_name(check, row->lane));
    } else if (row->is_known && row->is_cancelled) {
        report(check, "aborted", row, "is polled after it was asked to stop");
    } else if (row->is_known && !row->is_scheduled) {
        report(check, "unwoken", row, "is polled but was not woken");
    } else if (row->is_known && check->has_pushes && !row->is_queued) {
        report(check, "one-queue", row, "is polled but was in no run queue");
    }
    if (row->home != 0 && row->home != event->lane)
        report(check, "stays", row, "is local and has left its worker");
    row->is_known = true;
    row->is_scheduled = false;
    row->is_running = true;
    row->is_polled = true;
    row->is_queued = false;
    row->lane = event->lane;
}

// See ant_task_state_end_pending(): after a CANCEL, or when nobody holds the
// waker, the task stays RUNNING until it is destroyed.
static void judge_end(ant_check *check, task_row *row)
{
    if (row == NULL) return;
    const ant_ev_poll_end *end = ANT_EVENT_AS(poll_end, check->event);
    judge_step(check, row, end->seq);
    row->is_polled = false;
    if (end->result != ANT_RESULT_PENDING) return;
    row->is_unarmed = end->wakers == 0 && !row->is_scheduled;
    if (!row->is_cancelled && !row->is_unarmed) row->is_running = false;
}

static void judge_over(ant_check *check, task_row *row)
{
    if (row == NULL) return;
    bool is_drop = check->event->kind == ANT_EV_task_drop;
    if (is_drop) {
        if (row->is_dropped)
            report(check, "after-end", row, "is dropped twice");
        if (row->is_polled) {
            report(check, "one-poller", row, "is dropped while it is polled");
        }
        row->is_dropped = true;
        row->is_queued = false;
        return;
    }
    judge_step(check, row, check->event->field[1]);
    if (row->is_over) report(check, "after-end", row, "ends twice");
    row->is_over = true;
    row->is_running = false;
    row->is_scheduled = false;
    row->is_queued = false;
}

static void abort_task(task_row *row)
{
    row->is_cancelled = true;
    if (!row->is_running) row->is_scheduled = true;
}

static void judge_push(ant_check *check, task_row *row)
{
    if (row == NULL) return;
    const ant_ev_task_push *push = ANT_EVENT_AS(task_push, check->event);
    if (row->is_over) {
        report(check, "after-end", row, "enters a run queue after its end");
    } else if (row->is_polled) {
        report(check, "one-queue", row,
               "enters a run queue while it is polled");
    } else if (row->is_queued && !may_move(check, row)) {
        report(check, "one-queue", row,
               "enters a run queue while it is in one");
    }
    const ant_check_lane *owner = ant__check_lane_of(check, push->owner);
    row->is_queued = true;
    row->queue = (uint8_t)push->queue;
    row->lane = (uint32_t)push->owner;
    row->overflows = owner != NULL ? owner->overflows : 0;
}

// From one queue to another: out of the LIFO slot, from those that yielded, out
// of the injection queue with a batch, or out of a ring that has overflowed
// since.
static bool may_move(const ant_check *check, const task_row *row)
{
    if (row->queue == ANT_QUEUE_LIFO || row->queue == ANT_QUEUE_INJECT ||
        row->queue == ANT_QUEUE_DEFERRED) {
        return true;
    }
    const ant_check_lane *lane = ant_table_find(&check->lanes, row->lane);
    return lane != NULL && lane->overflows != row->overflows;
}

static void judge_steal(ant_check *check, task_row *row)
{
    if (row == NULL) return;
    bool is_there = row->is_queued || !row->is_known;
    if (!is_there) {
        report(check, "one-queue", row, "is stolen but was in no run queue");
    }
    row->is_queued = true;
    row->queue = ANT_QUEUE_LOCAL;
    row->lane = check->event->lane;
    const ant_check_lane *thief = ant__check_lane_of(check, row->lane);
    row->overflows = thief != NULL ? thief->overflows : 0;
}

static void report(ant_check *check, const char *rule, const task_row *row,
                   const char *what)
{
    ant__check_report(check, rule, row->id, "%s %s",
                      ant__check_task_name(check, row->id), what);
}
