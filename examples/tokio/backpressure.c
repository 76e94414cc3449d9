// SPDX-License-Identifier: MIT
//
// A fast producer and a slow consumer. Through an unbounded channel everything
// is in memory at once; a bounded one makes the producer wait.

#include <antfarm.h>
#include <stdio.h>

#define VALUES 20
#define PLACES 4

struct producer {
    ant_future base;
    int i;
    ant_mpsc_tx tx;
    struct ant_mpsc_send send;
};

ANT_ASYNC_OWNING(producer)
{
    if (ANT_BEGINS(self->send)) self->send = ant_mpsc_send(&self->tx, &self->i);
    ANT_AWAIT(self->send); // waits when the channel is full
    if (++self->i < VALUES) return ANT_AGAIN;
    ant_mpsc_tx_drop(&self->tx);
    return ANT_READY;
}

static void producer_drop(struct producer *self)
{
    ant_future_drop(&self->send.base);
    ant_mpsc_tx_drop(&self->tx);
}

// The most values that were in an unbounded channel before anybody looked.
static int fill_unbounded(uint64_t *ret_len)
{
    ant_mpsc_tx tx;
    ant_mpsc_rx rx;
    int err = ant_mpsc_unbounded_new(sizeof(int), &tx, &rx);
    if (err < 0) return err;
    for (int i = 0; i < VALUES && err == 0; i++)
        err = ant_mpsc_unbounded_send(&tx, &i); // never waits
    *ret_len = ant_mpsc_len(&rx);
    ant_mpsc_tx_drop(&tx);
    ant_mpsc_rx_drop(&rx);
    return err;
}

struct app {
    ant_future base;
    enum { APP_START, APP_RESTING, APP_RECEIVING } state;
    int value;
    uint64_t most;
    ant_mpsc_rx rx;
    struct ant_join_handle producer;
    struct ant_sleep rest;
    struct ant_mpsc_recv recv;
};

ANT_ASYNC(app)
{
    ant_mpsc_tx tx;
    uint64_t len = 0;
    int err;
    switch (self->state) {
    case APP_START:
        err = fill_unbounded(&len);
        if (err < 0) return ANT_FAIL(err);
        printf("unbounded: at most %u inside\n", (unsigned)len);
        err = ant_mpsc_new(sizeof(int), PLACES, &tx, &self->rx);
        if (err < 0) return ANT_FAIL(err);
        self->producer = ant_spawn(ANT_FUTURE(producer, .tx = tx));
        ant_task_detach(&self->producer);
        self->rest = ant_sleep(10);
        return ANT_NEXT(APP_RESTING);
    case APP_RESTING:
        ANT_AWAIT(self->rest);
        len = ant_mpsc_len(&self->rx);
        if (len > self->most) self->most = len;
        self->recv = ant_mpsc_recv(&self->rx, &self->value);
        return ANT_NEXT(APP_RECEIVING);
    case APP_RECEIVING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result < 0) { // closed and empty
            printf("bounded: at most %u inside\n", (unsigned)self->most);
            ant_mpsc_rx_drop(&self->rx);
            return ANT_READY;
        }
        self->rest = ant_sleep(10);
        return ANT_NEXT(APP_RESTING);
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
