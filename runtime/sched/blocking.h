// SPDX-License-Identifier: MIT
//
// The blocking pool: threads for jobs that keep a whole thread busy, so that no
// worker has to. A job is a task like any other whose one poll may take long.
// Threads are started when a job finds none idle, and end after a while without
// work. Tokio: runtime::blocking.
//
//   ant_blocking_init(&pool, &(ant_blocking_desc){ .driver = driver });
//   int err = ant_blocking_submit(&pool, task);
//   …
//   ant_task *left = ant_blocking_close(&pool); // and cancel these
//   bool is_over = ant_blocking_shutdown(&pool, deadline_ns);
//   if (is_over) ant_blocking_deinit(&pool);
//
// The hard thing: each queued job must find a thread. A thread that idles
// counts as taken from the moment a submitter claims it, not from when it wakes
// up; so two jobs never count on the same sleeper.
//
//   function               threads  allocates
//   ant_blocking_init      one      no
//   ant_blocking_submit    any      when it starts a thread
//   ant_blocking_thread_of any      no
//   ant_blocking_close     any      no
//   ant_blocking_shutdown  one      no
//   ant_blocking_deinit    one      no

#ifndef ANT_SCHED_BLOCKING_H
#define ANT_SCHED_BLOCKING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "base/os.h"
#include "core/driver.h"
#include "core/here.h"
#include "core/task.h"
#include "sched/hooks.h"

#define ANT_BLOCKING_THREAD_MAX    512
#define ANT_BLOCKING_KEEP_ALIVE_NS (10 * ANT_NS_PER_S)

typedef struct ant_blocking_desc {
    ant_driver *driver;
    struct ant_runtime *runtime; // that the threads belong to, may be NULL
    uint32_t thread_max;         // 0: ANT_BLOCKING_THREAD_MAX
    uint64_t keep_alive_ns;      // 0: ANT_BLOCKING_KEEP_ALIVE_NS
    const ant_hooks *hooks;      // of threads, may be NULL
    // There is one job more (+1), before it can run, or one less (-1), after it
    // ran or was given back. Any thread; may be NULL.
    void (*on_busy)(void *arg, int change);
    void *arg;
} ant_blocking_desc;

typedef struct ant_blocking {
    // fixed after init
    ant_blocking_desc desc;
    ant_parker closer; // where shutdown waits

    // under lock
    ant_os_mutex lock;
    ant_task *first; // queued jobs, linked by link.next
    ant_task *last;
    uint32_t queue_len;
    ant_list threads;  // all that were ever made
    ant_list idle;     // those that wait for a job, the latest in front
    ant_list spare;    // those that have ended, to be started again
    uint32_t made;     // in `threads`
    uint32_t alive;    // those that will look at the queue again
    uint32_t idle_len; // of these, in `idle`
    bool is_closed;    // takes no more jobs
    bool is_abandoned; // the threads were detached
    struct ant_blocking_thread *ended; // the latest to end, not yet joined
} ant_blocking;

// Is the task a job for a pool? Others belong on workers.
bool ant_blocking_is_job(const ant_task *task);

// Makes a pool without threads. It must not move any more.
void ant_blocking_init(ant_blocking *pool, const ant_blocking_desc *desc);

// Queues a job: ant_task_run will be called for it on a thread of the pool.
// 0; -ESHUTDOWN after close; or, when no thread is alive and none can be
// started, why (-EAGAIN, -ENOMEM). Then the task is still the caller's.
ANT_MUST_USE int ant_blocking_submit(ant_blocking *pool, ant_task *task);

// What the thread of the pool does that runs the task, NULL when none does. For
// a runtime that stands still.
const ant_here *ant_blocking_thread_of(ant_blocking *pool,
                                       const ant_task *task);

// Takes no more jobs and lets idle threads end. Returns the jobs that were not
// started and are not mandatory, linked through their `next`: the caller
// cancels these, and only these, since a thread may be about to run any other.
// May be called twice.
ant_task *ant_blocking_close(ant_blocking *pool);

// After close: waits until all threads have ended. False when that took longer
// than until deadline_ns: those still running are detached, and keep using the
// pool, its driver and their tasks' scheduler, which the caller must leave to
// them for ever.
ANT_MUST_USE bool ant_blocking_shutdown(ant_blocking *pool,
                                        uint64_t deadline_ns);

// Frees what a pool holds that was shut down.
void ant_blocking_deinit(ant_blocking *pool);

#endif
