// SPDX-License-Identifier: MIT
//
// The scheduler: workers that take tasks from run queues and poll them. One
// code for all flavours; they differ in the driver they stand on and in the few
// numbers of ant_sched_desc. Tokio: runtime::scheduler.
//
//   spawn, wake on a worker ---> its LIFO slot -> its ring --.   steal half
//   wake from elsewhere -------> injection queue ----------. |  <----------- a
//                                                          v v worker
//   a worker: LIFO slot, ring, now and then the injection queue, others' rings;
//   nothing anywhere: park, which drives timers and I/O
//
// Shutdown (sched/stop.c), each phase in the trace: nothing new starts (CLOSE);
// workers leave after the poll they are in, and destroy the tasks that may not
// leave them; the other tasks are destroyed, oldest first (CANCEL); the queues
// are emptied (DRAIN); the clock ends (DRIVER); blocking jobs that run or are
// mandatory are waited for (POOL).

#ifndef ANT_SCHED_SCHED_H
#define ANT_SCHED_SCHED_H

#include <stdbool.h>
#include <stdint.h>

#include "core/driver.h"
#include "core/task.h"
#include "sched/blocking.h"
#include "sched/hooks.h"
#include "sched/idle.h"
#include "sched/inject.h"
#include "sched/owned.h"
#include "time/timebase.h"
#include "time/timers.h"

struct ant_worker;

// How often a program that stands still is looked at again while threads exist
// that might wake it.
#define ANT_SCHED_SUSPECT_NS ANT_NS_PER_S

typedef struct ant_sched_desc {
    ant_driver *driver;
    ant_timers *timers;
    ant_timebase *timebase;      // where the timers' time comes from
    struct ant_runtime *runtime; // for ant_here
    uint32_t worker_count;
    uint64_t seed;
    bool is_current; // one worker, on the thread that blocks; no LIFO slot
    bool is_sim;     // records what else could have been chosen
    bool has_lifo;
    uint32_t inject_interval; // polls between looks at the injection queue
    uint32_t event_interval;  // polls between looks at timers and I/O
    uint32_t blocking_max;    // threads of the blocking pool
    uint64_t keep_alive_ns;   // of its idle threads
    const char *thread_name;  // workers' threads are this and a number
    ant_hooks hooks;
    bool stops_on_panic; // a task that panics ends all others
    // A simulation: one of so many polls that were PENDING, by the seed, is
    // followed by a poll for no reason. 0: none.
    uint32_t spurious_interval;
    // A simulation under a schedule: which of `count` ready tasks is next, 0
    // for the oldest. NULL: the oldest. It may end the program.
    uint32_t (*choose)(uint32_t count, void *arg);
    // Are there threads that are not the runtime's and might wake a task? NULL:
    // never.
    bool (*has_strangers)(void *arg);
    // Nothing can ever wake again while somebody blocks on the runtime. Called
    // on the thread that noticed; it may not return.
    void (*on_stall)(void *arg);
    // A task panicked, on the thread that polled it. May be NULL.
    void (*on_panic)(const ant_task *task, const ant_failure *failure,
                     void *arg);
    void *arg;
} ant_sched_desc;

typedef struct ant_sched {
    ant_scheduler base; // first
    // fixed after init
    ant_sched_desc desc;
    struct ant_worker *worker;
    // whoever closes it
    ant_task *unstarted; // blocking jobs to be cancelled, linked by link.next
    // any thread
    ANT_CACHE_ALIGNED ant_inject inject;
    ANT_CACHE_ALIGNED ant_idle idle;
    ant_owned owned;
    ant_blocking blocking;
    ANT_CACHE_ALIGNED ant_atomic_u32 root_count; // block_on calls under way
    ant_atomic_u32 job_count; // blocking jobs that are not over
    ant_atomic_u8 is_closing;
    ant_atomic_u8 has_failed; // a panic has stopped it
    ant_atomic_u8 has_stalled;
    // It would be a stall but for strangers: when to look again, 0 for never.
    ant_atomic_u64 suspect_ns;
} ant_sched;

// Prepares everything; starts no thread. 0 or -errno; after a failure nothing
// is left to free.
int ant_sched_init(ant_sched *sched, const ant_sched_desc *desc);

// Starts the workers' threads (none for a current-thread scheduler). 0 or
// -errno, then as after ant_sched_stop().
int ant_sched_start(ant_sched *sched);

// Current-thread: the calling thread is the worker until *done is not 0.
void ant_sched_run_here(ant_sched *sched, ant_atomic_u8 *done);

// Shuts down as said above; waits until deadline_ns at most for blocking jobs
// (ANT_NS_NEVER: as long as they take). False when some were left running.
bool ant_sched_stop(ant_sched *sched, uint64_t deadline_ns);

// Frees what init made. Only after ant_sched_stop() returned true.
void ant_sched_deinit(ant_sched *sched);

// Makes a task of a copy of `future` and starts it. After a failure the handle
// is READY with the error.
ANT_MUST_USE struct ant_join_handle
ant_sched_spawn(ant_sched *sched, const ant_future *future,
                const ant_task_origin *origin);

// As ant_sched_spawn, on a worker: the task stays with it. On any other thread
// this is a programmer's error and traps.
ANT_MUST_USE struct ant_join_handle
ant_sched_spawn_local(ant_sched *sched, const ant_future *future,
                      const ant_task_origin *origin);

// Current-thread, after a panic has stopped everything: destroys the tasks that
// are left, on the thread that was the worker.
void ant_sched_cancel_here(ant_sched *sched);

// A thread begins to wait for its root task (+1); that is over (-1). The second
// may come before the first.
void ant_sched_root_add(ant_sched *sched, int change);

// There is new work: wakes a worker for it, when one is needed.
void ant__sched_notify(ant_sched *sched);

// Time that stands still moves on to the next timer, unless a blocking job may
// still do something before it.
void ant__sched_pass_time(ant_sched *sched);

// A task is over, and somebody wants to know; a task has panicked.
void ant__sched_ended(ant_sched *sched, uint32_t id, const char *name);
void ant__sched_panicked(ant_sched *sched, ant_task *task,
                         const ant_failure *failure);

// Begins to close: no task starts, workers leave, what is woken stays where it
// is. Nothing when that has begun already.
void ant__sched_close(ant_sched *sched);

// Destroys the tasks of this worker that may not leave it, on its thread.
void ant__sched_cancel_pinned(struct ant_worker *worker);

// Is there a task anywhere that a worker could take?
bool ant__sched_has_work(const ant_sched *sched);

// Called when the count of running threads may have reached 0.
void ant__sched_check_stall(ant_sched *sched);

static inline bool ant__sched_is_closing(const ant_sched *sched)
{
    // acquire: pairs with the release in ant_sched_stop().
    return ant_atomic_load(&sched->is_closing, ANT_ACQUIRE) != 0;
}

#endif
