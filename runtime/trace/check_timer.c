// SPDX-License-Identifier: MIT
//
// Rules about timers.
//
//   timer-early  a timer never fires before its deadline
//   timer-once   a timer that is armed fires or is taken back, once

#include <inttypes.h>

#include "trace/check_parts.h"

typedef struct timer_row {
    uint64_t deadline_ns;
    bool is_armed;
} timer_row;

void ant__check_timer_init(ant_check *check)
{
    check->timers = ant_table_init(sizeof(timer_row));
}

void ant__check_timer_event(ant_check *check)
{
    const ant_event *event = check->event;
    bool is_arm = event->kind == ANT_EV_timer_arm;
    bool is_fire = event->kind == ANT_EV_timer_fire;
    bool is_end = is_fire || event->kind == ANT_EV_timer_cancel;
    if (check->is_lossy || (!is_arm && !is_end)) return;
    // All three rows begin with the timer and its task.
    const uint64_t id = event->field[0];
    const uint64_t task = event->field[1];
    bool is_known = ant_table_find(&check->timers, id) != NULL;
    timer_row *timer = ant_table_get(&check->timers, id);
    if (timer == NULL) return;

    if (is_end && is_known && !timer->is_armed) {
        ant__check_report(check, "timer-once", task,
                          "timer %" PRIu64 " of %s %s but was not armed", id,
                          ant__check_task_name(check, task),
                          is_fire ? "fires" : "is taken back");
    }
    if (is_fire && is_known && event->t_ns < timer->deadline_ns) {
        ant__check_report(check, "timer-early", task,
                          "timer %" PRIu64 " of %s fires %" PRIu64
                          " ns too early",
                          id, ant__check_task_name(check, task),
                          timer->deadline_ns - event->t_ns);
    }
    if (is_arm) timer->deadline_ns = ANT_EVENT_AS(timer_arm, event)->deadline;
    timer->is_armed = is_arm;
}
