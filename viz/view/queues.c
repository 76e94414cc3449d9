// SPDX-License-Identifier: MIT
//
// The run queues as queues: for each worker what it runs now, the LIFO slot and
// its ring in order; then the injection queue and the blocking pool's queue.

#include <stdio.h>

#include "ui/list.h"
#include "view/view.h"

#define WORKER_COUNT_MAX 6 // rows; to the others one has to scroll

// The columns of a worker's line, in percent of what its name leaves.
#define RUNS_PERCENT 33
#define LIFO_PERCENT 29

static void draw_captions(ant_view *view, draw_rect line);
static void draw_worker(ant_view *view, draw_rect line, uint32_t lane);
static void draw_queue(ant_view *view, draw_rect rect,
                       const model_queue *queue);
static void draw_shared(ant_view *view, draw_rect line, const char *name,
                        const model_queue *queue);
static void task_card(ant_view *view, draw_rect rect, uint32_t task);
static int line_height(const ant_view *view);
static unsigned workers_shown(const ant_view *view);

static bool is_worker(const ant_model *model, uint32_t lane)
{
    return model->lanes[lane].kind == ANT_LANE_WORKER;
}

int view_queues_height(const ant_view *view)
{
    int lines = (int)workers_shown(view);
    if (view->uses_inject) lines++;
    if (view->uses_deferred) lines++;
    if (view->uses_blocking) lines++;
    return view->ui.line + lines * line_height(view);
}

// Where there is room to spare the lengths over time stand below.
void view_queues(ant_view *view, draw_rect rect)
{
    const ant_snapshot *world = &view->replay->world;
    int line_h = line_height(view);
    int wanted = view_queues_height(view) + 2 * view->ui.unit;
    bool has_depth =
        rect.h - wanted > view->ui.line + 2 * view_depth_row_height(view);
    if (has_depth) {
        view_depth(view, draw_cut_bottom(&rect, rect.h - wanted));
    }
    draw_captions(view, draw_cut_top(&rect, view->ui.line));
    if (view->uses_blocking) {
        draw_shared(view, draw_cut_bottom(&rect, line_h), "blocking",
                    &world->blocking);
    }
    if (view->uses_deferred) {
        draw_shared(view, draw_cut_bottom(&rect, line_h), "yielded",
                    &world->deferred);
    }
    if (view->uses_inject) {
        draw_shared(view, draw_cut_bottom(&rect, line_h), "injected",
                    &world->inject);
    }
    uint32_t shown = ui_list(&view->ui, ui_id_of("queues", 0), &rect, line_h,
                             view->model->worker_count, &view->queues_first);
    uint32_t nth = 0;
    for (uint32_t i = 1; i < view->model->lane_count; i++) {
        if (!is_worker(view->model, i) || nth++ < view->queues_first) continue;
        if (nth > view->queues_first + shown) break;
        draw_worker(view, draw_cut_top(&rect, line_h), i);
    }
}

// The parts of a worker's line.
typedef struct columns {
    draw_rect name;
    draw_rect runs;
    draw_rect lifo;
    draw_rect queue;
} columns;

static columns cut_columns(const ant_view *view, draw_rect line)
{
    const ant_ui *ui = &view->ui;
    columns c;
    c.name = draw_cut_left(&line, 5 * ui->font);
    int room = line.w;
    c.runs = draw_cut_left(&line, room * RUNS_PERCENT / 100);
    draw_cut_left(&line, ui->unit / 2);
    c.lifo = draw_cut_left(&line, room * LIFO_PERCENT / 100);
    draw_cut_left(&line, ui->unit / 2);
    c.queue = line;
    return c;
}

static void draw_captions(ant_view *view, draw_rect line)
{
    ant_ui *ui = &view->ui;
    columns c = cut_columns(view, line);
    ui_heading(ui, &c.name, "QUEUES", NULL);
    ui_text_dim(ui, c.runs, DRAW_LEFT, "running");
    ui_text_dim(ui, c.lifo, DRAW_LEFT, "LIFO slot");
    ui_text_dim(ui, c.queue, DRAW_LEFT, "queue, next first");
}

static int line_height(const ant_view *view)
{
    return view->ui.line + view->ui.unit / 2;
}

static unsigned workers_shown(const ant_view *view)
{
    unsigned count = view->model->worker_count;
    return count < WORKER_COUNT_MAX ? count : WORKER_COUNT_MAX;
}

static void draw_name(ant_view *view, draw_rect rect, const char *name)
{
    ant_ui *ui = &view->ui;
    ui_text_as(ui, rect, DRAW_FONT_UI, ui->small, ui->palette->text, DRAW_LEFT,
               name);
}

// An empty place in a queue.
static void draw_empty(ant_view *view, draw_rect rect, const char *text)
{
    ant_ui *ui = &view->ui;
    draw_frame(ui->draw, rect, 1, ui->palette->rule);
    ui_text_dim(ui, draw_inset(rect, ui->unit / 2, 0), DRAW_CENTER, text);
}

static void draw_worker(ant_view *view, draw_rect line, uint32_t lane)
{
    ant_ui *ui = &view->ui;
    const model_now_lane *now = &view->replay->world.lanes[lane];
    columns c = cut_columns(view, draw_inset(line, 0, ui->unit / 4));
    char name[64];
    model_lane_label(view->model, lane, name, sizeof(name));
    replay_selection selected = view->replay->selection;
    bool is_selected = selected.kind == REPLAY_LANE && selected.row == lane;
    if (ui_row(ui, ui_id_of("queue of", lane), c.name, is_selected)) {
        replay_select(view->replay, REPLAY_LANE, lane);
    }
    draw_name(view, c.name, name);
    if (now->task != 0) {
        task_card(view, c.runs, now->task);
    } else {
        draw_empty(view, c.runs,
                   model_lane_state_name((model_lane_state)now->state));
    }
    if (now->lifo != 0) {
        task_card(view, c.lifo, now->lifo);
    } else {
        draw_empty(view, c.lifo, "");
    }
    draw_queue(view, c.queue, &now->local);
}

static void draw_shared(ant_view *view, draw_rect line, const char *name,
                        const model_queue *queue)
{
    line = draw_inset(line, 0, view->ui.unit / 4);
    draw_name(view, draw_cut_left(&line, 5 * view->ui.font), name);
    draw_queue(view, line, queue);
}

// Cards side by side, next first, as many as fit; the rest is a number.
static void draw_queue(ant_view *view, draw_rect rect, const model_queue *queue)
{
    ant_ui *ui = &view->ui;
    if (queue->len == 0) {
        draw_empty(view, rect, "empty");
        return;
    }
    uint32_t left = queue->len;
    for (uint32_t task = queue->first; task != 0 && left > 0;
         task = view->replay->world.tasks[task].queued.next) {
        char text[128];
        model_task_label(view->model, task, text, sizeof(text));
        int w = ui_card_width(ui, text);
        int reserve = left > 1 ? 3 * ui->font : 0;
        bool is_first = left == queue->len;
        if (w + reserve > rect.w && !is_first) break;
        if (w + reserve > rect.w) w = rect.w - reserve;
        task_card(view, draw_cut_left(&rect, w), task);
        draw_cut_left(&rect, ui->unit / 2);
        left--;
    }
    if (left == 0) return;
    char more[32];
    snprintf(more, sizeof(more), "+%u", left);
    ui_text_dim(ui, rect, DRAW_LEFT, more);
}

static void task_card(ant_view *view, draw_rect rect, uint32_t task)
{
    ant_ui *ui = &view->ui;
    char text[128];
    model_task_label(view->model, task, text, sizeof(text));
    uint8_t state = view->replay->world.tasks[task].state;
    if (ui_card(ui, ui_id_of("queued", task), rect,
                view_task_look((model_task_state)state), text)) {
        replay_select(view->replay, REPLAY_TASK, task);
    }
}
