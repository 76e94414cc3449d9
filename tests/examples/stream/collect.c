// SPDX-License-Identifier: MIT
//
// The example of stream/collect.h.

#include <antfarm.h>

#include <errno.h>

static void add(const void *item, void *arg)
{
    const int64_t *n = item;
    int64_t *sum = arg;
    *sum += *n;
}

struct total {
    ant_future base;
    enum { TOTAL_START, TOTAL_ADDING } state;
    struct ant_stream_range numbers;
    struct ant_stream_for_each added;
    int64_t sum;
};

ANT_ASYNC(total)
{
    switch (self->state) {
    case TOTAL_START:
        self->numbers = ant_stream_range(1, 101);
        self->added = ant_stream_fold(&self->numbers.base, add, &self->sum);
        return ANT_NEXT(TOTAL_ADDING);
    case TOTAL_ADDING:
        ANT_AWAIT(self->added);
        if (self->added.base.result < 0) return ANT_FAIL(-EIO);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct total total(void)
{
    return (struct total){ ANT_INIT(total) };
}

struct app {
    ant_future base;
    enum { APP_START, APP_WAITING } state;
    struct total total;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->total = total();
        return ANT_NEXT(APP_WAITING);
    case APP_WAITING:
        ANT_AWAIT(self->total);
        return self->total.sum == 5050 ? ANT_READY : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
