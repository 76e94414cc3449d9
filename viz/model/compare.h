// SPDX-License-Identifier: MIT
//
// Two runs side by side: a bad program and its fixed one, or one program with
// two seeds. Time does not align them, for it differs; names do. A task is the
// same in both when its name is, and when it is as many-eth of that name; its
// k-th poll in the one run stands beside its k-th poll in the other. Two runs
// have the same schedule when no step differs.

#ifndef VIZ_MODEL_COMPARE_H
#define VIZ_MODEL_COMPARE_H

#include "model/model.h"

// How a step differs; several at once.
enum {
    COMPARE_MISSING = 1, // it is in one run only
    COMPARE_ORDER = 2,   // it comes earlier or later than its neighbours
    COMPARE_WORKER = 4,  // another worker polls
    COMPARE_RESULT = 8,  // the poll returns something else
    COMPARE_STATE =
        16, // it returns the same, but the task waits for another thing
};

typedef struct compare_step {
    uint32_t poll[2]; // the poll_begin in each run, MODEL_NONE for none
    uint32_t task[2]; // rows of tasks, 0 for none
    uint32_t number;  // the task's polls so far, from 1
    uint8_t differs;  // COMPARE_…
} compare_step;

typedef struct model_compare {
    const ant_model *model[2];
    compare_step *steps; // in the order of the first run; what only the second
    uint32_t count;      // one has stands behind what comes before it there
    uint32_t differing;  // steps that differ
    uint32_t *order[2];  // rows of steps in the order of each run
    uint32_t ordered[2]; // how many: the polls of each run
} model_compare;

// Both models must outlive it. 0 or -ENOMEM.
ANT_MUST_USE int model_compare_init(model_compare *compare, const ant_model *a,
                                    const ant_model *b);
void model_compare_deinit(model_compare *compare);

// The step at which run `side` (0 or 1) stands just after `event`: the last one
// that has begun there. `count` when none has.
uint32_t model_compare_step_at(const model_compare *compare, unsigned side,
                               uint32_t event);

// The first step from `step` on that differs; `count` when there is none.
uint32_t model_compare_next(const model_compare *compare, uint32_t step);

#endif
