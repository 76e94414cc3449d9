// SPDX-License-Identifier: MIT
//
// The example of stream/channel.h.

#include <antfarm.h>

#include <errno.h>

static void add(const void *item, void *arg)
{
    const int *n = item;
    int *sum = arg;
    *sum += *n;
}

struct clerk {
    ant_future base;
    enum { CLERK_START, CLERK_READING } state;
    ant_mpsc_rx rx;
    struct ant_stream_from_mpsc orders;
    struct ant_stream_take first;
    struct ant_stream_for_each all;
    int sum;
};

ANT_ASYNC_OWNING(clerk)
{
    switch (self->state) {
    case CLERK_START:
        self->orders = ant_stream_from_mpsc(&self->rx, int);
        self->first = ant_stream_take(&self->orders.base, 2);
        self->all = ant_stream_fold(&self->first.base, add, &self->sum);
        return ANT_NEXT(CLERK_READING);
    case CLERK_READING:
        ANT_AWAIT(self->all);
        ant_mpsc_rx_drop(&self->rx);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void clerk_drop(struct clerk *self)
{
    ant_future_drop(&self->all.base);
    ant_mpsc_rx_drop(&self->rx);
}

ANT_MUST_USE static struct clerk clerk(ant_mpsc_rx rx)
{
    return (struct clerk){ ANT_INIT(clerk), .rx = rx };
}

struct shop {
    ant_future base;
    enum { SHOP_START, SHOP_SELLING } state;
    ant_mpsc_tx tx;
    struct ant_join_handle clerk;
    struct clerk done;
};

ANT_ASYNC(shop)
{
    switch (self->state) {
    case SHOP_START: {
        ant_mpsc_rx rx;
        int err = ant_mpsc_new(sizeof(int), 3, &self->tx, &rx);
        for (int order = 10; order <= 30 && err == 0; order += 10) {
            err = ant_mpsc_try_send(&self->tx, &order);
        }
        if (err < 0) return ANT_FAIL(err);
        self->clerk = ant_spawn_into(&self->done, clerk(rx));
        return ANT_NEXT(SHOP_SELLING);
    }
    case SHOP_SELLING:
        ANT_AWAIT(self->clerk);
        ant_mpsc_tx_drop(&self->tx);
        if (self->clerk.base.result < 0)
            return ANT_FAIL(self->clerk.base.result);
        return self->done.sum == 30 ? ANT_READY : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct shop shop(void)
{
    return (struct shop){ ANT_INIT(shop) };
}

ANT_MAIN(shop)
