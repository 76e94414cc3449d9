// SPDX-License-Identifier: MIT
//
// The example of task/coop.h.

#include <antfarm.h>

struct counter {
    ant_future base;
    enum { COUNTER_START, COUNTER_PAYING } state;
    int count;
    struct ant_consume_budget turn;
};

ANT_ASYNC(counter)
{
    switch (self->state) {
    case COUNTER_START:
        if (self->count++ == 1000) return ANT_READY;
        self->turn = ant_consume_budget();
        return ANT_NEXT(COUNTER_PAYING);
    case COUNTER_PAYING:
        ANT_AWAIT(self->turn);
        return ANT_NEXT(COUNTER_START);
    }
    ANT_UNREACHABLE();
}

static struct counter counter(void)
{
    return (struct counter){ ANT_INIT(counter) };
}

ANT_MAIN(counter)
