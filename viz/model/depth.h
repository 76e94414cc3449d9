// SPDX-License-Identifier: MIT
//
// How long each run queue was, over the whole run.

#ifndef VIZ_MODEL_DEPTH_H
#define VIZ_MODEL_DEPTH_H

#include "model/model.h"

// The queue of injected tasks, among the lanes.
#define MODEL_DEPTH_INJECT 0

// The most tasks that stood at one time in the queue of a worker (its LIFO slot
// counts) between event `first` and event `last`, both included. `lane` is a
// row of lanes or MODEL_DEPTH_INJECT.
uint32_t model_depth_max(const ant_model *model, uint32_t lane, uint32_t first,
                         uint32_t last);

#endif
