// SPDX-License-Identifier: MIT
//
// The example of combine/borrow.h.

#include <antfarm.h>

struct pump {
    ant_future base;
    enum { PUMP_START, PUMP_RACING } state;
    struct ant_sleep deadline, stroke;
    struct ant_borrow lent;
    struct ant_select first;
};

static struct ant_select next_race(struct pump *self);

ANT_ASYNC_WITH_DROP(pump)
{
    switch (self->state) {
    case PUMP_START:
        self->deadline = ant_sleep(50);
        self->first = next_race(self);
        return ANT_NEXT(PUMP_RACING);
    case PUMP_RACING:
        ANT_AWAIT(self->first);
        if (self->first.winner == 1) return ANT_READY; // the time is up
        self->first = next_race(self);
        return ANT_NEXT(PUMP_RACING);
    }
    ANT_UNREACHABLE();
}

static struct ant_select next_race(struct pump *self)
{
    // In next_race(): a new stroke each time, and always the same deadline.
    self->stroke = ant_sleep(20);
    self->lent = ant_borrow(&self->deadline.base);
    return ant_select_biased(&self->stroke.base, &self->lent.base);
}

static void pump_drop(struct pump *self)
{
    ant_future_drop(&self->first.base);
    ant_future_drop(&self->deadline.base);
}

static struct pump pump(void)
{
    return (struct pump){ ANT_INIT(pump) };
}

ANT_MAIN(pump)
