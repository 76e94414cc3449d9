// SPDX-License-Identifier: MIT

#include "combine/box.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"

static void box_drop(ant_future *future);

ANT_ASYNC_OPS(ant_box, .drop = box_drop, .is_hot = true)
{
    if (self->inside == NULL) return ANT_READY; // there was no memory
    if (ant__await(&self->base, self->inside, NULL, 0, cx) == ANT_PENDING)
        return ANT_PENDING;

    self->base.result = self->inside->result;
    if (self->out != NULL && self->base.result >= 0)
        memcpy(self->out, self->inside, self->inside->ops->size);
    ant_mem_free(self->inside);
    self->inside = NULL;
    return ANT_READY;
}

struct ant_box ant_box_move(ant_future *future)
{
    return ant__box_into(NULL, future);
}

struct ant_box ant__box_into(void *dest, ant_future *future)
{
    ANT_ASSERT(future->phase == ANT_PHASE_NEW);
    struct ant_box box = { ANT_INIT(ant_box), .out = dest };
    box.inside = ant_mem_alloc(future->ops->size);
    if (box.inside == NULL) {
        ant_future_drop(future);
        box.base.result = -ENOMEM;
    } else {
        memcpy(box.inside, future, future->ops->size);
    }
    return box;
}

static void box_drop(ant_future *future)
{
    struct ant_box *self = (struct ant_box *)(void *)future;
    if (self->inside == NULL) return;
    ant_future_drop(self->inside);
    ant_mem_free(self->inside);
    self->inside = NULL;
}
