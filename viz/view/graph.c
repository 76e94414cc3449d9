// SPDX-License-Identifier: MIT
//
// The wait-for graph of this moment: a solid arrow from who waits to what it
// waits for, a dashed one from a lock to who holds it. Those who can never go
// on, and lie on a cycle, have a double outline: the knot.

#include "view/graph.h"

#include <stdio.h>

#include "view/view.h"

#define DASH 6

static void draw_title(ant_view *view, draw_rect *rect,
                       const model_waitfor *graph, uint32_t hidden);
static void draw_arrow_line(ant_view *view, const model_waitfor *graph,
                            const graph_arrow *arrow);
static void draw_label(ant_view *view, const model_waitfor *graph,
                       const graph_layout *layout, unsigned arrow);
static void draw_box(ant_view *view, const model_waitfor *graph,
                     const graph_box *box);
static int widest(const ant_view *view, uint8_t column);

void view_graph(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    static graph_layout layout; // too large for the stack of a small machine
    const model_waitfor *graph = view_waitfor(view);
    if (graph->nodes == NULL) {
        ui_paragraph(ui, rect, ui->palette->alert, "Not enough memory.");
        return;
    }
    graph_size size = {
        .rect = rect, .font = ui->font, .small = ui->small, .unit = ui->unit
    };
    draw_cut_top(&size.rect, ui->line + ui->unit);
    size.rect = draw_inset(size.rect, ui->unit / 2, ui->unit / 2);
    for (uint8_t i = 0; i < GRAPH_COLUMNS; i++)
        size.width[i] = widest(view, i);
    view_graph_place(view->model, graph, &size,
                     replay_selected_task(view->replay), &layout);
    draw_title(view, &rect, graph, layout.hidden);
    for (unsigned i = 0; i < layout.arrow_count; i++)
        draw_arrow_line(view, graph, &layout.arrow[i]);
    for (unsigned i = 0; i < layout.arrow_count; i++)
        draw_label(view, graph, &layout, i);
    for (unsigned i = 0; i < layout.box_count; i++)
        draw_box(view, graph, &layout.box[i]);
}

static void draw_title(ant_view *view, draw_rect *rect,
                       const model_waitfor *graph, uint32_t hidden)
{
    char text[160] = "solid: waits for, dashed: held by";
    char more[48] = "";
    if (hidden > 0) snprintf(more, sizeof(more), ", %u not shown", hidden);
    if (graph->stuck_count > 0) {
        char moment[48] = "?";
        if (graph->closed_by != MODEL_NONE) {
            view_moment(model_t_ns(view->model, graph->closed_by), moment,
                        sizeof(moment));
        }
        snprintf(text, sizeof(text),
                 "deadlock: %u task%s can never go on, since %s%s",
                 graph->stuck_count, graph->stuck_count == 1 ? "" : "s", moment,
                 more);
    } else if (hidden > 0) {
        snprintf(text, sizeof(text), "who waits for whom%s", more);
    }
    ui_heading(&view->ui, rect, "WAITS FOR", text);
}

// --- Boxes -----------------------------------------------------------------

static void box_name(const ant_view *view, const model_waitfor *graph,
                     const graph_box *box, char *buf, size_t size)
{
    switch ((waitfor_kind)box->kind) {
    case WAITFOR_TASK:
        model_task_label(view->model, box->row, buf, size);
        return;
    case WAITFOR_RES:
        snprintf(buf, size, "%s", view->model->res[box->row].name);
        return;
    case WAITFOR_GROUP:
        snprintf(buf, size, "%s",
                 graph->nodes[box->node].is_any ? "any of" : "all of");
        return;
    case WAITFOR_TIMER:
        snprintf(buf, size, "timers");
        return;
    case WAITFOR_WAKE:
        snprintf(buf, size, "some wake");
        return;
    case WAITFOR_WORKERS:
        snprintf(buf, size, "a worker");
        return;
    case WAITFOR_NONE:
        break;
    }
    buf[0] = '\0';
}

#define NAME_LOOK_MAX 256

// The widest name of a column, with its margins.
static int widest(const ant_view *view, uint8_t column)
{
    const ant_ui *ui = &view->ui;
    const ant_model *model = view->model;
    char text[128];
    int margin = 3 * ui->unit;
    int w = draw_text_width(ui->draw, DRAW_FONT_BOLD, ui->font, "some wake");
    if (column == GRAPH_GROUPS) return w + margin;
    bool is_task = column == GRAPH_TASKS;
    uint32_t count = is_task ? model->task_count : model->res_count;
    for (uint32_t i = 1; i < count && i < NAME_LOOK_MAX; i++) {
        if (!is_task && !view_graph_has_place(model, i)) continue;
        if (is_task) model_task_label(model, i, text, sizeof(text));
        if (!is_task) {
            snprintf(text, sizeof(text), "%s %s", model->res[i].name,
                     model_res_kind_name(model->res[i].kind));
        }
        int own = draw_text_width(ui->draw, DRAW_FONT_BOLD, ui->font, text);
        if (own > w) w = own;
    }
    return w + margin + (is_task ? ui->font * 3 / 2 : 0);
}

static void click_box(ant_view *view, const graph_box *box)
{
    ui_id id = ui_id_of("graph box", (uint32_t)box->kind << 24 ^ box->row);
    if (!ui_click(&view->ui, id, box->rect)) return;
    if (box->kind == WAITFOR_TASK) {
        replay_select(view->replay, REPLAY_TASK, box->row);
    } else if (box->kind == WAITFOR_RES) {
        replay_select(view->replay, REPLAY_RES, box->row);
    } else if (box->kind == WAITFOR_GROUP && box->row != 0) {
        replay_select(view->replay, REPLAY_FUTURE, box->row);
    }
}

static bool is_selected(const ant_view *view, const graph_box *box)
{
    const replay_selection *selection = &view->replay->selection;
    if (selection->row != box->row) return false;
    return (selection->kind == REPLAY_TASK && box->kind == WAITFOR_TASK) ||
           (selection->kind == REPLAY_RES && box->kind == WAITFOR_RES) ||
           (selection->kind == REPLAY_FUTURE && box->kind == WAITFOR_GROUP);
}

// Bold when an arrow begins there. Of a lock also the kind, if there is room.
static void draw_name(ant_view *view, const model_waitfor *graph,
                      const graph_box *box, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    char text[128];
    box_name(view, graph, box, text, sizeof(text));
    bool is_group = box->column == GRAPH_GROUPS;
    int w = ui_text_as(ui, rect, box->node != 0 ? DRAW_FONT_BOLD : DRAW_FONT_UI,
                       ui->font, ui->palette->text,
                       is_group ? DRAW_CENTER : DRAW_LEFT, text);
    if (box->kind != WAITFOR_RES) return;
    draw_cut_left(&rect, w + ui->unit);
    const char *kind = model_res_kind_name(view->model->res[box->row].kind);
    int needed = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, kind);
    if (needed <= rect.w) ui_text_dim(ui, rect, DRAW_LEFT, kind);
}

static void draw_box(ant_view *view, const model_waitfor *graph,
                     const graph_box *box)
{
    ant_ui *ui = &view->ui;
    const waitfor_node *node = &graph->nodes[box->node];
    draw_rect rect = box->rect;
    if (rect.w == 0) return;
    bool is_core = box->node != 0 && node->is_core;
    bool is_thing = box->column == GRAPH_THINGS;
    click_box(view, box);
    draw_fill(ui->draw, rect, ui->palette->hover);
    if (box->kind == WAITFOR_TASK) {
        uint8_t state = view->replay->world.tasks[box->row].state;
        draw_rect tag = rect;
        ui_bar(ui, draw_cut_left(&tag, ui->font * 3 / 2),
               view_task_look((model_task_state)state), NULL);
        rect = tag;
    }
    if (is_core) {
        draw_frame(ui->draw, box->rect, 3, ui->palette->alert);
        draw_frame(ui->draw, draw_inset(box->rect, -6, -6), 3,
                   ui->palette->alert);
    } else {
        draw_frame(ui->draw, box->rect, 1, ui->palette->text_dim);
    }
    if (is_thing) {
        draw_frame(ui->draw, draw_inset(box->rect, 3, 3), 1,
                   ui->palette->text_dim);
    }
    if (is_selected(view, box)) ui_selection(ui, box->rect);
    draw_name(view, graph, box, draw_inset(rect, ui->unit, 0));
}

// --- Arrows ----------------------------------------------------------------

static bool is_knot(const model_waitfor *graph, const waitfor_edge *edge)
{
    return edge->is_stuck && graph->nodes[edge->from].is_core &&
           graph->nodes[edge->to].is_core;
}

static void draw_part(draw_list *draw, const draw_rect *part, int thick,
                      int dash, draw_color color)
{
    draw_line(draw, part->x, part->y, part->w, part->h, thick, color);
    if (draw->count > 0) draw->cmd[draw->count - 1].dash = (uint8_t)dash;
}

static void draw_arrow_line(ant_view *view, const model_waitfor *graph,
                            const graph_arrow *arrow)
{
    ant_ui *ui = &view->ui;
    const waitfor_edge *edge = &graph->edges[arrow->edge];
    bool is_in_knot = is_knot(graph, edge);
    draw_color color = is_in_knot ? ui->palette->alert : ui->palette->text_dim;
    int thick = is_in_knot ? 3 : 2;
    int dash = edge->hold != 0 || edge->half != 0 ? DASH : 0;
    int head = ui->unit * 3 / 2;
    int tip = arrow->ends_left ? arrow->x1 - head : arrow->x1 + head;
    // From x, y to w, h.
    draw_rect part[] = {
        { arrow->x0, arrow->y0, arrow->x, arrow->y0 },
        { arrow->x, arrow->y0, arrow->x, arrow->y1 },
        { arrow->x, arrow->y1, tip, arrow->y1 },
    };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(part); i++)
        draw_part(ui->draw, &part[i], thick, dash, color);
    draw_rect at = { arrow->ends_left ? tip : arrow->x1, arrow->y1 - head / 2,
                     head, head };
    draw_triangle(ui->draw, at, arrow->ends_left ? DRAW_TO_RIGHT : DRAW_TO_LEFT,
                  color);
}

// Since when, and where in the program; less where there is less room.
static void edge_text(const ant_view *view, const waitfor_edge *edge, int room,
                      char *buf, size_t size)
{
    const ant_model *model = view->model;
    const model_wait *wait = &model->waits[edge->wait];
    const ant_ui *ui = &view->ui;
    char moment[48];
    buf[0] = '\0';
    bool is_known = edge->wait != 0 || edge->hold != 0;
    if (!is_known || edge->event >= model->event_count) return;
    bool is_timer = edge->wait != 0 && wait->kind == MODEL_WAIT_TIMER;
    uint32_t line =
        edge->wait != 0 ? wait->line : model->holds[edge->hold].line;
    view_moment(is_timer ? wait->deadline_ns : model_t_ns(model, edge->event),
                moment, sizeof(moment));
    for (unsigned words = 2; words > 0; words--) {
        if (words == 2 && is_timer) {
            snprintf(buf, size, "until %s", moment);
        } else if (words == 2 && line != 0) {
            snprintf(buf, size, "%s, line %u", moment, line);
        } else {
            snprintf(buf, size, "%s", moment);
        }
        int w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, buf);
        if (w <= room) return;
    }
    buf[0] = '\0';
}

// A label that would touch the one before it is left out.
static void draw_label(ant_view *view, const model_waitfor *graph,
                       const graph_layout *layout, unsigned arrow)
{
    const graph_arrow *own = &layout->arrow[arrow];
    for (unsigned i = 0; i < arrow; i++) {
        draw_rect both = draw_intersect(layout->arrow[i].label, own->label);
        if (both.w > 0 && both.h > 0) return;
    }
    char text[96];
    edge_text(view, &graph->edges[own->edge], own->label.w, text, sizeof(text));
    ui_text_dim(&view->ui, own->label, DRAW_RIGHT, text);
}
