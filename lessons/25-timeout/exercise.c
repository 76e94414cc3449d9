// SPDX-License-Identifier: MIT
//
// The server never answers in time. Ask it three times, with half a second for
// each, and then give up.

#include <antfarm.h>
#include <stdio.h>

// async fn fetch(): a server that takes its time.
struct fetch {
    ant_future base;
    enum { FETCH_START, FETCH_WAITING } state;
    struct ant_sleep answer;
};

ANT_ASYNC(fetch)
{
    switch (self->state) {
    case FETCH_START:
        self->answer = ant_sleep(5000);
        return ANT_NEXT(FETCH_WAITING);

    case FETCH_WAITING:
        ANT_AWAIT(self->answer);
        ant_note("answered");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct fetch fetch(void)
{
    return (struct fetch){ ANT_INIT(fetch) };
}

// async fn page(): shows what the server says, if it does.
struct page {
    ant_future base;
    enum { PAGE_START, PAGE_WAITING } state;
    struct fetch fetch;
};

ANT_ASYNC(page)
{
    switch (self->state) {
    case PAGE_START:
        self->fetch = fetch(); //@ todo half a second, three times
        return ANT_NEXT(PAGE_WAITING);

    case PAGE_WAITING:
        ANT_AWAIT(self->fetch);
        puts("an answer");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct page page(void)
{
    return (struct page){ ANT_INIT(page) };
}

ANT_MAIN(page)
