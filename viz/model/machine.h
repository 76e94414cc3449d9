// SPDX-License-Identifier: MIT
//
// An async function as a state machine: the states that the trace knows by
// name, and every step from one to another that any of its futures ever made.
// The shape is that of the whole trace, so that it never moves; what has
// happened up to a moment is counted on demand.

#ifndef VIZ_MODEL_MACHINE_H
#define VIZ_MODEL_MACHINE_H

#include "model/model.h"

#define MACHINE_STATE_MAX 64
#define MACHINE_EDGE_MAX  192

// Where a future comes from and where it ends; all else are its states.
typedef enum machine_role {
    MACHINE_STATE,
    MACHINE_BEGIN,
    MACHINE_READY,   // over, with a result
    MACHINE_DROPPED, // dropped before its end
} machine_role;

typedef struct machine_node {
    uint8_t role;        // machine_role
    uint32_t state;      // the number of a MACHINE_STATE
    const char *name;    // "NAPS_SLEEPING"; "" for the others
    const char *awaits;  // the name of the child awaited there, or ""
    const char *awaited; // and of its type
} machine_node;

typedef struct machine_edge {
    uint16_t from; // nodes
    uint16_t to;
    uint32_t total; // times that any future took it, in the whole trace
} machine_edge;

// One step of one future.
typedef struct machine_move {
    uint32_t event;
    uint32_t future;
    uint16_t edge;
} machine_move;

typedef struct model_machine {
    uint32_t type;  // row of types
    unsigned count; // of nodes: begin, the states in the order of their
    machine_node node[MACHINE_STATE_MAX + 3]; // numbers, ready, dropped
    unsigned edge_count;
    machine_edge edge[MACHINE_EDGE_MAX];
    machine_move *moves; // of all futures, in the order of events
    uint32_t move_count;
} model_machine;

// What has happened up to a moment.
typedef struct machine_now {
    uint32_t own[MACHINE_EDGE_MAX]; // times that the future took each edge
    uint32_t all[MACHINE_EDGE_MAX]; // and all futures of the type together
    unsigned node;                  // where the future is; 0 before its begin
    uint32_t since;                 // the event that brought it there
    unsigned last;                  // the edge it came by; edge_count for none
} machine_now;

// Collects what futures of a type did. 0, -ENOMEM, or -ENOENT when the type has
// no states: it is no async function. Row `type` of the model's types.
ANT_MUST_USE int model_machine_init(model_machine *machine,
                                    const ant_model *model, uint32_t type);
void model_machine_deinit(model_machine *machine);

// Counts the moves up to `event`, those of `future` apart.
void model_machine_at(const model_machine *machine, uint32_t future,
                      uint32_t event, machine_now *ret_now);

#endif
