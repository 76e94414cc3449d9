// SPDX-License-Identifier: MIT
//
// A page shows three prices, and has a task for each. It is closed at once, and
// the program goes on for 3.5 seconds. How often is a price looked at?

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

// async fn app(): shows the page, and then does something else.
struct app {
    ant_future base;
    enum { APP_START, APP_SHOWING, APP_WORKING } state;
    struct page page;
    struct ant_sleep work;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->page = page();
        return ANT_NEXT(APP_SHOWING);

    case APP_SHOWING:
        ANT_AWAIT(self->page);
        self->work = ant_sleep(3500);
        return ANT_NEXT(APP_WORKING);

    case APP_WORKING:
        ANT_AWAIT(self->work);
        puts("the program ends");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
