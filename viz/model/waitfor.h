// SPDX-License-Identifier: MIT
//
// The wait-for graph: who waits for whom at one moment, and who can never go on
// again. A task waits for what its tree of futures awaits: a join for all of
// its children, a select for any of them. A lock waits, so to say, for those
// who hold it.
//
// The hard thing is that a cycle alone is no deadlock: a select in it may have
// another way out. So nothing is called stuck because of a cycle. The graph is
// searched the other way round, from those who can go on: a task that runs, a
// timer, a socket. Whoever waits for any of them, or for all of them, goes on
// too, and so forth. What is left over is stuck: that is the knot.
//
// A channel waits for those who have its other half: any of the senders, or the
// receiver; its end waits for all of the receivers. What the trace cannot tell
// is never taken for stuck: who waits for a socket or a notification goes on,
// until the runtime itself has said that nothing can ever wake again (the event
// `stall`). Nor is a wait for a channel that ends later in the recording, as
// halves may change hands unseen.
//
// A graph belongs to its caller. It does not change once it is made.

#ifndef VIZ_MODEL_WAITFOR_H
#define VIZ_MODEL_WAITFOR_H

#include "model/snapshot.h"

typedef enum waitfor_kind {
    WAITFOR_NONE,
    WAITFOR_TASK,    // row of tasks
    WAITFOR_GROUP,   // row of futures of `task`: a join, a select or one branch
                     // of them; row 0: waits that no future is known for
    WAITFOR_RES,     // row of res
    WAITFOR_TIMER,   // row of waits
    WAITFOR_WAKE,    // row of futures, or 0: pending, nothing says for what
    WAITFOR_WORKERS, // every worker's thread waits for a lock
} waitfor_kind;

typedef struct waitfor_node {
    uint8_t kind;
    bool is_any;       // one of its edges is enough; else it needs them all
    bool is_stuck;     // can never go on
    bool is_core;      // stuck, and on a cycle: the cause, not only a victim
    bool is_end;       // of a channel: until nobody receives from it any more
    uint32_t row;      // by kind
    uint32_t task;     // whose it is: of a task itself, a group, a wake
    model_range edges; // of graph->edges: what it waits for, or who holds it
} waitfor_node;

typedef struct waitfor_edge {
    uint32_t from; // nodes
    uint32_t to;
    uint32_t wait;  // row of waits: `from` waits for `to`; else 0
    uint32_t hold;  // row of holds: `from` is held by `to`; else 0
    uint32_t half;  // row of halves of the channel `from` that `to` has; else 0
    uint32_t event; // that made it: the wait_begin, the acquire, …
    bool is_stuck;  // this way out is closed for ever
} waitfor_edge;

typedef struct model_waitfor {
    waitfor_node *nodes; // node 0 is "none"; tasks that wait come first
    waitfor_edge *edges; // of each node together
    uint32_t node_count;
    uint32_t edge_count;
    uint32_t stuck_count; // tasks that can never go on
    uint32_t core_count;  // those of them that are on a cycle
    uint32_t closed_by;   // the newest edge between them: it closed the knot;
                          // MODEL_NONE when there is no knot
    void *private_maps;   // from rows to nodes
} model_waitfor;

// The graph at the snapshot's moment. 0 or -ENOMEM.
ANT_MUST_USE int model_waitfor_init(model_waitfor *graph,
                                    const ant_snapshot *world);
void model_waitfor_deinit(model_waitfor *graph);

// The node of a task, or of a resource; 0 when the graph has none. A channel
// may have a second one, for its end: that is meant when only it is in a knot.
uint32_t model_waitfor_task(const model_waitfor *graph, uint32_t task);
uint32_t model_waitfor_res(const model_waitfor *graph, uint32_t res);

// Has the wait an edge? Not when no future that its task polls began it.
bool model_waitfor_has(const model_waitfor *graph, uint32_t wait);

// The node after `node` on a way that is stuck: the one that leads back to the
// core, if any does. 0 for none.
uint32_t model_waitfor_next_stuck(const model_waitfor *graph, uint32_t node);

// A knot as it is closed: from just after `event` on `task` can never go on.
typedef struct waitfor_knot {
    uint32_t event; // the poll that ended, the call that blocks, …
    uint32_t task;  // whose waiting closed it
} waitfor_knot;

// Moves `world` on to the next event that closes a knot, after the one where it
// stands. 1 and *ret_knot, 0 when there is none up to the end, or -ENOMEM.
ANT_MUST_USE int model_waitfor_find(ant_snapshot *world,
                                    waitfor_knot *ret_knot);

#endif
