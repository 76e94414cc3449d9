// SPDX-License-Identifier: MIT
//
// A page has three parts, from three sources, and the weather fails. A join
// waits for all of them, and each part has its own result.

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

// async fn page(): each part that there is.
struct page {
    ant_future base;
    enum { PAGE_START, PAGE_FETCHING } state;
    struct fetch news, weather, sports;
    struct ant_join all;
};

ANT_ASYNC(page)
{
    unsigned shown = 0;
    switch (self->state) {
    case PAGE_START:
        self->news = fetch(100, 0);
        self->weather = fetch(50, -EIO);
        self->sports = fetch(150, 0);
        self->all =
            ant_join(&self->news.base, &self->weather.base, &self->sports.base);
        return ANT_NEXT(PAGE_FETCHING);

    case PAGE_FETCHING:
        ANT_AWAIT(self->all);
        shown += show("news", &self->news);
        shown += show("weather", &self->weather);
        shown += show("sports", &self->sports);
        ant_note("%u parts", shown);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(page)
ANT_MAIN(page)
