// SPDX-License-Identifier: MIT
//
// A producer and a consumer, and a channel of 32 places between them.

#include <antfarm.h>
#include <stdio.h>

struct producer {
    ant_future base;
    enum { PRODUCER_START, PRODUCER_SENDING, PRODUCER_RESTING } state;
    int i;
    ant_mpsc_tx tx;
    struct ant_mpsc_send send;
    struct ant_sleep rest;
};

ANT_ASYNC_WITH_DROP(producer)
{
    switch (self->state) {
    case PRODUCER_START:
        if (self->i == 10) {
            ant_mpsc_tx_drop(&self->tx); // the channel ends
            return ANT_READY;
        }
        self->send = ant_mpsc_send(&self->tx, &self->i);
        return ANT_NEXT(PRODUCER_SENDING);
    case PRODUCER_SENDING:
        ANT_AWAIT(self->send);
        self->i++;
        self->rest = ant_sleep(100);
        return ANT_NEXT(PRODUCER_RESTING);
    case PRODUCER_RESTING:
        ANT_AWAIT(self->rest);
        return ANT_NEXT(PRODUCER_START);
    }
    ANT_UNREACHABLE();
}

static void producer_drop(struct producer *self)
{
    ant_future_drop(self->base.awaited);
    ant_mpsc_tx_drop(&self->tx);
}

static struct producer producer(ant_mpsc_tx tx)
{
    return (struct producer){ ANT_INIT(producer), .tx = tx };
}

struct app {
    ant_future base;
    enum { APP_START, APP_RECEIVING } state;
    int value;
    ant_mpsc_rx rx;
    struct ant_join_handle producer;
    struct ant_mpsc_recv recv;
};

ANT_ASYNC(app)
{
    ant_mpsc_tx tx;
    int err;
    switch (self->state) {
    case APP_START:
        err = ant_mpsc_new(sizeof(int), 32, &tx, &self->rx);
        if (err < 0) return ANT_FAIL(err);
        self->producer = ant_spawn(producer(tx));
        ant_task_detach(&self->producer);
        self->recv = ant_mpsc_recv(&self->rx, &self->value);
        return ANT_NEXT(APP_RECEIVING);
    case APP_RECEIVING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result < 0) { // closed and empty
            ant_mpsc_rx_drop(&self->rx);
            return ANT_READY;
        }
        printf("Received: %d\n", self->value);
        self->recv = ant_mpsc_recv(&self->rx, &self->value);
        return ANT_NEXT(APP_RECEIVING);
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
