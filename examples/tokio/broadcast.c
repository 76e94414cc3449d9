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
    enum { LISTENER_START, LISTENER_RECEIVING } state;
    int id;
    message message;
    ant_broadcast_rx rx;
    struct ant_broadcast_recv recv;
};

ANT_ASYNC_WITH_DROP(listener)
{
    switch (self->state) {
    case LISTENER_START:
        self->recv = ant_broadcast_recv(&self->rx, &self->message);
        return ANT_NEXT(LISTENER_RECEIVING);
    case LISTENER_RECEIVING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result < 0) { // no sender is left
            ant_broadcast_rx_drop(&self->rx);
            return ANT_READY;
        }
        printf("rx%d: %s\n", self->id, self->message.text);
        return ANT_NEXT(LISTENER_START);
    }
    ANT_UNREACHABLE();
}

static void listener_drop(struct listener *self)
{
    ant_future_drop(&self->recv.base);
    ant_broadcast_rx_drop(&self->rx);
}

static struct listener listener(int id, ant_broadcast_rx rx)
{
    return (struct listener){ ANT_INIT(listener), .id = id, .rx = rx };
}

struct app {
    ant_future base;
    enum { APP_START, APP_JOINING } state;
    struct ant_join_handle listener1, listener2;
    struct ant_join both;
};

ANT_ASYNC(app)
{
    const message hello = { "hello" };
    ant_broadcast_tx tx;
    ant_broadcast_rx rx1;
    int err;
    switch (self->state) {
    case APP_START:
        err = ant_broadcast_new(sizeof(message), 16, &tx, &rx1);
        if (err < 0) return ANT_FAIL(err);
        self->listener1 = ant_spawn(listener(1, rx1));
        self->listener2 = ant_spawn(listener(2, ant_broadcast_subscribe(&tx)));
        err = ant_broadcast_send(&tx, &hello);
        ant_broadcast_tx_drop(&tx);
        if (err < 0) return ANT_FAIL(err);
        self->both = ant_join(&self->listener1.base, &self->listener2.base);
        return ANT_NEXT(APP_JOINING);
    case APP_JOINING:
        ANT_AWAIT(self->both);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
