// SPDX-License-Identifier: MIT
//
// Each item of a stream goes through a future of its own.

#include <antfarm.h>
#include <stdio.h>

ANT_ASYNC_FN(twice, int x, struct ant_sleep sleep)
{
    if (ANT_BEGINS(self->sleep)) self->sleep = ant_sleep(100);
    ANT_AWAIT(self->sleep);
    self->x *= 2;
    return ANT_READY;
}

static int start_twice(const void *item, ant_future_set *set, void *arg)
{
    (void)arg;
    const int *x = item;
    return ant_future_set_push(set, ANT_FUTURE(twice, .x = *x));
}

struct app {
    ant_future base;
    enum { APP_START, APP_READING } state;
    struct ant_stream_iter numbers;
    struct ant_stream_buffered doubled;
    const struct twice *value; // the item: a finished future
    struct ant_stream_next next;
};

ANT_ASYNC_WITH_DROP(app)
{
    static const int numbers[] = { 1, 2, 3, 4, 5 };
    switch (self->state) {
    case APP_START:
        self->numbers = ant_stream_iter(numbers, 5);
        self->doubled = ant_stream_then(&self->numbers.base, start_twice, NULL);
        self->next = ant_stream_next(&self->doubled.base, &self->value);
        return ANT_NEXT(APP_READING);
    case APP_READING:
        ANT_AWAIT(self->next);
        if (self->next.base.result <= 0) return ANT_READY; // the end
        printf("Processed: %d\n", self->value->x);
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
