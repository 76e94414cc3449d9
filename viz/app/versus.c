// SPDX-License-Identifier: MIT
//
// The one behind is a whole ant_app of which only what belongs to its trace is
// used. To swap is to exchange these parts by value, and to make the views look
// at their new homes.

#include "app/versus.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "view/panels.h"

struct app_versus {
    ant_app behind;
    view_versus shared; // what both views look at
    unsigned side;      // of the one in front: 0 or 1
};

static void settle(ant_app *app, const view_versus *shared, unsigned side);

int app_versus_open(ant_app *app, const char *path)
{
    app_versus *versus = ant_mem_alloc(sizeof(*versus));
    if (versus == NULL) return -ENOMEM;
    memset(versus, 0, sizeof(*versus));
    int err = app_open(&versus->behind, path);
    if (err < 0) {
        ant_mem_free(versus);
        return err;
    }
    err = model_compare_init(&versus->shared.compare, app->model,
                             versus->behind.model);
    if (err < 0) {
        fprintf(stderr, "antfarm: %s: not enough memory\n", path);
        app_close(&versus->behind);
        ant_mem_free(versus);
        return err;
    }
    text_verdict_make(&versus->shared.verdict, app->model,
                      versus->behind.model);
    app->versus = versus;
    settle(app, &versus->shared, 0);
    settle(&versus->behind, &versus->shared, 1);
    return 0;
}

void app_versus_close(ant_app *app)
{
    if (app->versus == NULL) return;
    model_compare_deinit(&app->versus->shared.compare);
    app_close(&app->versus->behind);
    ant_mem_free(app->versus);
    app->versus = NULL;
}

// The view of an app looks at that app's parts.
static void settle(ant_app *app, const view_versus *shared, unsigned side)
{
    app->view->replay = &app->replay;
    app->view->marks = &app->marks;
    app->view->versus = shared;
    app->view->side_of_versus = side;
}

// What the user has arranged stays as it is.
static void take_looks(ant_app *to, const ant_app *from)
{
    to->view->top = from->view->top;
    to->view->side = from->view->side;
    to->view->hides_side = from->view->hides_side;
    to->view->insists_on_side = from->view->insists_on_side;
    to->view->side_percent = from->view->side_percent;
    to->view->has_motion = from->view->has_motion;
    to->view->may_lint_later = from->view->may_lint_later;
    to->view->motion_share = from->view->motion_share;
    to->view->ui = from->view->ui;
    to->replay.page = from->replay.page;
    replay_axis_set(&to->replay, from->replay.axis);
}

static void exchange(ant_app *a, ant_app *b)
{
    ant_model *model = a->model;
    ant_replay replay = a->replay;
    ant_view *view = a->view;
    replay_marks marks = a->marks;
    a->model = b->model;
    a->replay = b->replay;
    a->view = b->view;
    a->marks = b->marks;
    b->model = model;
    b->replay = replay;
    b->view = view;
    b->marks = marks;
}

void app_versus_swap(ant_app *app)
{
    app_versus *versus = app->versus;
    if (versus == NULL) {
        app_say(app, "There is no second trace: antfarm view A B");
        return;
    }
    const model_compare *compare = &versus->shared.compare;
    uint32_t step =
        model_compare_step_at(compare, versus->side, app->replay.event);
    take_looks(&versus->behind, app);
    exchange(app, &versus->behind);
    versus->side = 1 - versus->side;
    settle(app, &versus->shared, versus->side);
    settle(&versus->behind, &versus->shared, 1 - versus->side);
    uint32_t poll = step < compare->count
                        ? compare->steps[step].poll[versus->side]
                        : MODEL_NONE;
    if (poll != MODEL_NONE) replay_seek_event(&app->replay, poll);
    app_say(app, "%c: %s", versus->side == 0 ? 'A' : 'B', app->model->path);
}
