// SPDX-License-Identifier: MIT
//
// The example of combine/race.h.

#include <antfarm.h>

struct ask {
    ant_future base;
    enum { ASKED_START, ASKED_SLEEPING } state;
    const char *server;
    unsigned ms;
    struct ant_sleep nap;
};

ANT_ASYNC(ask)
{
    switch (self->state) {
    case ASKED_START:
        self->nap = ant_sleep(self->ms);
        return ANT_NEXT(ASKED_SLEEPING);
    case ASKED_SLEEPING:
        ANT_AWAIT(self->nap);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct ask ask(const char *server, unsigned ms)
{
    return (struct ask){ ANT_INIT(ask), .server = server, .ms = ms };
}

struct app {
    ant_future base;
    enum { ASK_START, ASK_RACING } state;
    struct ask near, far;
    struct ant_race first;
    const char *answer;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case ASK_START:
        self->near = ask("near", 3);
        self->far = ask("far", 800);
        self->first = ant_race(&self->near.base, &self->far.base);
        return ANT_NEXT(ASK_RACING);
    case ASK_RACING:
        ANT_AWAIT(self->first);
        self->answer =
            self->first.winner == 0 ? self->near.server : self->far.server;
        ANT_ASSERT(self->answer[0] == 'n');
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
