// SPDX-License-Identifier: MIT
//
// The example of mock/manual_clock.h: ten milliseconds that take no time.

#include "mock/manual_clock.h"
#include "antfarm.h"
#include "mock/mock_task.h"

int main(void)
{
    ant_mock_task task;
    ant_mock_task_init(&task, 1);

    ant_mock_clock clock;
    ant_mock_clock_init(&clock);
    task.clock = &clock;
    struct ant_sleep nap = ant_sleep(10);
    ANT_ASSERT(ant_mock_task_poll(&task, &nap.base) == ANT_PENDING);
    ant_mock_clock_advance_ms(&clock, 9);
    ANT_ASSERT(!ant_mock_task_is_woken(&task));
    ant_mock_clock_advance_ms(&clock, 1);
    ANT_ASSERT(ant_mock_task_poll(&task, &nap.base) == ANT_READY);
    ant_mock_clock_deinit(&clock);
    return 0;
}
