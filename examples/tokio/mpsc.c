// SPDX-License-Identifier: MIT
//
// One sends, one receives, through a channel of four places. Both are part of
// one task here, and end with it; where they are tasks of their own, each gives
// its half of the channel back: mpsc_producers.c.

#include <antfarm.h>
#include <stdio.h>

ANT_ASYNC_FN(source, ant_mpsc_tx tx, int i, struct ant_mpsc_send send)
{
    if (ANT_BEGINS(self->send)) self->send = ant_mpsc_send(&self->tx, &self->i);
    ANT_AWAIT(self->send);
    if (++self->i < 10) return ANT_AGAIN;
    ant_mpsc_tx_drop(&self->tx); // the channel ends
    return ANT_READY;
}

ANT_ASYNC_FN(sink, ant_mpsc_rx rx, int i, struct ant_mpsc_recv recv)
{
    if (ANT_BEGINS(self->recv)) self->recv = ant_mpsc_recv(&self->rx, &self->i);
    ANT_AWAIT(self->recv);
    if (self->recv.base.result < 0) return ANT_READY; // closed and empty
    printf("Received: %d\n", self->i);
    return ANT_AGAIN;
}

ANT_ASYNC_FN(app, struct source source, struct sink sink, struct ant_join both)
{
    if (ANT_BEGINS(self->both)) {
        self->source = source();
        self->sink = sink();
        int err =
            ant_mpsc_new(sizeof(int), 4, &self->source.tx, &self->sink.rx);
        if (err < 0) return ANT_FAIL(err);
        self->both = ant_join(&self->source.base, &self->sink.base);
    }
    ANT_AWAIT(self->both);
    ant_mpsc_rx_drop(&self->sink.rx);
    return ANT_READY;
}

ANT_MAIN(app)
