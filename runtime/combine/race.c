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

struct ant_race ant__race(ant_children children)
{
    return (struct ant_race){
        ANT_INIT(ant_race),
        .children = children,
        .winner = -1,
    };
}

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

struct ant_select_ok ant__select_ok(ant_children children)
{
    return (struct ant_select_ok){
        ANT_INIT(ant_select_ok),
        .children = children,
        .winner = -1,
        .last = -1,
    };
}

static bool is_ok(const ant_future *branch, unsigned place, void *arg)
{
    (void)place, (void)arg;
    return branch->result >= 0;
}

static int32_t result_at(const ant_children *children, int place)
{
    return ant__children_at(children, (unsigned)place)->result;
}
