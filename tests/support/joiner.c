// SPDX-License-Identifier: MIT

#include "support/joiner.h"

#include "base/mem.h"

executor ex;
hand_task waiter;

uint64_t joiner_blocks;

int joiner_set_up(void **state)
{
    (void)state;
    executor_init(&ex);
    hand_task_init(&waiter, 99);
    joiner_blocks = ant_mem_live_count();
    return 0;
}

int joiner_tear_down(void **state)
{
    (void)state;
    if (hand_refs(&waiter) != 0) return -1;
    return ant_mem_live_count() == joiner_blocks ? 0 : -1;
}
