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
    uint8_t kind;   // ANT_TASK_…
    uint8_t volume; // in which the scheduler's books have it

    // any thread, atomic
    ant_task_state state;

    // whoever has the task in a queue: the scheduler
    union {
        ant_task *next;             // in a run queue
        const ant_failure *failure; // when the task is COMPLETE
    } link;
    ant_list owned; // in the scheduler's list of all its tasks, under its lock

    // the handle's until JOIN_WAKER is set, then the task's
    ant_waker joiner;

    // fixed after it was made
    ant_task_hook *hook; // hears of the end, or NULL

    // whoever took it from its queue, or set RUNNING; when COMPLETE, the handle
    _Alignas(16) ant_future future; // the root future, whole, to the end
};

// The task that embeds this wakeable.
static inline ant_task *ant_task_of(ant_wakeable *wakeable)
{
    return ANT_CONTAINER_OF(wakeable, ant_task, wakeable);
}

// What the wakers of every task do.
extern const ant_waker_ops ant__task_waker_ops;

// Length of the name without its arguments: "fetch_user(7)" has 10.
int ant_task_name_len(const ant_task *task);

// Writes the name without its arguments, cut to `size`; "" for no task.
void ant__task_copy_name(const ant_task *task, char *ret_name, size_t size);

// Asks the task to stop; see ant_task_abort.
void ant__task_abort(ant_task *task);

// Keeps the block while somebody looks at it.
void ant__task_ref(ant_task *task);
void ant__task_unref(ant_task *task);

// Destroys the future, stores the outcome (ANT_RESULT_…), and only then says
// that the task is over (semantics J3). The caller has it for itself. `why`
// (ANT_DROP_…) is for the trace; `panic` says which, when it was one.
void ant__task_finish(ant_task *task, uint32_t outcome, uint32_t why,
                      struct ant_panic *panic);

// A panic jumps over the ends of the task-local scopes that it was in.
void ant__task_leave_scopes(const ant_task *task);

// The last reference is gone.
void ant__task_free(ant_task *task);

// The join handle goes away, with its waker and its reference.
void ant__task_leave(ant_task *task);

#endif
