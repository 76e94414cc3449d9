// SPDX-License-Identifier: MIT
//
// A worker's own tasks: those that were spawned with ant_spawn_local and never
// leave it. They are a scheduler of their own (core/task.h) inside of the
// worker: such a task's waker comes here, whoever uses it, and so nothing about
// other tasks has to ask where they belong. Tokio: task::LocalSet.
//
//   woken on the worker -----> queue
//   woken elsewhere ---------> inbox --(the worker is called)--> queue
//
// The hard thing: a task comes into the inbox while its worker falls asleep,
// and no other worker can run it instead. So whoever put it there calls this
// very worker when it sleeps already, and a worker that has said that it sleeps
// looks into its inbox once more.

#ifndef ANT_SCHED_PINNED_H
#define ANT_SCHED_PINNED_H

#include <stdbool.h>
#include <stdint.h>

#include "core/task.h"
#include "sched/inject.h"

struct ant_worker;

typedef struct ant_pinned {
    ant_scheduler base; // first
    // fixed after init
    struct ant_worker *worker;
    // any thread
    ant_inject inbox;
    // the worker only
    ant_task *first; // the queue, linked by link.next
    ant_task *last;
    uint32_t len;
    bool is_used; // there ever was such a task
} ant_pinned;

// A worker without such tasks; nothing allocates.
void ant__pinned_init(ant_pinned *pinned, struct ant_worker *worker);
void ant__pinned_deinit(ant_pinned *pinned);

// The worker: appends a task of its own.
void ant__pinned_push(ant_pinned *pinned, ant_task *task);

// The worker: takes the oldest task, those of the inbox behind the others. NULL
// when there is none.
ant_task *ant__pinned_pop(ant_pinned *pinned);

// The worker: is there one?
bool ant__pinned_has_work(const ant_pinned *pinned);

// Shutdown: forgets what is queued and ignores what will come.
void ant__pinned_close(ant_pinned *pinned);

#endif
