// SPDX-License-Identifier: MIT
//
// The outline of a trace: which lanes there are and how many events each had
// over the run, from the heads of the chunks alone. It is made in a few
// milliseconds from a reader that has just been opened, so that there is
// something to see while the model is built. One thread.

#ifndef VIZ_MODEL_OUTLINE_H
#define VIZ_MODEL_OUTLINE_H

#include "trace/reader.h"

#define OUTLINE_COLUMNS 512u

typedef struct outline_lane {
    uint32_t id;      // in the file, 0 for what happened on no known lane
    const char *name; // of the reader; never ""
    uint64_t count;   // of events
    float events[OUTLINE_COLUMNS]; // in each column of the run
    bool has_loss[OUTLINE_COLUMNS];
} outline_lane;

typedef struct model_outline {
    uint64_t t_end_ns;  // columns are equal parts of [0, t_end_ns]
    uint64_t count;     // of events
    uint64_t lost;      // events
    outline_lane *lane; // in the order of their ids
    uint32_t lane_count;
    float most; // events in a column of any lane
} model_outline;

// Reads the heads. 0 or -ENOMEM. What it gives out lives as long as the reader.
ANT_MUST_USE int model_outline_init(model_outline *outline,
                                    const ant_reader *reader);
void model_outline_deinit(model_outline *outline);

#endif
