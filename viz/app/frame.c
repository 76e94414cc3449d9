// SPDX-License-Identifier: MIT

#include "app/frame.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "app/finder.h"
#include "app/keys.h"
#include "app/versus.h"
#include "base/mem.h"
#include "view/panels.h"

#define MESSAGE_SECONDS 3.0

// A window lower than so many letters has no room for everything: a projector.
#define TIGHT_EM 36

// The side's share of the width, and in it the lower panel's of the height.
#define SIDE_PERCENT         38
#define SIDE_PERCENT_MIN     20
#define SIDE_PERCENT_MAX     70
#define SIDE_LOW_PERCENT     45
#define SIDE_LOW_PERCENT_MAX 65

static int begin_view(ant_app *app);
static void draw_all(ant_app *app, draw_rect all);
static void move_selection(ant_app *app);
static void look_on(ant_app *app);
static void draw_panels(ant_app *app, draw_rect all);
static void draw_side(ant_view *view, draw_rect *body);
static void draw_message(ant_app *app, draw_rect rect);

int app_open(ant_app *app, const char *path)
{
    return app_open_telling(app, path, NULL);
}

int app_open_telling(ant_app *app, const char *path,
                     const model_progress *progress)
{
    *app = (ant_app){ .theme = DRAW_THEME_DARK };
    ant_reader_error error = { 0 };
    int err = model_open_telling(path, progress, &app->model, &error);
    if (err == -ECANCELED) return err;
    if (err < 0) {
        fprintf(stderr, "antfarm: %s: %s\n", path, error.text);
        return err;
    }
    err = begin_view(app);
    if (err == 0) return 0;
    fprintf(stderr, "antfarm: %s: not enough memory\n", path);
    app_close(app);
    return err;
}

// A replay and a view of the model, both new. 0 or -ENOMEM.
static int begin_view(ant_app *app)
{
    app->view = ant_mem_alloc(sizeof(*app->view));
    int err =
        app->view == NULL ? -ENOMEM : replay_init(&app->replay, app->model);
    if (err == 0) err = view_init(app->view, app->model, &app->replay);
    if (err < 0) return err;
    app->view->side = VIEW_PANEL_now;
    app->view->top = VIEW_PANEL_source;
    app_side_set(app->view, SIDE_PERCENT);
    replay_marks_load(&app->marks, app->model);
    app->view->marks = &app->marks;
    return 0;
}

static void end_view(ant_app *app)
{
    if (app->view != NULL) view_deinit(app->view);
    replay_deinit(&app->replay);
    ant_mem_free(app->view);
    app->view = NULL;
    if (!app->is_foreign) model_close(app->model);
}

void app_close(ant_app *app)
{
    app_versus_close(app);
    draw_deinit(&app->list);
    end_view(app);
}

static int look_at(ant_app *app, ant_model *model, bool is_foreign)
{
    app_versus_close(app); // it was beside the trace before
    ant_app before = *app;
    app->model = model;
    app->is_foreign = is_foreign;
    int err = begin_view(app);
    if (err < 0) {
        if (app->view != NULL) view_deinit(app->view);
        replay_deinit(&app->replay);
        ant_mem_free(app->view);
        *app = before;
        return err;
    }
    if (before.view != NULL) {
        app->view->has_motion = before.view->has_motion;
        app->view->may_lint_later = before.view->may_lint_later;
        app->view->hides_side = before.view->hides_side;
        app->view->insists_on_side = before.view->insists_on_side;
        app->view->side = before.view->side;
        app->view->top = before.view->top;
        app->view->side_percent = before.view->side_percent;
    }
    app->picker.is_open = false;
    app->search.is_on = false;
    end_view(&before);
    return 0;
}

int app_show(ant_app *app, ant_model *model)
{
    return look_at(app, model, true);
}

int app_show_file(ant_app *app, const char *path)
{
    ant_model *model;
    ant_reader_error error;
    int err = model_open(path, &model, &error);
    if (err < 0) return err;
    err = look_at(app, model, false);
    if (err < 0) model_close(model);
    return err;
}

void app_frame(ant_app *app, const ui_input *input)
{
    if (input->wants_quit) app->is_closed = app->wants_quit = true;
    if (app->beside.tick != NULL)
        app->beside.tick(app->beside.arg, input->seconds);
    app_keys(app, input);
    ant_ui *ui = &app->view->ui;
    replay_tick(&app->replay, input->seconds);
    app->message_seconds -= input->seconds;
    ui_begin(ui, &app->list, input, app->theme);
    draw_rect all = { 0, 0, input->width, input->height };
    app->view->is_moving = false;
    ui->is_covered = app->view->shows_help || app->picker.is_open;
    draw_all(app, all);
    move_selection(app);
    look_on(app);
    ui->is_covered = false;
    if (app->picker.is_open) {
        app_find_draw(app, all);
    } else if (app->view->shows_help) {
        const view_key_help *keys = NULL;
        unsigned count = app_key_help(&keys);
        view_help(app->view, all, keys, count);
    }
    ui_end(ui);
    // Only now: the click that opens it must not close it again.
    if (app->view->wants_menu) app_find_open(app, APP_FIND_COMMAND);
    app->view->wants_menu = false;
}

// The replay, and what stands beside it.
static void draw_all(ant_app *app, draw_rect all)
{
    const app_beside *beside = &app->beside;
    if (beside->draw != NULL) beside->draw(beside->arg, &all);
    if (beside->cover != NULL && beside->cover(beside->arg, all)) return;
    ant_ui *ui = &app->view->ui;
    const bool was_covered = ui->is_covered;
    if (beside->is_locked != NULL && beside->is_locked(beside->arg))
        ui->is_covered = true;
    draw_panels(app, all);
    ui->is_covered = was_covered;
}

// What Up and Down ask for, unless the panel took it for its own list.
static void move_selection(ant_app *app)
{
    int step = view_take_step(app->view);
    for (; step > 0; step--)
        view_select_step(app->view, 1);
    for (; step < 0; step++)
        view_select_step(app->view, -1);
}

// The search goes on from frame to frame.
static void look_on(ant_app *app)
{
    app_search *search = &app->search;
    if (!search->is_on) return;
    uint32_t event = app_search_go_on(search, app->model);
    if (event != MODEL_NONE) {
        replay_seek_event(&app->replay, event);
    } else if (search->is_on) {
        app_say(app, "Looking for \"%s\" at event %u; Esc stops.", search->text,
                search->at);
    } else {
        app_say(app, "No event %s this one says \"%s\".",
                search->by > 0 ? "after" : "before", search->text);
    }
}

bool app_has_side(const ant_app *app)
{
    const ant_view *view = app->view;
    view_panel_id panel = view_panel_at(view, VIEW_AT_MAIN);
    bool is_picture = panel == VIEW_PANEL_stage || panel == VIEW_PANEL_graph ||
                      panel == VIEW_PANEL_machine;
    bool is_tight = app->theme == DRAW_THEME_PROJECTOR && is_picture;
    return !view->hides_side && (!is_tight || view->insists_on_side);
}

void app_side_toggle(ant_app *app)
{
    bool shows = !app_has_side(app);
    app->view->hides_side = !shows;
    app->view->insists_on_side = shows;
}

void app_side_set(ant_view *view, int percent)
{
    if (percent < SIDE_PERCENT_MIN) percent = SIDE_PERCENT_MIN;
    if (percent > SIDE_PERCENT_MAX) percent = SIDE_PERCENT_MAX;
    view->side_percent = percent;
}

void app_say(ant_app *app, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(app->message, sizeof(app->message), format, args);
    va_end(args);
    app->message_seconds = MESSAGE_SECONDS;
}

void app_seek_telling(ant_app *app)
{
    const ant_model *model = app->model;
    bool is_pause;
    uint32_t event = model_telling_event(model, &is_pause);
    if (is_pause) {
        uint64_t from_ns = model_t_ns(model, event);
        uint64_t to_ns = model_t_ns(model, event + 1);
        replay_seek_time(&app->replay, from_ns + (to_ns - from_ns) / 2);
    } else if (model->event_count > 0) {
        replay_seek_event(&app->replay, event);
    }
}

// --- Where the panels stand ------------------------------------------------

static void draw_panels(ant_app *app, draw_rect all)
{
    ant_view *view = app->view;
    int unit = view->ui.unit;
    int line = view->ui.line;
    bool is_tight = all.h < TIGHT_EM * view->ui.font;
    view_title(view, draw_cut_top(&all, line + unit));
    draw_rect words = draw_cut_bottom(&all, line + 2 * unit);
    draw_rect body = draw_inset(all, unit, unit);
    view_minimap(view, draw_cut_top(&body, is_tight ? 3 * unit : 5 * unit));
    draw_cut_top(&body, unit);
    view_transport(view, draw_cut_bottom(&body, line + unit / 2));
    draw_cut_bottom(&body, unit);
    if (app_has_side(app)) draw_side(view, &body);
    if (!is_tight) view_legend(view, draw_cut_bottom(&body, line));
    view_panel_draw(view, VIEW_AT_MAIN, body);
    if (app->message_seconds > 0) {
        draw_message(app, words);
    } else {
        view_words(view, words);
    }
}

// Two panels, one above the other, cut from the right of *body. The lower one
// gets what it takes to show everything about this moment.
static void draw_side(ant_view *view, draw_rect *body)
{
    int gap = 2 * view->ui.unit;
    int room = body->w;
    draw_rect rect = draw_cut_right(body, room * view->side_percent / 100);
    draw_rect edge = draw_cut_right(body, gap);
    if (ui_hold(&view->ui, ui_id_of("side", 0), edge) && room > 0) {
        int right = rect.x + rect.w - view->ui.input->mouse_x;
        app_side_set(view, right * 100 / room);
    }
    ui_tip(&view->ui, edge, "drag to make room, i hides what is at the right");
    int h = rect.h * SIDE_LOW_PERCENT / 100;
    int wanted = view_now_height(view);
    int max = rect.h * SIDE_LOW_PERCENT_MAX / 100;
    if (wanted > h) h = wanted < max ? wanted : max;
    view_panel_draw(view, VIEW_AT_SIDE, draw_cut_bottom(&rect, h));
    draw_cut_bottom(&rect, gap);
    view_panel_draw(view, VIEW_AT_TOP, rect);
}

static void draw_message(ant_app *app, draw_rect rect)
{
    ant_ui *ui = &app->view->ui;
    draw_fill(ui->draw, rect, ui->palette->panel);
    ui_text_bold(ui, draw_inset(rect, 2 * ui->unit, 0), DRAW_LEFT,
                 app->message);
}
