// SPDX-License-Identifier: MIT
//
// A page that is read for 2.5 seconds keeps the handles of its tasks, and stops
// them when it is closed. What is left of them when the program ends?

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

// async fn page(): owns its tickers: they end with it, however it ends.
struct page {
    ant_future base;
    enum { PAGE_START, PAGE_SHOWING } state;
    struct ant_join_handle job[GOODS];
    struct ant_sleep reader;
};

static void stop_tickers(struct page *self)
{
    //@ begin stop
    for (unsigned i = 0; i < GOODS; i++) {
        ant_task_abort(&self->job[i]);
        ant_task_detach(&self->job[i]);
    }
    //@ end stop
}

ANT_ASYNC_WITH_DROP(page)
{
    switch (self->state) {
    case PAGE_START:
        for (unsigned i = 0; i < GOODS; i++)
            self->job[i] = ant_spawn_named(goods[i], ticker(goods[i]));
        self->reader = ant_sleep(2500);
        return ANT_NEXT(PAGE_SHOWING);

    case PAGE_SHOWING:
        ANT_AWAIT(self->reader);
        ant_note("page is closed");
        stop_tickers(self);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void page_drop(struct page *self)
{
    ant_future_drop(&self->reader.base);
    stop_tickers(self);
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
        self->work = ant_sleep(1000);
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
