// SPDX-License-Identifier: MIT

#include "combine/try_join.h"

ANT__CHILDREN_SECOND(ant_try_join);

ANT_ASYNC_OPS(ant_try_join, ANT__CHILDREN_OPS)
{
    if (ant__children_poll_all(&self->children, &self->start, cx,
                               &self->failed) == ANT_PENDING)
        return ANT_PENDING;
    if (self->failed < 0) return ANT_READY;

    const unsigned place = (unsigned)self->failed;
    self->base.result = ant__children_at(&self->children, place)->result;
    ant__children_drop(&self->children);
    return ANT_READY;
}

ant_future_ops *const ant__try_join_ops = &ant_try_join_ops;
