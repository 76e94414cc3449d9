// SPDX-License-Identifier: MIT
//
// The scale over the rows: round moments on the time axis, round numbers on the
// step axis, and a mark wherever a stretch without events is squeezed.

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "view/rows.h"

// Room for a tick's text, in widths of a letter.
#define TICK_EM 5

static void draw_times(ant_view *view, draw_rect rect);
static void draw_steps(ant_view *view, draw_rect rect);
static void draw_tick(ant_view *view, draw_rect rect, int x, const char *text,
                      int *free_px);

void view_ruler(ant_view *view, draw_rect rect)
{
    draw_clip(view->ui.draw, rect);
    if (view->replay->axis == MODEL_AXIS_TIME) {
        draw_times(view, rect);
    } else {
        draw_steps(view, rect);
    }
    draw_unclip(view->ui.draw);
}

// A gap has a line in its middle, and says how long it really lasts when there
// is room: the text may be half as wide again as the gap.
static void draw_gap(ant_view *view, draw_rect tracks, const model_gap *gap,
                     int *free_px)
{
    ant_ui *ui = &view->ui;
    int x0 = view_px(view, tracks, gap->x0);
    int x1 = view_px(view, tracks, gap->x1);
    int x = x0 + (x1 - x0) / 2;
    if (x1 - x0 < 3 * ui->unit) return;
    draw_line(ui->draw, x, tracks.y, x, tracks.y + tracks.h, 1,
              ui->palette->rule);
    char length[32];
    char text[48];
    model_duration(gap->t1_ns - gap->t0_ns, length, sizeof(length));
    snprintf(text, sizeof(text), "// %s", length);
    int w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, text) + ui->unit;
    if (x - w / 2 < *free_px || w > (x1 - x0) * 3 / 2) return;
    *free_px = x + w / 2;
    draw_rect label = { x - w / 2, tracks.y, w, ui->line };
    draw_fill(ui->draw, label, ui->palette->background);
    ui_text_dim(ui, label, DRAW_CENTER, text);
}

void view_gaps(ant_view *view, draw_rect tracks)
{
    const ant_model *model = view->model;
    const ant_replay *replay = view->replay;
    if (replay->axis != MODEL_AXIS_TIME) return;
    int free_px = tracks.x;
    for (uint32_t i = model_gap_after(model, replay->x0);
         i < model->gap_count && model->gaps[i].x0 < replay->x1; i++) {
        draw_gap(view, tracks, &model->gaps[i], &free_px);
    }
}

// A tear through all rows, and how much is missing there. Nothing to the right
// of it can rely on what stands to the left.
void view_losses(ant_view *view, draw_rect tracks)
{
    ant_ui *ui = &view->ui;
    const ant_model *model = view->model;
    int free_px = tracks.x;
    for (uint32_t i = 0; i < model->loss_count; i++) {
        const model_loss *loss = &model->losses[i];
        int x = view_px_of_event(view, tracks, loss->event);
        bool is_shown = x >= free_px && x < tracks.x + tracks.w;
        if (!is_shown) continue; // or one with the tear before
        draw_rect tear = { x - ui->unit / 2, tracks.y, ui->unit, tracks.h };
        draw_patterned(ui->draw, tear, DRAW_STRIPES, ui->palette->background,
                       ui->palette->alert);
        free_px = x + ui->unit;
        // A damaged part counts as one: nobody knows how many were in it.
        char text[48] = "events missing";
        if (loss->count > 1)
            snprintf(text, sizeof(text), "%u events missing", loss->count);
        ui_tip(ui, tear, "%s: no room to record them, or a damaged part", text);
        int w = draw_text_width(ui->draw, DRAW_FONT_BOLD, ui->small, text) +
                ui->unit;
        draw_rect label = { free_px, tracks.y + tracks.h - ui->line, w,
                            ui->line };
        if (label.x + w > tracks.x + tracks.w) continue;
        draw_fill(ui->draw, label, ui->palette->background);
        ui_text_as(ui, label, DRAW_FONT_BOLD, ui->small, ui->palette->alert,
                   DRAW_CENTER, text);
        free_px += w;
    }
}

// 1, 2 or 5 times a power of ten: the smallest such number not below `least`.
static double round_step(double least)
{
    double power = pow(10, floor(log10(least)));
    double digit = least / power;
    if (digit <= 1) return power;
    if (digit <= 2) return 2 * power;
    return (digit <= 5 ? 5 : 10) * power;
}

// The distance of two ticks, in units of the axis.
static double tick_step(const ant_view *view, draw_rect rect)
{
    const ant_replay *replay = view->replay;
    double per_px = (replay->x1 - replay->x0) / (rect.w > 0 ? rect.w : 1);
    double step = round_step(per_px * TICK_EM * view->ui.font);
    return step < 1 ? 1 : step;
}

static void time_text(uint64_t t_ns, uint64_t step_ns, char *buf, size_t size)
{
    // The unit is the largest in which ticks differ by a whole number.
    if (step_ns >= 1000000000) {
        snprintf(buf, size, "%" PRIu64 " s", t_ns / 1000000000);
    } else if (step_ns >= 1000000 || t_ns == 0) {
        snprintf(buf, size, "%" PRIu64 " ms", t_ns / 1000000);
    } else if (step_ns >= 1000) {
        snprintf(buf, size, "%.3f ms", (double)t_ns / 1e6);
    } else {
        snprintf(buf, size, "%.3f us", (double)t_ns / 1e3);
    }
}

// Behind a squeezed stretch the scale begins anew: the moment at which it ends
// is a tick, round or not.
static void draw_gap_end(ant_view *view, draw_rect rect, const model_gap *gap,
                         int *free_px)
{
    char text[32];
    model_duration(gap->t1_ns, text, sizeof(text));
    draw_tick(view, rect, view_px(view, rect, gap->x1), text, free_px);
}

static void draw_times(ant_view *view, draw_rect rect)
{
    const ant_model *model = view->model;
    uint64_t step = (uint64_t)tick_step(view, rect);
    uint64_t t = model_time_of_x(model, view->replay->x0) / step * step;
    int free_px = rect.x;
    for (;;) {
        double x = model_x_of_time(model, t);
        if (x > view->replay->x1 || t > model->t_end_ns) return;
        uint32_t i = model_gap_after(model, x);
        const model_gap *gap = &model->gaps[i];
        bool is_in_gap = i < model->gap_count && gap->t0_ns < t;
        if (is_in_gap) {
            // Round moments would pile up in there: jump behind it.
            draw_gap_end(view, rect, gap, &free_px);
            t = (gap->t1_ns / step + 1) * step;
            continue;
        }
        char text[32];
        time_text(t, step, text, sizeof(text));
        draw_tick(view, rect, view_px(view, rect, x), text, &free_px);
        t += step;
    }
}

static void draw_steps(ant_view *view, draw_rect rect)
{
    uint32_t step = (uint32_t)tick_step(view, rect);
    uint32_t first = (uint32_t)view->replay->x0 / step * step;
    int free_px = rect.x;
    for (uint32_t s = first; s < view->model->step_count; s += step) {
        if (s > view->replay->x1) return;
        char text[32];
        snprintf(text, sizeof(text), "%u", s + 1);
        draw_tick(view, rect, view_px(view, rect, s), text, &free_px);
    }
}

// A tick at `x` with its text behind it (before it at the right edge), unless
// that would cover the text of the tick before, which ends at *free_px, or the
// flag of now.
static void draw_tick(ant_view *view, draw_rect rect, int x, const char *text,
                      int *free_px)
{
    ant_ui *ui = &view->ui;
    int w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, text);
    draw_rect label = { x + ui->unit / 2, rect.y, w, rect.h };
    if (label.x + w > rect.x + rect.w) label.x = x - ui->unit / 2 - w;
    if (label.x < *free_px) return;
    *free_px = label.x + w + ui->unit;
    draw_fill(ui->draw,
              (draw_rect){ x, rect.y + rect.h - ui->unit, 1, ui->unit },
              ui->palette->text_dim);
    char flag_text[48];
    draw_rect flag = view_flag(view, rect, flag_text, sizeof(flag_text));
    bool is_hidden = label.x < flag.x + flag.w && flag.x < label.x + w;
    if (!is_hidden) ui_text_dim(ui, label, DRAW_LEFT, text);
}
