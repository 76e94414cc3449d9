// SPDX-License-Identifier: MIT
//
// The example of stream/buffer.h.

#include <antfarm.h>

#include <errno.h>

struct fetch {
    ant_future base;
    enum { FETCH_START, FETCH_SLEEPING } state;
    int64_t id;
    int64_t bytes;
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
        self->bytes = 100 * self->id;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct fetch fetch(int64_t id)
{
    return (struct fetch){ ANT_INIT(fetch), .id = id };
}

static int start_fetch(const void *item, ant_future_set *set, void *arg)
{
    (void)arg;
    const int64_t *id = item;
    return ant_future_set_push(set, fetch(*id));
}

struct crawl {
    ant_future base;
    enum { CRAWL_START, CRAWL_FETCHING } state;
    struct ant_stream_range ids;
    struct ant_stream_buffered pages;
    struct ant_stream_next next;
    struct fetch *page;
    int64_t bytes;
};

ANT_ASYNC_WITH_DROP(crawl)
{
    switch (self->state) {
    case CRAWL_START:
        self->ids = ant_stream_range(1, 6);
        self->pages =
            ant_stream_buffered(&self->ids.base, 2, start_fetch, NULL);
        self->next = ant_stream_next(&self->pages.base, &self->page);
        return ANT_NEXT(CRAWL_FETCHING);
    case CRAWL_FETCHING:
        ANT_AWAIT(self->next); // self->page is a `struct fetch *`
        if (self->next.base.result <= 0) return ANT_READY;
        self->bytes += self->page->bytes;
        self->next = ant_stream_next(&self->pages.base, &self->page);
        return ANT_NEXT(CRAWL_FETCHING);
    }
    ANT_UNREACHABLE();
}

static void crawl_drop(struct crawl *self)
{
    ant_stream_drop(&self->pages.base);
}

ANT_MUST_USE static struct crawl crawl(void)
{
    return (struct crawl){ ANT_INIT(crawl) };
}

struct app {
    ant_future base;
    enum { APP_START, APP_WAITING } state;
    struct crawl crawl;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->crawl = crawl();
        return ANT_NEXT(APP_WAITING);
    case APP_WAITING:
        ANT_AWAIT(self->crawl);
        return self->crawl.bytes == 1500 ? ANT_READY : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
