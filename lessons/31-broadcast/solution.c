// SPDX-License-Identifier: MIT
//
// Who has missed goals says so, and goes on with the oldest that is left.

#include <antfarm.h>

#define GOALS 10

// async fn fan(goals, ms): writes down what is told.
struct fan {
    ant_future base;
    enum { FAN_START, FAN_LISTENING, FAN_WRITING } state;
    ant_broadcast_rx goals;
    unsigned ms;
    int goal;
    struct ant_broadcast_recv next;
    struct ant_sleep write;
};

ANT_ASYNC_OWNING(fan)
{
    switch (self->state) {
    case FAN_START:
        self->next = ant_broadcast_recv(&self->goals, &self->goal);
        return ANT_NEXT(FAN_LISTENING);

    case FAN_LISTENING:
        ANT_AWAIT(self->next);
        if (self->next.base.result == -EOVERFLOW) {
            ant_note("missed %u", (unsigned)self->next.missed);
            return ANT_NEXT(FAN_START); // with the oldest that is left
        }
        if (self->next.base.result < 0) { // the game is over
            ant_broadcast_rx_drop(&self->goals);
            return ANT_READY;
        }
        ant_note("goal %d", self->goal);
        self->write = ant_sleep(self->ms);
        return ANT_NEXT(FAN_WRITING);

    case FAN_WRITING:
        ANT_AWAIT(self->write);
        return ANT_NEXT(FAN_START);
    }
    ANT_UNREACHABLE();
}

static void fan_drop(struct fan *self)
{
    ant_future_drop(&self->next.base);
    ant_future_drop(&self->write.base);
    ant_broadcast_rx_drop(&self->goals);
}

// async fn game(): tells each goal, and never waits for a fan.
struct game {
    ant_future base;
    enum { GAME_START, GAME_PLAYING, GAME_OVER } state;
    ant_broadcast_tx goals;
    int goal;
    struct ant_sleep play;
    struct ant_join_handle anna, ben;
    struct ant_join fans;
};

ANT_ASYNC_WITH_DROP(game)
{
    static const ant_broadcast_desc desc = { .value_bytes = sizeof(int),
                                             .capacity = 4,
                                             .name = "goals" };
    ant_broadcast_rx rx;
    int err;
    switch (self->state) {
    case GAME_START:
        err = ant_broadcast_new_with(&desc, &self->goals, &rx);
        if (err < 0) return ANT_FAIL(err);
        self->anna =
            ant_spawn_named("anna", ANT_FUTURE(fan, .goals = rx, .ms = 5));
        rx = ant_broadcast_subscribe(&self->goals);
        self->ben =
            ant_spawn_named("ben", ANT_FUTURE(fan, .goals = rx, .ms = 33));
        self->play = ant_sleep(10);
        return ANT_NEXT(GAME_PLAYING);

    case GAME_PLAYING:
        ANT_AWAIT(self->play);
        self->goal++;
        ant_broadcast_send(&self->goals, &self->goal);
        if (self->goal < GOALS) {
            self->play = ant_sleep(10);
            return ANT_NEXT(GAME_PLAYING);
        }
        ant_broadcast_tx_drop(&self->goals); // no more goals
        self->fans = ant_join(&self->anna.base, &self->ben.base);
        return ANT_NEXT(GAME_OVER);

    case GAME_OVER:
        ANT_AWAIT(self->fans);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void game_drop(struct game *self)
{
    ant_future_drop(&self->play.base);
    ant_future_drop(&self->fans.base);
    ant_future_drop(&self->anna.base);
    ant_future_drop(&self->ben.base);
    ant_broadcast_tx_drop(&self->goals);
}

ANT_CONSTRUCTOR(game)
ANT_MAIN(game)
