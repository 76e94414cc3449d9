// SPDX-License-Identifier: MIT
//
// Where the states of an async function stand: one column, in the order in
// which they are written in the program, so that the picture reads like the
// code. The step to the next state is an arrow down; every other one leaves its
// state at the right, goes along a lane that all steps to the same target
// share, and comes in from above. Private to view/. Pure.

#ifndef ANT_VIEW_MACHINE_H
#define ANT_VIEW_MACHINE_H

#include "draw/draw.h"
#include "model/machine.h"

typedef struct machine_size {
    draw_rect rect;
    int font;
    int small;
    int unit;
    int name_w; // the widest text in a box, with its margins
} machine_size;

// A way that is not to the next state.
typedef struct machine_way {
    int y0; // where it leaves its box, at the right edge
    int x;  // of its lane
    int y1; // along the gap above its target
    int x1; // to where it goes down into it
} machine_way;

typedef struct machine_layout {
    unsigned first; // nodes of states that are shown: [first, end)
    unsigned end;
    int gap; // between boxes, in which arrows stand
    int lane_count;
    draw_rect counts;                     // the margin for numbers
    draw_rect box[MACHINE_STATE_MAX + 3]; // by node; no area: not shown
    bool is_next[MACHINE_EDGE_MAX];       // straight down, without a way
    bool is_shown[MACHINE_EDGE_MAX];      // both its ends are
    machine_way way[MACHINE_EDGE_MAX];
} machine_layout;

// All states that fit; when not all do, those around node `current`.
void view_machine_place(const model_machine *machine, const machine_size *size,
                        unsigned current, machine_layout *ret_layout);

// A step leads there: somewhere in the trace a future came to it.
bool view_machine_is_reached(const model_machine *machine, unsigned node);

#endif
