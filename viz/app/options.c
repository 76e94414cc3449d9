// SPDX-License-Identifier: MIT

#include "app/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/versus.h"
#include "view/panels.h"

static bool show_panel(const app_options *options, ant_app *app);
static bool select_task(const app_options *options, ant_app *app);
static model_axis best_axis(const ant_model *model);

int app_options_open(const app_options *options, const model_progress *progress,
                     ant_app *app)
{
    int err = app_open_telling(app, options->trace, progress);
    if (err < 0 || options->other == NULL) return err;
    err = app_versus_open(app, options->other);
    if (err < 0) {
        app_close(app);
        return err;
    }
    app->replay.page = VIEW_PANEL_compare;
    return 0;
}

bool app_options_apply(const app_options *options, app_begin begin,
                       ant_app *app)
{
    ant_replay *replay = &app->replay;
    if (options->theme != APP_NO_CHOICE) {
        app->theme = (draw_theme)options->theme;
    }
    if (!app->has_axis) app->axis = best_axis(app->model);
    if (options->axis != APP_NO_CHOICE) app->axis = (model_axis)options->axis;
    replay_axis_set(replay, app->axis);
    replay_fit(replay);
    if (options->at_ms >= 0) {
        replay_seek_time(replay, (uint64_t)(options->at_ms * 1e6));
    } else if (options->step > 0) {
        uint64_t step = options->step - 1;
        replay_seek_step(replay,
                         step < MODEL_NONE ? (uint32_t)step : MODEL_NONE);
    } else if (options->event != UINT64_MAX) {
        uint64_t event = options->event;
        replay_seek_event(replay,
                          event < MODEL_NONE ? (uint32_t)event : MODEL_NONE);
    } else if (begin == APP_BEGIN_TELLING) {
        app_seek_telling(app);
    }
    return show_panel(options, app) && select_task(options, app);
}

static bool show_panel(const app_options *options, ant_app *app)
{
    if (options->panel == NULL) return true;
    view_panel_id panel = view_panel_find(options->panel);
    if (panel != VIEW_PANEL_COUNT) {
        view_panel_show(app->view, VIEW_AT_MAIN, panel);
        return true;
    }
    fprintf(stderr,
            "antfarm: there is no panel `%s`; there are:", options->panel);
    for (unsigned i = 0; i < VIEW_PANEL_COUNT; i++) {
        fprintf(stderr, " %s", view_panels[i].name);
    }
    fputc('\n', stderr);
    return false;
}

static bool select_task(const app_options *options, ant_app *app)
{
    if (options->select == NULL) return true;
    uint32_t task = model_task_find(app->model, options->select);
    if (task == 0) {
        fprintf(stderr, "antfarm: %s: no task `%s` in this trace\n",
                app->model->path, options->select);
        return false;
    }
    replay_select(&app->replay, REPLAY_TASK, task);
    return true;
}

// Time, unless no time passes, or the moment that counts is the very last.
static model_axis best_axis(const ant_model *model)
{
    bool is_timeless = model->t_end_ns == 0;
    bool is_stalled = model->stall_event != MODEL_NONE;
    return is_timeless || is_stalled ? MODEL_AXIS_STEP : MODEL_AXIS_TIME;
}
