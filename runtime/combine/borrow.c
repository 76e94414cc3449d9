// SPDX-License-Identifier: MIT

#include "combine/borrow.h"

static void borrow_drop(ant_future *future);
static ant_future *borrow_child(const ant_future *future, unsigned i);

ANT_ASYNC_OPS(ant_borrow, .drop = borrow_drop, .child = borrow_child)
{
    ant_poll poll =
        ant__future_poll_as(self->future, self->name, self->line, cx);
    if (poll == ANT_READY) self->base.result = self->future->result;
    return poll;
}

struct ant_borrow ant__borrow(ant_future *future, const char *name,
                              unsigned line)
{
    return (struct ant_borrow){
        ANT_INIT(ant_borrow),
        .name = name,
        .future = future,
        .line = line,
    };
}

// What is borrowed stays with its owner.
static void borrow_drop(ant_future *future)
{
    (void)future;
}

static ant_future *borrow_child(const ant_future *future, unsigned i)
{
    const struct ant_borrow *self = (const void *)future;
    return i == 0 ? self->future : NULL;
}
