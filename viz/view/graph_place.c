// SPDX-License-Identifier: MIT
//
// The columns of the wait-for graph, and the ways of its arrows: see graph.h.

#include "view/graph.h"

// A box is at least so high: a line of text and a half. Halves.
#define BOX_LINES_MIN   3
#define TASK_LINES_MAX  6
#define THING_LINES_MAX 10 // arrows to it have labels

// How much of the room between the columns lies left of the groups.
#define GROUPS_AT_PERCENT 32

typedef struct graph_work {
    const ant_model *model;
    const model_waitfor *graph;
    const graph_size *size;
    graph_layout *out;
    int x[GRAPH_COLUMNS];
    int w[GRAPH_COLUMNS];
    unsigned rows_max;
} graph_work;

static void add_tasks(graph_work *work, uint32_t selected);
static void add_things(graph_work *work);
static void add_groups(graph_work *work);
static void place_columns(graph_work *work);
static void spread(graph_work *work, uint8_t column);
static void place_groups(graph_work *work);
static void add_arrows(graph_work *work);
static void place_arrows(graph_work *work);

void view_graph_place(const ant_model *model, const model_waitfor *graph,
                      const graph_size *size, uint32_t selected,
                      graph_layout *ret_layout)
{
    graph_work work = {
        .model = model, .graph = graph, .size = size, .out = ret_layout
    };
    int row_h = size->font * BOX_LINES_MIN / 2 + size->unit;
    int rows = size->rect.h / row_h;
    work.rows_max = rows > 1 ? (unsigned)rows : 1;
    if (work.rows_max > GRAPH_BOX_MAX / GRAPH_COLUMNS) {
        work.rows_max = GRAPH_BOX_MAX / GRAPH_COLUMNS;
    }
    ret_layout->box_count = 0;
    ret_layout->arrow_count = 0;
    ret_layout->hidden = 0;
    add_tasks(&work, selected);
    add_things(&work);
    add_groups(&work);
    place_columns(&work);
    spread(&work, GRAPH_TASKS);
    spread(&work, GRAPH_THINGS);
    place_groups(&work);
    add_arrows(&work);
    place_arrows(&work);
}

// --- Boxes -----------------------------------------------------------------

static void add_box(graph_work *work, uint8_t column, waitfor_kind kind,
                    uint32_t row, uint32_t node)
{
    graph_layout *out = work->out;
    if (out->box_count == GRAPH_BOX_MAX) return;
    out->box[out->box_count++] = (graph_box){
        .kind = (uint8_t)kind, .column = column, .row = row, .node = node
    };
}

// The box of a thing; GRAPH_BOX_MAX when it has none.
static unsigned find_box(const graph_layout *layout, uint8_t kind, uint32_t row)
{
    for (unsigned i = 0; i < layout->box_count; i++) {
        const graph_box *box = &layout->box[i];
        if (box->kind == kind && box->row == row) return i;
    }
    return GRAPH_BOX_MAX;
}

static void add_task(graph_work *work, uint32_t task)
{
    if (find_box(work->out, WAITFOR_TASK, task) < GRAPH_BOX_MAX) return;
    if (work->out->box_count == work->rows_max) {
        work->out->hidden++;
        return;
    }
    add_box(work, GRAPH_TASKS, WAITFOR_TASK, task,
            model_waitfor_task(work->graph, task));
}

// All tasks of the run where there is room. Else the selected one, the knot,
// whoever waits, and whom somebody waits for.
static void add_tasks(graph_work *work, uint32_t selected)
{
    const model_waitfor *graph = work->graph;
    if (work->model->task_count - 1 <= work->rows_max) {
        for (uint32_t i = 1; i < work->model->task_count; i++)
            add_task(work, i);
        return;
    }
    if (selected != 0) add_task(work, selected);
    for (unsigned pass = 0; pass < 2; pass++) {
        for (uint32_t i = 1; i < graph->node_count; i++) {
            const waitfor_node *node = &graph->nodes[i];
            bool is_wanted = node->kind == WAITFOR_TASK &&
                             node->is_core == (pass == 0) &&
                             node->edges.count > 0;
            if (is_wanted) add_task(work, node->row);
        }
    }
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const waitfor_node *node = &graph->nodes[graph->edges[i].to];
        if (node->kind == WAITFOR_TASK) add_task(work, node->row);
    }
}

bool view_graph_has_place(const ant_model *model, uint32_t res)
{
    uint8_t kind = model->res[res].kind;
    return kind != ANT_RES_TIMER && kind != ANT_RES_TASK &&
           model->res[res].waiter_max > 0;
}

// Of timers, wakes and workers there is one box each.
static bool has_kind(const model_waitfor *graph, waitfor_kind kind)
{
    for (uint32_t i = 1; i < graph->node_count; i++) {
        if (graph->nodes[i].kind == kind) return true;
    }
    return false;
}

static void add_things(graph_work *work)
{
    const ant_model *model = work->model;
    unsigned tasks = work->out->box_count;
    unsigned max = tasks + work->rows_max;
    uint32_t places = 0;
    for (uint32_t i = 1; i < model->res_count; i++)
        places += view_graph_has_place(model, i);
    unsigned kept = 2; // places for what is no resource
    bool all_fit = places + kept <= work->rows_max;
    for (uint32_t i = 1; i < model->res_count; i++) {
        uint32_t node = model_waitfor_res(work->graph, i);
        bool is_wanted = view_graph_has_place(model, i) &&
                         (all_fit || node != 0) &&
                         work->out->box_count + kept <= max;
        if (is_wanted) add_box(work, GRAPH_THINGS, WAITFOR_RES, i, node);
    }
    if (model->timer_count > 0) {
        add_box(work, GRAPH_THINGS, WAITFOR_TIMER, 0, 0);
    }
    if (has_kind(work->graph, WAITFOR_WAKE)) {
        add_box(work, GRAPH_THINGS, WAITFOR_WAKE, 0, 0);
    }
    if (has_kind(work->graph, WAITFOR_WORKERS)) {
        add_box(work, GRAPH_THINGS, WAITFOR_WORKERS, 0, 0);
    }
}

// The joins and selects of the tasks that are shown, task by task.
static void add_groups(graph_work *work)
{
    unsigned tasks = work->out->box_count;
    unsigned max = tasks + work->rows_max;
    for (unsigned i = 0; i < tasks; i++) {
        if (work->out->box[i].kind != WAITFOR_TASK) continue;
        for (uint32_t n = 1; n < work->graph->node_count; n++) {
            const waitfor_node *node = &work->graph->nodes[n];
            bool is_own = node->kind == WAITFOR_GROUP &&
                          node->task == work->out->box[i].row;
            if (!is_own || work->out->box_count >= max) continue;
            add_box(work, GRAPH_GROUPS, WAITFOR_GROUP, node->row, n);
        }
    }
}

// --- Columns ---------------------------------------------------------------

static void place_columns(graph_work *work)
{
    const graph_size *size = work->size;
    draw_rect rect = size->rect;
    for (unsigned i = 0; i < GRAPH_COLUMNS; i++) {
        int max = rect.w * (i == GRAPH_GROUPS ? 14 : 26) / 100;
        work->w[i] = size->width[i] < max ? size->width[i] : max;
    }
    work->x[GRAPH_TASKS] = rect.x;
    work->x[GRAPH_THINGS] = rect.x + rect.w - work->w[GRAPH_THINGS];
    int from = rect.x + work->w[GRAPH_TASKS];
    int room = work->x[GRAPH_THINGS] - from - work->w[GRAPH_GROUPS];
    work->x[GRAPH_GROUPS] = from + room * GROUPS_AT_PERCENT / 100;
}

// A wake or the workers: such boxes come and go.
static bool is_passing(const graph_box *box)
{
    return box->kind == WAITFOR_WAKE || box->kind == WAITFOR_WORKERS;
}

// The boxes of a column, at equal distances from top to bottom. Those that
// come and go share the last place, which is kept for them.
static void spread(graph_work *work, uint8_t column)
{
    const graph_size *size = work->size;
    graph_layout *out = work->out;
    bool is_thing = column == GRAPH_THINGS;
    int count = is_thing ? 1 : 0;
    int passing = 0;
    for (unsigned i = 0; i < out->box_count; i++) {
        if (out->box[i].column != column) continue;
        count += !is_passing(&out->box[i]);
        passing += is_passing(&out->box[i]);
    }
    if (count == 0) return;
    int pitch = size->rect.h / count;
    int h = pitch - size->unit;
    int max = size->font * (is_thing ? THING_LINES_MAX : TASK_LINES_MAX) / 2;
    if (h > max) h = max;
    // Few boxes stand at the top rather than far apart.
    int pitch_max = size->font * 3 * TASK_LINES_MAX / 2;
    if (pitch > pitch_max) pitch = pitch_max;
    int y = size->rect.y + (pitch - h) / 2;
    for (unsigned i = 0; i < out->box_count; i++) {
        graph_box *box = &out->box[i];
        if (box->column != column) continue;
        bool shares = is_passing(box) && passing > 1;
        int own = shares ? (h - size->unit) / passing : h;
        box->rect = (draw_rect){ work->x[column], y, work->w[column], own };
        y += shares ? own + size->unit : pitch;
    }
}

// Groups stand beside their task, or below the one before.
static void place_groups(graph_work *work)
{
    graph_layout *out = work->out;
    const graph_size *size = work->size;
    int h = size->font * BOX_LINES_MIN / 2;
    int bottom = size->rect.y + size->rect.h;
    int y = size->rect.y;
    for (unsigned i = 0; i < out->box_count; i++) {
        graph_box *box = &out->box[i];
        if (box->column != GRAPH_GROUPS) continue;
        uint32_t task = work->graph->nodes[box->node].task;
        unsigned of = find_box(out, WAITFOR_TASK, task);
        draw_rect beside = of < GRAPH_BOX_MAX ? out->box[of].rect : size->rect;
        int wanted = beside.y + (beside.h - h) / 2;
        if (wanted > y) y = wanted;
        box->rect =
            (draw_rect){ work->x[GRAPH_GROUPS], y, work->w[GRAPH_GROUPS], h };
        // What is below the edge is not shown.
        if (y + h > bottom) box->rect = (draw_rect){ 0 };
        y += h + size->unit;
    }
}

// --- Arrows ----------------------------------------------------------------

static unsigned box_of_node(const graph_work *work, uint32_t node)
{
    const waitfor_node *row = &work->graph->nodes[node];
    bool is_shared = row->kind == WAITFOR_TIMER || row->kind == WAITFOR_WAKE ||
                     row->kind == WAITFOR_WORKERS;
    if (row->kind != WAITFOR_GROUP) {
        return find_box(work->out, row->kind, is_shared ? 0 : row->row);
    }
    for (unsigned i = 0; i < work->out->box_count; i++) {
        if (work->out->box[i].node == node &&
            work->out->box[i].kind == WAITFOR_GROUP) {
            return i;
        }
    }
    return GRAPH_BOX_MAX;
}

static void add_arrow(graph_work *work, unsigned from, unsigned to,
                      uint32_t edge)
{
    graph_layout *out = work->out;
    bool is_shown = to < GRAPH_BOX_MAX && from != to &&
                    out->arrow_count < GRAPH_ARROW_MAX &&
                    out->box[from].rect.w > 0 && out->box[to].rect.w > 0;
    if (!is_shown) return;
    int by = (int)out->box[to].column - (int)out->box[from].column;
    // Inside a column it goes out and in on the side of the others.
    bool is_left = by < 0 || (by == 0 && out->box[from].column == GRAPH_THINGS);
    out->arrow[out->arrow_count++] =
        (graph_arrow){ .from = (uint16_t)from,
                       .to = (uint16_t)to,
                       .edge = edge,
                       .is_left = is_left,
                       .ends_left = by == 0 ? is_left : by > 0 };
}

static void add_arrows(graph_work *work)
{
    const model_waitfor *graph = work->graph;
    for (uint32_t n = 1; n < graph->node_count; n++) {
        unsigned from = box_of_node(work, n);
        if (from == GRAPH_BOX_MAX) continue;
        model_range edges = graph->nodes[n].edges;
        for (uint32_t i = 0; i < edges.count; i++) {
            uint32_t edge = edges.first + i;
            add_arrow(work, from, box_of_node(work, graph->edges[edge].to),
                      edge);
        }
    }
}

// An end of an arrow: at which side of which box, and where the other end is.
typedef struct arrow_end {
    unsigned box;
    bool is_left;
    int other_y;
} arrow_end;

static arrow_end end_of(const graph_layout *layout, const graph_arrow *arrow,
                        bool is_tip)
{
    draw_rect other = layout->box[is_tip ? arrow->from : arrow->to].rect;
    return (arrow_end){ .box = is_tip ? arrow->to : arrow->from,
                        .is_left = is_tip ? arrow->ends_left : arrow->is_left,
                        .other_y = other.y };
}

// Ends at one side of a box share it, in the order of where they lead.
static int end_y(const graph_layout *layout, unsigned arrow, bool is_tip)
{
    arrow_end own = end_of(layout, &layout->arrow[arrow], is_tip);
    int before = 0;
    int all = 0;
    for (unsigned i = 0; i < layout->arrow_count; i++) {
        for (unsigned tip = 0; tip < 2; tip++) {
            arrow_end end = end_of(layout, &layout->arrow[i], tip == 1);
            if (end.box != own.box || end.is_left != own.is_left) continue;
            bool is_before =
                end.other_y < own.other_y || (end.other_y == own.other_y &&
                                              2 * i + tip < 2 * arrow + is_tip);
            before += is_before;
            all++;
        }
    }
    draw_rect rect = layout->box[own.box].rect;
    return rect.y + rect.h * (before + 1) / (all + 1);
}

// The gap between two columns in which an arrow has its lane.
static int gap_of(const graph_layout *layout, const graph_arrow *arrow)
{
    int column = layout->box[arrow->from].column;
    return arrow->is_left ? column - 1 : column;
}

static bool has_groups(const graph_layout *layout)
{
    for (unsigned i = 0; i < layout->box_count; i++) {
        if (layout->box[i].column == GRAPH_GROUPS) return true;
    }
    return false;
}

// Where the gap before the things begins.
static int last_gap_x(const graph_work *work)
{
    unsigned column = has_groups(work->out) ? GRAPH_GROUPS : GRAPH_TASKS;
    return work->x[column] + work->w[column];
}

// Lanes share their gap. In the one before the things they have the left
// third: the rest is for labels.
static int lane_x(const graph_work *work, unsigned arrow)
{
    const graph_layout *out = work->out;
    bool is_split = has_groups(out);
    int gap = is_split ? gap_of(out, &out->arrow[arrow]) : GRAPH_GROUPS;
    int left = work->x[GRAPH_TASKS] + work->w[GRAPH_TASKS];
    int room = work->x[GRAPH_GROUPS] - left;
    if (gap == GRAPH_GROUPS) {
        left = last_gap_x(work);
        room = (work->x[GRAPH_THINGS] - left) / 3;
    }
    int before = 0;
    int all = 0;
    for (unsigned i = 0; i < out->arrow_count; i++) {
        if (is_split && gap_of(out, &out->arrow[i]) != gap) continue;
        before += i < arrow;
        all++;
    }
    return left + room * (before + 1) / (all + 1);
}

// Labels stand over the end at the thing, clear of heads and outlines.
static draw_rect label_rect(const graph_work *work, const graph_arrow *arrow)
{
    const graph_layout *out = work->out;
    bool is_from = out->box[arrow->from].column == GRAPH_THINGS;
    bool is_to = out->box[arrow->to].column == GRAPH_THINGS;
    if (!is_from && !is_to) return (draw_rect){ 0 };
    int h = work->size->small * 5 / 4;
    int y = is_from ? arrow->y0 : arrow->y1;
    int right = work->x[GRAPH_THINGS] - 2 * work->size->unit;
    int left = last_gap_x(work);
    left += (work->x[GRAPH_THINGS] - left) / 3 + work->size->unit / 2;
    return draw_rect_make(left, y - h - 1, right - left, h);
}

static void place_arrows(graph_work *work)
{
    graph_layout *out = work->out;
    for (unsigned i = 0; i < out->arrow_count; i++) {
        graph_arrow *arrow = &out->arrow[i];
        draw_rect from = out->box[arrow->from].rect;
        draw_rect to = out->box[arrow->to].rect;
        arrow->x0 = arrow->is_left ? from.x : from.x + from.w;
        arrow->x1 = arrow->ends_left ? to.x : to.x + to.w;
        arrow->y0 = end_y(out, i, false);
        arrow->y1 = end_y(out, i, true);
        arrow->x = lane_x(work, i);
        arrow->label = label_rect(work, arrow);
    }
}
