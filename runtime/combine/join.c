// SPDX-License-Identifier: MIT

#include "combine/join.h"

static void join_drop(ant_future *future);
static ant_future *join_child(const ant_future *future, unsigned i);
static int32_t first_error(const ant_children *children);

ANT_ASYNC_OPS(ant_join, .drop = join_drop, .child = join_child)
{
    const unsigned count = self->children.count;
    const unsigned start = self->start;
    unsigned pending_count = 0;
    self->start = 0;

    for (unsigned n = 0; n < count; n++) {
        const unsigned i = (start + n) % count;
        if (ant__children_alive_at(&self->children, i) == NULL) continue;

        const int32_t budget = cx->budget;
        if (ant__children_poll(&self->children, i, cx) == ANT_PENDING)
            pending_count++;
        if (budget > 0 && cx->budget == 0) self->start = (i + 1) % count;
    }
    if (pending_count > 0) return ANT_PENDING;
    self->base.result = first_error(&self->children);
    return ANT_READY;
}

struct ant_join ant__join(ant_children children)
{
    return (struct ant_join){ ANT_INIT(ant_join), .children = children };
}

static void join_drop(ant_future *future)
{
    struct ant_join *self = (struct ant_join *)(void *)future;
    ant__children_drop(&self->children);
}

static ant_future *join_child(const ant_future *future, unsigned i)
{
    const struct ant_join *self = (const void *)future;
    return ant__children_nth(&self->children, i);
}

static int32_t first_error(const ant_children *children)
{
    for (unsigned i = 0; i < children->count; i++) {
        const ant_future *child = ant__children_at(children, i);
        if (child != NULL && child->result < 0) return child->result;
    }
    return 0;
}
