// SPDX-License-Identifier: MIT
//
// Each of two tasks waits for the other's value before it sends its own, while
// the rest of the program goes on.

#include <antfarm.h>

struct talker {
    ant_future base;
    enum { TALKER_START, TALKER_LISTENING, TALKER_TALKING } state;
    ant_mpsc_rx rx;
    ant_mpsc_tx tx;
    int word;
    struct ant_mpsc_recv recv;
    struct ant_mpsc_send send;
};

ANT_ASYNC_OWNING(talker)
{
    switch (self->state) {
    case TALKER_START:
        self->recv = ant_mpsc_recv(&self->rx, &self->word);
        return ANT_NEXT(TALKER_LISTENING);
    case TALKER_LISTENING:
        ANT_AWAIT(self->recv);
        self->send = ant_mpsc_send(&self->tx, &self->word);
        return ANT_NEXT(TALKER_TALKING);
    case TALKER_TALKING:
        ANT_AWAIT(self->send);
        break;
    }
    return ANT_READY;
}

static void talker_drop(struct talker *self)
{
    ant_future_drop(&self->recv.base);
    ant_future_drop(&self->send.base);
    ant_mpsc_tx_drop(&self->tx);
    ant_mpsc_rx_drop(&self->rx);
}

struct app {
    ant_future base;
    struct ant_join_handle ann;
    struct ant_join_handle bob;
    struct ant_sleep nap;
};

static int spawn_talkers(struct app *self)
{
    ant_mpsc_tx tx[2];
    ant_mpsc_rx rx[2];
    int err = ant_mpsc_new(sizeof(int), 1, &tx[0], &rx[0]);
    if (err == 0) err = ant_mpsc_new(sizeof(int), 1, &tx[1], &rx[1]);
    if (err < 0) return err;
    struct talker ann = ANT_FUTURE(talker, .rx = rx[0], .tx = tx[1]);
    struct talker bob = ANT_FUTURE(talker, .rx = rx[1], .tx = tx[0]);
    self->ann = ant_spawn(ann);
    self->bob = ant_spawn(bob);
    return 0;
}

ANT_ASYNC(app)
{
    if (ANT_BEGINS(self->nap)) {
        int err = spawn_talkers(self);
        if (err < 0) return ANT_FAIL(err);
        self->nap = ant_sleep(100);
    }
    ANT_AWAIT(self->nap);
    return ANT_READY;
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
