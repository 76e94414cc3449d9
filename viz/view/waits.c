// SPDX-License-Identifier: MIT
//
// Who holds what, and who stands in line for it, by name; and the timers that
// are set, the earliest first.

#include <stdio.h>

#include "view/view.h"

// Lines for locks and channels: that tasks wait for, or that nobody does.
#define RES_COUNT_MAX   5
#define QUIET_COUNT_MAX 2

#define HOLDER_PERCENT 38
#define NAME_EM        8

static void draw_res(ant_view *view, draw_rect line, uint32_t res);
static void draw_timers(ant_view *view, draw_rect line);
static bool task_card(ant_view *view, draw_rect *line, uint32_t task,
                      const char *text, bool is_alert);
static unsigned find_lines(const ant_view *view, uint32_t *out);

// Timers and joins are no locks.
static bool is_listed(const ant_model *model, uint32_t res)
{
    uint8_t kind = model->res[res].kind;
    return kind != ANT_RES_TIMER && kind != ANT_RES_TASK;
}

int view_waits_height(const ant_view *view)
{
    uint32_t res[RES_COUNT_MAX];
    int lines = (int)find_lines(view, res);
    return view->ui.line + (lines + 1) * (view->ui.line + view->ui.unit / 2);
}

bool view_waits_is_busy(const ant_view *view)
{
    for (uint32_t i = 1; i < view->model->res_count; i++) {
        bool is_contended = view->model->res[i].waiter_max > 0;
        if (is_contended && is_listed(view->model, i)) return true;
    }
    return false;
}

void view_waits(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    uint32_t res[RES_COUNT_MAX];
    unsigned count = find_lines(view, res);
    int line_h = ui->line + ui->unit / 2;
    ui_heading(ui, &rect, "LOCKS AND TIMERS",
               count > 0 ? "who holds it, who waits, next first" : NULL);
    for (unsigned i = 0; i < count; i++) {
        draw_res(view, draw_cut_top(&rect, line_h), res[i]);
    }
    draw_timers(view, draw_cut_top(&rect, line_h));
}

// The resources worth a line: those that were ever waited for, so that lines
// do not come and go; when there are none, the first few.
static unsigned find_lines(const ant_view *view, uint32_t *out)
{
    const ant_model *model = view->model;
    unsigned n = 0;
    for (unsigned pass = 0; pass < 2 && n == 0; pass++) {
        unsigned max = pass == 0 ? RES_COUNT_MAX : QUIET_COUNT_MAX;
        for (uint32_t i = 1; i < model->res_count && n < max; i++) {
            bool is_wanted = pass == 1 || model->res[i].waiter_max > 0;
            if (is_listed(model, i) && is_wanted) out[n++] = i;
        }
    }
    return n;
}

static bool is_on_cycle(ant_view *view, uint32_t task)
{
    const model_waitfor *graph = view_waitfor(view);
    uint32_t node = model_waitfor_task(graph, task);
    return node != 0 && graph->nodes[node].is_core;
}

// Less than wanted on a projector.
static int name_width(const ant_ui *ui, int w)
{
    int wanted = NAME_EM * ui->font;
    return wanted < w / 3 ? wanted : w / 3;
}

// What a resource is that nobody holds.
static void describe_idle(const ant_view *view, uint32_t res, char *buf,
                          size_t size)
{
    const ant_snapshot *world = &view->replay->world;
    const model_res *row = &view->model->res[res];
    const uint32_t drop = row->drop_event;
    bool is_gone = drop != MODEL_NONE && drop <= world->event;
    if (!world->res[res].is_alive) {
        snprintf(buf, size, "%s", is_gone ? "gone" : "not yet used");
    } else if (model_res_is_channel(row->kind)) {
        model_values_label(world->res[res].len, buf, size);
    } else {
        snprintf(buf, size, "free");
    }
}

static void draw_res(ant_view *view, draw_rect line, uint32_t res)
{
    ant_ui *ui = &view->ui;
    const ant_snapshot *world = &view->replay->world;
    const model_now_res *now = &world->res[res];
    line = draw_inset(line, 0, ui->unit / 4);
    draw_rect label = draw_cut_left(&line, name_width(ui, line.w));
    char text[128];
    view_res_name(view, label, res);
    draw_cut_left(&line, ui->unit / 2);
    if (now->holds.len == 0 && now->waits.len == 0) {
        describe_idle(view, res, text, sizeof text);
        ui_text_dim(ui, line, DRAW_LEFT, text);
        return;
    }
    draw_rect holder = draw_cut_left(&line, line.w * HOLDER_PERCENT / 100);
    if (model_res_is_channel(view->model->res[res].kind)) {
        describe_idle(view, res, text, sizeof text);
        ui_text_dim(ui, holder, DRAW_LEFT, text);
    }
    if (now->holds.first != 0) {
        uint32_t task = view->model->holds[now->holds.first].task;
        model_task_label(view->model, task, text, sizeof(text));
        task_card(view, &holder, task, text, is_on_cycle(view, task));
    }
    draw_rect arrow = draw_cut_left(&line, 2 * ui->unit);
    if (now->waits.len > 0) {
        draw_triangle(ui->draw,
                      draw_inset(arrow, ui->unit / 2, arrow.h / 2 - ui->unit),
                      DRAW_TO_LEFT, ui->palette->text_dim);
    }
    for (uint32_t wait = now->waits.first; wait != 0;
         wait = world->waits[wait].of_res.next) {
        uint32_t task = view->model->waits[wait].task;
        model_task_label(view->model, task, text, sizeof(text));
        if (!task_card(view, &line, task, text, is_on_cycle(view, task))) {
            return;
        }
    }
}

// A timer that nobody has come to fire yet is due.
static void timer_text(const char *task, uint64_t deadline_ns, uint64_t now_ns,
                       char *buf, size_t size)
{
    char left[32];
    if (deadline_ns <= now_ns) {
        snprintf(buf, size, "%s is due", task);
        return;
    }
    model_duration(deadline_ns - now_ns, left, sizeof(left));
    snprintf(buf, size, "%s in %s", task, left);
}

static void draw_timers(ant_view *view, draw_rect line)
{
    ant_ui *ui = &view->ui;
    const ant_snapshot *world = &view->replay->world;
    line = draw_inset(line, 0, ui->unit / 4);
    draw_rect label = draw_cut_left(&line, name_width(ui, line.w));
    ui_text_as(ui, label, DRAW_FONT_UI, ui->small, ui->palette->text, DRAW_LEFT,
               "timers");
    draw_cut_left(&line, ui->unit / 2);
    if (world->timer_count == 0) {
        ui_text_dim(ui, line, DRAW_LEFT, "none");
        return;
    }
    for (uint32_t wait = model_snapshot_timer_next(world, 0); wait != 0;
         wait = model_snapshot_timer_next(world, wait)) {
        const model_wait *timer = &view->model->waits[wait];
        char task[96];
        char text[160];
        model_task_label(view->model, timer->task, task, sizeof(task));
        timer_text(task, timer->deadline_ns, view_now_ns(view), text,
                   sizeof(text));
        if (!task_card(view, &line, timer->task, text, false)) return;
    }
}

// A card cut from the left of *line. False when there is no room for more.
static bool task_card(ant_view *view, draw_rect *line, uint32_t task,
                      const char *text, bool is_alert)
{
    ant_ui *ui = &view->ui;
    int w = ui_card_width(ui, text);
    if (w > line->w && line->w < 3 * ui->font) {
        ui_text_dim(ui, *line, DRAW_LEFT, "\xE2\x80\xA6");
        return false;
    }
    draw_rect card = draw_cut_left(line, w);
    draw_cut_left(line, ui->unit / 2);
    uint8_t state = view->replay->world.tasks[task].state;
    ui_id id = ui_id_of("waiting", (uint32_t)(card.x << 16 ^ card.y));
    if (ui_card(ui, id, card, view_task_look((model_task_state)state), text)) {
        replay_select(view->replay, REPLAY_TASK, task);
    }
    if (is_alert) draw_frame(ui->draw, card, 2, ui->palette->alert);
    return true;
}
