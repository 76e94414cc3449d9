// SPDX-License-Identifier: MIT
//
// A worker's run queue: a ring of 256 tasks. Its owner pushes at the tail and
// pops at the head; other workers steal half of it from the head. Neither side
// takes a lock. Tokio: runtime::scheduler::multi_thread::queue.
//
// The hard thing is the head, one word with two cursors of 32 bits: `real`,
// from where the owner pops and the next thief starts, and `steal`, from where
// a thief that is still copying started. The slots between them belong to that
// thief, and the owner may not write over them. While the two differ, no second
// thief may start. 32 bits make it impossible that a thief sleeps through a
// whole turn of the cursor.

#ifndef ANT_SCHED_LOCAL_QUEUE_H
#define ANT_SCHED_LOCAL_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/atomic.h"
#include "base/macros.h"
#include "core/task.h"

#ifndef ANT_LOCAL_QUEUE_MAX
#define ANT_LOCAL_QUEUE_MAX 256u // a power of two; torture builds use 4
#endif

typedef struct ant_local_queue {
    // any thread, atomic
    ANT_CACHE_ALIGNED ant_atomic_u64 head; // steal << 32 | real
    // fixed after init
    bool is_shared;
    // owner writes, any thread reads
    ANT_CACHE_ALIGNED ant_atomic_u32 tail;
    ant_atomic_ptr slot[ANT_LOCAL_QUEUE_MAX];
} ant_local_queue;

// Where tasks go that do not fit: called with a chain of `count` tasks linked
// through their `next`, oldest first.
typedef void (*ant_overflow_fn)(ant_task *first, ant_task *last, uint32_t count,
                                void *arg);

// An empty ring. Nobody will steal from it unless it is shared: then the owner
// need not agree with anybody on what it takes.
void ant_local_queue_init(ant_local_queue *queue, bool is_shared);

// Owner: appends `task`. When the ring is full, the newer half and the task go
// to `overflow`, so that a task that came from there is not sent back unpolled.
void ant_local_queue_push(ant_local_queue *queue, ant_task *task,
                          ant_overflow_fn overflow, void *arg);

// Owner: appends the tasks of a chain, linked through their `next`, as far as
// there is room. Returns the first that found none, NULL when all did.
ANT_MUST_USE ant_task *ant_local_queue_push_chain(ant_local_queue *queue,
                                                  ant_task *first);

// Owner: takes the oldest task, NULL when there is none.
ant_task *ant_local_queue_pop(ant_local_queue *queue);

// Owner of `to`: moves half of `from` there, the oldest ones, rounded up, and
// returns the newest of these, which is not left in `to`. NULL when there was
// nothing, or another thief was at it, or `to` has no room. `moved` is called
// for each task before others can see it in its new place.
ant_task *ant_local_queue_steal(ant_local_queue *from, ant_local_queue *to,
                                void (*moved)(ant_task *task, void *arg),
                                void *arg);

// Owner: the i-th oldest task, which stays where it is. Nobody may be stealing,
// as in a simulation.
ant_task *ant_local_queue_peek(const ant_local_queue *queue, uint32_t i);

// Owner: takes the i-th oldest task. Nobody may be stealing.
ant_task *ant_local_queue_take(ant_local_queue *queue, uint32_t i);

// How many tasks are in the ring: exact for the owner, a guess for others.
uint32_t ant_local_queue_len(const ant_local_queue *queue);

// Free places, for the owner.
uint32_t ant_local_queue_room(const ant_local_queue *queue);

#endif
