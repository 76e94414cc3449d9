// SPDX-License-Identifier: MIT

#include "combine/race.h"

#include <errno.h>

static int32_t result_at(const ant_children *children, int place);
static bool is_ok(const ant_future *branch, unsigned place, void *arg);

ANT__CHILDREN_SECOND(ant_race);
ANT__CHILDREN_SECOND(ant_select_ok);

ANT_ASYNC_OPS(ant_race, ANT__CHILDREN_OPS, .needs_any = true)
{
    const unsigned start = ant__children_draw(&self->children, cx);
    switch (ant__children_poll_first(&self->children, start, cx, NULL, NULL,
                                     &self->winner)) {
    case ANT_FIRST_PENDING:
        return ANT_PENDING;
    case ANT_FIRST_FOUND:
        self->base.result = result_at(&self->children, self->winner);
        return ANT_READY;
    case ANT_FIRST_NONE:
        return ANT_FAIL(-EINVAL);
    }
    ANT_UNREACHABLE();
}

ant_future_ops *const ant__race_ops = &ant_race_ops;

// ---- The first that succeeds ----

ANT_ASYNC_OPS(ant_select_ok, ANT__CHILDREN_OPS, .needs_any = true)
{
    switch (ant__children_poll_first(&self->children, 0, cx, is_ok, NULL,
                                     &self->last)) {
    case ANT_FIRST_PENDING:
        return ANT_PENDING;
    case ANT_FIRST_FOUND:
        self->winner = self->last;
        self->base.result = result_at(&self->children, self->winner);
        return ANT_READY;
    case ANT_FIRST_NONE:
        if (self->last < 0) return ANT_FAIL(-EINVAL);
        return ANT_FAIL(result_at(&self->children, self->last));
    }
    ANT_UNREACHABLE();
}

ant_future_ops *const ant__select_ok_ops = &ant_select_ok_ops;

static bool is_ok(const ant_future *branch, unsigned place, void *arg)
{
    (void)place, (void)arg;
    return branch->result >= 0;
}

static int32_t result_at(const ant_children *children, int place)
{
    return ant__children_at(children, (unsigned)place)->result;
}
