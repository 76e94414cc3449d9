// SPDX-License-Identifier: MIT
//
// Who holds what, and who stands in line for it, by name; and the timers that
// are set, the earliest first.

#include <stdio.h>

#include "view/view.h"

// Lines for locks and channels: that tasks wait for, or that nobody does.
#define RES_COUNT_USUAL 5 // beside other panels
#define RES_COUNT_MAX   64
#define QUIET_COUNT_MAX 2

#define HOLDER_PERCENT 38
#define NAME_EM        8

static void draw_res(ant_view *view, draw_rect line, uint32_t res);
static void draw_timers(ant_view *view, draw_rect line);
static bool task_card(ant_view *view, draw_rect *line, uint32_t task,
                      const char *text, bool is_alert);
static unsigned find_lines(const ant_view *view, unsigned max, uint32_t *out);

// Timers and joins are no locks.
static bool is_listed(const ant_model *model, uint32_t res)
{
    uint8_t kind = model->res[res].kind;
    return kind != ANT_RES_TIMER && kind != ANT_RES_TASK;
}

static int line_height(const ant_view *view)
{
    return view->ui.line + view->ui.unit / 2;
}

int view_waits_height(const ant_view *view)
{
    uint32_t res[RES_COUNT_MAX];
    int lines = (int)find_lines(view, RES_COUNT_USUAL, res);
    return view->ui.line + (lines + 1) * line_height(view);
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
    static const char *const title[2][2] = {
        { "LOCKS AND TIMERS", "LOCKS, SOCKETS AND TIMERS" },
        { "LOCKS, CHANNELS AND TIMERS", "LOCKS, CHANNELS, SOCKETS, TIMERS" },
    };
    ant_ui *ui = &view->ui;
    uint32_t res[RES_COUNT_MAX];
    int line_h = line_height(view);
    int room = (rect.h - ui->line) / line_h - 1;
    unsigned count = find_lines(view, room > 0 ? (unsigned)room : 0, res);
    ui_heading(ui, &rect, title[view->uses_channels][view->uses_sockets],
               count > 0 ? "who holds it, who waits, next first" : NULL);
    for (unsigned i = 0; i < count; i++) {
        draw_res(view, draw_cut_top(&rect, line_h), res[i]);
    }
    draw_timers(view, draw_cut_top(&rect, line_h));
}

// Which resources are worth a line.
typedef enum waits_choice {
    WAITS_NOW,  // those that are held or waited for at this moment
    WAITS_EVER, // those that were ever waited for
    WAITS_ANY,
} waits_choice;

static bool is_chosen(const ant_view *view, waits_choice choice, uint32_t res)
{
    const model_now_res *now = &view->replay->world.res[res];
    if (!is_listed(view->model, res)) return false;
    switch (choice) {
    case WAITS_NOW:
        return now->waits.len > 0 || now->holds.len > 0;
    case WAITS_EVER:
        return view->model->res[res].waiter_max > 0;
    case WAITS_ANY:
        break;
    }
    return true;
}

// Writes the first `max` of them, and returns how many there are up to one
// more.
static unsigned choose(const ant_view *view, waits_choice choice, unsigned max,
                       uint32_t *out)
{
    unsigned n = 0;
    for (uint32_t i = 1; i < view->model->res_count && n <= max; i++) {
        if (!is_chosen(view, choice, i)) continue;
        if (n < max) out[n] = i;
        n++;
    }
    return n;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

// Those that were ever waited for, so that lines do not come and go; when there
// are none, the first few; and when there is no room for all, as on a server
// with a socket for each of its clients, those that matter now.
static unsigned find_lines(const ant_view *view, unsigned max, uint32_t *out)
{
    max = least(max, RES_COUNT_MAX);
    unsigned count = choose(view, WAITS_EVER, max, out);
    if (count == 0) {
        max = least(max, QUIET_COUNT_MAX);
        count = choose(view, WAITS_ANY, max, out);
    } else if (count > max) {
        count = choose(view, WAITS_NOW, max, out);
    }
    return least(count, max);
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
        const char *idle = view_res_idle(view, res);
        snprintf(buf, size, "%s", idle[0] != '\0' ? idle : "nobody waits");
    }
}

// Cuts the name from the left of *line and after it the place of who holds it.
// What nobody can hold has that place for its name and, if it is a channel that
// somebody waits for, its values.
static void name_res(ant_view *view, draw_rect *line, uint32_t res,
                     draw_rect *ret_holder)
{
    ant_ui *ui = &view->ui;
    const model_now_res *now = &view->replay->world.res[res];
    draw_rect label = draw_cut_left(line, name_width(ui, line->w));
    draw_cut_left(line, ui->unit / 2);
    *ret_holder = draw_cut_left(line, line->w * HOLDER_PERCENT / 100);
    if (!view_res_is_held(view, res)) {
        label.w = ret_holder->x + ret_holder->w - label.x;
        ret_holder->w = 0;
    }
    if (model_res_is_channel(view->model->res[res].kind) &&
        now->waits.len > 0) {
        char text[64];
        describe_idle(view, res, text, sizeof text);
        int w = ui_text_dim(ui, label, DRAW_RIGHT, text);
        draw_cut_right(&label, w + ui->unit);
    }
    view_res_name(view, label, res);
}

static void draw_res(ant_view *view, draw_rect line, uint32_t res)
{
    ant_ui *ui = &view->ui;
    const ant_snapshot *world = &view->replay->world;
    const model_now_res *now = &world->res[res];
    char text[128];
    draw_rect holder;
    line = draw_inset(line, 0, ui->unit / 4);
    name_res(view, &line, res, &holder);
    if (now->holds.len == 0 && now->waits.len == 0) {
        describe_idle(view, res, text, sizeof text);
        ui_text_dim(ui, holder.w > 0 ? holder : line, DRAW_LEFT, text);
        return;
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
