// SPDX-License-Identifier: MIT
//
// The selected future as a state machine: its states by their names, the
// current one lit, what is awaited in each, and how often each step was taken.

#include "view/machine.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "model/tree.h"
#include "view/view.h"

#define ACCENT 3

static uint32_t find_future(const ant_view *view);
static bool load(ant_view *view, uint32_t type);
static void draw_absence(ant_view *view, draw_rect rect);
static void draw_heading(ant_view *view, draw_rect *rect, uint32_t future,
                         const machine_now *now);
static void draw_machine(ant_view *view, draw_rect rect, uint32_t future,
                         const machine_now *now);

void view_machine(ant_view *view, draw_rect rect)
{
    uint32_t future = find_future(view);
    if (future == 0 || !load(view, view->model->futures[future].type)) {
        draw_absence(view, rect);
        return;
    }
    machine_now now;
    model_machine_at(view->machine, future, view->replay->event, &now);
    draw_heading(view, &rect, future, &now);
    draw_machine(view, rect, future, &now);
}

// Says why there is nothing to see.
static void draw_absence(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    uint32_t task = view_focus(view);
    char text[200] = "This trace has no futures in it: record at full detail "
                     "to see their states.";
    ui_heading(ui, &rect, "STATES", NULL);
    if (view->model->future_count > 1) {
        snprintf(text, sizeof(text),
                 "Select a task or a future to see its states.");
    }
    if (view->model->tasks[task].futures.count > 0) {
        snprintf(text, sizeof(text),
                 "%s has no named states: it goes on where it awaits.",
                 view->model->tasks[task].type);
    }
    ui_paragraph(ui, rect, ui->palette->text_dim, text);
}

// --- Which future ----------------------------------------------------------

// The nearest one from `future` on upwards that has states, 0 for none.
static uint32_t with_states(const ant_model *model, uint32_t future)
{
    while (future != 0 &&
           model->types[model->futures[future].type].state_count == 0) {
        future = model->futures[future].parent;
    }
    return future;
}

// The first future of the task that has states, from the root on.
static uint32_t first_of_task(const ant_model *model, uint32_t task)
{
    model_range range = model->tasks[task].futures;
    for (uint32_t i = 0; i < range.count; i++) {
        uint32_t future = model->futures_of_task[range.first + i];
        if (with_states(model, future) == future) return future;
    }
    return 0;
}

// The selected future or the root of the task in focus.
static uint32_t find_future(const ant_view *view)
{
    const replay_selection *selection = &view->replay->selection;
    if (selection->kind == REPLAY_FUTURE) {
        uint32_t future = with_states(view->model, selection->row);
        if (future != 0) return future;
    }
    uint32_t task = view_focus(view);
    return task == 0 ? 0 : first_of_task(view->model, task);
}

// The place for the machine of a type; NULL when memory ran out.
static model_machine **slot_of(ant_view *view, uint32_t type)
{
    uint32_t count = view->model->type_count;
    if (view->machines == NULL)
        view->machines = ant_mem_alloc(count * sizeof *view->machines);
    return view->machines == NULL ? NULL : &view->machines[type];
}

// Reads the machine of a type, unless it is there already: the futures of two
// types may take turns on the screen.
static bool load(ant_view *view, uint32_t type)
{
    model_machine **slot = slot_of(view, type);
    if (slot == NULL) return false;
    if (*slot == NULL) {
        *slot = ant_mem_alloc(sizeof **slot);
        if (*slot == NULL) return false;
        // Without nodes it has no states, or no memory: then it stays so.
        (void)!model_machine_init(*slot, view->model, type);
    }
    view->machine = *slot;
    return view->machine->count > 0;
}

void view_machine_free(ant_view *view)
{
    uint32_t count = view->machines == NULL ? 0 : view->model->type_count;
    for (uint32_t i = 0; i < count; i++) {
        if (view->machines[i] == NULL) continue;
        model_machine_deinit(view->machines[i]);
        ant_mem_free(view->machines[i]);
    }
    ant_mem_free(view->machines);
}

// --- Drawing ---------------------------------------------------------------

static void draw_heading(ant_view *view, draw_rect *rect, uint32_t future,
                         const machine_now *now)
{
    const ant_model *model = view->model;
    const model_future *row = &model->futures[future];
    char task[128];
    char since[64] = "";
    char text[320];
    model_task_label(model, row->task, task, sizeof(task));
    if (now->since != MODEL_NONE) {
        char moment[32];
        view_moment(model_t_ns(model, now->since), moment, sizeof(moment));
        snprintf(since, sizeof(since), ", here since %s", moment);
    }
    snprintf(text, sizeof(text), "%s of %s%s", row->name, task, since);
    ui_heading(&view->ui, rect, "STATES", text);
}

// The trace has the names of states that some future came to.
static const char *node_name(const model_machine *machine, unsigned i)
{
    const machine_node *node = &machine->node[i];
    bool has_name = strcmp(node->name, "?") != 0;
    switch ((machine_role)node->role) {
    case MACHINE_READY:
        return "ready";
    case MACHINE_DROPPED:
        return "dropped";
    case MACHINE_STATE:
        if (has_name || view_machine_is_reached(machine, i)) break;
        return "never reached";
    case MACHINE_BEGIN:
        break;
    }
    return node->name;
}

static void awaits_text(const machine_node *node, char *buf, size_t size)
{
    buf[0] = '\0';
    if (node->awaits[0] != '\0') {
        snprintf(buf, size, "awaits %s", node->awaits);
    }
}

static int widest_name(const ant_view *view)
{
    const ant_ui *ui = &view->ui;
    const model_machine *machine = view->machine;
    int widest = 8 * ui->font;
    for (unsigned i = 0; i < machine->count; i++) {
        char text[96];
        awaits_text(&machine->node[i], text, sizeof(text));
        int w = draw_text_width(ui->draw, DRAW_FONT_BOLD, ui->font,
                                node_name(machine, i)) +
                draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, text);
        if (w > widest) widest = w;
    }
    return widest + 5 * ui->unit + 2 * ui->font;
}

// What the future is doing in its current state, in the looks of its task.
static draw_state current_look(const ant_view *view, uint32_t future)
{
    uint32_t event = view->replay->event;
    model_phase phase = model_future_phase(view->model, future, event);
    if (phase == MODEL_PHASE_POLLING) return DRAW_STATE_POLLING;
    uint32_t task = view->model->futures[future].task;
    return view_task_look(
        (model_task_state)view->replay->world.tasks[task].state);
}

static void draw_node(ant_view *view, unsigned i, draw_rect box,
                      bool is_current, draw_state look)
{
    ant_ui *ui = &view->ui;
    const machine_node *node = &view->machine->node[i];
    const char *name = node_name(view->machine, i);
    if (node->role == MACHINE_BEGIN) {
        draw_fill(ui->draw, box, ui->palette->text_dim);
        return;
    }
    bool is_end = node->role != MACHINE_STATE;
    draw_fill(ui->draw, box, is_end ? ui->palette->panel : ui->palette->hover);
    draw_frame(ui->draw, box, 1, ui->palette->text_dim);
    draw_rect rect = box;
    if (is_current) {
        draw_fill(ui->draw, box, ui->palette->current_line);
        if (is_end) {
            look = node->role == MACHINE_READY ? DRAW_STATE_DONE
                                               : DRAW_STATE_CANCELLED;
        }
        ui_bar(ui, draw_cut_left(&rect, 2 * ui->font), look, NULL);
        draw_frame(ui->draw, box, ACCENT, ui->palette->text);
    }
    rect = draw_inset(rect, ui->unit, 0);
    char text[96];
    awaits_text(node, text, sizeof(text));
    int w = ui_text_as(ui, rect, is_current ? DRAW_FONT_BOLD : DRAW_FONT_UI,
                       ui->font, ui->palette->text,
                       is_end ? DRAW_CENTER : DRAW_LEFT, name);
    draw_cut_left(&rect, w + ui->unit);
    int needed = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, text);
    if (needed <= rect.w) ui_text_dim(ui, rect, DRAW_RIGHT, text);
    ui_tip(ui, box, "%s %s", name, text);
}

// A step that the future took last is thick, one that it took is solid, one
// that only others took is thin, one that nobody took yet is faint.
typedef struct edge_look {
    int thick;
    draw_color color;
} edge_look;

static edge_look look_of_edge(const ant_view *view, const machine_now *now,
                              unsigned edge)
{
    const draw_palette *palette = view->ui.palette;
    if (edge == now->last) return (edge_look){ ACCENT, palette->accent };
    if (now->own[edge] > 0) return (edge_look){ 2, palette->text };
    if (now->all[edge] > 0) return (edge_look){ 1, palette->text_dim };
    return (edge_look){ 1, palette->rule };
}

// "999", "12k", "3M": the margin is narrow.
static void short_count(uint32_t n, char *buf, size_t size)
{
    const char *unit = n < 1000 ? "" : n < 1000000 ? "k" : "M";
    uint32_t by = n < 1000 ? 1 : n < 1000000 ? 1000 : 1000000;
    snprintf(buf, size, "%u%s", n / by, unit);
}

// "×2": so often by this future; "×2 of 7": and by all of its type.
static void count_text(const machine_now *now, unsigned edge, char *buf,
                       size_t size)
{
    uint32_t own = now->own[edge];
    uint32_t all = now->all[edge];
    buf[0] = '\0';
    if (all == 0) return;
    char of_own[16];
    char of_all[16];
    short_count(own, of_own, sizeof(of_own));
    short_count(all, of_all, sizeof(of_all));
    if (own == all) {
        snprintf(buf, size, VIEW_TIMES "%s", of_own);
    } else {
        snprintf(buf, size, VIEW_TIMES "%s of %s", of_own, of_all);
    }
}

static void draw_head(ant_view *view, int x, int bottom, const edge_look *look)
{
    int side = view->ui.unit;
    draw_triangle(view->ui.draw,
                  (draw_rect){ x - side / 2, bottom - side, side, side },
                  DRAW_DOWN, look->color);
}

// To the next state: straight down, its number in the margin.
static void draw_next(ant_view *view, const machine_layout *layout,
                      unsigned edge, const machine_now *now)
{
    ant_ui *ui = &view->ui;
    const machine_edge *row = &view->machine->edge[edge];
    draw_rect from = layout->box[row->from];
    draw_rect to = layout->box[row->to];
    edge_look look = look_of_edge(view, now, edge);
    int x = from.x + from.w / 2;
    if (x > to.x + to.w) x = to.x + to.w / 2;
    draw_line(ui->draw, x, from.y + from.h, x, to.y - ui->unit / 2, look.thick,
              look.color);
    draw_head(view, x, to.y, &look);
    char text[48];
    count_text(now, edge, text, sizeof(text));
    int h = ui->small * 5 / 4;
    draw_rect label = { layout->counts.x, to.y - (layout->gap + h) / 2,
                        layout->counts.w - ui->unit, h };
    // A number that is cut off would be another one.
    int bold_w = draw_text_width(ui->draw, DRAW_FONT_BOLD, ui->small, text);
    bool is_bold = edge == now->last && bold_w <= label.w;
    ui_text_as(ui, label, is_bold ? DRAW_FONT_BOLD : DRAW_FONT_UI, ui->small,
               ui->palette->text, DRAW_RIGHT, text);
}

static void draw_way(ant_view *view, const machine_layout *layout,
                     unsigned edge, const machine_now *now)
{
    ant_ui *ui = &view->ui;
    const machine_way *way = &layout->way[edge];
    draw_rect from = layout->box[view->machine->edge[edge].from];
    draw_rect to = layout->box[view->machine->edge[edge].to];
    edge_look look = look_of_edge(view, now, edge);
    draw_list *draw = ui->draw;
    draw_line(draw, from.x + from.w, way->y0, way->x, way->y0, look.thick,
              look.color);
    draw_line(draw, way->x, way->y0, way->x, way->y1, look.thick, look.color);
    draw_line(draw, way->x, way->y1, way->x1, way->y1, look.thick, look.color);
    draw_line(draw, way->x1, way->y1, way->x1, to.y - ui->unit / 2, look.thick,
              look.color);
    draw_head(view, way->x1, to.y, &look);
}

// The number of a way stands on it, where it leaves its box.
static void draw_way_count(ant_view *view, const machine_layout *layout,
                           unsigned edge, const machine_now *now)
{
    ant_ui *ui = &view->ui;
    draw_rect from = layout->box[view->machine->edge[edge].from];
    char text[48];
    count_text(now, edge, text, sizeof(text));
    if (text[0] == '\0') return;
    int h = ui->small * 5 / 4;
    int x = from.x + from.w + ui->unit;
    draw_rect rect = { x, layout->way[edge].y0 - h / 2,
                       layout->way[edge].x - x - 2, h };
    draw_rect plate = rect;
    plate.w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, text) + 4;
    draw_fill(ui->draw, draw_intersect(plate, rect), ui->palette->background);
    ui_text_as(ui, rect, DRAW_FONT_UI, ui->small, ui->palette->text, DRAW_LEFT,
               text);
}

static void draw_machine(ant_view *view, draw_rect rect, uint32_t future,
                         const machine_now *now)
{
    ant_ui *ui = &view->ui;
    const model_machine *machine = view->machine;
    machine_size size = { .rect = rect,
                          .font = ui->font,
                          .small = ui->small,
                          .unit = ui->unit,
                          .name_w = widest_name(view) };
    machine_layout layout;
    view_machine_place(machine, &size, now->node, &layout);
    for (unsigned i = 0; i < machine->edge_count; i++) {
        if (!layout.is_shown[i]) continue;
        if (layout.is_next[i]) {
            draw_next(view, &layout, i, now);
        } else {
            draw_way(view, &layout, i, now);
        }
    }
    for (unsigned i = 0; i < machine->edge_count; i++) {
        if (layout.is_shown[i] && !layout.is_next[i]) {
            draw_way_count(view, &layout, i, now);
        }
    }
    draw_state look = current_look(view, future);
    for (unsigned i = 0; i < machine->count; i++) {
        bool is_current = i == now->node && i != 0;
        if (layout.box[i].w == 0) continue;
        draw_node(view, i, layout.box[i], is_current, look);
    }
}
