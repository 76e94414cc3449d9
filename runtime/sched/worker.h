// SPDX-License-Identifier: MIT
//
// A worker: the loop that takes a task and polls it, for as long as the
// scheduler lives. It has a ring of tasks, and beside it the LIFO slot: a task
// that was just woken or spawned here runs next, while its data is warm, but at
// most three times in a row. Only the worker itself touches the slot; others
// steal from the ring. Tasks that may not leave the worker have a queue of
// their own (sched/pinned.h), which takes turns with the ring.

#ifndef ANT_SCHED_WORKER_H
#define ANT_SCHED_WORKER_H

#include "base/rng.h"
#include "core/here.h"
#include "sched/counters.h"
#include "sched/deferred.h"
#include "sched/local_queue.h"
#include "sched/pinned.h"
#include "sched/sched.h"

// Polls through the LIFO slot in a row before the ring gets its turn.
#define ANT_LIFO_POLLS_MAX 3

typedef struct ant_worker {
    // any thread
    ant_local_queue queue;
    ant_parker parker;
    ant_pinned pinned;
    ant_worker_counters count;
    // fixed after init
    ant_sched *sched;
    uint32_t index;
    uint32_t lane;
    ant_thread thread;
    bool has_thread;
    bool is_plain; // nobody simulates, or polls tasks for nothing
    // the worker only
    ant_here here;
    ant_rng rng;
    ant_task *lifo;
    const ant_task *uncalled;  // in its ring, and no other worker was called
    ant_deferred deferred;     // yielded; run after everything else
    uint32_t until_events;     // turns until the next look at timers and I/O
    uint32_t until_inject;     // and at the injection queue
    uint32_t turn_polls;       // polls in this turn: 0 between two turns
    uint32_t tick;             // turns so far
    const ant_atomic_u8 *done; // the loop ends when it is not 0; may be NULL
    bool is_lifo_enabled;
    bool is_searching;
    uint64_t busy_since_ns; // awake since then, by the driver's clock
} ant_worker;

void ant__worker_init(ant_worker *worker, ant_sched *sched, uint32_t index);
void ant__worker_deinit(ant_worker *worker);

// Runs tasks until *done is not 0 or the scheduler closes. `done` may be NULL.
void ant__worker_run(ant_worker *worker, const ant_atomic_u8 *done);

// Puts a task into this worker's queues. On the worker's own thread.
void ant__worker_schedule(ant_worker *worker, ant_task *task, ant_schedule how);

// As that, for a task that may not leave this worker.
void ant__worker_schedule_pinned(ant_worker *worker, ant_task *task,
                                 ant_schedule how);

// There is something that only this worker can do: wakes it when it sleeps. Any
// thread.
void ant__worker_call(ant_worker *worker);

// It has nothing to do: may it search in the rings of others? Then it counts as
// a searcher until it stops (sched/search.c).
bool ant__worker_search(ant_worker *worker);

// A searcher takes half of a ring, of the first worker from a random one on
// that has something. Returns one of the tasks, the others are in its own ring;
// NULL when there was nothing.
ant_task *ant__worker_steal(ant_worker *worker);

// It searches no more, if it did. When it was the last, the next one is called.
void ant__worker_stop_searching(ant_worker *worker);

// Nothing can run: sleeps until that changes, and drives timers and I/O
// meanwhile when no other worker does (sched/park.c).
void ant__worker_park(ant_worker *worker);

// The time between these counts as busy.
void ant__worker_begin_busy(ant_worker *worker);
void ant__worker_end_busy(ant_worker *worker);

// Forgets everything that is queued, during shutdown.
void ant__worker_forget(ant_worker *worker);

// The worker of the calling thread when it belongs to `sched`, else NULL.
static inline ant_worker *ant__worker_here(const ant_sched *sched)
{
    ant_worker *worker = ant__here()->worker;
    return worker != NULL && worker->sched == sched ? worker : NULL;
}

#endif
