// SPDX-License-Identifier: MIT
//
// What a task is made of, for the scheduler and the debugger. Everybody else
// uses core/task.h.

#ifndef ANT_CORE_TASK_BLOCK_H
#define ANT_CORE_TASK_BLOCK_H

#include "base/list.h"
#include "core/task.h"
#include "core/task_state.h"

struct ant_task {
    // fixed after it was made
    ant_wakeable wakeable; // first: a waker points here
    ant_scheduler *scheduler;
    const char *name; // as written in the source, up to a '('
    uint32_t id;
    uint32_t kind; // ANT_TASK_…

    // any thread, atomic
    ant_task_state state;

    // whoever has the task in a queue: the scheduler
    union {
        ant_task *next;       // in a run queue
        ant_failure *failure; // when the task is COMPLETE
    } link;
    ant_list owned; // in the scheduler's list of all its tasks, under its lock

    // the handle's until JOIN_WAKER is set, then the task's
    ant_waker joiner;

    // whoever set RUNNING; when COMPLETE, the handle
    _Alignas(16) ant_future future; // the root future, whole, to the end
};

// The task that embeds this wakeable.
static inline ant_task *ant_task_of(ant_wakeable *wakeable)
{
    return ANT_CONTAINER_OF(wakeable, ant_task, wakeable);
}

// Length of the name without its arguments: "fetch_user(7)" has 10.
int ant_task_name_len(const ant_task *task);

// Keeps the block while somebody looks at it.
void ant__task_ref(ant_task *task);
void ant__task_unref(ant_task *task);

#endif
