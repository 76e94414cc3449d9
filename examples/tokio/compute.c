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

ANT_ASYNC_FN(app, uint64_t sum, struct ant_join_handle job)
{
    if (ANT_BEGINS(self->job))
        self->job = ant_spawn_blocking(add_up, &self->sum);
    ANT_AWAIT(self->job);
    printf("Sum: %" PRIu64 "\n", self->sum);
    return ANT_READY;
}

ANT_MAIN(app)
