// SPDX-License-Identifier: MIT
//
// The same dial. The lamp is put in only after the third turn. When does it
// shine for the first time?

#include <antfarm.h>

#define TURNS 5

// async fn lamp(dial): has the brightness that the dial says.
struct lamp {
    ant_future base;
    enum { LAMP_START, LAMP_WATCHING, LAMP_CHANGING } state;
    ant_watch_rx dial;
    int level;
    struct ant_watch_changed news;
    struct ant_sleep change;
};

ANT_ASYNC_OWNING(lamp)
{
    switch (self->state) {
        //@ begin watch
    case LAMP_START:
        self->news = ant_watch_changed(&self->dial);
        return ANT_NEXT(LAMP_WATCHING);

    case LAMP_WATCHING:
        ANT_AWAIT(self->news);
        if (self->news.base.result < 0) { // nobody turns it any more
            ant_watch_rx_drop(&self->dial);
            return ANT_READY;
        }
        ant_watch_borrow_and_update(&self->dial, &self->level);
        ant_note("level %d", self->level);
        self->change = ant_sleep(25); // a lamp is slow
        return ANT_NEXT(LAMP_CHANGING);

    case LAMP_CHANGING:
        ANT_AWAIT(self->change);
        return ANT_NEXT(LAMP_START);
        //@ end watch
    }
    ANT_UNREACHABLE();
}

static void lamp_drop(struct lamp *self)
{
    ant_future_drop(&self->news.base);
    ant_future_drop(&self->change.base);
    ant_watch_rx_drop(&self->dial);
}

// async fn hand(): turns the dial, once every 10 ms.
struct hand {
    ant_future base;
    enum { HAND_START, HAND_TURNING, HAND_LEAVING } state;
    ant_watch_tx dial;
    ant_watch_rx meter; // the dial always has somebody who looks
    int level;
    struct ant_sleep turn;
    struct ant_join_handle lamp;
};

ANT_ASYNC_WITH_DROP(hand)
{
    ant_watch_rx rx;
    int err;
    switch (self->state) {
    case HAND_START:
        err = ant_watch_new_named("dial", &self->level, &self->dial, &rx);
        if (err < 0) return ANT_FAIL(err);
        self->meter = rx;
        self->turn = ant_sleep(10);
        return ANT_NEXT(HAND_TURNING);

        //@ begin turn
    case HAND_TURNING:
        ANT_AWAIT(self->turn);
        self->level++;
        ant_watch_send(&self->dial, &self->level);
        if (self->level == 3) {
            rx = ant_watch_subscribe(&self->dial);
            self->lamp = ant_spawn_named("lamp", ANT_FUTURE(lamp, .dial = rx));
        }
        //@ end turn
        if (self->level < TURNS) {
            self->turn = ant_sleep(10);
            return ANT_NEXT(HAND_TURNING);
        }
        ant_watch_rx_drop(&self->meter);
        ant_watch_tx_drop(&self->dial);
        return ANT_NEXT(HAND_LEAVING);

    case HAND_LEAVING:
        ANT_AWAIT(self->lamp);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void hand_drop(struct hand *self)
{
    ant_future_drop(&self->turn.base);
    ant_future_drop(&self->lamp.base);
    ant_watch_rx_drop(&self->meter);
    ant_watch_tx_drop(&self->dial);
}

ANT_CONSTRUCTOR(hand)
ANT_MAIN(hand)
