// SPDX-License-Identifier: MIT
//
// Who is awake, who searches for work, whom to wake. At most half of the
// workers search at once; as long as one does, nobody else needs waking, since
// a searcher that finds work wakes the next one. Tokio: multi_thread::idle.
//
// The hard thing: a task is pushed while the last searcher gives up. Either the
// pusher sees that nobody searches any more and wakes somebody, or the searcher
// sees the task in its last look after saying that it stopped. That needs one
// order for all: both sides use sequentially consistent read-modify-writes of
// the state word (a plain load on the pusher's side was Tokio's bug 1768).

#ifndef ANT_SCHED_IDLE_H
#define ANT_SCHED_IDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/atomic.h"
#include "base/os.h"

// It also counts the threads of the runtime that can still do something: awake
// workers and blocking jobs, less those stuck in a thread mutex. Only a thread
// that runs can make another one run, or time and the world can; so when the
// count is 0, the runtime moves again by a timer or by I/O, or never.

typedef struct ant_idle {
    // fixed after init
    uint32_t worker_count;
    // any thread, atomic
    ant_atomic_u32 state;   // awake << 16 | searching
    ant_atomic_u64 running; // how often it changed << 32 | how many
    // under lock
    ant_os_mutex lock;
    uint32_t *sleeper; // worker numbers, a stack: the last is the warmest
    uint32_t sleeper_count;
} ant_idle;

// All workers count as awake. 0 or -ENOMEM.
int ant_idle_init(ant_idle *idle, uint32_t worker_count);
void ant_idle_deinit(ant_idle *idle);

// There is new work: which sleeping worker should be unparked for it? It counts
// as awake and searching from now on. -1: nobody needs to be.
int ant_idle_notify(ant_idle *idle);

// A guess whether that is so, for whoever has the work and will do it anyway.
bool ant_idle_may_notify(const ant_idle *idle);

// There is work for this worker alone. True when it was asleep and should be
// unparked; it counts as awake and searching from now on.
bool ant_idle_call(ant_idle *idle, uint32_t worker);

// The worker wants to search others' queues. False when enough are at it.
bool ant_idle_search_begin(ant_idle *idle);

// It stops, having found work. True when it was the last: then one more worker
// should be woken, since there may be more work.
bool ant_idle_search_end(ant_idle *idle);

// The worker goes to sleep. True when it was the last searcher: then it must
// look at all queues once more.
bool ant_idle_sleep(ant_idle *idle, uint32_t worker, bool is_searching);

// The worker woke by itself (timer, I/O): takes it off the sleepers. False when
// somebody had notified it already, so that it counts as searching.
bool ant_idle_wake_self(ant_idle *idle, uint32_t worker);

// A blocking job is submitted (+1) or over (-1); a thread gets stuck in a
// thread mutex (-1) or will come out of it (+1). Returns how many can run now.
uint32_t ant_idle_running_add(ant_idle *idle, int change);
uint32_t ant_idle_running(const ant_idle *idle);

// A number that is another one after each change of `running`: as long as it
// stays the same and nobody runs, nothing in the runtime moves.
uint64_t ant_idle_moment(const ant_idle *idle);

// How many workers search now, for the trace.
uint32_t ant_idle_searching(const ant_idle *idle);
uint32_t ant_idle_sleeping(ant_idle *idle);
bool ant_idle_is_sleeping(ant_idle *idle, uint32_t worker);

#endif
