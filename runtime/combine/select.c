// SPDX-License-Identifier: MIT

#include "combine/select.h"

#include <errno.h>

ANT__CHILDREN_SECOND(ant_select);

ANT_ASYNC_OPS(ant_select, ANT__CHILDREN_OPS, .needs_any = true)
{
    ant_children *branches = &self->children;
    const unsigned start =
        self->is_biased ? 0 : ant__children_draw(branches, cx);
    int last;
    switch (ant__children_poll_first(branches, start, cx, self->matches,
                                     self->matches_arg, &last)) {
    case ANT_FIRST_PENDING:
        return ANT_PENDING;
    case ANT_FIRST_FOUND:
        self->winner = last;
        self->base.result = ant__children_at(branches, (unsigned)last)->result;
        return ANT_READY;
    case ANT_FIRST_NONE:
        return ANT_FAIL(-EINVAL); // the winner stays ANT_SELECT_ELSE
    }
    ANT_UNREACHABLE();
}

ant_future_ops *const ant__select_ops = &ant_select_ops;

ant_future *ant_when(bool condition, ant_future *branch)
{
    if (condition) return branch;
    ant_future_drop(branch);
    return NULL;
}
