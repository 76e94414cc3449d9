// SPDX-License-Identifier: MIT

#include "support/feed.h"

ANT_STREAM_WITH_DROP(feed, int)
{
    self->poll_count++;
    ant_waker_drop(&self->waker);
    if (self->got == self->put) {
        self->waker = ant_waker_clone(&cx->waker);
        return ANT_PENDING;
    }
    const unsigned at = self->got++;
    const int value = self->script[at].value;
    switch (self->script[at].kind) {
    case FEED_VALUE:
        *item = value;
        return ANT_ITEM;
    case FEED_ERROR:
        self->base.future.result = value;
        return ANT_ITEM;
    case FEED_END:
        return value == 0 ? ANT_READY : ANT_FAIL(value);
    }
    ANT_UNREACHABLE();
}

static void feed_drop(struct feed *self)
{
    self->was_dropped = true;
    ant_waker_drop(&self->waker);
}

struct feed feed_new(void)
{
    return (struct feed){ ANT_STREAM_INIT(feed) };
}

static void put(struct feed *feed, feed_kind kind, int value)
{
    ANT_ASSERT(feed->put < FEED_MAX);
    feed->script[feed->put].kind = kind;
    feed->script[feed->put].value = value;
    feed->put++;
    ant_waker waker = ant_waker_take(&feed->waker);
    ant_waker_wake(&waker);
}

void feed_put(struct feed *feed, int value)
{
    put(feed, FEED_VALUE, value);
}

void feed_error(struct feed *feed, int err)
{
    put(feed, FEED_ERROR, err);
}

void feed_end(struct feed *feed, int err)
{
    put(feed, FEED_END, err);
}
