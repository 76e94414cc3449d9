// SPDX-License-Identifier: MIT
//
// The even numbers from 1 to 10, doubled.

#include <antfarm.h>
#include <inttypes.h>
#include <stdio.h>

static bool is_even(const void *item, void *arg)
{
    (void)arg;
    const int64_t *x = item;
    return *x % 2 == 0;
}

static void twice(const void *item, void *mapped, void *arg)
{
    (void)arg;
    const int64_t *x = item;
    int64_t *doubled = mapped;
    *doubled = *x * 2;
}

struct app {
    ant_future base;
    enum { APP_START, APP_READING } state;
    int64_t value;
    struct ant_stream_range numbers;
    struct ant_stream_filter evens;
    struct ant_stream_map doubled;
    struct ant_stream_next next;
};

ANT_ASYNC_WITH_DROP(app)
{
    switch (self->state) {
    case APP_START:
        self->numbers = ant_stream_range(1, 11);
        self->evens = ant_stream_filter(&self->numbers.base, is_even, NULL);
        self->doubled = ant_stream_map(&self->evens.base, int64_t, twice, NULL);
        self->next = ant_stream_next(&self->doubled.base, &self->value);
        return ANT_NEXT(APP_READING);
    case APP_READING:
        ANT_AWAIT(self->next);
        if (self->next.base.result <= 0) return ANT_READY; // the end
        printf("%" PRId64 "\n", self->value);
        self->next = ant_stream_next(&self->doubled.base, &self->value);
        return ANT_NEXT(APP_READING);
    }
    ANT_UNREACHABLE();
}

static void app_drop(struct app *self)
{
    ant_future_drop(&self->next.base);
    ant_stream_drop(&self->doubled.base);
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
