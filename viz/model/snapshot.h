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

typedef struct model_queue {
    uint32_t first; // row, 0 when empty
    uint32_t last;
    uint32_t len;
} model_queue;

typedef struct model_node {
    uint32_t next;
    uint32_t prev;
} model_node;

typedef enum model_place {
    MODEL_PLACE_NOWHERE,  // in no run queue
    MODEL_PLACE_LOCAL,    // in lanes[lane].local
    MODEL_PLACE_LIFO,     // lanes[lane].lifo
    MODEL_PLACE_INJECT,   // in inject
    MODEL_PLACE_BLOCKING, // in blocking
    MODEL_PLACE_DEFERRED, // in deferred
} model_place;

typedef struct model_now_task {
    uint8_t state;     // model_task_state
    uint8_t place;     // model_place
    uint16_t lane;     // polled there, or whose queue it is in; else 0
    uint32_t since;    // the event that began the state
    uint32_t poll;     // poll_begin of its current or last poll, or MODEL_NONE
    model_node queued; // in its run queue
    model_queue waits; // what it waits for: rows of waits, by of_task
    model_queue holds; // what it holds: rows of holds, by of_task
    uint32_t outer;    // private: the task whose poll this poll interrupts
    bool is_notified;  // private: woken while it is being polled
} model_now_task;

typedef struct model_now_lane {
    uint8_t state;     // model_lane_state
    uint32_t task;     // being polled, 0 for none
    uint32_t since;    // the event that began the state
    uint32_t lifo;     // the task in the LIFO slot, 0 for none
    model_queue local; // rows of tasks, by queued
} model_now_lane;

typedef struct model_now_res {
    bool is_alive;
    bool is_closed;    // channels
    model_queue waits; // its queue, longest waiting first, by of_res
    model_queue holds; // who holds it, by of_res
    uint32_t held;     // amounts together
    uint32_t len;      // values in the channel
} model_now_res;

// Row n is about model->waits[n] or model->holds[n]; all 0 when it is over.
typedef struct model_link {
    model_node of_task;
    model_node of_res;
} model_link;

typedef struct ant_snapshot {
    const ant_model *model;
    uint32_t event;        // the last one that has happened
    uint64_t t_ns;         // its time
    model_now_task *tasks; // indexed like the model's tables
    model_now_lane *lanes;
    model_now_res *res;
    model_link *waits;
    model_link *holds;
    model_queue inject;   // from threads outside, and overflow
    model_queue blocking; // for the blocking pool
    model_queue deferred; // yielded: run when nothing else can
    uint32_t timer_count; // armed
    uint64_t *timer_bits; // private: by rank
    void *block;          // private: the arrays above
    bool is_begun;        // private: event 0 has happened
} ant_snapshot;

// Makes a snapshot at the model's first event. 0 or -ENOMEM.
ANT_MUST_USE int model_snapshot_init(ant_snapshot *snapshot,
                                     const ant_model *model);
void model_snapshot_deinit(ant_snapshot *snapshot);

// Moves the snapshot to just after `event` (the last one when beyond).
void model_snapshot_at(ant_snapshot *snapshot, uint32_t event);

// The armed timers in the order of their deadlines: rows of model->waits.
// Begin with 0; returns 0 after the last.
uint32_t model_snapshot_timer_next(const ant_snapshot *snapshot, uint32_t wait);

// Everything task `task` waits for, the most telling first (rows of waits).
// Returns how many there are, of which at most `max` are written.
uint32_t model_snapshot_waits(const ant_snapshot *snapshot, uint32_t task,
                              uint32_t *out, uint32_t max);

#endif
