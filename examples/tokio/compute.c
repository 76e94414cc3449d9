// SPDX-License-Identifier: MIT
//
// A long computation goes to the blocking pool, so that the worker stays free.

#include <antfarm.h>
#include <inttypes.h>
#include <stdio.h>

static int add_up(void *arg)
{
    uint64_t *sum = arg;
    for (uint64_t i = 0; i < 1000000; i++)
        *sum += i;
    return 0;
}

struct app {
    ant_future base;
    enum { APP_START, APP_WAITING } state;
    uint64_t sum;
    struct ant_join_handle handle;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->handle = ant_spawn_blocking(add_up, &self->sum);
        return ANT_NEXT(APP_WAITING);
    case APP_WAITING:
        ANT_AWAIT(self->handle);
        printf("Sum: %" PRIu64 "\n", self->sum);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
