// SPDX-License-Identifier: MIT
//
// A channel as a stream, and up to ten of its items in work at once.

#include <antfarm.h>
#include <stdio.h>

ANT_ASYNC_FN(work, int item, struct ant_sleep sleep)
{
    if (ANT_BEGINS(self->sleep)) self->sleep = ant_sleep(100);
    ANT_AWAIT(self->sleep);
    printf("Result: %d\n", self->item * 2);
    return ANT_READY;
}

static int start_work(const void *item, ant_future_set *set,
                      ANT_UNUSED void *arg)
{
    const int *number = item;
    return ant_future_set_push(set, ANT_FUTURE(work, .item = *number));
}

struct app {
    ant_future base;
    ant_mpsc_rx rx;
    struct ant_stream_from_mpsc items;
    struct ant_stream_for_each_concurrent all;
};

// Puts twenty numbers into a channel, which ends behind them.
static int fill(ant_mpsc_rx *ret_rx)
{
    ant_mpsc_tx tx;
    int err = ant_mpsc_new(sizeof(int), 100, &tx, ret_rx);
    if (err < 0) return err;
    for (int i = 0; i < 20 && err == 0; i++)
        err = ant_mpsc_try_send(&tx, &i);
    ant_mpsc_tx_drop(&tx);
    return err;
}

ANT_ASYNC_WITH_DROP(app)
{
    if (ANT_BEGINS(self->all)) {
        int err = fill(&self->rx);
        if (err < 0) return ANT_FAIL(err);
        self->items = ant_stream_from_mpsc(&self->rx, int);
        self->all = ant_stream_for_each_concurrent(&self->items.base, 10,
                                                   start_work, NULL);
    }
    ANT_AWAIT(self->all);
    ant_mpsc_rx_drop(&self->rx);
    return ANT_READY;
}

static void app_drop(struct app *self)
{
    ant_future_drop(&self->all.base);
    ant_mpsc_rx_drop(&self->rx);
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
