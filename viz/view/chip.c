// SPDX-License-Identifier: MIT
//
// A chip: a future, as small as a name. It has points where a card has corners.
// One that is polled is green and says P, one that waits is hollow, one that is
// over is grey, one that was dropped is black and says x.

#include <stdio.h>

#include "model/tree.h"
#include "view/view.h"

#define FUTURE_COUNT_MAX 48

static uint32_t find_branches(const ant_view *view, uint32_t task,
                              uint32_t *out);

static int chip_height(const ant_ui *ui)
{
    return ui->small * 5 / 4;
}

static draw_state chip_look(model_phase phase)
{
    switch (phase) {
    case MODEL_PHASE_POLLING:
        return DRAW_STATE_POLLING;
    case MODEL_PHASE_READY:
        return DRAW_STATE_DONE;
    case MODEL_PHASE_DROPPED:
        return DRAW_STATE_CANCELLED;
    case MODEL_PHASE_NONE:
    case MODEL_PHASE_PENDING:
    case MODEL_PHASE_RESTING:
        break;
    }
    return DRAW_STATE_NEW;
}

static void draw_hexagon(ant_ui *ui, draw_rect rect, draw_color color)
{
    int point = rect.h / 2;
    draw_triangle(ui->draw, draw_cut_left(&rect, point), DRAW_TO_LEFT, color);
    draw_triangle(ui->draw, draw_cut_right(&rect, point), DRAW_TO_RIGHT, color);
    draw_fill(ui->draw, rect, color);
}

// "P nap" while it is polled, "nap" while it waits.
static void chip_text(const ant_view *view, uint32_t future, char *buf,
                      size_t size)
{
    draw_state state =
        chip_look(model_future_phase(view->model, future, view->replay->event));
    const char *letter = view->ui.palette->state[state].letter;
    bool has_letter = state != DRAW_STATE_NEW && letter[0] != '\0';
    snprintf(buf, size, "%s%s%s", has_letter ? letter : "",
             has_letter ? " " : "", view->model->futures[future].name);
}

void view_chip(ant_view *view, draw_rect rect, uint32_t future)
{
    ant_ui *ui = &view->ui;
    model_phase phase =
        model_future_phase(view->model, future, view->replay->event);
    int h = chip_height(ui);
    if (rect.h > h) rect = draw_inset(rect, 0, (rect.h - h) / 2);
    draw_state state = chip_look(phase);
    const draw_state_look *look = &ui->palette->state[state];
    bool is_hollow = state == DRAW_STATE_NEW;
    char text[96];
    chip_text(view, future, text, sizeof(text));
    if (ui_click(ui, ui_id_of("chip", future), rect)) {
        replay_select(view->replay, REPLAY_FUTURE, future);
    }
    draw_hexagon(ui, rect, is_hollow ? ui->palette->text_dim : look->color);
    if (is_hollow) {
        draw_hexagon(ui, draw_inset(rect, 2, 2), ui->palette->background);
    }
    ui_text_as(ui, draw_inset(rect, rect.h / 2, 0), DRAW_FONT_UI, ui->small,
               is_hollow ? ui->palette->text : look->text, DRAW_LEFT, text);
}

int view_chip_width(const ant_view *view, uint32_t future)
{
    const ant_ui *ui = &view->ui;
    char text[96];
    chip_text(view, future, text, sizeof(text));
    return draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, text) +
           chip_height(ui) + ui->unit / 2;
}

void view_chips(ant_view *view, uint32_t task, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    uint32_t chip[FUTURE_COUNT_MAX];
    uint32_t count = find_branches(view, task, chip);
    int h = chip_height(ui);
    if (h > rect.h) h = rect.h;
    rect.y += (rect.h - h) / 2;
    rect.h = h;
    for (uint32_t i = 0; i < count; i++) {
        int w = view_chip_width(view, chip[i]);
        int share =
            (rect.w - (int)(count - i - 1) * ui->unit / 2) / (int)(count - i);
        if (w > share) w = share;
        bool is_too_narrow = w < 3 * ui->small;
        if (is_too_narrow && share < view_chip_width(view, chip[i])) {
            char more[24];
            snprintf(more, sizeof(more), "+%u", count - i);
            ui_text_dim(ui, rect, DRAW_LEFT, more);
            return;
        }
        view_chip(view, draw_cut_left(&rect, w), chip[i]);
        draw_cut_left(&rect, ui->unit / 2);
    }
}

// --- Which futures of a task ----------------------------------------------

// Whether the children of a task's future are awaited at the same time, and
// those that are over are part of the picture.
static bool is_beside(const ant_view *view, uint32_t future,
                      const uint32_t *near, uint32_t count)
{
    const model_future *row = &view->model->futures[future];
    for (uint32_t i = 0; i < count; i++) {
        const model_future *other = &view->model->futures[near[i]];
        if (near[i] == future || other->parent != row->parent) continue;
        model_phase phase =
            model_future_phase(view->model, near[i], view->replay->event);
        if (model_phase_is_alive(phase) &&
            other->start_event < row->end_event) {
            return true;
        }
    }
    return false;
}

// The children of `parent` among `near` that are worth a chip.
static uint32_t find_chips(const ant_view *view, uint32_t parent,
                           const uint32_t *near, uint32_t count, uint32_t *out)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (view->model->futures[near[i]].parent != parent) continue;
        model_phase phase =
            model_future_phase(view->model, near[i], view->replay->event);
        bool is_shown = model_phase_is_alive(phase) ||
                        is_beside(view, near[i], near, count);
        if (is_shown) out[n++] = near[i];
    }
    return n;
}

// Where the tree of a task branches; the innermost future where it does not.
static uint32_t find_branches(const ant_view *view, uint32_t task,
                              uint32_t *out)
{
    uint32_t near[FUTURE_COUNT_MAX];
    uint32_t count = model_futures_near(view->model, task, view->replay->event,
                                        near, FUTURE_COUNT_MAX);
    uint32_t n = find_chips(view, 0, near, count, out);
    uint32_t found = 0;
    while (n == 1) {
        found = out[0];
        n = find_chips(view, found, near, count, out);
    }
    if (n > 0) return n;
    out[0] = found;
    return found != 0 && view->model->futures[found].parent != 0;
}
