// SPDX-License-Identifier: MIT
//
// The example of stream/pace.h.

#include <antfarm.h>

#include <errno.h>

static const char headlines[3] = { 'a', 'b', 'c' };

struct feed {
    ant_future base;
    enum { FEED_START, FEED_READING } state;
    struct ant_stream_iter news;
    struct ant_stream_throttle calm;
    struct ant_stream_timeout safe;
    struct ant_stream_next next;
    char line;
};

ANT_ASYNC_WITH_DROP(feed)
{
    switch (self->state) {
    case FEED_START:
        self->news = ant_stream_iter(headlines, 3);
        self->calm = ant_stream_throttle(&self->news.base, 10);
        self->safe = ant_stream_timeout(&self->calm.base, 250);
        self->next = ant_stream_next(&self->safe.base, &self->line);
        return ANT_NEXT(FEED_READING);
    case FEED_READING:
        ANT_AWAIT(self->next);
        if (self->next.base.result == -ETIMEDOUT) return ANT_FAIL(-ETIMEDOUT);
        if (self->next.base.result == 0) return ANT_READY;
        self->next = ant_stream_next(&self->safe.base, &self->line);
        return ANT_NEXT(FEED_READING);
    }
    ANT_UNREACHABLE();
}

// Also what ANT_FAIL leaves: the stream is not over then.
static void feed_drop(struct feed *self)
{
    ant_stream_drop(&self->safe.base);
}

ANT_MUST_USE static struct feed feed(void)
{
    return (struct feed){ ANT_INIT(feed) };
}

ANT_MAIN(feed)
