// SPDX-License-Identifier: MIT
//
// Private to the model: what the rules of the world share.

#ifndef VIZ_MODEL_WORLD_H
#define VIZ_MODEL_WORLD_H

#include "model/snapshot.h"

// What is happening: event `i`, about `task`, on `lane` (rows).
typedef struct world_now {
    uint32_t i;
    uint32_t task;
    uint32_t lane;
    ant_event event;
} world_now;

// Applies event `i` to a world in which all events before it have happened.
void model__world_apply(ant_snapshot *world, uint32_t i);

// Takes the task out of whatever run queue it is in.
void model__queue_leave(ant_snapshot *world, uint32_t task);

// What the events about run queues do to them.
void model__queue_on_push(ant_snapshot *world, const world_now *now);
void model__queue_on_steal(ant_snapshot *world, const world_now *now);
void model__queue_on_steal_task(ant_snapshot *world, const world_now *now);
void model__queue_on_overflow(ant_snapshot *world, const world_now *now);
void model__queue_on_inject_pop(ant_snapshot *world, const world_now *now);

#endif
