// SPDX-License-Identifier: MIT
//
// What a task waits for, read from its futures: from the root down through
// whatever is awaited to the leaves, of which a join or a select has several.
// Only while nobody polls the task.

#ifndef ANT_RT_WAITS_H
#define ANT_RT_WAITS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/resource.h"
#include "sched/worker.h"

// One wait, and the place in the program that waits.
typedef struct ant_wait_at {
    ant_wait wait;
    const char *file;
    uint32_t line;
    bool is_any; // one among others, any of which would do
} ant_wait_at;

// False ends the walk.
typedef bool (*ant_wait_fn)(const ant_wait_at *at, void *arg);

// Calls `look` for everything the task waits for.
void ant__waits_each(ant_sched *sched, const ant_task *task, ant_wait_fn look,
                     void *arg);

// The thread that stands still in the middle of a poll of this task: a worker,
// or, without one, a thread of the blocking pool. NULL when there is none.
const ant_here *ant__thread_stuck_in(ant_sched *sched, const ant_task *task);

// The task with this number, NULL when it is over. For a runtime that stands
// still: it comes without a reference.
ant_task *ant__task_of_id(ant_sched *sched, uint32_t id);

#endif
