// SPDX-License-Identifier: MIT
//
// The row of a task: its states over time, each bar saying what it waits for;
// and the rows of the futures inside the selected task.

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "view/rows.h"

static void draw_task_label(ant_view *view, const view_row *row);
static void draw_task_mark(ant_view *view, const view_row *row,
                           const model_track *track, const model_mark *mark);
static void draw_end(ant_view *view, const view_row *row, uint32_t event,
                     int right, draw_state look, const char *text);
static void task_text(const ant_view *view, const model_span *span, char *buf,
                      size_t size);
static void short_text(const ant_view *view, const model_span *span,
                       draw_rect bar, char *buf, size_t size);
static void outcome_text(const model_task *task, char *buf, size_t size);
static void draw_future_label(ant_view *view, const view_row *row);
static void draw_future(ant_view *view, const view_row *row);
static void draw_future_mark(ant_view *view, const view_row *row,
                             const model_track *track, const model_mark *mark);

static bool is_over(uint8_t state)
{
    return state == MODEL_TASK_DONE || state == MODEL_TASK_CANCELLED;
}

void view_row_task(ant_view *view, const view_row *row)
{
    draw_task_label(view, row);
    draw_clip(view->ui.draw, row->track);
    model_track track;
    uint32_t n = view_row_marks(view, row, MODEL_TRACK_TASK, &track);
    for (uint32_t i = 0; i < n; i++) {
        draw_task_mark(view, row, &track, &view->mark[i]);
    }
    const model_task *task = &view->model->tasks[row->row];
    if (task->end_event != MODEL_NONE) {
        char text[160];
        outcome_text(task, text, sizeof(text));
        bool is_cancelled = task->outcome == ANT_RESULT_CANCELLED;
        draw_end(view, row, task->end_event, row->track.x + row->track.w,
                 is_cancelled ? DRAW_STATE_CANCELLED : DRAW_STATE_DONE, text);
    }
    view_lint_marks(view, row);
    draw_unclip(view->ui.draw);
}

static void draw_task_label(ant_view *view, const view_row *row)
{
    ant_ui *ui = &view->ui;
    const model_task *task = &view->model->tasks[row->row];
    uint8_t state = view->replay->world.tasks[row->row].state;
    draw_rect label = draw_inset(row->label, ui->unit, 0);
    draw_rect swatch = draw_cut_left(&label, ui->unit);
    int margin = (swatch.h - ui->font) / 2;
    swatch = draw_inset(swatch, 0, margin);
    if (state != MODEL_TASK_NONE) {
        const draw_state_look *look =
            &ui->palette->state[view_task_look(state)];
        draw_patterned(ui->draw, swatch, look->pattern, look->color, look->ink);
    }
    draw_cut_left(&label, ui->unit);
    char id[16];
    snprintf(id, sizeof(id), "%u", task->id);
    int id_w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->font, "00");
    int w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->font, id);
    draw_rect id_rect = draw_cut_left(&label, w > id_w ? w : id_w);
    ui_text_as(ui, id_rect, DRAW_FONT_UI, ui->font, ui->palette->text_dim,
               DRAW_RIGHT, id);
    draw_cut_left(&label, ui->unit);
    bool is_dim = state == MODEL_TASK_NONE || is_over(state);
    ui_text_as(ui, label, DRAW_FONT_UI, ui->font,
               is_dim ? ui->palette->text_dim : ui->palette->text, DRAW_LEFT,
               task->name);
    ui_tip(ui, row->label, "%u %s, made at %s:%u", task->id, task->name,
           task->file, task->line);
}

static void draw_task_mark(ant_view *view, const view_row *row,
                           const model_track *track, const model_mark *mark)
{
    ant_ui *ui = &view->ui;
    if (mark->count == 1 && is_over(mark->state)) return; // the end cap tells
    draw_rect rect = view_mark_rect(row, mark);
    draw_state look = view_task_look(mark->state);
    if (mark->count > 1 || rect.w < 3) {
        view_strip(view, rect, mark, ui->palette->state[look].color);
        return;
    }
    const model_span *span = &track->spans[mark->first];
    char text[160] = "";
    if (rect.w > 3 * ui->font) {
        short_text(view, span, rect, text, sizeof(text));
    }
    ui_bar(ui, rect, look, text);
    bool is_current = span->from <= view->replay->event &&
                      view->replay->event < span->to &&
                      replay_selected_task(view->replay) == row->row;
    if (is_current) ui_selection(ui, draw_inset(rect, 4, 4));
    if (ui_is_hovered(ui, rect)) {
        char length[32];
        task_text(view, span, text, sizeof(text));
        model_duration(model_span_t1(view->model, span) -
                           model_span_t0(view->model, span),
                       length, sizeof(length));
        ui_tip(ui, rect, "%s, %s", text, length);
    }
}

// A cap where a life ends, with a letter on it when the end was not a good one,
// and behind it how it ended, if there is room up to `right`.
static void draw_end(ant_view *view, const view_row *row, uint32_t event,
                     int right, draw_state look, const char *text)
{
    ant_ui *ui = &view->ui;
    const draw_state_look *style = &ui->palette->state[look];
    bool has_letter = style->letter[0] != '\0';
    draw_rect cap = { view_px_of_event(view, row->track, event), row->track.y,
                      ui->unit * 3 / 4, row->track.h };
    if (has_letter) cap.w = ui->small;
    if (cap.x > right) return;
    if (cap.x + cap.w > right) cap.x = right - cap.w;
    draw_fill(ui->draw, cap, style->color);
    draw_frame(ui->draw, cap, 1, ui->palette->text_dim);
    ui_text_as(ui, cap, DRAW_FONT_BOLD, ui->small, style->text, DRAW_CENTER,
               style->letter);
    draw_rect rest = cap;
    rest.x += cap.w + ui->unit / 2;
    rest.w = right - rest.x;
    int w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, text);
    bool is_short = w < 6 * ui->font;
    if (rest.w > (is_short ? w : 6 * ui->font)) {
        ui_text_dim(ui, rest, DRAW_LEFT, text);
    }
}

static void task_text(const ant_view *view, const model_span *span, char *buf,
                      size_t size)
{
    if (span->wait != 0) {
        model_wait_label(view->model, span->wait, buf, size);
        return;
    }
    snprintf(buf, size, "%s", model_task_state_name(span->state));
}

static bool bar_fits(const ant_view *view, draw_rect bar, const char *text)
{
    const ant_ui *ui = &view->ui;
    int w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, text);
    return w <= ui_bar_room(ui, bar);
}

// As much as a bar has room for: "mutex `b`, held by 3 ben", "mutex `b`", "b".
// A name says more than the beginning of a sentence.
static void short_text(const ant_view *view, const model_span *span,
                       draw_rect bar, char *buf, size_t size)
{
    task_text(view, span, buf, size);
    const model_wait *wait = &view->model->waits[span->wait];
    if (wait->kind != MODEL_WAIT_RES || wait->res == 0) return;
    if (bar_fits(view, bar, buf)) return;
    model_res_label(view->model, wait->res, buf, size);
    if (bar_fits(view, bar, buf)) return;
    view_res_short(view, wait->res, DRAW_FONT_UI, ui_bar_room(&view->ui, bar),
                   buf, size);
}

static void outcome_text(const model_task *task, char *buf, size_t size)
{
    switch (task->outcome) {
    case ANT_RESULT_FAILED:
        snprintf(buf, size, "failed: %s", ant_err_text(task->err));
        break;
    case ANT_RESULT_PANICKED:
        snprintf(buf, size, "panicked: %s", task->message);
        break;
    case ANT_RESULT_CANCELLED:
        snprintf(buf, size, "cancelled");
        break;
    default:
        snprintf(buf, size, "done");
        break;
    }
}

// --- Futures inside the selected task --------------------------------------

void view_row_future(ant_view *view, const view_row *row)
{
    draw_future_label(view, row);
    view_row inner = *row;
    // Flatter than a task's row, but never too flat for the text.
    int room = (row->track.h - view->ui.small * 4 / 3) / 2;
    int inset = room < row->track.h / 8 ? room : row->track.h / 8;
    if (inset > 0) inner.track = draw_inset(row->track, 0, inset);
    draw_clip(view->ui.draw, row->track);
    for (uint32_t f = row->row; f != 0; f = view->fold.next[f]) {
        inner.row = f;
        draw_future(view, &inner);
    }
    draw_unclip(view->ui.draw);
}

static void draw_future_label(ant_view *view, const view_row *row)
{
    ant_ui *ui = &view->ui;
    const model_future *future = &view->model->futures[row->row];
    draw_rect label = draw_inset(row->label, ui->unit, 0);
    draw_cut_left(&label, 4 * ui->unit + (int)future->depth * ui->unit * 3 / 2);
    const char *type = view->model->types[future->type].name;
    int w = ui_text_as(ui, label, DRAW_FONT_UI, ui->small, ui->palette->text,
                       DRAW_LEFT, future->name);
    draw_cut_left(&label, w + ui->unit);
    if (strcmp(type, future->name) != 0) {
        ui_text_dim(ui, label, DRAW_LEFT, type);
    }
    ui_tip(ui, row->label, "%s: %s", future->name, type);
}

// One of the futures that share a row. What is out of sight costs nothing.
static void draw_future(ant_view *view, const view_row *row)
{
    const model_future *future = &view->model->futures[row->row];
    int left = row->track.x;
    int right = left + row->track.w;
    uint32_t end = future->end_event;
    bool is_over = end != MODEL_NONE;
    if (is_over && view_px_of_event(view, row->track, end) < left) {
        return;
    }
    if (future->start_event != MODEL_NONE &&
        view_px_of_event(view, row->track, future->start_event) > right) {
        return;
    }
    model_track track;
    uint32_t n = view_row_marks(view, row, MODEL_TRACK_FUTURE, &track);
    for (uint32_t i = 0; i < n; i++) {
        draw_future_mark(view, row, &track, &view->mark[i]);
    }
    if (!is_over) return;
    bool is_dropped = future->result == ANT_RESULT_CANCELLED;
    bool is_failed = future->result == ANT_RESULT_FAILED;
    // Behind its end there may be the next one of the row.
    uint32_t next = view->fold.next[row->row];
    if (next != 0) {
        uint32_t start = view->model->futures[next].start_event;
        int start_px = view_px_of_event(view, row->track, start);
        if (start_px < right) right = start_px;
    }
    draw_end(view, row, end, right,
             is_dropped ? DRAW_STATE_CANCELLED : DRAW_STATE_DONE,
             is_dropped  ? "dropped"
             : is_failed ? "failed"
                         : "ready");
}

// The state of an async function by name; NULL for a future that has none. The
// first one has its name only once it was left.
static const char *state_text(const ant_view *view, uint32_t future,
                              const model_span *span)
{
    uint32_t type = view->model->futures[future].type;
    if (view->model->types[type].state_count == 0) return NULL;
    const char *name = model_state(view->model, type, span->step);
    return strcmp(name, "?") == 0 ? "start" : name;
}

// A pending future is an outline with the name of the state it stands in.
static void draw_future_mark(ant_view *view, const view_row *row,
                             const model_track *track, const model_mark *mark)
{
    ant_ui *ui = &view->ui;
    const draw_palette *palette = ui->palette;
    draw_rect rect = view_mark_rect(row, mark);
    bool is_polling = mark->state == MODEL_FUTURE_POLLING;
    draw_color green = palette->state[DRAW_STATE_POLLING].color;
    if (mark->count > 1 || rect.w < 3) {
        view_strip(view, rect, mark, is_polling ? green : palette->rule);
        return;
    }
    const model_span *span = &track->spans[mark->first];
    const char *state = state_text(view, row->row, span);
    if (is_polling) {
        ui_bar(ui, rect, DRAW_STATE_POLLING, state);
    } else {
        draw_fill(ui->draw, rect, palette->panel);
        draw_frame(ui->draw, rect, 1, palette->text_dim);
        draw_rect text = draw_inset(rect, ui->unit, 0);
        if (rect.w > 4 * ui->font) {
            ui_text_dim(ui, text, DRAW_LEFT, state != NULL ? state : "pending");
        }
    }
    ui_tip(ui, rect, "%s%s%s", is_polling ? "polled" : "pending",
           state != NULL ? ", state " : "", state != NULL ? state : "");
}
