// SPDX-License-Identifier: MIT
//
// A wrong solution: all parts that there are, but each waits for the one
// before.

#include <antfarm.h>
#include <errno.h>

// async fn fetch(ms, err): the source answers after that time, with an error or
// not.
struct fetch {
    ant_future base;
    enum { FETCH_START, FETCH_WAITING } state;
    unsigned ms;
    int err;
    struct ant_sleep answer;
};

ANT_ASYNC(fetch)
{
    switch (self->state) {
    case FETCH_START:
        self->answer = ant_sleep(self->ms);
        return ANT_NEXT(FETCH_WAITING);

    case FETCH_WAITING:
        ANT_AWAIT(self->answer);
        return self->err < 0 ? ANT_FAIL(self->err) : ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct fetch fetch(unsigned ms, int err)
{
    return (struct fetch){ ANT_INIT(fetch), .ms = ms, .err = err };
}

// Shows one part of the page, if it is there.
static unsigned show(const char *name, const struct fetch *part)
{
    if (part->base.result < 0) {
        ant_note("no %s", name);
        return 0;
    }
    ant_note("%s", name);
    return 1;
}

// async fn page(): one part after the other.
struct page {
    ant_future base;
    enum { PAGE_START, PAGE_NEWS, PAGE_WEATHER, PAGE_SPORTS } state;
    struct fetch news, weather, sports;
    unsigned shown;
};

ANT_ASYNC(page)
{
    switch (self->state) {
    case PAGE_START:
        self->news = fetch(100, 0);
        return ANT_NEXT(PAGE_NEWS);

    case PAGE_NEWS:
        ANT_AWAIT(self->news);
        self->shown += show("news", &self->news);
        self->weather = fetch(50, -EIO);
        return ANT_NEXT(PAGE_WEATHER);

    case PAGE_WEATHER:
        ANT_AWAIT(self->weather);
        self->shown += show("weather", &self->weather);
        self->sports = fetch(150, 0);
        return ANT_NEXT(PAGE_SPORTS);

    case PAGE_SPORTS:
        ANT_AWAIT(self->sports);
        self->shown += show("sports", &self->sports);
        ant_note("%u parts", self->shown);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(page)
ANT_MAIN(page)
