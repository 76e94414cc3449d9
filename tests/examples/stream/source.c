// SPDX-License-Identifier: MIT
//
// The example of stream/source.h.

#include <antfarm.h>

#include <errno.h>

static const int first_primes[4] = { 2, 3, 5, 7 };

struct sum {
    ant_future base;
    enum { SUM_START, SUM_ADDING } state;
    struct ant_stream_iter primes;
    struct ant_stream_next next;
    int prime;
    int sum;
};

ANT_ASYNC(sum)
{
    switch (self->state) {
    case SUM_START:
        self->primes = ant_stream_iter(first_primes, 4);
        self->next = ant_stream_next(&self->primes.base, &self->prime);
        return ANT_NEXT(SUM_ADDING);
    case SUM_ADDING:
        ANT_AWAIT(self->next);
        if (self->next.base.result == 0) return ANT_READY;
        self->sum += self->prime;
        self->next = ant_stream_next(&self->primes.base, &self->prime);
        return ANT_NEXT(SUM_ADDING);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct sum sum(void)
{
    return (struct sum){ ANT_INIT(sum) };
}

struct app {
    ant_future base;
    enum { APP_START, APP_WAITING } state;
    struct sum sum;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->sum = sum();
        return ANT_NEXT(APP_WAITING);
    case APP_WAITING:
        ANT_AWAIT(self->sum);
        return self->sum.sum == 17 ? ANT_READY : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
