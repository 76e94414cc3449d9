// SPDX-License-Identifier: MIT
//
// How long each run queue was, as a stepped line over the part of the run that
// the tracks show.

#include "model/depth.h"

#include <stdio.h>

#include "ui/list.h"
#include "view/rows.h"

// A sample every so many pixels.
#define SAMPLE_PX 2

static uint32_t find_most(const ant_view *view);
static void draw_plot(ant_view *view, draw_rect rect, uint32_t lane,
                      uint32_t scale);
static void draw_now(ant_view *view, draw_rect rect);

int view_depth_row_height(const ant_view *view)
{
    return 2 * view->ui.line;
}

void view_depth(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    const ant_model *model = view->model;
    ui_heading(ui, &rect, "LENGTHS",
               "of the queues over the visible part of the run");
    int row_h = view_depth_row_height(view);
    uint32_t count = model->worker_count + (view->uses_inject ? 1 : 0);
    uint32_t shown = ui_list(ui, ui_id_of("depth", 0), &rect, row_h, count,
                             &view->depth_first);
    draw_rect all = rect;
    uint32_t scale = find_most(view);
    uint32_t nth = 0;
    for (uint32_t lane = 0; lane < model->lane_count; lane++) {
        bool is_queue = lane == MODEL_DEPTH_INJECT
                            ? view->uses_inject
                            : model->lanes[lane].kind == ANT_LANE_WORKER;
        if (!is_queue || nth++ < view->depth_first) continue;
        if (nth > view->depth_first + shown) break;
        draw_plot(view, draw_cut_top(&rect, row_h), lane, scale);
    }
    all.h -= rect.h;
    draw_cut_left(&all, view_label_width(view, all.w));
    draw_now(view, all);
}

// The longest queue on the screen: all have one scale.
static uint32_t find_most(const ant_view *view)
{
    const ant_model *model = view->model;
    const ant_replay *replay = view->replay;
    uint32_t most = 0;
    if (model->event_count == 0) return 0;
    uint32_t first = model_event_at(model, replay->axis, replay->x0);
    uint32_t last = model_event_at(model, replay->axis, replay->x1);
    for (uint32_t lane = 0; lane < model->lane_count; lane++) {
        uint32_t len = model_depth_max(model, lane, first, last);
        if (len > most) most = len;
    }
    return most;
}

// The greatest length in each sample, so that no peak is lost.
static uint32_t sample(const ant_view *view, draw_rect plot, uint32_t lane,
                       uint32_t *out, uint32_t count)
{
    const ant_model *model = view->model;
    const ant_replay *replay = view->replay;
    uint32_t most = 0;
    double step = (replay->x1 - replay->x0) / plot.w * SAMPLE_PX;
    uint32_t first = model_event_at(model, replay->axis, replay->x0);
    for (uint32_t i = 0; i < count; i++) {
        double x1 = replay->x0 + (i + 1) * step;
        uint32_t last = model_event_at(model, replay->axis, x1);
        out[i] = model_depth_max(model, lane, first, last);
        if (out[i] > most) most = out[i];
        first = last;
    }
    return most;
}

static void draw_plot(ant_view *view, draw_rect rect, uint32_t lane,
                      uint32_t scale)
{
    ant_ui *ui = &view->ui;
    draw_rect label = draw_cut_left(&rect, view_label_width(view, rect.w));
    char name[64] = "injected";
    if (lane != MODEL_DEPTH_INJECT) {
        model_lane_label(view->model, lane, name, sizeof(name));
    }
    draw_rect plot = draw_inset(rect, 0, ui->unit / 2);
    uint32_t value[VIEW_MARK_MAX / SAMPLE_PX];
    uint32_t count = plot.w > 0 ? (uint32_t)plot.w / SAMPLE_PX : 0;
    if (count > ANT_ARRAY_LEN(value)) count = ANT_ARRAY_LEN(value);
    if (view->model->event_count == 0) count = 0;
    uint32_t most = sample(view, plot, lane, value, count);
    char text[32];
    snprintf(text, sizeof(text), "most: %u", most);
    ui_text_as(ui, draw_cut_top(&label, ui->line), DRAW_FONT_UI, ui->small,
               ui->palette->text, DRAW_LEFT, name);
    ui_text_dim(ui, label, DRAW_LEFT, text);
    draw_fill(ui->draw, (draw_rect){ plot.x, plot.y + plot.h, plot.w, 1 },
              ui->palette->rule);
    draw_color area =
        draw_mix(ui->palette->background, ui->palette->accent, 40);
    for (uint32_t i = 0; i < count; i++) {
        if (value[i] == 0) continue;
        // Equal neighbours are one step.
        uint32_t from = i;
        while (i + 1 < count && value[i + 1] == value[from])
            i++;
        int high = (int)((double)value[from] / scale * plot.h + 0.5);
        draw_rect step = { plot.x + (int)from * SAMPLE_PX,
                           plot.y + plot.h - high,
                           (int)(i + 1 - from) * SAMPLE_PX, high };
        draw_fill(ui->draw, step, area);
        step.h = 2;
        draw_fill(ui->draw, step, ui->palette->accent);
    }
}

static void draw_now(ant_view *view, draw_rect rect)
{
    ant_replay *replay = view->replay;
    int x = view_px(view, rect, replay->x);
    if (x >= rect.x && x < rect.x + rect.w) {
        draw_fill(view->ui.draw, (draw_rect){ x - 1, rect.y, 2, rect.h },
                  view->ui.palette->cursor);
    }
    if (ui_hold(&view->ui, ui_id_of("depth time", 0), rect) && rect.w > 0) {
        double share = (double)(view->ui.input->mouse_x - rect.x) / rect.w;
        replay_seek_x(replay, replay->x0 + share * (replay->x1 - replay->x0));
    }
}
