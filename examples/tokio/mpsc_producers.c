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
    enum { PRODUCER_START, PRODUCER_SENDING } state;
    int i;
    message message;
    ant_mpsc_tx tx;
    struct ant_mpsc_send send;
};

ANT_ASYNC_WITH_DROP(producer)
{
    switch (self->state) {
    case PRODUCER_START:
        (void)snprintf(self->message.text, sizeof self->message.text,
                       "Message from task %d", self->i);
        self->send = ant_mpsc_send(&self->tx, &self->message);
        return ANT_NEXT(PRODUCER_SENDING);
    case PRODUCER_SENDING:
        ANT_AWAIT(self->send);
        ant_mpsc_tx_drop(&self->tx);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void producer_drop(struct producer *self)
{
    ant_future_drop(&self->send.base);
    ant_mpsc_tx_drop(&self->tx);
}

static struct producer producer(int i, ant_mpsc_tx tx)
{
    return (struct producer){ ANT_INIT(producer), .i = i, .tx = tx };
}

struct app {
    ant_future base;
    enum { APP_START, APP_RECEIVING } state;
    message message;
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
        err = ant_mpsc_new(sizeof(message), 100, &tx, &self->rx);
        if (err < 0) return ANT_FAIL(err);
        for (int i = 0; i < 3; i++) {
            self->producer = ant_spawn(producer(i, ant_mpsc_tx_clone(&tx)));
            ant_task_detach(&self->producer);
        }
        ant_mpsc_tx_drop(&tx); // only the producers send
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

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
