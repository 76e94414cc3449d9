// SPDX-License-Identifier: MIT
//
// The whole run in one strip: how busy the workers were, which part is on the
// screen below, and where we are. Click or drag to go there.

#include "view/view.h"

#define COLUMN_COUNT_MAX 4096

static void draw_activity(ant_view *view, draw_rect rect);
static int column_height(float share, int max);
static void draw_losses(ant_view *view, draw_rect rect);
static void draw_marks(ant_view *view, draw_rect rect);
static int px_of(const ant_view *view, draw_rect rect, double x);

void view_minimap(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    ant_replay *replay = view->replay;
    double end = model_axis_end(view->model, replay->axis);
    draw_fill(ui->draw, rect, ui->palette->panel);
    if (view->model->event_count == 0) return;
    draw_activity(view, rect);

    int x0 = px_of(view, rect, replay->x0);
    int x1 = px_of(view, rect, replay->x1);
    bool is_all = x0 <= rect.x && x1 >= rect.x + rect.w;
    if (!is_all) {
        draw_color shade = draw_alpha(ui->palette->background, 150);
        draw_fill(ui->draw, draw_rect_make(rect.x, rect.y, x0 - rect.x, rect.h),
                  shade);
        draw_fill(ui->draw,
                  draw_rect_make(x1, rect.y, rect.x + rect.w - x1, rect.h),
                  shade);
        draw_frame(ui->draw, draw_rect_make(x0, rect.y, x1 - x0, rect.h), 2,
                   ui->palette->text_dim);
    }
    if (view->model->stall_event != MODEL_NONE) {
        int x =
            px_of(view, rect,
                  model_x(view->model, replay->axis, view->model->stall_event));
        draw_triangle(
            ui->draw,
            (draw_rect){ x - ui->unit, rect.y, 2 * ui->unit, ui->unit },
            DRAW_DOWN, ui->palette->alert);
    }
    view_lint_minimap(view, rect);
    draw_losses(view, rect);
    draw_marks(view, rect);
    draw_fill(
        ui->draw,
        (draw_rect){ px_of(view, rect, replay->x) - 1, rect.y, 2, rect.h },
        ui->palette->cursor);

    if (ui_hold(ui, ui_id_of("minimap", 0), rect) && rect.w > 0) {
        double x = (double)(ui->input->mouse_x - rect.x) / rect.w * end;
        double width = replay->x1 - replay->x0;
        if (!is_all) replay_view(replay, x - width / 2, x + width / 2);
        replay_seek_x(replay, x);
    }
}

// Where events are missing.
static void draw_losses(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    int before = -1;
    for (uint32_t i = 0; i < view->model->loss_count; i++) {
        int x = px_of(view, rect,
                      model_x(view->model, view->replay->axis,
                              view->model->losses[i].event));
        if (x == before) continue;
        before = x;
        draw_fill(ui->draw, (draw_rect){ x - 1, rect.y, 3, rect.h },
                  ui->palette->alert);
    }
}

// Bookmarks are flags that stand on the bottom edge.
static void draw_marks(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    if (view->marks == NULL) return;
    for (uint32_t i = 0; i < view->marks->count; i++) {
        const replay_bookmark *mark = &view->marks->mark[i];
        int x = px_of(view, rect,
                      model_x(view->model, view->replay->axis, mark->event));
        draw_rect flag = { x, rect.y + rect.h - 2 * ui->unit, ui->unit,
                           ui->unit };
        draw_fill(ui->draw, flag, ui->palette->accent);
        draw_fill(ui->draw, (draw_rect){ x - 1, flag.y, 2, 2 * ui->unit },
                  ui->palette->accent);
        ui_tip(ui, draw_inset(flag, -ui->unit / 2, -ui->unit / 2),
               "bookmark: %s", mark->text);
    }
}

static int px_of(const ant_view *view, draw_rect rect, double x)
{
    double end = model_axis_end(view->model, view->replay->axis);
    return rect.x + (int)(x / end * rect.w + 0.5);
}

// A column two pixels wide for each share of work, standing on the bottom.
// Neighbours of the same height are one rectangle.
static void draw_activity(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    int count = rect.w / 2;
    if (count > COLUMN_COUNT_MAX) count = COLUMN_COUNT_MAX;
    if (count == 0) return;
    float share[COLUMN_COUNT_MAX];
    model_activity(view->model, view->replay->axis, share, (uint32_t)count);
    draw_color color = draw_mix(
        ui->palette->panel, ui->palette->state[DRAW_STATE_POLLING].color, 70);
    int h_max = rect.h - ui->unit / 2;
    int first = 0;
    for (int i = 0; i < count; i++) {
        int h = column_height(share[i], h_max);
        if (i + 1 < count && column_height(share[i + 1], h_max) == h) continue;
        int x = rect.x + first * rect.w / count;
        int w = rect.x + (i + 1) * rect.w / count - x;
        draw_fill(ui->draw, (draw_rect){ x, rect.y + rect.h - h, w, h }, color);
        first = i + 1;
    }
}

// What is not nothing can be seen.
static int column_height(float share, int max)
{
    int h = (int)((double)share * max + 0.5);
    return h == 0 && share > 0 ? 1 : h;
}
