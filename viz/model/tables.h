// SPDX-License-Identifier: MIT
//
// The rows of the model: what a trace is about, as plain arrays. A row's
// number is its index in its array and what every other row uses to name it;
// row 0 of each table is "none". Rows stand in the order of the ids in the
// file, so that row and id are the same number in all but damaged files; show
// people the id.
//
// An event is named by its index in the common order. MODEL_NONE says that
// there is no such event. All rows are fixed once the model is open.

#ifndef VIZ_MODEL_TABLES_H
#define VIZ_MODEL_TABLES_H

#include <stdbool.h>
#include <stdint.h>

#include "trace/events.h"

#define MODEL_NONE UINT32_MAX

// What a task is doing. The order of the WAIT_ states is their priority: a
// task that waits for several things shows the first.
typedef enum model_task_state {
    MODEL_TASK_NONE,  // before its spawn
    MODEL_TASK_NEW,   // never polled, though it may be in a run queue
    MODEL_TASK_READY, // woken, in a run queue
    MODEL_TASK_POLLING,
    MODEL_TASK_BLOCKING, // being polled, and the thread waits in a call
    MODEL_TASK_WAIT_LOCK,
    MODEL_TASK_WAIT_TASK,    // a join, a notification, a barrier
    MODEL_TASK_WAIT_CHANNEL, // a value, room, or the end
    MODEL_TASK_WAIT_IO,
    MODEL_TASK_WAIT_TIMER,
    MODEL_TASK_WAIT_OTHER, // nothing in the trace says for what
    MODEL_TASK_DONE,       // see the task's outcome: ready, failed, panicked
    MODEL_TASK_CANCELLED,
    MODEL_TASK_STATE_COUNT
} model_task_state;

typedef enum model_lane_state {
    MODEL_LANE_NONE,      // the thread has not begun, or has ended
    MODEL_LANE_RUNNING,   // between two polls: the scheduler itself
    MODEL_LANE_POLLING,   // span.task is what it polls
    MODEL_LANE_BLOCKED,   // polling, and waits in a call (span.wait)
    MODEL_LANE_SEARCHING, // for work to steal
    MODEL_LANE_PARKED,
    MODEL_LANE_STATE_COUNT
} model_lane_state;

typedef enum model_future_state {
    MODEL_FUTURE_NONE,
    MODEL_FUTURE_POLLING,
    MODEL_FUTURE_PENDING,
    MODEL_FUTURE_STATE_COUNT
} model_future_state;

// A stretch of one row's life: from the moment of event `from` to the moment
// of event `to`, which ends it (event_count when it lasts until the end of
// the trace). Spans of one row follow each other and never overlap; the time
// before the first and after the last has no span.
//
// There may be more spans than events, so each is as small as can be; which
// member of a union holds is told by the table that the row is in.
typedef struct model_span {
    uint32_t from;
    uint32_t to;
    union {
        uint32_t wait;   // tasks: row of waits while it waits or blocks, else 0
        uint32_t task;   // lanes: the task polled; resources: the holder; or 0
        uint32_t poller; // futures: the future that polled it last, or 0
    };
    union {
        uint16_t lane;  // tasks: polled on, or in whose queue; 0 for neither
        uint16_t count; // resources: how many hold it together
        uint16_t step;  // futures: the state of the async function
    };                  // counts and states beyond 65,535 stand there as 65,535
    uint8_t state; // model_task_state, model_lane_state, … by the row's table
} model_span;

_Static_assert(sizeof(model_span) == 16, "a span is 16 bytes");

// A run of rows in another array: [first, first + count).
typedef struct model_range {
    uint32_t first;
    uint32_t count;
} model_range;

typedef struct model_task {
    uint32_t id;      // in the file: what people see
    const char *name; // given by the program, else the type's; never ""
    const char *type; // the async function
    const char *file; // where it was spawned; "" when unknown
    uint32_t line;
    uint32_t type_id;     // row of types
    uint32_t parent;      // the task that spawned it, 0 for none
    uint32_t children;    // tasks it spawned
    uint8_t kind;         // ANT_TASK_…
    uint8_t outcome;      // ANT_RESULT_…; PENDING while it lives
    bool is_detached;     // nobody will ask for the result
    bool is_aborted;      // somebody asked it to stop
    int32_t err;          // of a FAILED outcome, negative errno
    const char *message;  // of a failure or a panic; "" for none
    const char *end_file; // where it failed; "" for none
    uint32_t end_line;
    uint32_t spawn_event; // MODEL_NONE when not in the file
    uint32_t end_event;   // task_end or, when there is none, task_drop
    uint32_t poll_count;
    uint32_t wake_count;
    uint64_t poll_ns;     // in all polls together
    uint64_t poll_max_ns; // the longest poll
    uint64_t ready_ns;    // woken or spawned and not yet polled
    model_range spans;    // rows of task_spans
    model_range futures;  // rows of futures_of_task, in the order of the tree
    model_range events;   // of events_of_task: it is the subject or the actor
} model_task;

typedef struct model_lane {
    uint32_t id;
    uint8_t kind;     // ANT_LANE_…
    uint32_t index;   // worker 0, 1, 2 … within its kind
    const char *name; // "worker 1"; never ""
    uint32_t poll_count;
    uint32_t steal_count; // steals it made
    uint64_t poll_ns;
    uint64_t park_ns;
    model_range spans;  // rows of lane_spans
    model_range events; // of events_of_lane
} model_lane;

typedef struct model_res {
    uint32_t id;
    uint8_t kind;     // ANT_RES_…
    const char *name; // never ""
    const char *file; // where it was made; "" when unknown
    uint32_t line;
    uint32_t capacity;
    bool is_refilled;  // somebody adds permits that nobody held
    bool knows_halves; // channels: it is told at any time who has which half
    bool hands_on;    // channels: its senders are no one's secret, see halves.c
    uint32_t senders; // channels: the newest half that sends, 0 for none
    uint32_t receivers;  // channels: the newest half that receives
    uint32_t new_event;  // MODEL_NONE when not in the file
    uint32_t drop_event; // MODEL_NONE when it outlives the trace
    uint32_t waiter_max; // most waiters at one time
    uint64_t held_ns;    // by anybody
    uint64_t wait_ns;    // all waiters together
    model_range spans;   // rows of res_spans: who held it
    model_range events;  // of events_of_res
} model_res;

// One wait of one task: in the queue of a resource (wait_begin … wait_end),
// for a timer (timer_arm … fire or cancel), of its whole thread in a call
// (block_begin … block_end), or for the end of another task (join_wait …
// task_end or task_detach of that task).
typedef enum model_wait_kind {
    MODEL_WAIT_RES,
    MODEL_WAIT_TIMER,
    MODEL_WAIT_BLOCK,
    MODEL_WAIT_JOIN,
} model_wait_kind;

typedef struct model_wait {
    uint8_t kind;    // model_wait_kind
    uint8_t state;   // the model_task_state that it gives its task
    uint8_t why;     // res: ANT_WAIT_…; block: ANT_BLOCK_…;
                     // timer: ANT_WAIT_GRANTED fired, ANT_WAIT_CANCELLED
    uint32_t task;   // 0 when it is the runtime's own timer
    uint32_t res;    // 0 for timers and most blocks
    uint32_t on;     // joins: the task whose end is awaited; else 0
    uint32_t future; // the innermost one that waits, 0 when unknown
    uint32_t amount; // permits asked for
    uint32_t line;   // where, 0 when unknown
    uint32_t begin_event;
    uint32_t end_event;   // MODEL_NONE when it never ended
    uint64_t timer;       // the timer's id in the file
    uint64_t deadline_ns; // timers
    uint32_t rank;        // timers: place in the order of all deadlines
    uint32_t moved_from;  // timers that were armed again: the row before
    const char *file;     // blocks: where; "" when unknown
} model_wait;

// One hold of one resource: acquire … release.
typedef struct model_hold {
    uint32_t task; // 0 when a thread outside of tasks holds it
    uint32_t res;
    uint32_t future; // the innermost one that took it, 0 when unknown
    uint32_t amount;
    uint32_t line; // where it was acquired
    uint32_t begin_event;
    uint32_t end_event; // MODEL_NONE when never released
    uint32_t left;      // of the amount, at the end of the recording
    uint32_t end_next;  // another row that the same event ends, 0 for none
} model_hold;

// A half of a channel, a sender or a receiver: whoever has one is waited for by
// those who wait at the other end.
typedef struct model_half {
    uint32_t res;
    uint32_t task; // that made it
    bool is_tx;
    uint32_t begin_event;
    uint32_t end_event; // it was given up; MODEL_NONE: not on record
    uint32_t move;      // the last time that it changed hands, 0 for none
    uint32_t next;      // an older one of the same side, 0 for none
} model_half;

typedef struct model_half_move {
    uint32_t event;
    uint32_t task;   // that has it from then on, or else
    uint32_t into;   // the channel that it is in, with a value
    uint32_t before; // the move before
} model_half_move;

typedef struct model_future {
    uint32_t id;
    uint32_t parent; // row of futures, 0 for the root of its task
    uint32_t task;
    uint32_t type;    // row of types
    uint32_t depth;   // 0 for the root
    const char *name; // the variable or child ("nap"); the type's when unknown
    uint32_t line;    // where the parent first awaited it
    uint32_t start_event;
    uint32_t end_event; // its last result or its drop; MODEL_NONE: still lives
    uint32_t poll_count;
    uint8_t result; // ANT_RESULT_… of the last poll; CANCELLED when dropped
    uint8_t drop; // ANT_DROP_… (ANT_DROP_DONE unless dropped before the end)
    model_range spans; // rows of future_spans
} model_future;

typedef struct model_state_name {
    uint32_t state;
    const char *name; // "NAPS_SLEEPING"
} model_state_name;

typedef struct model_type {
    const char *name;
    const char *file;
    uint32_t line;
    uint32_t bytes;
    uint32_t state_count; // names by model_state()
    uint8_t needs;        // ANT_NEEDS_…: which of the futures it awaits
} model_type;

// The time axis squeezes a stretch without any event, [t0, t1) of the run,
// into [x0, x1) of the axis.
typedef struct model_gap {
    uint64_t t0_ns;
    uint64_t t1_ns;
    double x0;
    double x1;
    uint32_t steps; // before it
    bool is_idle;   // no lane was polling; else somebody worked or blocked
} model_gap;

// The recorder had to drop `count` events just before `event`.
typedef struct model_loss {
    uint32_t event;
    uint32_t count;
} model_loss;

#endif
