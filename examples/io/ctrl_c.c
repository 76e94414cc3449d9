// SPDX-License-Identifier: MIT
//
// A loop that ticks until ctrl_c. After the third tick the program sends the
// signal to itself, so that it ends also when nobody is there to press the key.
// Tokio: select! of interval.tick() and signal::ctrl_c().

#include <antfarm.h>
#include <stdio.h>

struct ticker {
    ant_future base;
    enum { TICKER_START, TICKER_RACING } state;
    int ticks;
    struct ant_interval every;
    struct ant_interval_tick tick;
    struct ant_ctrl_c stop;
    struct ant_borrow still; // the listener stays when a tick wins
    struct ant_select first;
};

static void race(struct ticker *self)
{
    self->tick = ant_interval_tick(&self->every);
    self->still = ant_borrow(&self->stop.base);
    self->first = ant_select(&self->tick.base, &self->still.base);
}

ANT_ASYNC_WITH_DROP(ticker)
{
    switch (self->state) {
    case TICKER_START:
        self->every = ant_interval(20);
        self->stop = ant_ctrl_c();
        race(self);
        return ANT_NEXT(TICKER_RACING);

    case TICKER_RACING:
        ANT_AWAIT(self->first);
        if (self->first.winner == 1) {
            puts("ctrl_c: good bye");
            return ANT_READY;
        }
        printf("tick %d\n", ++self->ticks);
        if (self->ticks == 3 && ant_signal_raise(SIGINT) < 0)
            return ANT_FAIL(-EINVAL);
        race(self);
        return ANT_NEXT(TICKER_RACING);
    }
    ANT_UNREACHABLE();
}

static void ticker_drop(struct ticker *self)
{
    ant_future_drop(&self->first.base);
    ant_future_drop(&self->stop.base);
}

static struct ticker ticker(void)
{
    return (struct ticker){ ANT_INIT(ticker) };
}

ANT_MAIN(ticker)
