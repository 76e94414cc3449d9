// SPDX-License-Identifier: MIT
//
// The world just after an event: who is doing what, who waits for what, and
// what stands in each queue, in order. A snapshot belongs to its caller and is
// moved from event to event: one step forward is cheap, a jump starts from
// the nearest keyframe that the model keeps.
//
// Queues are linked through the rows. To walk one, begin at its `first` and
// follow the node's `next` until 0:
//   for (row = res->waits.first; row != 0; row = world->waits[row].of_res.next)

#ifndef VIZ_MODEL_SNAPSHOT_H
#define VIZ_MODEL_SNAPSHOT_H

#include "model/model.h"

typedef struct snapshot_queue {
    uint32_t first; // row, 0 when empty
    uint32_t last;
    uint32_t len;
} snapshot_queue;

typedef struct snapshot_node {
    uint32_t next;
    uint32_t prev;
} snapshot_node;

typedef enum snapshot_place {
    SNAPSHOT_NOWHERE,  // in no run queue
    SNAPSHOT_LOCAL,    // in lanes[lane].local
    SNAPSHOT_LIFO,     // lanes[lane].lifo
    SNAPSHOT_INJECT,   // in inject
    SNAPSHOT_BLOCKING, // in blocking
} snapshot_place;

typedef struct snapshot_task {
    uint8_t state;  // model_task_state
    uint8_t place;  // snapshot_place
    uint16_t lane;  // polled there, or whose queue it is in; else 0
    uint32_t since; // the event that began the state
    uint32_t poll;  // poll_begin of its current or last poll, or MODEL_NONE
    snapshot_node queued; // in its run queue
    snapshot_queue waits; // what it waits for: rows of waits, by of_task
    snapshot_queue holds; // what it holds: rows of holds, by of_task
    uint32_t outer;       // private: the task whose poll this poll interrupts
    bool is_notified;     // private: woken while it is being polled
} snapshot_task;

typedef struct snapshot_lane {
    uint8_t state;        // model_lane_state
    uint32_t task;        // being polled, 0 for none
    uint32_t since;       // the event that began the state
    uint32_t lifo;        // the task in the LIFO slot, 0 for none
    snapshot_queue local; // rows of tasks, by queued
} snapshot_lane;

typedef struct snapshot_res {
    bool is_alive;
    bool is_closed;       // channels
    snapshot_queue waits; // its queue, longest waiting first, by of_res
    snapshot_queue holds; // who holds it, by of_res
    uint32_t held;        // amounts together
    uint32_t len;         // values in the channel
} snapshot_res;

// Row n is about model->waits[n] or model->holds[n]; all 0 when it is over.
typedef struct snapshot_link {
    snapshot_node of_task;
    snapshot_node of_res;
} snapshot_link;

typedef struct ant_snapshot {
    const ant_model *model;
    uint32_t event;       // the last one that has happened
    uint64_t t_ns;        // its time
    snapshot_task *tasks; // indexed like the model's tables
    snapshot_lane *lanes;
    snapshot_res *res;
    snapshot_link *waits;
    snapshot_link *holds;
    snapshot_queue inject;   // from threads outside, and overflow
    snapshot_queue blocking; // for the blocking pool
    uint32_t timer_count;    // armed
    uint64_t *timer_bits;    // private: by rank
    void *block;             // private: the arrays above
    bool is_begun;           // private: event 0 has happened
} ant_snapshot;

// Makes a snapshot at the model's first event. 0 or -ENOMEM.
ANT_MUST_USE int snapshot_init(ant_snapshot *snapshot, const ant_model *model);
void snapshot_deinit(ant_snapshot *snapshot);

// Moves the snapshot to just after `event` (the last one when beyond).
void snapshot_at(ant_snapshot *snapshot, uint32_t event);

// The armed timers in the order of their deadlines: rows of model->waits.
// Begin with 0; returns 0 after the last.
uint32_t snapshot_timer_next(const ant_snapshot *snapshot, uint32_t wait);

// Everything task `task` waits for, the most telling first (rows of waits).
// Returns how many there are, of which at most `max` are written.
uint32_t snapshot_waits(const ant_snapshot *snapshot, uint32_t task,
                        uint32_t *out, uint32_t max);

#endif
