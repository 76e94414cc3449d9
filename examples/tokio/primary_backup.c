// SPDX-License-Identifier: MIT
//
// The first answer of two servers counts, if it comes in time.

#include <antfarm.h>
#include <stdio.h>

struct fetch {
    ant_future base;
    enum { FETCH_START, FETCH_SLEEPING } state;
    uint64_t ms;
    struct ant_sleep sleep;
};

ANT_ASYNC(fetch)
{
    switch (self->state) {
    case FETCH_START:
        self->sleep = ant_sleep(self->ms);
        return ANT_NEXT(FETCH_SLEEPING);
    case FETCH_SLEEPING:
        ANT_AWAIT(self->sleep);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct fetch fetch(uint64_t ms)
{
    return (struct fetch){ ANT_INIT(fetch), .ms = ms };
}

struct app {
    ant_future base;
    enum { APP_START, APP_RACING } state;
    struct fetch primary, backup;
    struct ant_sleep limit;
    struct ant_select first;
};

ANT_ASYNC(app)
{
    static const char *const answer[] = { "primary", "backup", "timeout" };
    switch (self->state) {
    case APP_START:
        self->primary = fetch(7000);
        self->backup = fetch(300);
        self->limit = ant_sleep(5000);
        self->first = ant_select(&self->primary.base, &self->backup.base,
                                 &self->limit.base);
        return ANT_NEXT(APP_RACING);
    case APP_RACING:
        ANT_AWAIT(self->first);
        puts(answer[self->first.winner]);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
