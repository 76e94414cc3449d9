// SPDX-License-Identifier: MIT
//
// The example of combine/select.h.

#include <antfarm.h>

#include <errno.h>

enum { PRIMARY };

struct fetch {
    ant_future base;
    enum { FETCH_START, FETCH_SLEEPING } state;
    int server;
    struct ant_sleep nap;
};

ANT_ASYNC(fetch)
{
    switch (self->state) {
    case FETCH_START:
        self->nap = ant_sleep(2);
        return ANT_NEXT(FETCH_SLEEPING);
    case FETCH_SLEEPING:
        ANT_AWAIT(self->nap);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct fetch fetch(int server)
{
    return (struct fetch){ ANT_INIT(fetch), .server = server };
}

struct call {
    ant_future base;
    enum { CALL_START, CALL_RACING } state;
    struct fetch primary;
    struct ant_sleep limit;
    struct ant_select first;
};

ANT_ASYNC(call)
{
    switch (self->state) {
    case CALL_START:
        self->primary = fetch(PRIMARY);
        self->limit = ant_sleep(500);
        self->first = ant_select(&self->primary.base, &self->limit.base);
        return ANT_NEXT(CALL_RACING);
    case CALL_RACING:
        ANT_AWAIT(self->first);
        if (self->first.winner == 1) return ANT_FAIL(-ETIMEDOUT);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct call call(void)
{
    return (struct call){ ANT_INIT(call) };
}

ANT_MAIN(call)
