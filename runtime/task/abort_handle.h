// SPDX-License-Identifier: MIT
//
// An abort handle is the right to ask one task to stop, and nothing else: it
// cannot wait for the task's end. It is made from a join handle and lives on
// when that is READY or detached, or belongs to somebody else; there may be any
// number. Each belongs to its owner, who drops it. Tokio: task::AbortHandle.
//
//   self->cook = ant_spawn(boil(1));
//   self->stop = ant_task_abort_handle(&self->cook);
//   ant_abort_handle_abort(&self->stop);
//   ant_abort_handle_drop(&self->stop);
//   return ANT_NEXT(KITCHEN_WAITING);
//
// The task is then destroyed at its next await, never in the middle of a poll:
// see ant_task_abort. The hard thing: a handle keeps the task's memory, not its
// future, so that it can be used, from any thread, long after the task's end.
//
//   function                     Tokio                    cancel alloc threads
//   ant_task_abort_handle        JoinHandle::abort_handle -      no    any
//   ant_abort_handle_abort       AbortHandle::abort       -      no    any
//   ant_abort_handle_is_finished AbortHandle::is_finished -      no    any
//   ant_abort_handle_id          AbortHandle::id          -      no    any
//   ant_abort_handle_clone       AbortHandle::clone       -      no    any
//   ant_abort_handle_drop        drop(AbortHandle)        -      no    any
//
// Any thread may use a handle, and two may use the same one, but for the drop.

#ifndef ANT_TASK_ABORT_HANDLE_H
#define ANT_TASK_ABORT_HANDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"
#include "core/task.h"

// {0} is dropped: there is nothing to stop.
typedef struct ant_abort_handle {
    ant_task *task;
} ant_abort_handle;

// An abort handle of the task; {0} when the join handle is READY or detached.
ANT_MUST_USE ant_abort_handle
ant_task_abort_handle(const struct ant_join_handle *handle);

// Asks the task to stop. Idempotent; late aborts do nothing.
void ant_abort_handle_abort(const ant_abort_handle *handle);

// True once the task's future is destroyed and its result is known.
ANT_MUST_USE bool ant_abort_handle_is_finished(const ant_abort_handle *handle);

// The task's number in the trace, 0 for {0}.
ANT_MUST_USE uint32_t ant_abort_handle_id(const ant_abort_handle *handle);

// A second handle of the same task.
ANT_MUST_USE ant_abort_handle
ant_abort_handle_clone(const ant_abort_handle *handle);

// Gives the handle up; the task runs on. Dropping twice does nothing.
void ant_abort_handle_drop(ant_abort_handle *handle);

#endif
