// SPDX-License-Identifier: MIT
//
// Play, step, speed, the axis, and a slider over all steps of the run.

#include "view/view.h"

static void draw_buttons(ant_view *view, draw_rect *rect);
static void draw_speed(ant_view *view, draw_rect *rect);
static void draw_axes(ant_view *view, draw_rect *rect);

void view_transport(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    ant_replay *replay = view->replay;
    draw_buttons(view, &rect);
    draw_axes(view, &rect);
    draw_speed(view, &rect);
    uint64_t step = replay_step_now(replay);
    uint64_t last =
        view->model->step_count > 0 ? view->model->step_count - 1 : 0;
    if (ui_slider(ui, ui_id_of("seek", 0), draw_inset(rect, ui->unit, 0), last,
                  &step)) {
        replay_seek_step(replay, (uint32_t)step);
    }
}

static bool icon(ant_view *view, draw_rect *rect, ui_icon which,
                 const char *tip)
{
    ant_ui *ui = &view->ui;
    draw_rect button = draw_cut_left(rect, 3 * ui->font);
    draw_cut_left(rect, ui->unit / 2);
    ui_tip(ui, button, "%s", tip);
    return ui_icon_button(ui, ui_id_of("transport", which), button, which);
}

static void draw_buttons(ant_view *view, draw_rect *rect)
{
    ant_replay *replay = view->replay;
    bool is_playing = replay->is_playing;
    if (icon(view, rect, UI_ICON_FIRST, "to the start (Home)")) {
        replay_seek_start(replay);
    }
    if (icon(view, rect, UI_ICON_PREVIOUS, "a step back (Left)")) {
        replay_step(replay, -1);
    }
    if (icon(view, rect, is_playing ? UI_ICON_PAUSE : UI_ICON_PLAY,
             is_playing ? "pause (Space)" : "play (Space)")) {
        replay_play(replay, !is_playing);
    }
    if (icon(view, rect, UI_ICON_NEXT, "a step on (Right)")) {
        replay_step(replay, 1);
    }
    if (icon(view, rect, UI_ICON_LAST, "to the end (End)")) {
        replay_seek_end(replay);
    }
}

static void draw_speed(ant_view *view, draw_rect *rect)
{
    ant_ui *ui = &view->ui;
    draw_rect faster = draw_cut_right(rect, 2 * ui->font);
    draw_rect speed = draw_cut_right(rect, 4 * ui->font);
    draw_rect slower = draw_cut_right(rect, 2 * ui->font);
    draw_cut_right(rect, ui->unit);
    if (ui_button(ui, ui_id_of("slower", 0), slower, "\xE2\x88\x92")) {
        replay_speed_change(view->replay, -1);
    }
    if (ui_button(ui, ui_id_of("faster", 0), faster, "+")) {
        replay_speed_change(view->replay, 1);
    }
    ui_text(ui, speed, DRAW_CENTER, replay_speed_name(view->replay->speed));
    ui_tip(ui, speed, "speed (< and >)");
}

static void axis_tab(ant_view *view, draw_rect *rect, model_axis axis,
                     const char *text)
{
    ant_ui *ui = &view->ui;
    draw_rect tab = draw_cut_right(rect, ui_button_width(ui, text));
    bool is_on = view->replay->axis == axis;
    if (ui_tab(ui, ui_id_of("axis", axis), tab, text, is_on)) {
        replay_axis_set(view->replay, axis);
    }
}

static void draw_axes(ant_view *view, draw_rect *rect)
{
    axis_tab(view, rect, MODEL_AXIS_STEP, "step");
    axis_tab(view, rect, MODEL_AXIS_TIME, "time");
    draw_cut_right(rect, 2 * view->ui.unit);
}
