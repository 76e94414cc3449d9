// SPDX-License-Identifier: MIT
//
// A task sends its result through a oneshot.

#include <antfarm.h>
#include <stdio.h>

struct compute {
    ant_future base;
    ant_oneshot_tx tx;
};

ANT_ASYNC(compute)
{
    const int result = 42;
    return ant_oneshot_send(&self->tx, &result) < 0 ? ANT_FAIL(-EPIPE)
                                                    : ANT_READY;
}

static struct compute compute(ant_oneshot_tx tx)
{
    return (struct compute){ ANT_INIT(compute), .tx = tx };
}

struct app {
    ant_future base;
    enum { APP_START, APP_RECEIVING } state;
    int result;
    ant_oneshot_rx rx;
    struct ant_join_handle sender;
    struct ant_oneshot_recv recv;
};

ANT_ASYNC(app)
{
    ant_oneshot_tx tx;
    int err;
    switch (self->state) {
    case APP_START:
        err = ant_oneshot_new(sizeof(int), &tx, &self->rx);
        if (err < 0) return ANT_FAIL(err);
        self->sender = ant_spawn(compute(tx));
        ant_task_detach(&self->sender);
        self->recv = ant_oneshot_recv(&self->rx, &self->result);
        return ANT_NEXT(APP_RECEIVING);
    case APP_RECEIVING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result < 0) return ANT_FAIL(-EPIPE);
        printf("Result: %d\n", self->result);
        ant_oneshot_rx_drop(&self->rx);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
