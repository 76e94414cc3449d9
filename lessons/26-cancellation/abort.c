// SPDX-License-Identifier: MIT
//
// A book has six pages, and writing one takes 100 ms. After 250 ms somebody
// stops the task. What is in the book then?

#include <antfarm.h>
#include <stdio.h>

#define PAGES 6

// async fn write_book(): one page after the other, and an end.
struct write_book {
    ant_future base;
    enum { WRITE_START, WRITE_PAGE } state;
    unsigned pages;
    struct ant_sleep page;
};

ANT_ASYNC(write_book)
{
    switch (self->state) {
    //@ begin write
    case WRITE_START:
        self->page = ant_sleep(100);
        return ANT_NEXT(WRITE_PAGE);

    case WRITE_PAGE:
        ANT_AWAIT(self->page);
        ant_note("page %u", ++self->pages);
        if (self->pages < PAGES) return ANT_NEXT(WRITE_START);
        ant_note("the end");
        return ANT_READY;
        //@ end write
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct write_book write_book(void)
{
    return (struct write_book){ ANT_INIT(write_book) };
}

// async fn app(): lets it write for a while, stops it, and hears of its end.
struct app {
    ant_future base;
    enum { APP_START, APP_RESTING, APP_STOPPING } state;
    struct ant_join_handle book;
    struct ant_sleep rest;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->book = ant_spawn_named("book", write_book());
        self->rest = ant_sleep(250);
        return ANT_NEXT(APP_RESTING);

    case APP_RESTING:
        ANT_AWAIT(self->rest);
        //@ begin stop
        ant_task_abort(&self->book);
        return ANT_NEXT(APP_STOPPING);

    case APP_STOPPING:
        ANT_AWAIT(self->book); // until it is really over
        //@ end stop
        printf("the book: %s\n", ant_err_text(self->book.base.result));
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
