// SPDX-License-Identifier: MIT
//
// Rules about lanes: what one thread alone may do, in its own order.
//
//   park     a lane that sleeps wakes up before it does anything else
//   poll     a lane polls one task at a time, and ends the poll it began

#include "trace/check_parts.h"

static void judge_park(ant_check *check, ant_check_lane *lane);
static void judge_poll(ant_check *check, ant_check_lane *lane);

void ant__check_lane_event(ant_check *check)
{
    const ant_event *event = check->event;
    ant_check_lane *lane = ant__check_lane_of(check, event->lane);
    if (lane == NULL) return;
    if (event->kind == ANT_EV_park || event->kind == ANT_EV_unpark) {
        judge_park(check, lane);
    } else if (event->kind == ANT_EV_poll_begin ||
               event->kind == ANT_EV_poll_end) {
        judge_poll(check, lane);
    } else if (event->kind == ANT_EV_block_begin ||
               event->kind == ANT_EV_block_end) {
        lane->is_blocked = event->kind == ANT_EV_block_begin;
    } else if (event->kind == ANT_EV_overflow) {
        lane->overflows++;
    } else if (event->kind == ANT_EV_lane_leave && lane->task != 0) {
        ant__check_report(check, "poll", lane->task,
                          "%s ends in the middle of a poll of %s",
                          ant__check_lane_name(check, event->lane),
                          ant__check_task_name(check, lane->task));
    }
}

static void judge_park(ant_check *check, ant_check_lane *lane)
{
    const ant_event *event = check->event;
    bool is_park = event->kind == ANT_EV_park;
    if (is_park && lane->task != 0) {
        ant__check_report(check, "park", lane->task,
                          "%s goes to sleep in the middle of a poll of %s",
                          ant__check_lane_name(check, event->lane),
                          ant__check_task_name(check, lane->task));
    } else if (lane->is_parked == is_park && !lane->is_unknown) {
        ant__check_report(check, "park", 0, "%s %s",
                          ant__check_lane_name(check, event->lane),
                          is_park ? "goes to sleep while it sleeps"
                                  : "wakes up while it is awake");
    }
    lane->is_parked = is_park;
    lane->is_unknown = false;
}

static void judge_poll(ant_check *check, ant_check_lane *lane)
{
    const ant_event *event = check->event;
    const uint64_t task = event->field[0];
    bool is_begin = event->kind == ANT_EV_poll_begin;
    if (is_begin && lane->is_parked) {
        ant__check_report(check, "park", task, "%s polls %s while it sleeps",
                          ant__check_lane_name(check, event->lane),
                          ant__check_task_name(check, task));
    } else if (is_begin && lane->task != 0) {
        ant__check_report(check, "poll", task,
                          "%s begins to poll %s while it polls %s",
                          ant__check_lane_name(check, event->lane),
                          ant__check_task_name(check, task),
                          ant__check_task_name(check, lane->task));
    } else if (!is_begin && lane->task != task && !lane->is_unknown) {
        ant__check_report(check, "poll", task,
                          "%s ends a poll of %s that it did not begin",
                          ant__check_lane_name(check, event->lane),
                          ant__check_task_name(check, task));
    }
    lane->task = is_begin ? task : 0;
    lane->is_parked = false;
    lane->is_unknown = false;
}
