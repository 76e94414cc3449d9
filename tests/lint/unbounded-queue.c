// SPDX-License-Identifier: MIT
//
// Values are made at once and taken out one in a millisecond.

#include <antfarm.h>

#define VALUES 300

ANT_ASYNC_FN(reader, ant_mpsc_rx rx, int value, struct ant_sleep nap)
{
    while (ant_mpsc_try_recv(&self->rx, &self->value) == 0) {
    }
    if (ANT_BEGINS(self->nap)) self->nap = ant_sleep(1);
    ANT_AWAIT(self->nap);
    ant_mpsc_rx_drop(&self->rx);
    return ANT_READY;
}

ANT_ASYNC_FN(app, struct ant_join_handle reader)
{
    if (ANT_BEGINS(self->reader)) {
        ant_mpsc_tx tx;
        struct reader reading = reader();
        int err = ant_mpsc_unbounded_new(sizeof(int), &tx, &reading.rx);
        for (int i = 0; err == 0 && i < VALUES; i++)
            err = ant_mpsc_unbounded_send(&tx, &i);
        if (err < 0) return ANT_FAIL(err);
        ant_mpsc_tx_drop(&tx);
        self->reader = ant_spawn(reading);
    }
    ANT_AWAIT(self->reader);
    return ANT_READY;
}

ANT_MAIN(app)
