// SPDX-License-Identifier: MIT
//
// The example of combine/future_set.h.

#include <antfarm.h>

#include <errno.h>

struct fetch {
    ant_future base;
    enum { FETCH_START, FETCH_SLEEPING } state;
    int page;
    int bytes;
    struct ant_sleep nap;
};

ANT_ASYNC(fetch)
{
    switch (self->state) {
    case FETCH_START:
        self->nap = ant_sleep(3 - (unsigned)self->page);
        return ANT_NEXT(FETCH_SLEEPING);
    case FETCH_SLEEPING:
        ANT_AWAIT(self->nap);
        self->bytes = 1000 + self->page;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct fetch fetch(int page)
{
    return (struct fetch){ ANT_INIT(fetch), .page = page };
}

struct crawl {
    ant_future base;
    enum { CRAWL_START, CRAWL_FETCHING } state;
    ant_future_set pages;
    struct ant_future_set_next next;
    int bytes;
};

static void count_bytes(struct crawl *self, const struct fetch *page)
{
    self->bytes += page->bytes;
}

ANT_ASYNC_WITH_DROP(crawl)
{
    switch (self->state) {
    case CRAWL_START:
        for (int i = 0; i < 3; i++) {
            if (ant_future_set_push(&self->pages, fetch(i)) < 0)
                return ANT_FAIL(-ENOMEM);
        }
        self->next = ant_future_set_next(&self->pages);
        return ANT_NEXT(CRAWL_FETCHING);
    case CRAWL_FETCHING:
        ANT_AWAIT(self->next);
        if (self->next.finished == NULL) return ANT_READY; // all done
        count_bytes(self, self->next.finished);            // a struct fetch
        self->next = ant_future_set_next(&self->pages);
        return ANT_NEXT(CRAWL_FETCHING);
    }
    ANT_UNREACHABLE();
}

static void crawl_drop(struct crawl *self)
{
    ant_future_drop(&self->next.base);
    ant_future_set_clear(&self->pages);
}

struct app {
    ant_future base;
    enum { APP_START, APP_CRAWLING } state;
    struct crawl crawl;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->crawl = (struct crawl){ ANT_INIT(crawl) };
        return ANT_NEXT(APP_CRAWLING);
    case APP_CRAWLING:
        ANT_AWAIT(self->crawl);
        ANT_ASSERT(self->crawl.bytes == 3003);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
