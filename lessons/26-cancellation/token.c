// SPDX-License-Identifier: MIT
//
// A book has six pages, and writing one takes 100 ms. After 250 ms somebody
// asks the task to come to an end. What is in the book now?

#include <antfarm.h>
#include <stdio.h>

#define PAGES 6

// async fn write_book(stop): pages until it is asked to stop, and an end.
struct write_book {
    ant_future base;
    enum { WRITE_START, WRITE_PAGE } state;
    ant_cancellation_token stop;
    unsigned pages;
    struct ant_sleep page;
};

ANT_ASYNC_WITH_DROP(write_book)
{
    switch (self->state) {
    //@ begin write
    case WRITE_START:
        self->page = ant_sleep(100);
        return ANT_NEXT(WRITE_PAGE);

    case WRITE_PAGE:
        ANT_AWAIT(self->page);
        ant_note("page %u", ++self->pages);
        if (self->pages < PAGES &&
            !ant_cancellation_token_is_cancelled(&self->stop))
            return ANT_NEXT(WRITE_START);
        ant_note("the end");
        ant_cancellation_token_drop(&self->stop);
        return ANT_READY;
        //@ end write
    }
    ANT_UNREACHABLE();
}

static void write_book_drop(struct write_book *self)
{
    ant_future_drop(&self->page.base);
    ant_cancellation_token_drop(&self->stop);
}

ANT_MUST_USE static struct write_book write_book(ant_cancellation_token stop)
{
    return (struct write_book){ ANT_INIT(write_book), .stop = stop };
}

// async fn app(): lets it write for a while, asks it to stop, and waits.
struct app {
    ant_future base;
    enum { APP_START, APP_RESTING, APP_STOPPING } state;
    ant_cancellation_token stop;
    struct ant_join_handle book;
    struct ant_sleep rest;
};

ANT_ASYNC(app)
{
    int err;
    struct write_book next;
    switch (self->state) {
    case APP_START:
        err = ant_cancellation_token_new("stop", &self->stop);
        if (err < 0) return ANT_FAIL(err);
        next = write_book(ant_cancellation_token_clone(&self->stop));
        self->book = ant_spawn_named("book", next);
        self->rest = ant_sleep(250);
        return ANT_NEXT(APP_RESTING);

    case APP_RESTING:
        ANT_AWAIT(self->rest);
        ant_cancellation_token_cancel(&self->stop);
        return ANT_NEXT(APP_STOPPING);

    case APP_STOPPING:
        ANT_AWAIT(self->book); // until it is really over
        printf("the book: %s\n", ant_err_text(self->book.base.result));
        ant_cancellation_token_drop(&self->stop);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
