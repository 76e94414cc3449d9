// SPDX-License-Identifier: MIT

#include "task/coop.h"

#include "core/here.h"

static void unconstrained_drop(ant_future *future);
static ant_future *unconstrained_child(const ant_future *future, unsigned i);

ANT_ASYNC(ant_consume_budget)
{
    (void)self;
    return ant_coop_consume(cx) ? ANT_READY : ANT_PENDING;
}

struct ant_consume_budget ant_consume_budget(void)
{
    return (struct ant_consume_budget){ ANT_INIT(ant_consume_budget) };
}

#define UNCONSTRAINED_OPS                                                      \
    .drop = unconstrained_drop, .child = unconstrained_child

ANT_ASYNC_OPS(ant_unconstrained, UNCONSTRAINED_OPS)
{
    const bool was_unconstrained = cx->is_unconstrained;
    const int32_t budget = cx->budget;
    cx->is_unconstrained = true;
    ant_poll poll = ant__future_poll_as(self->inner, self->name, 0, cx);
    cx->is_unconstrained = was_unconstrained;
    cx->budget = budget;
    if (poll == ANT_READY) self->base.result = self->inner->result;
    return poll;
}

struct ant_unconstrained ant__unconstrained(ant_future *inner, const char *name)
{
    return (struct ant_unconstrained){
        ANT_INIT(ant_unconstrained),
        .name = name,
        .inner = inner,
    };
}

bool ant_has_budget_remaining(void)
{
    const ant_cx *cx = ant__here()->cx;
    return cx == NULL || cx->is_unconstrained || cx->budget > 0;
}

static void unconstrained_drop(ant_future *future)
{
    struct ant_unconstrained *self = (void *)future;
    ant_future_drop(self->inner);
}

static ant_future *unconstrained_child(const ant_future *future, unsigned i)
{
    const struct ant_unconstrained *self = (const void *)future;
    return i == 0 ? self->inner : NULL;
}
