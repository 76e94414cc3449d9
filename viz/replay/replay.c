// SPDX-License-Identifier: MIT
//
// The clock and all movement. Everything that moves the cursor ends in
// place_at, which also moves the world.

#include "replay/replay.h"

#include <math.h>

#include "replay/history.h"

// At its own pace a trace plays in a quarter second a step, within bounds.
#define PACE_STEP_S 0.25
#define PACE_S_MIN  10.0
#define PACE_S_MAX  60.0

// The cursor stays this share of the visible part away from its edges.
#define FOLLOW_MARGIN 0.1

static const struct {
    double factor;
    const char *name;
} speeds[REPLAY_SPEED_COUNT] = {
    [REPLAY_SPEED_EVENTS] = { 0, "1/s" },
    { 0.1, "0.1x" },
    { 0.25, "0.25x" },
    { 0.5, "0.5x" },
    [REPLAY_SPEED_NORMAL] = { 1, "1x" },
    { 2, "2x" },
    { 4, "4x" },
    { 8, "8x" },
    { 16, "16x" },
};

int replay_init(ant_replay *replay, const ant_model *model)
{
    *replay = (ant_replay){ .model = model,
                            .speed = REPLAY_SPEED_NORMAL,
                            .is_following = true };
    int err = model_snapshot_init(&replay->world, model);
    if (err != 0) return err;
    replay->x1 = model_axis_end(model, replay->axis);
    replay__place_at_step(replay, 0);
    return 0;
}

void replay_deinit(ant_replay *replay)
{
    model_snapshot_deinit(&replay->world);
}

// Shifts the visible part when the cursor leaves it.
static void follow(ant_replay *replay)
{
    double width = replay->x1 - replay->x0;
    double margin = FOLLOW_MARGIN * width;
    double x0 = replay->x0;
    if (!replay->is_following) return;
    if (replay->x > replay->x1 - margin) x0 = replay->x - width + margin;
    if (replay->x < replay->x0 + margin) x0 = replay->x - margin;
    if (replay->is_centered) x0 = replay->x - width / 2;
    if (x0 != replay->x0) replay__view_set(replay, x0, x0 + width);
}

void replay__place_at(ant_replay *replay, double x, uint32_t event)
{
    replay->x = x;
    replay->event = event;
    replay->event_debt = 0;
    model_snapshot_at(&replay->world, event);
    follow(replay);
}

// --- The clock ---

static double seconds_in_all(const ant_replay *replay)
{
    double seconds = PACE_STEP_S * replay->model->step_count;
    return fmin(fmax(seconds, PACE_S_MIN), PACE_S_MAX);
}

// The step that is on at `x`: playing shows no details between steps.
static uint32_t step_event_at(const ant_replay *replay, double x)
{
    const ant_model *model = replay->model;
    if (model->step_count == 0) return 0;
    uint32_t event = model_event_at(model, replay->axis, x);
    return model_step_event(model, model_step_of(model, event));
}

static bool tick_events(ant_replay *replay, double seconds)
{
    double debt = replay->event_debt + seconds;
    bool is_moved = debt >= 1;
    if (is_moved) {
        uint32_t step = replay_step_now(replay);
        double by = fmin(floor(debt), replay->model->step_count);
        replay__place_at_step(replay, step + (uint32_t)by);
        if (replay_step_now(replay) == step) replay->is_playing = false;
    }
    replay->event_debt = debt - floor(debt);
    return is_moved;
}

bool replay_tick(ant_replay *replay, double seconds)
{
    if (!replay->is_playing || !(seconds > 0)) return false;
    if (replay->speed == REPLAY_SPEED_EVENTS)
        return tick_events(replay, seconds);

    double end = model_axis_end(replay->model, replay->axis);
    double pace = end / seconds_in_all(replay) * speeds[replay->speed].factor;
    double x = replay->x + seconds * pace;
    uint32_t event = step_event_at(replay, x);
    if (event < replay->event) event = replay->event;
    if (x >= end) {
        x = end;
        replay->is_playing = false;
    }
    replay__place_at(replay, x, event);
    return true;
}

void replay_play(ant_replay *replay, bool is_playing)
{
    uint32_t step = replay_step_now(replay);
    bool is_at_end = step + 1 >= replay->model->step_count;
    if (is_playing && is_at_end) replay_seek_start(replay);
    if (is_playing) replay_mark(replay);
    replay->is_playing = is_playing;
}

void replay_speed_change(ant_replay *replay, int by)
{
    int speed = (int)replay->speed + by;
    if (speed < 0) speed = 0;
    if (speed >= REPLAY_SPEED_COUNT) speed = REPLAY_SPEED_COUNT - 1;
    replay->speed = (unsigned)speed;
    replay->event_debt = 0;
}

const char *replay_speed_name(unsigned speed)
{
    return speed < REPLAY_SPEED_COUNT ? speeds[speed].name : "?";
}

// --- Moving ---

void replay_seek_event(ant_replay *replay, uint32_t event)
{
    const ant_model *model = replay->model;
    if (model->event_count == 0) return;
    if (event >= model->event_count) event = model->event_count - 1;
    replay_mark(replay);
    replay__place_at(replay, model_x(model, replay->axis, event), event);
}

void replay_seek_x(ant_replay *replay, double x)
{
    double end = model_axis_end(replay->model, replay->axis);
    x = fmin(fmax(x, 0), end);
    replay__mark_act(replay, REPLAY_ACT_SEEK_X);
    replay__place_at(replay, x, step_event_at(replay, x));
}

void replay_seek_time(ant_replay *replay, uint64_t t_ns)
{
    const ant_model *model = replay->model;
    if (replay->axis == MODEL_AXIS_TIME) {
        replay_seek_x(replay, model_x_of_time(model, t_ns));
        return;
    }
    uint32_t event = model_event_before(model, t_ns);
    if (model->step_count > 0)
        replay_seek_step(replay, model_step_of(model, event));
}

void replay__place_at_step(ant_replay *replay, uint32_t step)
{
    const ant_model *model = replay->model;
    if (model->step_count == 0) return;
    if (step >= model->step_count) step = model->step_count - 1;
    uint32_t event = model_step_event(model, step);
    replay__place_at(replay, model_x(model, replay->axis, event), event);
}

void replay_seek_step(ant_replay *replay, uint32_t step)
{
    replay_mark(replay);
    replay__place_at_step(replay, step);
}

void replay_seek_start(ant_replay *replay)
{
    replay_seek_step(replay, 0);
}

void replay_seek_end(ant_replay *replay)
{
    replay_seek_step(replay, MODEL_NONE);
}

uint32_t replay_step_now(const ant_replay *replay)
{
    const ant_model *model = replay->model;
    return model->event_count == 0 ? 0 : model_step_of(model, replay->event);
}

bool replay_step(ant_replay *replay, int by)
{
    int64_t step = (int64_t)replay_step_now(replay) + by;
    uint32_t before = replay->event;
    if (step < 0) step = 0;
    replay->is_playing = false;
    replay__mark_act(replay, REPLAY_ACT_STEP);
    replay__place_at_step(replay, (uint32_t)step);
    return replay->event != before;
}

// --- What is visible ---

void replay__view_set(ant_replay *replay, double x0, double x1)
{
    double end = model_axis_end(replay->model, replay->axis);
    double least = replay->axis == MODEL_AXIS_STEP ? 4 : 100;
    double width = fmin(fmax(x1 - x0, fmin(least, end)), end);
    x0 = fmin(fmax(x0, 0), end - width);
    replay->x0 = x0;
    replay->x1 = x0 + width;
}

// The same stretch of the run is visible on the other axis.
void replay_axis_set(ant_replay *replay, model_axis axis)
{
    const ant_model *model = replay->model;
    if (axis == replay->axis) return;
    replay_mark(replay);
    double end = model_axis_end(model, replay->axis);
    uint32_t first = model_event_at(model, replay->axis, replay->x0);
    uint32_t last = model_event_at(model, replay->axis, replay->x1);
    bool is_all = replay->x0 <= 0 && replay->x1 >= end;
    replay->axis = axis;
    replay->x = model_x(model, axis, replay->event);
    if (is_all) {
        replay__view_set(replay, 0, model_axis_end(model, axis));
    } else {
        replay__view_set(replay, model_x(model, axis, first),
                         model_x(model, axis, last));
    }
    follow(replay);
}

void replay_zoom(ant_replay *replay, double factor, double x)
{
    double width = (replay->x1 - replay->x0) / factor;
    double share = (x - replay->x0) / (replay->x1 - replay->x0);
    if (!(factor > 0)) return;
    replay__mark_act(replay, REPLAY_ACT_VIEW);
    replay__view_set(replay, x - share * width, x + (1 - share) * width);
}

void replay_pan(ant_replay *replay, double by)
{
    replay__mark_act(replay, REPLAY_ACT_VIEW);
    replay__view_set(replay, replay->x0 + by, replay->x1 + by);
}

void replay_view(ant_replay *replay, double x0, double x1)
{
    replay__mark_act(replay, REPLAY_ACT_VIEW);
    replay__view_set(replay, x0, x1);
}

void replay_fit(ant_replay *replay)
{
    replay_mark(replay);
    replay__view_set(replay, 0, model_axis_end(replay->model, replay->axis));
}

void replay_page_set(ant_replay *replay, unsigned page)
{
    if (page == replay->page) return;
    replay_mark(replay);
    replay->page = page;
}
