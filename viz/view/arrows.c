// SPDX-License-Identifier: MIT
//
// Causes, one hop: what woke the focused task for its poll (solid), and whom
// that poll woke (dashed). More arrows than that are a hairball.

#include "view/rows.h"

#define WAKE_COUNT_MAX 16

static void draw_cause(ant_view *view, draw_rect tracks, uint32_t poll);
static void draw_effects(ant_view *view, draw_rect tracks, uint32_t poll);

void view_arrows(ant_view *view, draw_rect tracks)
{
    uint32_t task = replay_selected_task(view->replay);
    if (task == 0) return;
    uint32_t poll = view->replay->world.tasks[task].poll;
    if (poll == MODEL_NONE) return;
    draw_clip(view->ui.draw, tracks);
    draw_cause(view, tracks, poll);
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

// From the middle of one row at one event to the edge of another at a second.
static void draw_hop(ant_view *view, draw_rect tracks, const view_row *from,
                     uint32_t from_event, const view_row *to, uint32_t to_event,
                     bool is_dashed)
{
    if (from == NULL || to == NULL || from == to) return;
    ant_ui *ui = &view->ui;
    int y0 = middle(from);
    int y1 = middle(to);
    draw_arrow_desc arrow = {
        .x0 = view_px_of_event(view, tracks, from_event),
        .y0 = y0,
        .x1 = view_px_of_event(view, tracks, to_event),
        .y1 = y1,
        .thick = 4,
        .dash = is_dashed ? ui->unit : 0,
        .color = ui->palette->outside,
    };
    bool is_straight = arrow.x1 - arrow.x0 <= 4 * ui->unit;
    if (is_straight) {
        arrow.x0 = arrow.x1;
        arrow.y1 = y1 > y0 ? to->track.y : to->track.y + to->track.h;
    }
    draw_arrow(ui->draw, &arrow);
    arrow.thick = 2;
    arrow.color = ui->palette->inside;
    draw_arrow(ui->draw, &arrow);
    draw_fill(ui->draw, (draw_rect){ arrow.x0 - 3, y0 - 3, 7, 7 },
              ui->palette->inside);
}

static void draw_cause(ant_view *view, draw_rect tracks, uint32_t poll)
{
    uint32_t wake = model_wake_of_poll(view->model, poll);
    if (wake == MODEL_NONE) return;
    uint32_t task = model_subject(view->model, poll);
    draw_hop(view, tracks, source_row(view, wake), wake,
             view_row_find(view, REPLAY_TASK, task), poll, false);
}

static void draw_effects(ant_view *view, draw_rect tracks, uint32_t poll)
{
    const ant_model *model = view->model;
    const view_row *from =
        view_row_find(view, REPLAY_TASK, model_subject(model, poll));
    uint32_t wake = model_next_wake_by_poll(model, poll, poll);
    for (unsigned i = 0; i < WAKE_COUNT_MAX && wake != MODEL_NONE; i++) {
        uint32_t led_to = model_poll_of_wake(model, wake);
        const view_row *to =
            view_row_find(view, REPLAY_TASK, model_subject(model, wake));
        draw_hop(view, tracks, from, wake, to,
                 led_to == MODEL_NONE ? wake : led_to, true);
        wake = model_next_wake_by_poll(model, poll, wake);
    }
}
