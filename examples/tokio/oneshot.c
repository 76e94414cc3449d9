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
    int err = ant_oneshot_send(&self->tx, &result);
    return err < 0 ? ANT_FAIL(err) : ANT_READY;
}

struct app {
    ant_future base;
    int result;
    ant_oneshot_rx rx;
    struct ant_oneshot_recv recv;
};

ANT_ASYNC(app)
{
    if (ANT_BEGINS(self->recv)) {
        ant_oneshot_tx tx;
        int err = ant_oneshot_new(sizeof(int), &tx, &self->rx);
        if (err < 0) return ANT_FAIL(err);
        struct ant_join_handle task = ant_spawn(ANT_FUTURE(compute, .tx = tx));
        ant_task_detach(&task);
        self->recv = ant_oneshot_recv(&self->rx, &self->result);
    }
    ANT_AWAIT(self->recv);
    if (self->recv.base.result < 0) return ANT_FAIL(-EPIPE);
    printf("Result: %d\n", self->result);
    ant_oneshot_rx_drop(&self->rx);
    return ANT_READY;
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
