// SPDX-License-Identifier: MIT
//
// The example of stream/transform.h.

#include <antfarm.h>

#include <errno.h>

static bool is_even(const void *item, void *arg)
{
    (void)arg;
    const int64_t *n = item;
    return *n % 2 == 0;
}

static void square(const void *item, void *mapped, void *arg)
{
    (void)arg;
    const int64_t *n = item;
    int64_t *squared = mapped;
    *squared = *n * *n;
}

struct squares {
    ant_future base;
    enum { SQUARES_START, SQUARES_COLLECTING } state;
    struct ant_stream_range numbers;
    struct ant_stream_filter evens;
    struct ant_stream_map squares;
    struct ant_stream_collect all;
    int64_t square[8];
};

ANT_ASYNC(squares)
{
    switch (self->state) {
    case SQUARES_START:
        self->numbers = ant_stream_range(1, 7);
        self->evens = ant_stream_filter(&self->numbers.base, is_even, NULL);
        self->squares =
            ant_stream_map(&self->evens.base, int64_t, square, NULL);
        self->all = ant_stream_collect(&self->squares.base, self->square);
        return ANT_NEXT(SQUARES_COLLECTING);
    case SQUARES_COLLECTING:
        ANT_AWAIT(self->all);
        if (self->all.base.result != 3) return ANT_FAIL(-EPROTO);
        return self->square[2] == 36 ? ANT_READY : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct squares squares(void)
{
    return (struct squares){ ANT_INIT(squares) };
}

ANT_MAIN(squares)
