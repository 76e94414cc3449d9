// SPDX-License-Identifier: MIT
//
// Causes: which wake led to which poll, and which event is the other half of
// which. The column `link` holds, by the kind of the event:
//
//   wake, task_spawn            the poll_begin it led to
//   poll_begin                  its poll_end
//   poll_end                    its poll_begin
//   park, unpark                the other one
//   wait_*, timer_*, block_*,
//   join_wait, task_end,
//   task_detach                 the row of waits
//   acquire, release            the row of holds

#include "model/build.h"

#include <errno.h>

#include "base/mem.h"

// Walks backwards, so that what an event leads to has been seen before it.
int model__edges(model_build *build)
{
    const ant_model *model = &build->model;
    uint32_t *next_begin = ant_mem_alloc(model->task_count * sizeof(uint32_t));
    uint32_t *next_end = ant_mem_alloc(model->task_count * sizeof(uint32_t));
    int err = next_begin == NULL || next_end == NULL ? -ENOMEM : 0;

    for (uint32_t i = err == 0 ? model->event_count : 0; i-- > 0;) {
        uint8_t kind = model->kind[i];
        if (kind != ANT_EV_wake && kind != ANT_EV_task_spawn &&
            kind != ANT_EV_poll_begin && kind != ANT_EV_poll_end)
            continue;
        uint32_t task = model_subject(model, i);
        uint32_t begin = next_begin[task]; // plus 1, 0 for none
        uint32_t end = next_end[task];
        if (kind == ANT_EV_poll_end) {
            next_end[task] = i + 1;
        } else if (kind == ANT_EV_poll_begin) {
            next_begin[task] = i + 1;
            next_end[task] = 0;
            if (end != 0) {
                build->link[i] = end - 1;
                build->link[end - 1] = i;
            }
        } else if (begin != 0) {
            build->link[i] = begin - 1;
        }
    }
    ant_mem_free(next_begin);
    ant_mem_free(next_end);
    return err;
}

static bool is_poll(uint8_t kind)
{
    return kind == ANT_EV_poll_begin || kind == ANT_EV_poll_end;
}

// A wake that put the task into a run queue, or will when its poll returns.
static bool is_effective(const ant_model *model, uint32_t event)
{
    if (model->kind[event] == ANT_EV_task_spawn) return true;
    if (model->kind[event] != ANT_EV_wake) return false;
    ant_event ev;
    model_event(model, event, &ev);
    uint64_t result = ANT_EVENT_AS(wake, &ev)->result;
    return result == ANT_WAKE_QUEUED || result == ANT_WAKE_RUNNING;
}

uint32_t model_wake_of_poll(const ant_model *model, uint32_t event)
{
    if (model->kind[event] == ANT_EV_poll_end) event = model->link[event];
    if (event == MODEL_NONE || model->kind[event] != ANT_EV_poll_begin)
        return MODEL_NONE;

    uint32_t task = model_subject(model, event);
    model_range range = model->tasks[task].events;
    const uint32_t *events = model->events_of_task;
    uint32_t i = model_prev_in(events, range, event);
    for (; i != MODEL_NONE; i = model_prev_in(events, range, i)) {
        if (model_subject(model, i) != task) continue;
        if (model->kind[i] == ANT_EV_poll_begin) break;
        if (is_effective(model, i)) return i;
    }
    return MODEL_NONE;
}

uint32_t model_next_wake_of(const ant_model *model, uint32_t task,
                            uint32_t event)
{
    model_range range = model->tasks[task].events;
    const uint32_t *events = model->events_of_task;
    uint32_t i = model_next_in(events, range, event);
    for (; i != MODEL_NONE; i = model_next_in(events, range, i)) {
        if (model_subject(model, i) != task) continue;
        if (model->kind[i] == ANT_EV_poll_begin) break;
        if (model->kind[i] == ANT_EV_wake && is_effective(model, i)) return i;
    }
    return MODEL_NONE;
}

uint32_t model_poll_of_wake(const ant_model *model, uint32_t wake_event)
{
    uint8_t kind = model->kind[wake_event];
    if (kind != ANT_EV_wake && kind != ANT_EV_task_spawn) return MODEL_NONE;
    return model->link[wake_event];
}

// The row of the timer with this id that fired before the wake.
static uint32_t timer_of_wake(const ant_model *model, uint32_t task,
                              uint32_t wake, uint64_t timer)
{
    model_range range = model->tasks[task].events;
    const uint32_t *events = model->events_of_task;
    uint32_t i = model_prev_in(events, range, wake);
    for (; i != MODEL_NONE; i = model_prev_in(events, range, i)) {
        if (model->kind[i] == ANT_EV_poll_begin) break;
        if (model->kind[i] != ANT_EV_timer_fire) continue;
        uint32_t row = model_wait_of(model, i);
        if (row != 0 && model->waits[row].timer == timer) return row;
    }
    return 0;
}

void model_waker_of(const ant_model *model, uint32_t wake_event,
                    model_waker *ret_waker)
{
    uint32_t task = model_subject(model, wake_event);
    *ret_waker = (model_waker){ .event = wake_event,
                                .task = model->task[wake_event],
                                .lane = model->lane[wake_event],
                                .via = ANT_VIA_WAKER };
    if (model->kind[wake_event] != ANT_EV_wake) return;

    ant_event event;
    model_event(model, wake_event, &event);
    const ant_ev_wake *ev = ANT_EVENT_AS(wake, &event);
    ret_waker->via = (uint8_t)ev->via;
    ret_waker->res = model_res_row(model, ev->res);
    if (ev->timer != 0)
        ret_waker->wait = timer_of_wake(model, task, wake_event, ev->timer);
    if (ev->ended != 0) ret_waker->task = model_task_row(model, ev->ended);
}

uint32_t model_next_wake_by_poll(const ant_model *model, uint32_t poll_begin,
                                 uint32_t after)
{
    uint32_t end = model->link[poll_begin];
    uint32_t task = model_subject(model, poll_begin);
    model_range range = model->tasks[task].events;
    const uint32_t *events = model->events_of_task;
    uint32_t i = model_next_in(events, range, after);
    for (; i != MODEL_NONE && i < end; i = model_next_in(events, range, i)) {
        uint8_t kind = model->kind[i];
        bool is_wake = kind == ANT_EV_wake || kind == ANT_EV_task_spawn;
        if (is_wake && model->task[i] == task) return i;
    }
    return MODEL_NONE;
}

uint32_t model_wait_of(const ant_model *model, uint32_t event)
{
    switch (model->kind[event]) {
    case ANT_EV_wait_begin:
    case ANT_EV_wait_end:
    case ANT_EV_timer_arm:
    case ANT_EV_timer_fire:
    case ANT_EV_timer_cancel:
    case ANT_EV_block_begin:
    case ANT_EV_block_end:
    case ANT_EV_join_wait:
    case ANT_EV_task_end:
    case ANT_EV_task_detach:
        return model->link[event] == MODEL_NONE ? 0 : model->link[event];
    default:
        return 0;
    }
}

uint32_t model_hold_of(const ant_model *model, uint32_t event)
{
    uint8_t kind = model->kind[event];
    if (kind != ANT_EV_acquire && kind != ANT_EV_release) return 0;
    return model->link[event] == MODEL_NONE ? 0 : model->link[event];
}

uint32_t model_link_of(const ant_model *model, uint32_t event)
{
    uint8_t kind = model->kind[event];
    uint32_t wait = model_wait_of(model, event);
    uint32_t hold = model_hold_of(model, event);
    if (wait != 0) {
        const model_wait *row = &model->waits[wait];
        return row->begin_event == event ? row->end_event : row->begin_event;
    }
    if (hold != 0) {
        const model_hold *row = &model->holds[hold];
        return row->begin_event == event ? row->end_event : row->begin_event;
    }
    if (is_poll(kind) || kind == ANT_EV_park || kind == ANT_EV_unpark)
        return model->link[event];
    return MODEL_NONE;
}

uint32_t model_poll_around(const ant_model *model, uint32_t i)
{
    uint32_t task = model->task[i];
    model_range range = model->tasks[task].events;
    const uint32_t *events = model->events_of_task;
    if (task == 0) return MODEL_NONE;
    uint32_t at = model->kind[i] == ANT_EV_poll_begin
                      ? i
                      : model_prev_in(events, range, i);
    for (; at != MODEL_NONE; at = model_prev_in(events, range, at)) {
        if (model_subject(model, at) != task) continue;
        if (model->kind[at] == ANT_EV_poll_begin) return at;
        if (model->kind[at] == ANT_EV_poll_end) return MODEL_NONE;
    }
    return MODEL_NONE;
}
