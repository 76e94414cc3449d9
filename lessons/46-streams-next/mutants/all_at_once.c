// SPDX-License-Identifier: MIT
//
// A wrong solution: it waits once, and then gives all that it has.

#include <antfarm.h>

// stream countdown: a number every 100 ms.
struct countdown {
    ant_stream base;
    enum { COUNTDOWN_START, COUNTDOWN_TICKING, COUNTDOWN_GIVING } state;
    int left; // numbers to come
    struct ant_sleep tick;
};

ANT_STREAM(countdown, int)
{
    switch (self->state) {
    case COUNTDOWN_START:
        self->tick = ant_sleep(100);
        return ANT_NEXT(COUNTDOWN_TICKING);

    case COUNTDOWN_TICKING:
        ANT_AWAIT(self->tick);
        return ANT_NEXT(COUNTDOWN_GIVING);

    case COUNTDOWN_GIVING:
        if (self->left == 0) return ANT_READY; // that was the end
        *item = self->left--;
        return ANT_EMIT(COUNTDOWN_GIVING);
    }
    ANT_UNREACHABLE();
}

// async fn pilot(): reads numbers until there is none.
struct pilot {
    ant_future base;
    enum { PILOT_START, PILOT_ASKING, PILOT_LISTENING } state;
    struct countdown countdown;
    struct ant_stream_next next;
    int number;
};

ANT_ASYNC_WITH_DROP(pilot)
{
    switch (self->state) {
    case PILOT_START:
        self->countdown =
            (struct countdown){ ANT_STREAM_INIT(countdown), .left = 3 };
        return ANT_NEXT(PILOT_ASKING);

    case PILOT_ASKING:
        self->next = ant_stream_next(&self->countdown.base, &self->number);
        return ANT_NEXT(PILOT_LISTENING);

    case PILOT_LISTENING:
        ANT_AWAIT(self->next);
        if (self->next.base.result == 0) {
            ant_note("lift-off");
            return ANT_READY;
        }
        ant_note("%d", self->number);
        return ANT_NEXT(PILOT_ASKING);
    }
    ANT_UNREACHABLE();
}

static void pilot_drop(struct pilot *self)
{
    ant_future_drop(&self->next.base);
    ant_stream_drop(&self->countdown.base);
}

ANT_CONSTRUCTOR(pilot)
ANT_MAIN(pilot)
