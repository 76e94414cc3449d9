// SPDX-License-Identifier: MIT
//
// A task waits for a value, and has the only sender itself.

#include <antfarm.h>

struct app {
    ant_future base;
    int value;
    ant_mpsc_tx tx;
    ant_mpsc_rx rx;
    struct ant_mpsc_recv recv;
};

ANT_ASYNC(app)
{
    if (ANT_BEGINS(self->recv)) {
        int err = ant_mpsc_new(sizeof(int), 1, &self->tx, &self->rx);
        if (err < 0) return ANT_FAIL(err);
        self->recv = ant_mpsc_recv(&self->rx, &self->value);
    }
    ANT_AWAIT(self->recv);
    return ANT_READY;
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
