// SPDX-License-Identifier: MIT
//
// Lanes and their descriptions. A lane gets its number also when nothing is
// being recorded, because a recording may begin later; so the descriptions of
// the newest lanes are remembered. Any thread; under a lock of its own.

#ifndef ANT_TRACE_LANES_H
#define ANT_TRACE_LANES_H

#include <stdbool.h>
#include <stdint.h>

#include "trace/events.h"

#define ANT_LANE_NAME_MAX 32

typedef struct ant_lane_row {
    uint32_t lane;
    uint32_t kind;
    uint32_t index;
    uint32_t epoch; // the recording whose file has this row
    char name[ANT_LANE_NAME_MAX];
} ant_lane_row;

// A new lane. `index` of a thread of the program is given here.
uint32_t ant_lanes_add(enum ant_trace_LANE kind, uint32_t index,
                       const char *name);

// True when `lane` still has to be described in the recording `epoch`; then
// *ret_row is its description, and the next answer will be false.
bool ant_lanes_take(uint32_t lane, uint32_t epoch, ant_lane_row *ret_row);

// Starts again at lane 1. The generation tells old lanes from new ones.
void ant_lanes_reset(void);
uint32_t ant_lanes_generation(void);

#endif
