// SPDX-License-Identifier: MIT
//
// The futures of one task at one moment: what each is doing, and which of them
// are alive. The tree itself stands in the model's tables.

#ifndef VIZ_MODEL_TREE_H
#define VIZ_MODEL_TREE_H

#include "model/model.h"

typedef enum model_phase {
    MODEL_PHASE_NONE,    // not polled yet
    MODEL_PHASE_POLLING, // in its poll
    MODEL_PHASE_PENDING, // its last poll was pending
    MODEL_PHASE_RESTING, // a stream that has given an item
    MODEL_PHASE_READY,   // over, with a result: see the future's `result`
    MODEL_PHASE_DROPPED, // dropped before its end: see the future's `drop`
} model_phase;

// Just after event `event`.
model_phase model_future_phase(const ant_model *model, uint32_t future,
                               uint32_t event);

static inline bool model_phase_is_alive(model_phase phase)
{
    return phase >= MODEL_PHASE_POLLING && phase <= MODEL_PHASE_RESTING;
}

// The state of the async function `future` just after `event`.
uint32_t model_future_state_at(const ant_model *model, uint32_t future,
                               uint32_t event);

// The futures of `task` that are alive just after `event`, and those that are
// over but whose parent is not; a parent before its children, else in the order
// of their starts. Looks at the last few hundred events of the task only.
// Returns how many of them it wrote, at most `max`.
uint32_t model_futures_near(const ant_model *model, uint32_t task,
                            uint32_t event, uint32_t *out, uint32_t max);

#endif
