// SPDX-License-Identifier: MIT
//
// Causes: what woke the focused task for its poll (solid), and whom that poll
// woke (dashed). More arrows than that are a hairball; on demand the causes of
// the causes are shown too, back to where it all began.

#include "view/rows.h"

#define WAKE_COUNT_MAX 16
#define HOP_COUNT_MAX  32 // of the whole chain, when it is asked for

static uint32_t draw_cause(ant_view *view, draw_rect tracks, uint32_t poll);
static void draw_effects(ant_view *view, draw_rect tracks, uint32_t poll);

void view_arrows(ant_view *view, draw_rect tracks)
{
    uint32_t task = replay_selected_task(view->replay);
    if (task == 0) return;
    uint32_t poll = view->replay->world.tasks[task].poll;
    if (poll == MODEL_NONE) return;
    draw_clip(view->ui.draw, tracks);
    for (unsigned hop = 0; poll != MODEL_NONE && hop < HOP_COUNT_MAX; hop++) {
        poll = draw_cause(view, tracks, poll);
        if (!view->shows_chain) break;
    }
    poll = view->replay->world.tasks[task].poll;
    draw_effects(view, tracks, poll);
    draw_unclip(view->ui.draw);
}

static int middle(const view_row *row)
{
    return row->track.y + row->track.h / 2;
}

// Where a wake comes from: the row of the task that woke, else of the worker
// on which it happened (a timer, a signal).
static const view_row *source_row(const ant_view *view, uint32_t wake)
{
    model_waker waker;
    model_waker_of(view->model, wake, &waker);
    if (waker.task != 0) {
        return view_row_find(view, REPLAY_TASK, waker.task);
    }
    return view_row_find(view, REPLAY_LANE, waker.lane);
}

// From the middle of one row to the edge of another, at the moment of `wake`:
// from there on the other one is ready.
static void draw_hop(ant_view *view, draw_rect tracks, const view_row *from,
                     const view_row *to, uint32_t wake, bool is_dashed)
{
    if (from == NULL || to == NULL || from == to) return;
    ant_ui *ui = &view->ui;
    int x = view_px_of_event(view, tracks, wake);
    int y = middle(from);
    bool is_down = y < middle(to);
    int tip = is_down ? to->track.y : to->track.y + to->track.h;
    draw_rect dot = { x - 3, y - 3, 7, 7 };
    draw_fill(ui->draw, draw_inset(dot, -2, -2), ui->palette->outside);
    draw_arrow_desc arrow = {
        .x0 = x,
        .y0 = y,
        .x1 = x,
        .y1 = is_down ? tip + 3 : tip - 3,
        .thick = 6,
        .head = ui->unit * 2 + 1,
        .dash = is_dashed ? ui->unit : 0,
        .color = ui->palette->outside,
    };
    draw_arrow(ui->draw, &arrow);
    arrow.thick = 2;
    arrow.head = ui->unit + ui->unit / 2 + 1;
    arrow.y1 = tip;
    arrow.color = ui->palette->inside;
    draw_arrow(ui->draw, &arrow);
    draw_fill(ui->draw, dot, ui->palette->inside);
}

// Returns the poll in which the cause was, MODEL_NONE when it came from outside
// of tasks.
static uint32_t draw_cause(ant_view *view, draw_rect tracks, uint32_t poll)
{
    uint32_t wake = model_wake_of_poll(view->model, poll);
    if (wake == MODEL_NONE) return MODEL_NONE;
    uint32_t task = model_subject(view->model, poll);
    draw_hop(view, tracks, source_row(view, wake),
             view_row_find(view, REPLAY_TASK, task), wake, false);
    return model_poll_around(view->model, wake);
}

static void draw_effects(ant_view *view, draw_rect tracks, uint32_t poll)
{
    const ant_model *model = view->model;
    const view_row *from =
        view_row_find(view, REPLAY_TASK, model_subject(model, poll));
    uint32_t wake = model_next_wake_by_poll(model, poll, poll);
    for (unsigned i = 0; i < WAKE_COUNT_MAX && wake != MODEL_NONE; i++) {
        uint32_t task = model_subject(model, wake);
        draw_hop(view, tracks, from, view_row_find(view, REPLAY_TASK, task),
                 wake, true);
        wake = model_next_wake_by_poll(model, poll, wake);
    }
}
