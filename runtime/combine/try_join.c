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

struct ant_try_join ant__try_join(ant_children children)
{
    return (struct ant_try_join){
        ANT_INIT(ant_try_join),
        .children = children,
        .failed = -1,
    };
}
