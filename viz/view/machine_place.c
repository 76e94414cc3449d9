// SPDX-License-Identifier: MIT
//
// The column of states and the lanes beside it: see machine.h.

#include "view/machine.h"

// A box has room for its name, at most for two lines.
#define BOX_LINES_MAX 2

#define WIDTH_PERCENT_MAX 64

static void place_boxes(const model_machine *machine, const machine_size *size,
                        unsigned current, machine_layout *out);
static void place_ways(const model_machine *machine, const machine_size *size,
                       machine_layout *out);

void view_machine_place(const model_machine *machine, const machine_size *size,
                        unsigned current, machine_layout *ret_layout)
{
    *ret_layout = (machine_layout){ .first = 1, .end = machine->count - 2 };
    place_boxes(machine, size, current, ret_layout);
    place_ways(machine, size, ret_layout);
}

bool view_machine_is_reached(const model_machine *machine, unsigned node)
{
    for (unsigned i = 0; i < machine->edge_count; i++) {
        if (machine->edge[i].to == node) return true;
    }
    return false;
}

// The states [first, end), so that `current` is about in the middle.
static void choose_shown(machine_layout *out, unsigned current, unsigned max)
{
    unsigned count = out->end - out->first;
    if (max < 1) max = 1;
    if (count <= max) return;
    unsigned last = out->end - max;
    unsigned first = current > max / 2 ? current - max / 2 : 1;
    if (first < 1) first = 1;
    out->first = first < last ? first : last;
    out->end = out->first + max;
}

// Above the states the dot of the beginning, below them the two ends.
static void place_boxes(const model_machine *machine, const machine_size *size,
                        unsigned current, machine_layout *out)
{
    draw_rect rest = size->rect;
    int line = size->font * 5 / 4;
    int gap = size->unit * 3 / 2;
    int room = rest.h - gap - size->unit; // without the dot
    choose_shown(out, current, (unsigned)(room / (line + gap)) - 1);
    int rows = (int)(out->end - out->first) + 1;
    int pitch = room / rows;
    int box_h = pitch * 2 / 3;
    if (box_h < line) box_h = line;
    if (box_h > BOX_LINES_MAX * line) box_h = BOX_LINES_MAX * line;
    if (pitch - box_h > 2 * line) pitch = box_h + 2 * line;
    out->gap = pitch - box_h;

    int w = size->name_w;
    int max = rest.w * WIDTH_PERCENT_MAX / 100;
    if (w > max) w = max;
    out->counts = draw_cut_left(&rest, 6 * size->small);
    draw_rect dot = { rest.x + w / 2 - size->unit / 2, rest.y, size->unit,
                      size->unit };
    if (out->first == 1) out->box[0] = dot;
    int y = rest.y + size->unit + out->gap;
    for (unsigned i = out->first; i < out->end; i++) {
        out->box[i] = (draw_rect){ rest.x, y, w, box_h };
        y += pitch;
    }
    unsigned ready = machine->count - 2;
    if (out->end < ready) return;
    int half = w / 2 - size->unit;
    out->box[ready] = (draw_rect){ rest.x + w / 4, y, w / 2, line };
    if (!view_machine_is_reached(machine, ready + 1)) return;
    out->box[ready] = (draw_rect){ rest.x, y, half, line };
    out->box[ready + 1] = (draw_rect){ rest.x + w - half, y, half, line };
}

static bool is_next(const model_machine *machine, const machine_edge *edge)
{
    unsigned ready = machine->count - 2;
    bool is_state = edge->to <= ready;
    return is_state && edge->to == edge->from + 1;
}

// Which lane leads to `node`: the targets get theirs in the order of edges.
static int lane_of(const model_machine *machine, const machine_layout *out,
                   unsigned node)
{
    int lane = 0;
    bool is_counted[MACHINE_STATE_MAX + 3] = { false };
    for (unsigned i = 0; i < machine->edge_count; i++) {
        unsigned to = machine->edge[i].to;
        if (out->is_next[i] || !out->is_shown[i] || is_counted[to]) continue;
        if (to == node) return lane;
        is_counted[to] = true;
        lane++;
    }
    return lane;
}

// The ways that leave `node`, and which of them edge `edge` is.
static int way_number(const model_machine *machine, const machine_layout *out,
                      unsigned edge, int *ret_count)
{
    int number = 0;
    *ret_count = 0;
    for (unsigned i = 0; i < machine->edge_count; i++) {
        bool is_same = machine->edge[i].from == machine->edge[edge].from &&
                       out->is_shown[i] && !out->is_next[i];
        if (!is_same) continue;
        if (i < edge) number++;
        ++*ret_count;
    }
    return number;
}

static void place_ways(const model_machine *machine, const machine_size *size,
                       machine_layout *out)
{
    for (unsigned i = 0; i < machine->edge_count; i++) {
        const machine_edge *edge = &machine->edge[i];
        out->is_shown[i] =
            out->box[edge->from].w > 0 && out->box[edge->to].w > 0;
        out->is_next[i] = is_next(machine, edge);
    }
    int lane_w = 2 * size->unit;
    int labels = 4 * size->small;
    for (unsigned i = 0; i < machine->edge_count; i++) {
        if (out->is_next[i] || !out->is_shown[i]) continue;
        const machine_edge *edge = &machine->edge[i];
        draw_rect from = out->box[edge->from];
        draw_rect to = out->box[edge->to];
        int lane = lane_of(machine, out, edge->to);
        if (lane + 1 > out->lane_count) out->lane_count = lane + 1;
        int count = 0;
        int number = way_number(machine, out, i, &count);
        // From where a box is widest: the ends are narrower.
        int right = out->box[out->first].x + out->box[out->first].w;
        int x = right + labels + lane * lane_w;
        int max = size->rect.x + size->rect.w - 2;
        out->way[i] = (machine_way){
            .y0 = from.y + from.h * (number + 1) / (count + 1),
            .x = x < max ? x : max,
            .y1 = to.y - out->gap / 2,
            .x1 = to.x + to.w * 3 / 4,
        };
    }
}
