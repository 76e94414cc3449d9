// SPDX-License-Identifier: MIT
//
// The example of chan/watch.h: a pump works until the level is high enough, and
// whoever watches sees the latest level.

#include "chan/watch.h"
#include "antfarm.h"

#include <errno.h>

static bool is_full(const void *level, void *arg)
{
    return *(const int *)level >= *(const int *)arg;
}

static int full = 10;

// Waits until the tank is full.
struct pump {
    ant_future base;
    enum { PUMP_START, PUMP_PUMPING } state;
    ant_watch_rx rx;
    int level;
    struct ant_watch_wait_for filled;
};

ANT_ASYNC(pump)
{
    switch (self->state) {
    case PUMP_START:
        self->filled =
            ant_watch_wait_for(&self->rx, &self->level, is_full, &full);
        return ANT_NEXT(PUMP_PUMPING);
    case PUMP_PUMPING:
        ANT_AWAIT(self->filled);
        ant_watch_rx_drop(&self->rx);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct pump pump(ant_watch_rx rx)
{
    return (struct pump){ ANT_INIT(pump), .rx = rx };
}

struct app {
    ant_future base;
    enum { APP_START, APP_WATCHING, APP_LEAVING } state;
    ant_watch_tx tx;
    ant_watch_rx rx;
    struct ant_watch_changed news;
    struct ant_join_handle pump;
    int level;
};

// The level rises; at the end nobody measures it any more.
static void measure(struct app *self)
{
    int level = self->level + 1;
    if (level <= full) {
        ant_watch_send(&self->tx, &level);
    } else {
        ant_watch_tx_drop(&self->tx);
    }
}

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START: {
        int level = 0;
        int err = ant_watch_new(&level, &self->tx, &self->rx);
        if (err < 0) return ANT_FAIL(err);
        self->pump = ant_spawn(pump(ant_watch_subscribe(&self->tx)));
        self->news = ant_watch_changed(&self->rx);
        measure(self);
        return ANT_NEXT(APP_WATCHING);
    }

    case APP_WATCHING:
        ANT_AWAIT(self->news);
        if (self->news.base.result == -EPIPE) return ANT_NEXT(APP_LEAVING);
        ant_watch_borrow_and_update(&self->rx, &self->level);
        self->news = ant_watch_changed(&self->rx);
        measure(self);
        return ANT_NEXT(APP_WATCHING);

    case APP_LEAVING:
        ANT_AWAIT(self->pump);
        ant_watch_rx_drop(&self->rx);
        ANT_ASSERT(self->level == full);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
