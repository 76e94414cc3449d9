// SPDX-License-Identifier: MIT
//
// The example of chan/broadcast.h: two who listen to the scores of a game. One
// of them was too slow for the first.

#include "chan/broadcast.h"
#include "antfarm.h"

#include <errno.h>

#define SCORES 17

static uint64_t missed_count;

static void missed(uint64_t count)
{
    missed_count += count;
}

// Counts the scores until the game is over.
struct fan {
    ant_future base;
    enum { FAN_START, FAN_LISTENING } state;
    ant_broadcast_rx rx;
    struct ant_broadcast_recv news;
    int score;
};

ANT_ASYNC(fan)
{
    switch (self->state) {
    case FAN_START:
        self->news = ant_broadcast_recv(&self->rx, &self->score);
        return ANT_NEXT(FAN_LISTENING);
    case FAN_LISTENING:
        ANT_AWAIT(self->news);
        if (self->news.base.result != -EPIPE) return ANT_NEXT(FAN_START);
        ant_broadcast_rx_drop(&self->rx);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct fan fan(ant_broadcast_rx rx)
{
    return (struct fan){ ANT_INIT(fan), .rx = rx };
}

struct app {
    ant_future base;
    enum { APP_START, APP_LISTENING, APP_LEAVING } state;
    ant_broadcast_tx tx;
    ant_broadcast_rx rx;
    struct ant_broadcast_recv news;
    struct ant_join_handle fan;
    int score;
};

// Everything happens at once: more than the channel keeps.
static void play(struct app *self)
{
    for (int score = 1; score <= SCORES; score++) {
        (void)ant_broadcast_send(&self->tx, &score);
    }
    ant_broadcast_tx_drop(&self->tx);
}

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START: {
        int err = ant_broadcast_new(sizeof(int), 16, &self->tx, &self->rx);
        if (err < 0) return ANT_FAIL(err);
        self->fan = ant_spawn(fan(ant_broadcast_subscribe(&self->tx)));
        play(self);
        self->news = ant_broadcast_recv(&self->rx, &self->score);
        return ANT_NEXT(APP_LISTENING);
    }

    case APP_LISTENING:
        ANT_AWAIT(self->news);
        if (self->news.base.result == -EOVERFLOW) missed(self->news.missed);
        if (self->news.base.result == -EPIPE) return ANT_NEXT(APP_LEAVING);
        self->news = ant_broadcast_recv(&self->rx, &self->score);
        return ANT_NEXT(APP_LISTENING);

    case APP_LEAVING:
        ANT_AWAIT(self->fan);
        ant_broadcast_rx_drop(&self->rx);
        ANT_ASSERT(self->score == SCORES);
        ANT_ASSERT(missed_count == SCORES - 16);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
