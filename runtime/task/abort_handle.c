// SPDX-License-Identifier: MIT

#include "task/abort_handle.h"

#include "core/task_block.h"

static ant_abort_handle handle_of(ant_task *task)
{
    if (task != NULL) ant__task_ref(task);
    return (ant_abort_handle){ task };
}

ant_abort_handle ant_task_abort_handle(const struct ant_join_handle *handle)
{
    return handle_of(handle->task);
}

void ant_abort_handle_abort(const ant_abort_handle *handle)
{
    if (handle->task != NULL) ant__task_abort(handle->task);
}

bool ant_abort_handle_is_finished(const ant_abort_handle *handle)
{
    return handle->task == NULL ||
           ant_task_state_is(&handle->task->state, ANT_STATE_COMPLETE);
}

uint32_t ant_abort_handle_id(const ant_abort_handle *handle)
{
    return handle->task != NULL ? handle->task->id : 0;
}

ant_abort_handle ant_abort_handle_clone(const ant_abort_handle *handle)
{
    return handle_of(handle->task);
}

void ant_abort_handle_drop(ant_abort_handle *handle)
{
    ant_task *task = handle->task;
    handle->task = NULL;
    if (task != NULL) ant__task_unref(task);
}
