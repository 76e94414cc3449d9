// SPDX-License-Identifier: MIT
//
// A hand turns the dial of a lamp from 0 to 5, in one go. The lamp watches the
// dial. Which levels does it see?

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

// async fn hand(): makes the lamp, and turns the dial.
struct hand {
    ant_future base;
    enum { HAND_START, HAND_LEAVING } state;
    struct ant_join_handle lamp;
};

ANT_ASYNC(hand)
{
    ant_watch_tx dial;
    ant_watch_rx rx;
    int level = 0;
    int err;
    switch (self->state) {
    case HAND_START:
        err = ant_watch_new_named("dial", &level, &dial, &rx);
        if (err < 0) return ANT_FAIL(err);
        self->lamp = ant_spawn_named("lamp", ANT_FUTURE(lamp, .dial = rx));
        //@ begin turn
        for (level = 1; level <= TURNS; level++)
            ant_watch_send(&dial, &level);
        ant_watch_tx_drop(&dial);
        //@ end turn
        return ANT_NEXT(HAND_LEAVING);

    case HAND_LEAVING:
        ANT_AWAIT(self->lamp);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(hand)
ANT_MAIN(hand)
