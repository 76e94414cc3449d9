// SPDX-License-Identifier: MIT
//
// Private to the wait-for graph: what its parts share while it is made.

#ifndef VIZ_MODEL_WAITFOR_BUILD_H
#define VIZ_MODEL_WAITFOR_BUILD_H

#include "model/buf.h"
#include "model/waitfor.h"

typedef struct waitfor_maps {
    uint32_t *of_task;   // row: its node, 0 for none
    uint32_t *of_res;    // row: its node
    uint32_t *of_end;    // row of a channel: the node of its end
    uint32_t *of_future; // row: the node that waits for it, or where it waits
    uint32_t *of_wait;   // row: its edge, plus 1
    uint32_t *place;     // scratch of one task: see waitfor_tree.c
} waitfor_maps;

typedef struct waitfor_build {
    const ant_model *model;
    const ant_snapshot *world;
    waitfor_maps *maps;
    model_buf nodes;   // of waitfor_node
    model_buf edges;   // of waitfor_edge, in no order
    model_buf pending; // scratch of one task: see waitfor_tree.c
    model_buf todo;
    bool is_short; // memory ran out
} waitfor_build;

// A new node; 0 when out of memory.
uint32_t model__waitfor_node(waitfor_build *build, waitfor_node node);
void model__waitfor_edge(waitfor_build *build, waitfor_edge edge);

// The node of a task or a resource, made when it is new.
uint32_t model__waitfor_task(waitfor_build *build, uint32_t task);

// `node` waits with the row `wait`.
void model__waitfor_wait(waitfor_build *build, uint32_t node, uint32_t wait);

// `node` waits, and nothing on record says for what.
void model__waitfor_wake(waitfor_build *build, uint32_t node, uint32_t task,
                         uint32_t future);

// What `task`, which is pending, waits for: its tree of futures.
void model__waitfor_tree(waitfor_build *build, uint32_t task);

// The node that has to go on before what `future` (of `task`) took is given
// back: that of the async function around it. 0: nobody waits there.
uint32_t model__waitfor_owner(const ant_model *model, const waitfor_maps *maps,
                              uint32_t task, uint32_t future);

// The first in the queue of a channel who waits for its end, or else the first
// who does not; 0 for nobody. And the next one after a wait.
uint32_t model__waitfor_first(const ant_snapshot *world, uint32_t res,
                              bool is_end);
uint32_t model__waitfor_next(const ant_snapshot *world, uint32_t wait,
                             bool is_end);

// Is a task in this state waiting for something?
bool model__waitfor_is_pending(uint8_t state);

// Is it told by the trace who can end a wait for this resource?
bool model__waitfor_is_lock(const ant_model *model, uint32_t res);

// Says who is stuck, and who of them is on a cycle. 0 or -ENOMEM.
int model__waitfor_judge(model_waitfor *graph, const ant_snapshot *world);

#endif
