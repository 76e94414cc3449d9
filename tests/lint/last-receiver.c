// SPDX-License-Identifier: MIT
//
// A speaker waits until nobody listens any more, and the listeners wait until
// nobody speaks any more, while the rest of the program goes on.

#include <antfarm.h>

struct speaker {
    ant_future base;
    ant_broadcast_tx tx;
    struct ant_broadcast_closed closed;
};

ANT_ASYNC_OWNING(speaker)
{
    if (ANT_BEGINS(self->closed)) {
        int word = 1;
        (void)ant_broadcast_send(&self->tx, &word);
        self->closed = ant_broadcast_closed(&self->tx);
    }
    ANT_AWAIT(self->closed);
    return ANT_READY;
}

static void speaker_drop(struct speaker *self)
{
    ant_future_drop(&self->closed.base);
    ant_broadcast_tx_drop(&self->tx);
}

struct listener {
    ant_future base;
    enum { LISTENER_START, LISTENER_LISTENING } state;
    ant_broadcast_rx rx;
    int word;
    struct ant_broadcast_recv recv;
};

ANT_ASYNC_OWNING(listener)
{
    switch (self->state) {
    case LISTENER_START:
        self->recv = ant_broadcast_recv(&self->rx, &self->word);
        return ANT_NEXT(LISTENER_LISTENING);
    case LISTENER_LISTENING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result == -EPIPE) break;
        return ANT_NEXT(LISTENER_START);
    }
    return ANT_READY;
}

static void listener_drop(struct listener *self)
{
    ant_future_drop(&self->recv.base);
    ant_broadcast_rx_drop(&self->rx);
}

struct app {
    ant_future base;
    struct ant_join_handle speaker;
    struct ant_join_handle listeners[2];
    struct ant_sleep nap;
};

static int spawn_all(struct app *self)
{
    ant_broadcast_tx tx;
    ant_broadcast_rx rx[2];
    int err = ant_broadcast_new(sizeof(int), 4, &tx, &rx[0]);
    if (err < 0) return err;
    rx[1] = ant_broadcast_subscribe(&tx);
    for (unsigned i = 0; i < 2; i++) {
        struct listener one = ANT_FUTURE(listener, .rx = rx[i]);
        self->listeners[i] = ant_spawn(one);
    }
    struct speaker speaker = ANT_FUTURE(speaker, .tx = tx);
    self->speaker = ant_spawn(speaker);
    return 0;
}

ANT_ASYNC(app)
{
    if (ANT_BEGINS(self->nap)) {
        int err = spawn_all(self);
        if (err < 0) return ANT_FAIL(err);
        self->nap = ant_sleep(100);
    }
    ANT_AWAIT(self->nap);
    return ANT_READY;
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
