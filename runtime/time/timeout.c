// SPDX-License-Identifier: MIT

#include "time/timeout.h"

#include <errno.h>

static void timeout_drop(ant_future *future);
static ant_future *timeout_child(const ant_future *future, unsigned i);
static ant_poll poll_limit(struct ant_timeout *self, ant_cx *cx,
                           bool has_used_up);

#define TIMEOUT_OPS                                                            \
    .drop = timeout_drop, .child = timeout_child, .needs_any = true

ANT_ASYNC_OPS(ant_timeout, TIMEOUT_OPS)
{
    const bool had_budget = cx->budget > 0;
    if (ant__future_poll_as(self->inner, self->name, self->line, cx) ==
        ANT_READY) {
        ant_future_drop(&self->limit.base);
        self->base.result = self->inner->result;
        return ANT_READY;
    }
    if (poll_limit(self, cx, had_budget && cx->budget == 0) == ANT_PENDING)
        return ANT_PENDING;

    ant_future_drop(self->inner);
    if (self->limit.base.result < 0) return ANT_FAIL(self->limit.base.result);
    self->is_elapsed = true;
    return ANT_FAIL(-ETIMEDOUT);
}

ant_future_ops *const ant__timeout_ops = &ant_timeout_ops;

static void timeout_drop(ant_future *future)
{
    struct ant_timeout *self = (struct ant_timeout *)(void *)future;
    ant_future_drop(self->inner);
    ant_future_drop(&self->limit.base);
}

static ant_future *timeout_child(const ant_future *future, unsigned i)
{
    struct ant_timeout *self = (struct ant_timeout *)(uintptr_t)future;
    return i == 0 ? self->inner : i == 1 ? &self->limit.base : NULL;
}

// A future that always uses up the budget must not outlive its deadline for
// it: the limit then gets an operation that does not count.
static ant_poll poll_limit(struct ant_timeout *self, ant_cx *cx,
                           bool has_used_up)
{
    if (has_used_up) cx->budget = 1;
    ant_poll poll =
        ant__future_poll_as(&self->limit.base, "timer", self->line, cx);
    if (has_used_up) cx->budget = 0;
    return poll;
}
