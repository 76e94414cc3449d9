// SPDX-License-Identifier: MIT
//
// The selection, and the movements that go by it.

#include <math.h>

#include "replay/history.h"

#define FIT_MARGIN      0.05
#define FIT_EVENT_STEPS 10
#define CENTER_PARTS    1000 // of the view: nearer than one of them is centred

void replay_select(ant_replay *replay, replay_kind kind, uint32_t row)
{
    bool is_same =
        replay->selection.kind == kind && replay->selection.row == row;
    if (is_same) return;
    replay_mark(replay);
    replay->selection = (replay_selection){ .kind = kind, .row = row };
}

uint32_t replay_selected_task(const ant_replay *replay)
{
    const ant_model *model = replay->model;
    uint32_t row = replay->selection.row;
    switch (replay->selection.kind) {
    case REPLAY_TASK:
        return row;
    case REPLAY_FUTURE:
        return model->futures[row].task;
    case REPLAY_EVENT:
        return model_subject(model, row);
    case REPLAY_NOTHING:
    case REPLAY_LANE:
    case REPLAY_RES:
        break;
    }
    return 0;
}

void replay_jump(ant_replay *replay, uint32_t event, uint32_t task)
{
    replay_seek_event(replay, event);
    if (task != 0) replay->selection = (replay_selection){ REPLAY_TASK, task };
}

// --- Stepping ---

// The next (by > 0) or previous event at which the future changes.
static uint32_t next_of_future(const ant_replay *replay, int by)
{
    const ant_model *model = replay->model;
    model_track track =
        model_track_of(model, MODEL_TRACK_FUTURE, replay->selection.row);
    uint32_t found = MODEL_NONE;
    for (uint32_t i = 0; i < track.count; i++) {
        uint32_t edge[2] = { track.spans[i].from, track.spans[i].to };
        for (unsigned k = 0; k < 2; k++) {
            if (edge[k] >= model->event_count) continue;
            if (by < 0 && edge[k] < replay->event) found = edge[k];
            if (by > 0 && edge[k] > replay->event) return edge[k];
        }
    }
    return found;
}

// The next or previous entry of the selected row's list after event `i`.
static uint32_t next_in_list(const ant_replay *replay, uint32_t i, int by)
{
    const ant_model *model = replay->model;
    uint32_t row = replay->selection.row;
    uint32_t task = replay_selected_task(replay);
    const uint32_t *events = model->events_of_task;
    model_range range = model->tasks[task].events;
    if (replay->selection.kind == REPLAY_LANE) {
        events = model->events_of_lane;
        range = model->lanes[row].events;
    } else if (replay->selection.kind == REPLAY_RES) {
        events = model->events_of_res;
        range = model->res[row].events;
    }
    return by > 0 ? model_next_in(events, range, i)
                  : model_prev_in(events, range, i);
}

static bool is_step(const ant_model *model, uint32_t event)
{
    return model->step_count > 0 &&
           model_step_event(model, model_step_of(model, event)) == event;
}

static uint32_t next_selected(const ant_replay *replay, int by)
{
    if (replay->selection.kind == REPLAY_FUTURE)
        return next_of_future(replay, by);
    uint32_t i = next_in_list(replay, replay->event, by);
    while (i != MODEL_NONE && !is_step(replay->model, i)) {
        i = next_in_list(replay, i, by);
    }
    return i;
}

bool replay_step_selected(ant_replay *replay, int by)
{
    if (replay->selection.kind == REPLAY_NOTHING)
        return replay_step(replay, by);
    uint32_t event = next_selected(replay, by);
    if (event == MODEL_NONE) return false;
    replay->is_playing = false;
    replay__mark_act(replay, REPLAY_ACT_STEP);
    replay__place_at(replay, model_x(replay->model, replay->axis, event),
                     event);
    return true;
}

// --- Causes ---

// Goes to `event` and selects `task`, as one place of the history.
static bool go_to_cause(ant_replay *replay, uint32_t event, uint32_t task)
{
    if (event == MODEL_NONE) return false;
    replay->is_playing = false;
    replay_jump(replay, event, task);
    return true;
}

static bool step_back_cause(ant_replay *replay, uint32_t task)
{
    const ant_model *model = replay->model;
    uint32_t poll = replay->world.tasks[task].poll;
    if (poll == MODEL_NONE) return false;
    uint32_t wake = model_wake_of_poll(model, poll);
    if (wake == MODEL_NONE) return false;
    model_waker waker;
    model_waker_of(model, wake, &waker);
    return go_to_cause(replay, wake, waker.task);
}

static bool step_on_cause(ant_replay *replay, uint32_t task)
{
    const ant_model *model = replay->model;
    uint32_t wake = replay->event;
    uint32_t led_to = model_poll_of_wake(model, wake);
    uint32_t poll = replay->world.tasks[task].poll;
    if (led_to == MODEL_NONE && poll != MODEL_NONE) {
        wake = model_next_wake_by_poll(model, poll, replay->event);
        if (wake == MODEL_NONE) return false;
        led_to = model_poll_of_wake(model, wake);
    }
    if (led_to == MODEL_NONE) return false;
    return go_to_cause(replay, led_to, model_subject(model, led_to));
}

bool replay_step_cause(ant_replay *replay, int by)
{
    uint32_t task = replay_selected_task(replay);
    if (replay->model->event_count == 0) return false;
    if (task == 0) task = model_subject(replay->model, replay->event);
    if (task == 0) return false;
    return by < 0 ? step_back_cause(replay, task) : step_on_cause(replay, task);
}

// --- Fitting ---

// The first and the last event of the selection; false when there is none.
static bool bounds_of(const ant_replay *replay, uint32_t *first, uint32_t *last)
{
    const ant_model *model = replay->model;
    uint32_t row = replay->selection.row;
    model_track_kind kind = MODEL_TRACK_TASK;
    switch (replay->selection.kind) {
    case REPLAY_NOTHING:
        return false;
    case REPLAY_EVENT:
        *first = row;
        *last = row;
        return true;
    case REPLAY_TASK:
        kind = MODEL_TRACK_TASK;
        break;
    case REPLAY_LANE:
        kind = MODEL_TRACK_LANE;
        break;
    case REPLAY_RES:
        kind = MODEL_TRACK_RES;
        break;
    case REPLAY_FUTURE:
        kind = MODEL_TRACK_FUTURE;
        break;
    }
    model_track track = model_track_of(model, kind, row);
    if (track.count == 0) return false;
    *first = track.spans[0].from;
    *last = track.spans[track.count - 1].to;
    return true;
}

bool replay_center_selection(ant_replay *replay)
{
    const ant_model *model = replay->model;
    uint32_t first;
    uint32_t last;
    if (!bounds_of(replay, &first, &last)) return false;
    double width = replay->x1 - replay->x0;
    double middle = (model_x(model, replay->axis, first) +
                     model_x(model, replay->axis, last)) /
                    2;
    double x0_max = model_axis_end(model, replay->axis) - width;
    double x0 = fmin(fmax(middle - width / 2, 0), x0_max);
    if (fabs(x0 - replay->x0) < width / CENTER_PARTS) return false;
    replay_mark(replay);
    replay__view_set(replay, x0, x0 + width);
    return true;
}

void replay_fit_selection(ant_replay *replay)
{
    const ant_model *model = replay->model;
    uint32_t first;
    uint32_t last;
    if (!bounds_of(replay, &first, &last)) {
        replay_fit(replay);
        return;
    }
    double x0 = model_x(model, replay->axis, first);
    double x1 = model_x(model, replay->axis, last);
    double margin = FIT_MARGIN * (x1 - x0);
    if (first == last && replay->axis == MODEL_AXIS_STEP)
        margin = FIT_EVENT_STEPS;
    if (first == last && replay->axis == MODEL_AXIS_TIME)
        margin = (replay->x1 - replay->x0) / 4;
    replay_mark(replay);
    replay__view_set(replay, x0 - margin, x1 + margin);
}
