// SPDX-License-Identifier: MIT
//
// Why is a task where it is? One sentence, from the world at one moment, with
// links: parts of the text that name something to go to. The panel of the
// window, `antfarm why` and the lints all say the same.

#ifndef VIZ_MODEL_WHY_H
#define VIZ_MODEL_WHY_H

#include "model/waitfor.h"

#define WHY_TEXT_MAX 640
#define WHY_LINK_MAX 16

typedef enum why_link_kind {
    WHY_TASK,  // row of tasks
    WHY_RES,   // row of res
    WHY_LANE,  // row of lanes
    WHY_EVENT, // row is the event: a moment in the text
    WHY_LINE,  // a line of the source; row is the event that was there
} why_link_kind;

typedef struct why_link {
    uint8_t kind; // why_link_kind
    uint16_t begin;
    uint16_t end;     // bytes begin … end - 1 of the text
    uint32_t row;     // by kind
    const char *file; // lines: as in the trace
    uint32_t line;
} why_link;

typedef struct model_reason {
    char text[WHY_TEXT_MAX];
    uint32_t len;
    why_link link[WHY_LINK_MAX]; // in the order of the text, never overlapping
    uint32_t link_count;
    uint32_t event; // that explains it best, or MODEL_NONE
} model_reason;

// Says why `task` is where it is at the snapshot's moment, for example "waits
// for mutex `b`, held by 4 writer since 12.400 ms". `graph` is that moment's.
void model_why(const ant_snapshot *world, const model_waitfor *graph,
               uint32_t task, model_reason *ret_reason);

// The task that keeps `wait` from ending: the first holder of the resource, or
// the task whose end is awaited; 0 when there is none.
uint32_t model_wait_holder(const ant_snapshot *world, uint32_t wait);

#endif
