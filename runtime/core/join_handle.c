// SPDX-License-Identifier: MIT
//
// The join handle: the half of a task that waits for its end. The handle's
// waker lives in the task, and the JOIN_WAKER bit says whose it is: the
// handle's while the bit is clear, the task's while it is set.

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "core/resource.h"
#include "core/task.h"
#include "core/task_block.h"
#include "trace/trace.h"

static void handle_on_drop(ant_future *future);
static bool handle_waits_on(const ant_future *future, ant_wait *ret_wait);
static bool is_over_else_register(ant_task *task, const ant_waker *waker);
static void take_output(struct ant_join_handle *self);

#define HANDLE_OPS                                                             \
    .drop = handle_on_drop, .is_hot = true, .waits_on = handle_waits_on

ANT_ASYNC_OPS(ant_join_handle, HANDLE_OPS)
{
    if (self->task == NULL) return ANT_READY; // it failed to start
    const uint32_t on = self->task->id;
    if (!is_over_else_register(self->task, &cx->waker)) {
        if (!self->has_waited) ANT_TRACE(join_wait, .task = cx->task, .on = on);
        self->has_waited = true;
        return ANT_PENDING;
    }
    if (!ant_coop_consume(cx)) return ANT_PENDING;
    take_output(self);
    return ANT_READY;
}

ant_future_ops *const ant__join_handle_ops = &ant_join_handle_ops;

struct ant_join_handle ant__join_handle_failed(int err)
{
    struct ant_join_handle handle = { ANT_INIT(ant_join_handle) };
    handle.base.result = err;
    return handle;
}

bool ant__join_handle_wait(struct ant_join_handle *handle,
                           const ant_waker *waker)
{
    if (handle->task == NULL) return true;
    if (!is_over_else_register(handle->task, waker)) return false;
    take_output(handle);
    return true;
}

void ant_task_abort(const struct ant_join_handle *handle)
{
    if (handle->task != NULL) ant__task_abort(handle->task);
}

void ant_task_detach(struct ant_join_handle *handle)
{
    handle->base.phase = ANT_PHASE_ENDED;
    ant_task *task = handle->task;
    if (task == NULL) return;

    handle->task = NULL;
    ANT_TRACE(task_detach, .task = task->id);
    ant__task_leave(task);
}

bool ant_task_is_finished(const struct ant_join_handle *handle)
{
    return handle->task == NULL ||
           ant_task_state_is(&handle->task->state, ANT_STATE_COMPLETE);
}

uint32_t ant_task_id(const struct ant_join_handle *handle)
{
    return handle->task != NULL ? handle->task->id : 0;
}

void ant_task_name(const struct ant_join_handle *handle, char *ret_name,
                   size_t size)
{
    ant__task_copy_name(handle->task, ret_name, size);
}

static void handle_on_drop(ant_future *future)
{
    ant_task_detach((struct ant_join_handle *)(void *)future);
}

static bool handle_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_join_handle *self = (const void *)future;
    if (self->task == NULL) return false;
    *ret_wait = (ant_wait){
        .kind = ANT_RES_TASK,
        .res = self->task->id,
        .name = self->task->name,
        .holder = self->task->id,
    };
    return true;
}

// True when the task is over. Otherwise its end will wake `waker`.
static bool is_over_else_register(ant_task *task, const ant_waker *waker)
{
    ant_task_state *state = &task->state;
    if (ant_task_state_is(state, ANT_STATE_COMPLETE)) return true;
    if (ant_task_state_is(state, ANT_STATE_JOIN_WAKER)) {
        // The stored waker may be read, but only changed after taking it back.
        if (ant_waker_same(&task->joiner, waker)) return false;
        if (!ant_task_state_unset_joiner(state)) return true;
        ant_waker_drop(&task->joiner);
    }
    task->joiner = ant_waker_clone(waker);
    if (ant_task_state_set_joiner(state)) return false;
    ant_waker_drop(&task->joiner);
    return true;
}

// Moves what the finished task left behind into the handle and lets it go.
static void take_output(struct ant_join_handle *self)
{
    ant_task *task = self->task;
    self->base.result = task->future.result;
    self->failure = task->link.failure;
    if (self->out != NULL && self->base.result >= 0)
        memcpy(self->out, &task->future, task->future.ops->size);
    self->task = NULL;
    ant__task_leave(task);
}
