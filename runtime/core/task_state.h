// SPDX-License-Identifier: MIT
//
// The state word of a task: one 64-bit atomic that says everything other
// threads may ask about a task. Each transition is one named function that does
// one read-modify-write, and returns what the caller has to do next.
//
//   bits  0..7   flags, below
//   bits  8..31  references: the scheduler 1 until the task ends, the join
//                handle 1, each waker 1, each abort handle 1
//   bits 32..63  step: how often the task's life moved on; each step is one
//                event of the trace, and its number puts the events of
//                different threads into their true order
//
//            spawn            begin            end: PENDING
//   (none) -------> SCHEDULED ------> RUNNING --------------> idle
//                       ^               |  | \                 |
//                       |     wake: RUNNING| + SCHEDULED       | wake
//                       '-----------------'  '-> COMPLETE      |
//                       '--------------------------------------'
//
// Whoever takes a task from its queue has the future for itself: poll, cancel
// and destroy never overlap, because a task is in one queue at most. A wake is
// never a plain load: also when the task is already scheduled it is a release,
// so that what the waker wrote before is seen by the poll that follows
// (semantics W6).
//
// A read-modify-write costs as much as twenty other instructions, so a poll has
// none at its begin unless it is recorded: the task stays SCHEDULED while it is
// polled. Whether it was woken since is told by the step number, which every
// wake and abort moves on; then, and when it yields, it stays SCHEDULED at the
// end too.

#ifndef ANT_CORE_TASK_STATE_H
#define ANT_CORE_TASK_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/atomic.h"
#include "base/macros.h"

enum {
    ANT_STATE_SCHEDULED = 1,   // in a run queue, or on its way there
    ANT_STATE_RUNNING = 2,     // being destroyed, or polled and recorded
    ANT_STATE_COMPLETE = 4,    // over; the output may be read
    ANT_STATE_CANCEL = 8,      // somebody asked it to stop
    ANT_STATE_JOINABLE = 16,   // a join handle exists
    ANT_STATE_JOIN_WAKER = 32, // the handle's waker is set and the task's
};

typedef struct ant_task_state {
    ant_atomic_u64 word;
} ant_task_state;

// What a transition did: the step's number, and what is left to do.
typedef struct ant_step {
    uint32_t seq;
    enum {
        ANT_DO_NOTHING,
        ANT_DO_SCHEDULE, // the caller puts the task into a run queue
        ANT_DO_CANCEL,   // the caller, who is running it, destroys the future
        ANT_DO_TRAP,     // nobody can ever wake it; the caller ends it
        ANT_DO_WAKE_JOINER, // the caller wakes the join handle's waker
        ANT_DO_FREE,        // the caller had the last reference
    } todo;
    uint32_t wakers; // end_pending: references that wakers hold
    uint32_t wake;   // ANT_WAKE_…: what a wake found
} ant_step;

// A new task: scheduled, with a scheduler's and a handle's reference.
void ant_task_state_init(ant_task_state *state);

// A waker was used.
ANT_MUST_USE ant_step ant_task_state_wake(ant_task_state *state);

// As that, and its reference is given up. With ANT_DO_SCHEDULE the task is the
// caller's to put into a queue, and else it may be gone.
ANT_MUST_USE ant_step ant_task_state_wake_last(ant_task_state *state);

// The scheduler took the task from a queue. It is RUNNING now when that is
// recorded, or, with ANT_DO_CANCEL, when it was aborted (no step then: it will
// not be polled).
ANT_MUST_USE ant_step ant_task_state_begin(ant_task_state *state,
                                           bool is_recorded);

// The poll, which began with the step `begun`, returned PENDING.
// ANT_DO_SCHEDULE when it was woken meanwhile, or `is_woken` says that it woke
// itself. It is RUNNING with ANT_DO_CANCEL when it was aborted meanwhile, and
// with ANT_DO_TRAP when nobody kept its waker.
ANT_MUST_USE ant_step ant_task_state_end_pending(ant_task_state *state,
                                                 uint32_t begun, bool is_woken);

// A recorded poll returned something else. The task stays RUNNING.
ANT_MUST_USE ant_step ant_task_state_end_ready(ant_task_state *state);

// The future is destroyed and the output stored: the task is COMPLETE. The
// scheduler's reference goes in the same step, with ANT_DO_FREE when it was the
// last; but with ANT_DO_WAKE_JOINER it stays the caller's.
ANT_MUST_USE ant_step ant_task_state_complete(ant_task_state *state);

// Somebody asks for the end. *ret_late when it was over already (no step).
ANT_MUST_USE ant_step ant_task_state_abort(ant_task_state *state,
                                           bool *ret_late);

// Shutdown takes a task that nobody polls: it is RUNNING now, by the caller,
// who destroys it. False when that is so already, or it is over.
ANT_MUST_USE bool ant_task_state_seize(ant_task_state *state);

// The handle has stored its waker. False when the task is complete, and the
// waker is still the handle's.
ANT_MUST_USE bool ant_task_state_set_joiner(ant_task_state *state);

// The handle wants its waker back. False when the task is complete: the waker
// was or is being used.
ANT_MUST_USE bool ant_task_state_unset_joiner(ant_task_state *state);

// The handle goes away, and its reference with it.
typedef struct ant_leave {
    bool has_joiner; // the waker that was stored is the caller's to drop
    bool is_last;    // the caller frees the task
} ant_leave;
ANT_MUST_USE ant_leave ant_task_state_leave(ant_task_state *state);

// One more reference; the caller has one already.
void ant_task_state_ref(ant_task_state *state);

// True when that was the last reference: the caller frees the task.
ANT_MUST_USE bool ant_task_state_unref(ant_task_state *state);

// One flag, read with acquire order.
bool ant_task_state_is(const ant_task_state *state, unsigned flag);

#endif
