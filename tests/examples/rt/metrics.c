// SPDX-License-Identifier: MIT
//
// The example of rt/metrics.h: the polls of all workers, added up.

#include "antfarm.h"

static uint64_t polls_of(ant_runtime *rt)
{
    uint64_t polls = 0;
    ant_metrics all;
    ant_runtime_metrics(rt, &all);
    for (uint32_t i = 0; i < all.worker_count; i++) {
        ant_worker_metrics one;
        ant_runtime_worker_metrics(rt, i, &one);
        polls += one.polls;
    }
    return polls;
}

int main(void)
{
    ant_runtime *rt;
    if (ant_runtime_new(NULL, &rt) < 0) return 2;
    const int err = ant_runtime_block_on(rt, ant_sleep(1));
    const uint64_t polls = polls_of(rt);
    ant_runtime_free(rt);
    return err == 0 && polls >= 1 ? 0 : 1;
}
