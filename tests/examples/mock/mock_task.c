// SPDX-License-Identifier: MIT
//
// The examples of mock/mock_task.h: a lock that is waited for, polled by hand,
// and a waker that pokes the lock which is using it.

#include "mock/mock_task.h"
#include "antfarm.h"

static unsigned poke_count;

static void poke(void *arg)
{
    ant_mutex *door = arg;
    if (ant_mutex_try_lock(door)) ant_mutex_unlock(door);
    poke_count++;
}

static void wait_for_the_door(void)
{
    ant_mutex door = ANT_MUTEX("door");
    ANT_ASSERT(ant_mutex_try_lock(&door));
    ant_mock_task task;
    ant_mock_task_init(&task, 1);
    struct ant_mutex_lock lock = ant_mutex_lock(&door);
    ANT_ASSERT(ant_mock_task_poll(&task, &lock.base) == ANT_PENDING);
    ant_mutex_unlock(&door);
    ANT_ASSERT(ant_mock_task_is_woken(&task));
    ANT_ASSERT(ant_mock_task_poll(&task, &lock.base) == ANT_READY);
    ANT_ASSERT(ant_mock_task_waker_refs(&task) == 0);
    ant_mutex_unlock(&door);
}

static void be_evil(void)
{
    ant_mutex door = ANT_MUTEX("door");
    ANT_ASSERT(ant_mutex_try_lock(&door));
    ant_mock_task task;
    ant_mock_task_init(&task, 1);
    ant_mock_task_set_evil(&task, ANT_MOCK_ON_WAKE, poke, &door);

    struct ant_mutex_lock lock = ant_mutex_lock(&door);
    ANT_ASSERT(ant_mock_task_poll(&task, &lock.base) == ANT_PENDING);
    ant_mutex_unlock(&door);
    ANT_ASSERT(poke_count == 1);
    ant_future_drop(&lock.base); // was handed the door: hands it on
    ANT_ASSERT(ant_mutex_try_lock(&door));
    ant_mutex_unlock(&door);
}

int main(void)
{
    wait_for_the_door();
    be_evil();
    return 0;
}
