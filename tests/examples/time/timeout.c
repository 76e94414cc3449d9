// SPDX-License-Identifier: MIT
//
// The example of time/timeout.h.

#include <antfarm.h>

#include <errno.h>

struct fetch {
    ant_future base;
    enum { FETCH_START, FETCH_SLEEPING } state;
    int id;
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

static struct fetch fetch(int id)
{
    return (struct fetch){ ANT_INIT(fetch), .id = id };
}

struct call {
    ant_future base;
    enum { CALL_START, CALL_FETCHING } state;
    int id;
    struct fetch answer;
    struct ant_timeout limit;
};

ANT_ASYNC(call)
{
    switch (self->state) {
    case CALL_START:
        self->answer = fetch(self->id);
        self->limit = ant_timeout(500, &self->answer.base);
        return ANT_NEXT(CALL_FETCHING);
    case CALL_FETCHING:
        ANT_AWAIT(self->limit);
        if (self->limit.is_elapsed) return ANT_FAIL(-ETIMEDOUT);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct call call(void)
{
    return (struct call){ ANT_INIT(call) };
}

ANT_MAIN(call)
