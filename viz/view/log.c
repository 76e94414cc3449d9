// SPDX-License-Identifier: MIT
//
// The log: events as lines of text, around the one that has just happened. It
// shows the steps, or every event with its details, or the events of the
// selected task.

#include <stdio.h>

#include "text/sentence.h"
#include "ui/list.h"
#include "view/panels.h"

#define TIME_LETTERS 13
#define STEP_LETTERS 8

// The lines that the log has, without making them.
typedef struct log_lines {
    const ant_model *model;
    view_log_scope scope;
    const uint32_t *events; // of the task, when it is that scope
    uint32_t count;
} log_lines;

static log_lines find_lines(const ant_view *view);
static uint32_t event_at(const log_lines *lines, uint32_t line);
static uint32_t line_of(const log_lines *lines, uint32_t event);
static void draw_scopes(ant_view *view, draw_rect *rect);
static void draw_entry(ant_view *view, draw_rect line, uint32_t event,
                       bool is_current);

void view_log(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    ant_replay *replay = view->replay;
    draw_scopes(view, &rect);
    log_lines lines = find_lines(view);
    if (lines.count == 0) {
        ui_paragraph(ui, draw_inset(rect, ui->unit, ui->unit),
                     ui->palette->text_dim, "The trace holds no events.");
        return;
    }
    int row_h = ui->small + ui->unit;
    uint32_t current = line_of(&lines, replay->event);
    uint32_t shown = ui_list(ui, ui_id_of("log", 0), &rect, row_h, lines.count,
                             &view->log.first);
    int by = view_take_step(view);
    int64_t to = (int64_t)current + by;
    if (by != 0 && to >= 0 && to < lines.count) {
        replay_seek_event(replay, event_at(&lines, (uint32_t)to));
        current = (uint32_t)to;
    }
    bool is_new = view->log.revealed != replay->event ||
                  view->log.made_scope != lines.scope ||
                  view->log.made_count != lines.count;
    view->log.revealed = replay->event;
    view->log.made_scope = lines.scope;
    view->log.made_count = lines.count;
    if (is_new) ui_list_reveal(&view->log.first, shown, current);
    for (uint32_t i = 0; i < shown; i++) {
        uint32_t line = view->log.first + i;
        if (line >= lines.count) break;
        draw_entry(view, draw_cut_top(&rect, row_h), event_at(&lines, line),
                   line == current);
    }
}

// --- Which lines -----------------------------------------------------------

static log_lines find_lines(const ant_view *view)
{
    const ant_model *model = view->model;
    uint32_t task = replay_selected_task(view->replay);
    view_log_scope scope = view->log.scope;
    if (scope == VIEW_LOG_OF_TASK && task != 0) {
        model_range range = model->tasks[task].events;
        return (log_lines){ model, scope, model->events_of_task + range.first,
                            range.count };
    }
    if (scope == VIEW_LOG_ALL) {
        return (log_lines){ model, scope, NULL, model->event_count };
    }
    return (log_lines){ model, VIEW_LOG_STEPS, NULL, model->step_count };
}

static uint32_t event_at(const log_lines *lines, uint32_t line)
{
    if (lines->scope == VIEW_LOG_STEPS)
        return model_step_event(lines->model, line);
    return lines->scope == VIEW_LOG_OF_TASK ? lines->events[line] : line;
}

// The last line that has happened; the first one when none has.
static uint32_t line_of(const log_lines *lines, uint32_t event)
{
    if (lines->scope == VIEW_LOG_STEPS)
        return model_step_of(lines->model, event);
    if (lines->scope == VIEW_LOG_ALL) return event;
    uint32_t first = 0;
    uint32_t end = lines->count;
    while (end - first > 1) {
        uint32_t middle = first + (end - first) / 2;
        if (lines->events[middle] <= event) {
            first = middle;
        } else {
            end = middle;
        }
    }
    return first;
}

// --- Drawing ---------------------------------------------------------------

static void draw_scope(ant_view *view, draw_rect *line, view_log_scope scope,
                       const char *text)
{
    ant_ui *ui = &view->ui;
    int w = draw_text_width(ui->draw, DRAW_FONT_BOLD, ui->small, text) +
            2 * ui->unit;
    if (w > line->w) return;
    draw_rect tab = draw_cut_left(line, w);
    bool is_on = find_lines(view).scope == scope;
    if (ui_tab(ui, ui_id_of("log scope", scope), tab, text, is_on)) {
        view->log.scope = scope;
    }
}

static void draw_scopes(ant_view *view, draw_rect *rect)
{
    ant_ui *ui = &view->ui;
    draw_rect line = draw_cut_top(rect, ui->line);
    int w = ui_text_as(ui, line, DRAW_FONT_BOLD, ui->small,
                       ui->palette->text_dim, DRAW_LEFT, "LOG");
    draw_cut_left(&line, w + ui->unit);
    draw_scope(view, &line, VIEW_LOG_STEPS, "steps");
    draw_scope(view, &line, VIEW_LOG_ALL, "every event");
    uint32_t task = replay_selected_task(view->replay);
    if (task == 0) return;
    char text[128];
    model_task_label(view->model, task, text, sizeof(text));
    draw_scope(view, &line, VIEW_LOG_OF_TASK, text);
}

void view_log_turn(ant_view *view)
{
    unsigned scopes =
        replay_selected_task(view->replay) != 0 ? VIEW_LOG_SCOPE_COUNT : 2;
    view->log.scope = (view_log_scope)((view->log.scope + 1) % scopes);
}

static void draw_entry(ant_view *view, draw_rect line, uint32_t event,
                       bool is_current)
{
    ant_ui *ui = &view->ui;
    const ant_model *model = view->model;
    if (ui_row(ui, ui_id_of("log line", event), line, is_current)) {
        replay_seek_event(view->replay, event);
    }
    if (is_current) {
        draw_fill(ui->draw, (draw_rect){ line.x, line.y, 3, line.h },
                  ui->palette->cursor);
    }
    int letter = ui->small * 9 / 16;
    char text[400];
    snprintf(text, sizeof(text), "%u", model_step_of(model, event) + 1);
    bool is_wide = line.w > 50 * letter;
    if (is_wide) {
        ui_text_dim(ui, draw_cut_left(&line, STEP_LETTERS * letter), DRAW_RIGHT,
                    text);
    }
    view_moment(model_t_ns(model, event), text, sizeof(text));
    ui_text_dim(ui, draw_cut_left(&line, TIME_LETTERS * letter), DRAW_RIGHT,
                text);
    draw_cut_left(&line, ui->unit * 3 / 2);
    ant_event happened;
    model_event(model, event, &happened);
    text_sentence_write(model->reader, &happened, text, sizeof(text));
    bool is_past = event <= view->replay->event;
    ui_text_as(ui, line, is_current ? DRAW_FONT_BOLD : DRAW_FONT_UI, ui->small,
               is_past ? ui->palette->text : ui->palette->text_dim, DRAW_LEFT,
               text);
}
