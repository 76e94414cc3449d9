// SPDX-License-Identifier: MIT
//
// Three producers with a sender each; the channel ends with the last of them.

#include <antfarm.h>
#include <stdio.h>

typedef struct message {
    char text[32];
} message;

struct producer {
    ant_future base;
    int i;
    message message;
    ant_mpsc_tx tx;
    struct ant_mpsc_send send;
};

ANT_ASYNC_OWNING(producer)
{
    if (ANT_BEGINS(self->send)) {
        (void)snprintf(self->message.text, sizeof self->message.text,
                       "Message from task %d", self->i);
        self->send = ant_mpsc_send(&self->tx, &self->message);
    }
    ANT_AWAIT(self->send);
    ant_mpsc_tx_drop(&self->tx);
    return ANT_READY;
}

static void producer_drop(struct producer *self)
{
    ant_future_drop(&self->send.base);
    ant_mpsc_tx_drop(&self->tx);
}

static int spawn_producers(ant_mpsc_rx *ret_rx)
{
    ant_mpsc_tx tx;
    int err = ant_mpsc_new(sizeof(message), 100, &tx, ret_rx);
    if (err < 0) return err;
    for (int i = 0; i < 3; i++) {
        struct ant_join_handle task = ant_spawn(
            ANT_FUTURE(producer, .i = i, .tx = ant_mpsc_tx_clone(&tx)));
        ant_task_detach(&task);
    }
    ant_mpsc_tx_drop(&tx); // only the producers send
    return 0;
}

struct app {
    ant_future base;
    enum { APP_START, APP_RECEIVING } state;
    message message;
    ant_mpsc_rx rx;
    struct ant_mpsc_recv recv;
};

ANT_ASYNC(app)
{
    int err;
    switch (self->state) {
    case APP_START:
        err = spawn_producers(&self->rx);
        if (err < 0) return ANT_FAIL(err);
        self->recv = ant_mpsc_recv(&self->rx, &self->message);
        return ANT_NEXT(APP_RECEIVING);
    case APP_RECEIVING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result < 0) { // closed and empty
            ant_mpsc_rx_drop(&self->rx);
            return ANT_READY;
        }
        puts(self->message.text);
        self->recv = ant_mpsc_recv(&self->rx, &self->message);
        return ANT_NEXT(APP_RECEIVING);
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
