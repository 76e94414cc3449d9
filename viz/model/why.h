// SPDX-License-Identifier: MIT
//
// Why is a task not running? One sentence, from the world at one moment.

#ifndef VIZ_MODEL_WHY_H
#define VIZ_MODEL_WHY_H

#include "model/snapshot.h"

// Tasks on a cycle of waiting, and what each waits for: task[i] waits with
// wait[i] for what task[i + 1] (the last one for what task[0]) holds or is.
#define MODEL_CYCLE_MAX 32

typedef struct model_cycle {
    uint32_t count; // 0 when there is no cycle
    uint32_t task[MODEL_CYCLE_MAX];
    uint32_t wait[MODEL_CYCLE_MAX];
} model_cycle;

// Writes one sentence about `task` at the snapshot's moment into `buf`, for
// example "waits for mutex `b`, held by 4 writer since 12.4 ms". Returns the
// event that explains it best (to jump to), or MODEL_NONE.
uint32_t model_why(const ant_model *model, const ant_snapshot *snapshot,
                   uint32_t task, char *buf, size_t size);

// The cycle that `task` waits in, if everything it waits for leads into it.
void model_cycle_of(const ant_model *model, const ant_snapshot *snapshot,
                    uint32_t task, model_cycle *ret_cycle);

// The task that keeps `wait` from ending: the first holder of the resource, or
// the task whose end is awaited; 0 when there is none.
uint32_t model_wait_holder(const ant_snapshot *snapshot, uint32_t wait);

#endif
