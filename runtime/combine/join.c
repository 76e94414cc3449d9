// SPDX-License-Identifier: MIT

#include "combine/join.h"

static int32_t first_error(const ant_children *children);

ANT__CHILDREN_SECOND(ant_join);

ANT_ASYNC_OPS(ant_join, ANT__CHILDREN_OPS)
{
    if (ant__children_poll_all(&self->children, &self->start, cx, NULL) ==
        ANT_PENDING)
        return ANT_PENDING;
    self->base.result = first_error(&self->children);
    return ANT_READY;
}

ant_future_ops *const ant__join_ops = &ant_join_ops;

static int32_t first_error(const ant_children *children)
{
    for (unsigned i = 0; i < children->count; i++) {
        const ant_future *child = ant__children_at(children, i);
        if (child != NULL && child->result < 0) return child->result;
    }
    return 0;
}
