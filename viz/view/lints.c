// SPDX-License-Identifier: MIT
//
// What is most likely a mistake in this run, the worst first: a list in which a
// click goes to the place, triangles where it happened, and a number in the top
// line. The lints are run in the first frame; of a long trace beside the window
// in a thread of their own, so that no picture has to wait for them, and in a
// picture for a file only when it is to show them.

#include <stdio.h>

#include "ui/list.h"
#include "view/panels.h"
#include "view/rows.h"

// Lints of more events take too long for a frame of a window, or for a picture
// that does not even show them.
#define EVENTS_FRAME_MAX   30000u
#define EVENTS_PICTURE_MAX 300000u

#define TEXT_LINES 4

static void draw_finding(ant_view *view, draw_rect rect, uint32_t i);
static void go(ant_view *view, uint32_t i);

const lint_report *view_lint_report(ant_view *view, bool is_wanted)
{
    bool is_short =
        view->model->event_count <=
        (view->may_lint_later ? EVENTS_FRAME_MAX : EVENTS_PICTURE_MAX);
    if (view->lint_job.is_on) {
        view->has_lints = lint_job_take(&view->lint_job, &view->lint);
    } else if (!view->has_lints && !is_short && view->may_lint_later) {
        // Without a thread there are no lints, and no new try in each frame.
        view->has_lints = lint_job_start(&view->lint_job, view->model) != 0;
    } else if (!view->has_lints && (is_short || is_wanted)) {
        view->has_lints = true;
        (void)!lint_run(view->model, NULL, &view->lint);
    }
    return &view->lint;
}

void view_lints(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    const lint_report *report = view_lint_report(view, true);
    char text[64];
    snprintf(text, sizeof(text), "%u, the worst first", report->count);
    bool is_looking = !view->has_lints;
    ui_heading(ui, &rect, "LINTS", report->count > 0 ? text : NULL);
    if (report->count == 0) {
        ui_paragraph(ui, rect, ui->palette->text_dim,
                     is_looking ? "Still looking through the whole run."
                                : "Nothing looks like a mistake.");
        return;
    }
    int row_h = ui->line + TEXT_LINES * ui_paragraph_line_height(ui) + ui->unit;
    uint32_t shown = ui_list(ui, ui_id_of("lints", 0), &rect, row_h,
                             report->count, &view->lint_first);
    for (uint32_t i = view->lint_first; shown > 0 && i < report->count; i++) {
        draw_finding(view, draw_cut_top(&rect, row_h), i);
        shown--;
    }
}

bool view_lint_next(ant_view *view)
{
    const lint_report *report = view_lint_report(view, true);
    if (report->count == 0) return false;
    const lint_finding *now = &report->finding[view->lint_now];
    bool is_there = view->replay->event == now->event;
    uint32_t next = is_there ? (view->lint_now + 1) % report->count : 0;
    go(view, next);
    view->lint_first = next;
    return true;
}

static void go(ant_view *view, uint32_t i)
{
    const lint_finding *found = &view->lint.finding[i];
    view->lint_now = i;
    replay_seek_event(view->replay, found->event);
    if (found->task != 0) {
        replay_select(view->replay, REPLAY_TASK, found->task);
    } else if (found->res != 0) {
        replay_select(view->replay, REPLAY_RES, found->res);
    } else if (found->lane != 0) {
        replay_select(view->replay, REPLAY_LANE, found->lane);
    }
}

// Bad ones are filled, warnings are hollow: not told by colour alone.
static void draw_sign(ant_view *view, draw_rect rect, lint_severity severity,
                      draw_direction direction)
{
    const draw_palette *palette = view->ui.palette;
    draw_triangle(view->ui.draw, rect, direction, palette->alert);
    if (severity == LINT_BAD) return;
    int by = rect.w / 4;
    int top = direction == DRAW_UP ? by : 1;
    draw_rect inner = { rect.x + by, rect.y + top, rect.w - 2 * by,
                        rect.h - by - 1 };
    draw_triangle(view->ui.draw, inner, direction, palette->panel);
}

static void draw_head(ant_view *view, draw_rect line, const lint_finding *found)
{
    ant_ui *ui = &view->ui;
    const lint_info *info = &lint_table[found->lint];
    draw_rect sign = draw_cut_left(&line, 2 * ui->unit);
    sign = draw_inset(sign, 0, (sign.h - 2 * ui->unit) / 2);
    draw_sign(view, sign, info->severity, DRAW_UP);
    draw_cut_left(&line, ui->unit);
    char text[96];
    char moment[32];
    view_moment(model_t_ns(view->model, found->event), moment, sizeof(moment));
    int w = ui_text_bold(ui, line, DRAW_LEFT, info->name);
    draw_cut_left(&line, w + ui->unit);
    snprintf(text, sizeof(text), "%s", moment);
    if (found->count > 1)
        snprintf(text, sizeof(text), "%s, %u times", moment, found->count);
    ui_text_dim(ui, line, DRAW_RIGHT, text);
}

static void draw_finding(ant_view *view, draw_rect rect, uint32_t i)
{
    ant_ui *ui = &view->ui;
    const lint_finding *found = &view->lint.finding[i];
    const lint_info *info = &lint_table[found->lint];
    bool is_here = view->lint_now == i && view->replay->event == found->event;
    if (ui_row(ui, ui_id_of("lint", i), rect, is_here)) go(view, i);
    rect = draw_inset(rect, ui->unit, ui->unit / 2);
    draw_head(view, draw_cut_top(&rect, ui->line), found);
    draw_cut_top(&rect, ui_paragraph(ui, rect, ui->palette->text, found->text));
    ui_paragraph(ui, rect, ui->palette->text_dim, info->advice);
    ui_tip(ui, rect, "%s: %s; lesson %s", info->name, info->meaning,
           info->lesson);
}

// --- Where they are ----------------------------------------------------------

void view_lint_title(ant_view *view, draw_rect *rect)
{
    ant_ui *ui = &view->ui;
    const lint_report *report = view_lint_report(view, false);
    char text[32];
    if (report->count == 0) return;
    snprintf(text, sizeof(text), "lints %u", report->count);
    draw_rect button = draw_cut_right(rect, ui_button_width(ui, text));
    if (ui_button(ui, ui_id_of("lint count", 0),
                  draw_inset(button, 0, ui->unit / 2), text))
        view_panel_toggle(view, VIEW_PANEL_lints);
    draw_cut_right(rect, 2 * ui->unit);
}

// A triangle above a moment of a row, or of the whole run.
static void draw_mark(ant_view *view, draw_rect track, int x,
                      const lint_finding *found)
{
    ant_ui *ui = &view->ui;
    const lint_info *info = &lint_table[found->lint];
    draw_rect mark = { x - ui->unit, track.y, 2 * ui->unit, ui->unit + 2 };
    if (mark.x + mark.w < track.x || mark.x > track.x + track.w) return;
    draw_sign(view, mark, info->severity, DRAW_DOWN);
    ui_tip(ui, mark, "%s: %s", info->name, found->text);
}

// What is about a task is told there, not on its worker or its lock.
static bool is_about(const lint_finding *found, const view_row *row)
{
    if (found->task != 0 || row->kind == REPLAY_TASK)
        return row->kind == REPLAY_TASK && found->task == row->row;
    if (row->kind == REPLAY_LANE) return found->lane == row->row;
    return row->kind == REPLAY_RES && found->res == row->row;
}

void view_lint_marks(ant_view *view, const view_row *row)
{
    const lint_report *report = view_lint_report(view, false);
    for (uint32_t i = 0; i < report->count; i++) {
        const lint_finding *found = &report->finding[i];
        if (!is_about(found, row)) continue;
        draw_mark(view, row->track,
                  view_px_of_event(view, row->track, found->event), found);
    }
}

void view_lint_minimap(ant_view *view, draw_rect rect)
{
    const lint_report *report = view_lint_report(view, false);
    double end = model_axis_end(view->model, view->replay->axis);
    int before = -1;
    for (uint32_t i = 0; i < report->count && end > 0; i++) {
        const lint_finding *found = &report->finding[i];
        double x = model_x(view->model, view->replay->axis, found->event);
        int px = rect.x + (int)(x / end * rect.w + 0.5);
        if (px == before) continue;
        before = px;
        draw_mark(view, rect, px, found);
    }
}
