// SPDX-License-Identifier: MIT

#include "task/task_local.h"

#include <stddef.h>

static void scope_drop(ant_future *future);
static ant_future *scope_child(const ant_future *future, unsigned i);
static void enter(ant_task_local_frame *frame);
static void leave(const ant_task_local_frame *frame);

#define SCOPE_OPS .drop = scope_drop, .child = scope_child

ANT_ASYNC_OPS(ant_task_local_scope, SCOPE_OPS)
{
    enter(&self->frame);
    ant_poll poll = ant__future_poll_as(self->inner, self->name, 0, cx);
    leave(&self->frame);
    if (poll == ANT_READY) self->base.result = self->inner->result;
    return poll;
}

struct ant_task_local_scope ant__task_local_scope(const ant_task_local *key,
                                                  void *value,
                                                  ant_future *inner,
                                                  const char *name)
{
    return (struct ant_task_local_scope){
        ANT_INIT(ant_task_local_scope),
        .name = name,
        .inner = inner,
        .frame = { .key = key, .value = value },
    };
}

void ant_task_local_sync_scope(const ant_task_local *key, void *value,
                               void (*fn)(void *arg), void *arg)
{
    ant_task_local_frame frame = { .key = key, .value = value };
    enter(&frame);
    fn(arg);
    leave(&frame);
}

void *ant_task_local_get(const ant_task_local *key)
{
    const ant_here *here = ant__here();
    const ant_task_local_frame *frame = here->locals;
    // One task may run others by itself: theirs begin above its own.
    while (frame != NULL && frame->task == here->task) {
        if (frame->key == key) return frame->value;
        frame = frame->outer;
    }
    return NULL;
}

static void scope_drop(ant_future *future)
{
    struct ant_task_local_scope *self = (void *)future;
    enter(&self->frame);
    ant_future_drop(self->inner);
    leave(&self->frame);
}

static ant_future *scope_child(const ant_future *future, unsigned i)
{
    const struct ant_task_local_scope *self = (const void *)future;
    return i == 0 ? self->inner : NULL;
}

// A panic jumps over leave(): then the harness of the task does it.
static void enter(ant_task_local_frame *frame)
{
    ant_here *here = ant__here();
    frame->task = here->task;
    frame->outer = here->locals;
    here->locals = frame;
}

static void leave(const ant_task_local_frame *frame)
{
    ant_here *here = ant__here();
    ANT_ASSERT(here->locals == frame);
    here->locals = frame->outer;
}
