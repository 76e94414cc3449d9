// SPDX-License-Identifier: MIT
//
// Rules about futures inside tasks, as far as the level of detail tells.
//
//   future-nesting  polls of futures nest: the one that began last returns
//                   first, and a child is polled inside a poll of its parent
//   future-end      a future ends once, and is never polled after that

#include "trace/check_parts.h"

typedef struct future_row {
    uint64_t parent;
    bool is_over; // it was READY or dropped
} future_row;

static void begin(ant_check *check, ant_check_lane *lane, uint64_t fut);
static void end(ant_check *check, ant_check_lane *lane, uint64_t fut);
static void drop(ant_check *check, uint64_t fut);
static void end_poll(ant_check *check, ant_check_lane *lane);
static bool is_inside(const ant_check_lane *lane, uint64_t fut);
static bool must_be_inside(const ant_check *check, uint64_t parent);

void ant__check_future_init(ant_check *check)
{
    check->futures = ant_table_init(sizeof(future_row));
}

void ant__check_future_event(ant_check *check)
{
    const ant_event *event = check->event;
    ant_check_lane *lane = ant__check_lane_of(check, event->lane);
    if (lane == NULL) return;
    uint64_t fut = event->field[0];
    if (event->kind == ANT_EV_future_start) {
        future_row *row = ant_table_get(&check->futures, fut);
        if (row != NULL) row->parent = event->field[1];
    } else if (event->kind == ANT_EV_future_poll) {
        begin(check, lane, fut);
    } else if (event->kind == ANT_EV_future_result) {
        end(check, lane, fut);
    } else if (event->kind == ANT_EV_future_drop) {
        drop(check, fut);
    } else if (event->kind == ANT_EV_poll_end) {
        end_poll(check, lane);
    }
}

static void begin(ant_check *check, ant_check_lane *lane, uint64_t fut)
{
    const uint64_t task = check->event->task;
    const future_row *row = ant_table_find(&check->futures, fut);
    if (row != NULL && row->is_over) {
        ant__check_report(check, "future-end", task,
                          "%s is polled after its end, in %s",
                          ant__check_future_name(check, fut),
                          ant__check_task_name(check, task));
    }
    bool is_astray = row != NULL && must_be_inside(check, row->parent) &&
                     !is_inside(lane, row->parent) && !check->is_lossy;
    if (is_astray) {
        ant__check_report(check, "future-nesting", task,
                          "%s is polled outside of its parent %s, in %s",
                          ant__check_future_name(check, fut),
                          ant__check_future_name(check, row->parent),
                          ant__check_task_name(check, task));
    }
    if (lane->depth < ANT_CHECK_DEPTH_MAX) lane->future[lane->depth] = fut;
    lane->depth++;
}

static void end(ant_check *check, ant_check_lane *lane, uint64_t fut)
{
    const uint64_t task = check->event->task;
    bool is_followed = lane->depth <= ANT_CHECK_DEPTH_MAX;
    bool is_top = lane->depth > 0 &&
                  (!is_followed || lane->future[lane->depth - 1] == fut);
    if (!is_top && !lane->is_unknown) {
        ant__check_report(check, "future-nesting", task,
                          "the poll of %s returns but was not the last begun, "
                          "in %s",
                          ant__check_future_name(check, fut),
                          ant__check_task_name(check, task));
    }
    if (lane->depth > 0) lane->depth--;
    const ant_ev_future_result *result =
        ANT_EVENT_AS(future_result, check->event);
    if (result->result == ANT_RESULT_PENDING) return;
    if (result->result == ANT_RESULT_ITEM) return; // a stream goes on
    future_row *row = ant_table_get(&check->futures, fut);
    if (row != NULL) row->is_over = true;
}

static void drop(ant_check *check, uint64_t fut)
{
    future_row *row = ant_table_get(&check->futures, fut);
    if (row == NULL) return;
    if (row->is_over) {
        ant__check_report(check, "future-end", check->event->task,
                          "%s is dropped after its end",
                          ant__check_future_name(check, fut));
    }
    row->is_over = true;
}

// A poll of a task ends: every poll inside it has ended, unless a panic has
// jumped over them.
static void end_poll(ant_check *check, ant_check_lane *lane)
{
    const ant_ev_poll_end *event = ANT_EVENT_AS(poll_end, check->event);
    bool is_panic = event->result == ANT_RESULT_PANICKED;
    if (lane->depth > 0 && !is_panic && !lane->is_unknown) {
        ant__check_report(check, "future-nesting", event->task,
                          "the poll of %s ends inside polls of its futures",
                          ant__check_task_name(check, event->task));
    }
    lane->depth = 0;
}

static bool is_inside(const ant_check_lane *lane, uint64_t fut)
{
    if (lane->depth > ANT_CHECK_DEPTH_MAX) return true;
    for (uint32_t i = 0; i < lane->depth; i++) {
        if (lane->future[i] == fut) return true;
    }
    return false;
}

// A future that outlives its parent was only lent to it.
static bool must_be_inside(const ant_check *check, uint64_t parent)
{
    if (parent == 0) return false;
    const future_row *row = ant_table_find(&check->futures, parent);
    return row != NULL && !row->is_over;
}
