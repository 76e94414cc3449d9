// SPDX-License-Identifier: MIT
//
// Every receiver gets a copy of every message. The receivers are awaited, so
// that the program does not end before they have printed.

#include <antfarm.h>
#include <stdio.h>

typedef struct message {
    char text[16];
} message;

struct listener {
    ant_future base;
    int id;
    message message;
    ant_broadcast_rx rx;
    struct ant_broadcast_recv recv;
};

ANT_ASYNC_OWNING(listener)
{
    if (ANT_BEGINS(self->recv))
        self->recv = ant_broadcast_recv(&self->rx, &self->message);
    ANT_AWAIT(self->recv);
    if (self->recv.base.result < 0) { // no sender is left
        ant_broadcast_rx_drop(&self->rx);
        return ANT_READY;
    }
    printf("rx%d: %s\n", self->id, self->message.text);
    return ANT_AGAIN;
}

static void listener_drop(struct listener *self)
{
    ant_future_drop(&self->recv.base);
    ant_broadcast_rx_drop(&self->rx);
}

struct app {
    ant_future base;
    struct ant_join_handle listener1, listener2;
    struct ant_join both;
};

ANT_ASYNC(app)
{
    if (ANT_BEGINS(self->both)) {
        const message hello = { "hello" };
        ant_broadcast_tx tx;
        ant_broadcast_rx rx;
        int err = ant_broadcast_new(sizeof(message), 16, &tx, &rx);
        if (err < 0) return ANT_FAIL(err);
        self->listener1 = ant_spawn(ANT_FUTURE(listener, .id = 1, .rx = rx));
        rx = ant_broadcast_subscribe(&tx);
        self->listener2 = ant_spawn(ANT_FUTURE(listener, .id = 2, .rx = rx));
        err = ant_broadcast_send(&tx, &hello);
        ant_broadcast_tx_drop(&tx);
        if (err < 0) return ANT_FAIL(err);
        self->both = ant_join(&self->listener1.base, &self->listener2.base);
    }
    ANT_AWAIT(self->both);
    return ANT_READY;
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
