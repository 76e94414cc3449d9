// SPDX-License-Identifier: MIT
//
// A stream that is mapped, filtered and read to its end by one future.

#include <antfarm.h>
#include <inttypes.h>
#include <stdio.h>

static void twice(const void *item, void *mapped, void *arg)
{
    (void)arg;
    const int64_t *x = item;
    int64_t *doubled = mapped;
    *doubled = *x * 2;
}

static bool is_big(const void *item, void *arg)
{
    (void)arg;
    const int64_t *x = item;
    return *x > 5;
}

static int show(const void *item, void *arg)
{
    (void)arg;
    const int64_t *x = item;
    printf("Value: %" PRId64 "\n", *x);
    return 0;
}

struct app {
    ant_future base;
    struct ant_stream_range numbers;
    struct ant_stream_map doubled;
    struct ant_stream_filter big;
    struct ant_stream_for_each each;
};

ANT_ASYNC(app)
{
    if (ANT_BEGINS(self->each)) {
        self->numbers = ant_stream_range(0, 10);
        self->doubled =
            ant_stream_map(&self->numbers.base, int64_t, twice, NULL);
        self->big = ant_stream_filter(&self->doubled.base, is_big, NULL);
        self->each = ant_stream_for_each(&self->big.base, show, NULL);
    }
    ANT_AWAIT(self->each);
    return ANT_READY;
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
