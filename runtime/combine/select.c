// SPDX-License-Identifier: MIT

#include "combine/select.h"

#include <errno.h>

#include "base/rng.h"
#include "trace/trace.h"

static void select_drop(ant_future *future);
static ant_future *select_child(const ant_future *future, unsigned i);
static unsigned draw_start(const struct ant_select *self, ant_cx *cx);

#define SELECT_OPS .drop = select_drop, .child = select_child, .needs_any = true

ANT_ASYNC_OPS(ant_select, SELECT_OPS)
{
    // A loop around a select whose branches are always ready has to yield too.
    if (cx->budget <= 0 && !ant_coop_consume(cx)) return ANT_PENDING;

    const unsigned count = self->children.count;
    const unsigned start = draw_start(self, cx);
    unsigned pending_count = 0;
    for (unsigned n = 0; n < count; n++) {
        const unsigned i = (start + n) % count;
        if (ant__children_alive_at(&self->children, i) == NULL) continue;
        if (ant__children_poll(&self->children, i, cx) == ANT_PENDING) {
            pending_count++;
            continue;
        }
        self->winner = (int)i;
        self->base.result = ant__children_at(&self->children, i)->result;
        ant__children_drop(&self->children);
        return ANT_READY;
    }
    return pending_count > 0 ? ANT_PENDING : ANT_FAIL(-EINVAL);
}

struct ant_select ant__select(ant_children children, bool is_biased)
{
    return (struct ant_select){
        ANT_INIT(ant_select),
        .children = children,
        .winner = -1,
        .is_biased = is_biased,
    };
}

static void select_drop(ant_future *future)
{
    struct ant_select *self = (struct ant_select *)(void *)future;
    ant__children_drop(&self->children);
}

static ant_future *select_child(const ant_future *future, unsigned i)
{
    const struct ant_select *self = (const void *)future;
    return ant__children_nth(&self->children, i);
}

// The branch to poll first.
static unsigned draw_start(const struct ant_select *self, ant_cx *cx)
{
    const unsigned count = self->children.count;
    if (self->is_biased || cx->rng == NULL || count < 2) return 0;
    const uint32_t start = ant_rng_below(cx->rng, count);
    ANT_TRACE(random, .use = ANT_RANDOM_SELECT, .value = start, .below = count);
    return start;
}
