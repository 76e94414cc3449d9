// SPDX-License-Identifier: MIT
//
// The same page, but the program ends as soon as the page is closed. How often
// is a price looked at now?

#include <antfarm.h>
#include <stdio.h>

#define GOODS 3

static const char *const goods[GOODS] = { "gold", "oil", "wheat" };

// async fn ticker(what): looks at a price every second, for ever.
struct ticker {
    ant_future base;
    enum { TICKER_START, TICKER_RESTING } state;
    const char *what;
    struct ant_sleep rest;
};

ANT_ASYNC(ticker)
{
    switch (self->state) {
    case TICKER_START:
        self->rest = ant_sleep(1000);
        return ANT_NEXT(TICKER_RESTING);

    case TICKER_RESTING:
        ANT_AWAIT(self->rest);
        ant_note("price of %s", self->what);
        return ANT_NEXT(TICKER_START);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct ticker ticker(const char *what)
{
    return (struct ticker){ ANT_INIT(ticker), .what = what };
}

// async fn page(): starts the tickers, and is closed at once.
struct page {
    ant_future base;
    enum { PAGE_START } state;
};

ANT_ASYNC(page)
{
    switch (self->state) {
    case PAGE_START:
        //@ begin page
        for (unsigned i = 0; i < GOODS; i++) {
            struct ant_join_handle job =
                ant_spawn_named(goods[i], ticker(goods[i]));
            ant_task_detach(&job); // gives it up
        }
        ant_note("page is closed");
        return ANT_READY;
        //@ end page
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(page)

// async fn app(): shows the page, and that is all.
struct app {
    ant_future base;
    enum { APP_START, APP_SHOWING } state;
    struct page page;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->page = page();
        return ANT_NEXT(APP_SHOWING);

    case APP_SHOWING:
        ANT_AWAIT(self->page);
        //@ begin end
        puts("the program ends");
        return ANT_READY;
        //@ end end
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
