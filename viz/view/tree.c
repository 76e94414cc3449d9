// SPDX-License-Identifier: MIT
//
// The futures of the selected task as a tree: what each awaits, how often it
// was polled, how it ended, and why it was dropped if it was. The way down to
// the one that is being polled is lit. Futures that follow each other in a loop
// share a line, as in the tracks.

#include <stdio.h>
#include <string.h>

#include "model/tree.h"
#include "ui/list.h"
#include "view/view.h"

#define DOT "  \xC2\xB7  "

// The columns at the right, in letters.
#define POLLS_EM  6
#define RESULT_EM 13

static void draw_future(ant_view *view, uint32_t task, uint32_t nth,
                        draw_rect line);

void view_tree(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    uint32_t task = view_focus(view);
    uint32_t count = task == 0 ? 0 : view_fold_count(&view->fold, task);
    if (count == 0) {
        ui_heading(ui, &rect, "FUTURES", NULL);
        ui_paragraph(ui, rect, ui->palette->text_dim,
                     task == 0
                         ? "Select a task to see the futures inside it."
                         : "The trace says nothing of futures in this task.");
        return;
    }
    char label[128];
    char text[160];
    model_task_label(view->model, task, label, sizeof(label));
    snprintf(text, sizeof(text), "inside %s", label);
    ui_heading(ui, &rect, "FUTURES", text);
    int line_h = ui->line + ui->unit / 4;
    uint32_t shown = ui_list(ui, ui_id_of("tree", 0), &rect, line_h, count,
                             &view->tree_first);
    for (uint32_t i = 0; i < shown; i++) {
        draw_future(view, task, view->tree_first + i,
                    draw_cut_top(&rect, line_h));
    }
}

// Of the futures that share a line, the last one that has begun, else the
// first; how many have begun and how many there are.
static uint32_t current_of(const ant_view *view, uint32_t leader,
                           uint32_t *ret_begun, uint32_t *ret_all)
{
    uint32_t found = leader;
    *ret_begun = 0;
    *ret_all = 0;
    for (uint32_t f = leader; f != 0; f = view->fold.next[f]) {
        ++*ret_all;
        if (view->model->futures[f].start_event > view->replay->event) continue;
        ++*ret_begun;
        found = f;
    }
    return found;
}

static const char *drop_text(uint8_t why)
{
    switch (why) {
    case ANT_DROP_UNPOLLED:
        return "dropped unpolled";
    case ANT_DROP_SHUTDOWN:
        return "dropped at shutdown";
    case ANT_DROP_PANIC:
        return "dropped by a panic";
    default:
        return "dropped: cancelled";
    }
}

static const char *end_text(const model_future *future)
{
    switch (future->result) {
    case ANT_RESULT_FAILED:
        return "failed";
    case ANT_RESULT_PANICKED:
        return "panicked";
    default:
        return "ready";
    }
}

static const char *phase_text(const model_future *future, model_phase phase)
{
    switch (phase) {
    case MODEL_PHASE_NONE:
        return "not yet polled";
    case MODEL_PHASE_POLLING:
        return "is polled";
    case MODEL_PHASE_PENDING:
        return "pending";
    case MODEL_PHASE_RESTING:
        return "gave an item";
    case MODEL_PHASE_READY:
        return end_text(future);
    case MODEL_PHASE_DROPPED:
        return drop_text(future->drop);
    }
    return "";
}

// What is known beyond the name: "fetch_user · all of these · 2nd of 5".
static void detail_text(const ant_view *view, uint32_t future, uint32_t begun,
                        uint32_t all, char *buf, size_t size)
{
    const model_future *row = &view->model->futures[future];
    const model_type *type = &view->model->types[row->type];
    const char *name = strcmp(type->name, row->name) == 0 ? "" : type->name;
    const char *needs = type->needs == ANT_NEEDS_ALL   ? "all of these"
                        : type->needs == ANT_NEEDS_ANY ? "any of these"
                                                       : "";
    char times[48] = "";
    if (all > 1) snprintf(times, sizeof(times), "%u of %u", begun, all);
    snprintf(buf, size, "%s%s%s%s%s", name,
             name[0] != '\0' && needs[0] != '\0' ? DOT : "", needs,
             times[0] != '\0' && (name[0] != '\0' || needs[0] != '\0') ? DOT
                                                                       : "",
             times);
}

// How far right a future of some depth begins.
static int indent_of(const ant_view *view, uint32_t depth, int w)
{
    int step = 2 * view->ui.unit;
    int max = w / 3;
    int x = (int)depth * step;
    return x < max ? x : max;
}

// From its parent's line down to this one, as far as it is on the screen.
static void draw_branch(ant_view *view, uint32_t task, uint32_t nth,
                        uint32_t future, draw_rect line)
{
    ant_ui *ui = &view->ui;
    const model_future *row = &view->model->futures[future];
    if (row->depth == 0) return;
    uint32_t parent = view->fold.leader[row->parent];
    uint32_t up = nth;
    while (up > view->tree_first &&
           view->fold.rows[view->fold.first[task] + up] != parent) {
        up--;
    }
    int x = line.x + indent_of(view, row->depth - 1, line.w) + ui->unit;
    int x1 = line.x + indent_of(view, row->depth, line.w);
    int y = line.y + line.h / 2;
    int y0 = y - (int)(nth - up) * line.h + line.h / 2;
    draw_line(ui->draw, x, y0, x, y, 1, ui->palette->text_dim);
    draw_line(ui->draw, x, y, x1, y, 1, ui->palette->text_dim);
}

static void draw_texts(ant_view *view, uint32_t future, model_phase phase,
                       const char *detail, draw_rect line)
{
    ant_ui *ui = &view->ui;
    const model_future *row = &view->model->futures[future];
    bool is_alive = model_phase_is_alive(phase);
    draw_rect result = draw_cut_right(&line, RESULT_EM * ui->small);
    draw_rect polls = draw_cut_right(&line, POLLS_EM * ui->small);
    ui_text_as(ui, result, is_alive ? DRAW_FONT_BOLD : DRAW_FONT_UI, ui->small,
               is_alive ? ui->palette->text : ui->palette->text_dim, DRAW_LEFT,
               phase_text(row, phase));
    char text[32];
    snprintf(text, sizeof(text), "%u poll%s", row->poll_count,
             row->poll_count == 1 ? "" : "s");
    draw_cut_right(&polls, ui->unit);
    ui_text_dim(ui, polls, DRAW_RIGHT, text);
    draw_cut_right(&line, ui->unit);
    int w = view_chip_width(view, future);
    draw_rect chip = draw_inset(line, 0, ui->unit / 4);
    view_chip(view, draw_cut_left(&chip, w), future);
    draw_cut_left(&chip, ui->unit);
    ui_text_dim(ui, chip, DRAW_LEFT, detail);
}

static void draw_future(ant_view *view, uint32_t task, uint32_t nth,
                        draw_rect line)
{
    ant_ui *ui = &view->ui;
    uint32_t begun = 0;
    uint32_t all = 0;
    uint32_t future = current_of(
        view, view->fold.rows[view->fold.first[task] + nth], &begun, &all);
    model_phase phase =
        model_future_phase(view->model, future, view->replay->event);
    const replay_selection *selection = &view->replay->selection;
    bool is_selected =
        selection->kind == REPLAY_FUTURE && selection->row == future;
    if (phase == MODEL_PHASE_POLLING) {
        draw_fill(ui->draw, line, ui->palette->current_line);
    }
    if (ui_row(ui, ui_id_of("tree row", future), line, is_selected)) {
        replay_select(view->replay, REPLAY_FUTURE, future);
    }
    draw_branch(view, task, nth, future, line);
    char detail[256];
    detail_text(view, future, begun, all, detail, sizeof(detail));
    draw_cut_left(&line,
                  indent_of(view, view->model->futures[future].depth, line.w));
    draw_texts(view, future, phase, detail, line);
}
