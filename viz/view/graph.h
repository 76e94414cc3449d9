// SPDX-License-Identifier: MIT
//
// Where the wait-for graph stands: tasks at the left, what they wait for at the
// right, joins and selects between them. In a run with few tasks and locks each
// has its place from the beginning to the end, so that only arrows come and go;
// of many those are shown that the graph is about. Private to view/. Pure.

#ifndef ANT_VIEW_GRAPH_H
#define ANT_VIEW_GRAPH_H

#include "draw/draw.h"
#include "model/waitfor.h"

#define GRAPH_BOX_MAX   192
#define GRAPH_ARROW_MAX 256

enum { GRAPH_TASKS, GRAPH_GROUPS, GRAPH_THINGS, GRAPH_COLUMNS };

typedef struct graph_size {
    draw_rect rect;
    int font;
    int small;
    int unit;
    int width[GRAPH_COLUMNS]; // of the widest name in each column
} graph_size;

// A timer, a wake and the workers have one box of their kind, row 0.
typedef struct graph_box {
    uint8_t kind; // waitfor_kind
    uint8_t column;
    uint32_t row;
    uint32_t node; // of the graph; 0: it waits for nothing now
    draw_rect rect;
} graph_box;

// Out of a box, along a lane between two columns, into another one.
typedef struct graph_arrow {
    uint16_t from; // boxes
    uint16_t to;
    uint32_t edge; // of the graph
    bool is_left;  // it leaves at the left
    bool ends_left;
    int x0, y0; // where it leaves
    int x;      // of its lane
    int x1, y1; // its tip
    draw_rect label;
} graph_arrow;

typedef struct graph_layout {
    unsigned box_count;
    graph_box box[GRAPH_BOX_MAX];
    unsigned arrow_count;
    graph_arrow arrow[GRAPH_ARROW_MAX];
    uint32_t hidden; // tasks that wait and have no box
} graph_layout;

// `selected` (0 for none) has a box in any case.
void view_graph_place(const ant_model *model, const model_waitfor *graph,
                      const graph_size *size, uint32_t selected,
                      graph_layout *ret_layout);

// Which resources tasks ever wait for in line: those have a place.
bool view_graph_has_place(const ant_model *model, uint32_t res);

#endif
