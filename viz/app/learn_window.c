// SPDX-License-Identifier: MIT
//
// `antfarm learn LESSON` where there is a display: a window with the lesson at
// the left and its replay at the right.

#include <stdio.h>
#include <stdlib.h>

#include "app/layout.h"
#include "app/learn.h"
#include "app/lesson_list.h"
#include "app/tutor.h"
#include "plat/window.h"
#include "text/file.h"

static plat_window *open_window(const char *title);

// The lesson's share of the width.
#define COLUMN_PERCENT       36
#define COLUMN_PERCENT_CLASS 46

static void tick(void *arg, double seconds)
{
    app_tutor_tick(arg, seconds);
}

static void draw(void *arg, draw_rect *all)
{
    const app_tutor *tutor = arg;
    const int percent =
        tutor->teach != NULL ? COLUMN_PERCENT_CLASS : COLUMN_PERCENT;
    app_tutor_draw(arg, draw_cut_left(all, all->w * percent / 100));
}

static bool key(void *arg, ui_key_press press)
{
    return app_tutor_key(arg, press);
}

static bool cover(void *arg, draw_rect rect)
{
    return app_tutor_cover(arg, rect);
}

static bool is_locked(void *arg)
{
    return app_tutor_is_locked(arg);
}

// -1 when the learner left the lesson, and the window is still open.
static int run(app_learner *learner, plat_window *window, bool is_again)
{
    static app_tutor tutor; // too large for the stack
    static app_teach teach;
    ant_app app = { .theme = DRAW_THEME_DARK };
    const app_tutor_desc desc = { .learner = learner,
                                  .app = &app,
                                  .teach = learner->is_teaching ? &teach : NULL,
                                  .is_again = is_again };
    if (learner->is_teaching) app_teach_begin(&teach, learner, stdout);
    draw_init(&app.list, plat_window_metrics(window));
    learner->show.has_pictures = false; // the window is the picture
    if (!app_tutor_begin(&tutor, &desc)) {
        fprintf(stderr, "antfarm: learn: this lesson cannot be shown\n");
        app_close(&app);
        return TEXT_BAD_INPUT;
    }
    app.beside = (app_beside){ .arg = &tutor,
                               .tick = tick,
                               .draw = draw,
                               .key = key,
                               .cover = cover,
                               .is_locked = is_locked };
    app.view->has_motion = true;
    app.view->may_lint_later = true;
    app_layout_load(&app);
    if (learner->is_teaching) {
        app.theme = DRAW_THEME_PROJECTOR;
        app.view->hides_side = true; // few things, and large
    }
    app_loop(&app, window);
    if (!learner->is_teaching) app_layout_save(&app);
    app_tutor_end(&tutor);
    const bool is_closed = app.is_closed;
    app_close(&app);
    return is_closed ? TEXT_FINE : -1;
}

int app_learn_window(app_learner *learner, bool is_again)
{
    plat_window *window = open_window(learner->stage.lesson->title);
    if (window == NULL) return -1;
    int status = run(learner, window, is_again);
    plat_window_close(window);
    return status < 0 ? TEXT_FINE : status;
}

int app_learn_list(app_learner *learner)
{
    plat_window *window = open_window(learner->room.course->title);
    if (window == NULL) return -1;
    const course_lesson *row = NULL;
    int status = -1;
    while (status < 0 &&
           (row = app_lesson_list_choose(learner, window, row)) != NULL) {
        if (!app_learn_open(learner, row)) continue;
        status = run(learner, window, false);
        const progress_row *known =
            lesson_progress_of(&learner->progress, row->slug);
        app_learn_shut(learner);
        if (known != NULL && known->is_passed) row = NULL; // to the next one
    }
    plat_window_close(window);
    return status < 0 ? TEXT_FINE : status;
}

// NULL when there is no display.
static plat_window *open_window(const char *title)
{
    if (getenv("DISPLAY") == NULL && getenv("WAYLAND_DISPLAY") == NULL)
        return NULL;
    char whole[300];
    snprintf(whole, sizeof whole, "%s - Antfarm", title);
    const plat_window_desc desc = { .title = whole };
    char error[256];
    plat_window *window;
    return plat_window_open(&desc, &window, error, sizeof error) < 0 ? NULL
                                                                     : window;
}
