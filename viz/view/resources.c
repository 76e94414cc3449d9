// SPDX-License-Identifier: MIT
//
// The row of a lock or channel: who held it over time, and how many wait now.

#include <stdio.h>

#include "view/rows.h"

static void draw_mark(ant_view *view, const view_row *row,
                      const model_track *track, const model_mark *mark);

void view_row_res(ant_view *view, const view_row *row)
{
    ant_ui *ui = &view->ui;
    draw_rect label = draw_inset(row->label, ui->unit, 0);
    const model_now_res *now = &view->replay->world.res[row->row];
    char text[160];
    if (now->waits.len > 0) {
        snprintf(text, sizeof(text), "%u waiting", now->waits.len);
        int w =
            ui_text_as(ui, label, DRAW_FONT_UI, ui->small,
                       view_res_is_held(view, row->row) ? ui->palette->alert
                                                        : ui->palette->text_dim,
                       DRAW_RIGHT, text);
        draw_cut_right(&label, w + ui->unit);
    }
    view_res_name(view, label, row->row);

    draw_clip(ui->draw, row->track);
    model_track track;
    uint32_t n = view_row_marks(view, row, MODEL_TRACK_RES, &track);
    for (uint32_t i = 0; i < n; i++) {
        draw_mark(view, row, &track, &view->mark[i]);
    }
    view_lint_marks(view, row);
    draw_unclip(ui->draw);
}

static void holder_text(const ant_view *view, const model_span *span, char *buf,
                        size_t size)
{
    char task[128] = "a thread";
    if (span->task != 0) {
        model_task_label(view->model, span->task, task, sizeof(task));
    }
    if (span->count > 1) {
        snprintf(buf, size, "held by %s and %u more", task, span->count - 1u);
    } else {
        snprintf(buf, size, "held by %s", task);
    }
}

static void draw_mark(ant_view *view, const view_row *row,
                      const model_track *track, const model_mark *mark)
{
    ant_ui *ui = &view->ui;
    draw_rect rect = view_mark_rect(row, mark);
    draw_color color = ui->palette->state[DRAW_STATE_DONE].color;
    if (mark->count > 1 || rect.w < 3) {
        view_strip(view, rect, mark, color);
        return;
    }
    char text[160];
    holder_text(view, &track->spans[mark->first], text, sizeof(text));
    ui_bar(ui, rect, DRAW_STATE_DONE, text);
    ui_tip(ui, rect, "%s", text);
}
