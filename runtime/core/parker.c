// SPDX-License-Identifier: MIT

#include "core/parker.h"

void ant__parker_init(ant_parker *parker)
{
    *parker = (ant_parker){ 0 };
    ant_os_mutex_init(&parker->lock);
    ant_os_cond_init(&parker->cond);
}

void ant__parker_deinit(ant_parker *parker)
{
    ant_os_cond_deinit(&parker->cond);
    ant_os_mutex_deinit(&parker->lock);
}

bool ant__parker_park(ant_parker *parker, uint64_t deadline_ns)
{
    bool in_time = true;
    ant_os_mutex_lock(&parker->lock);
    while (!parker->has_permit && !parker->is_nudged && in_time)
        in_time =
            ant_os_cond_wait_until(&parker->cond, &parker->lock, deadline_ns);
    const bool had_permit = parker->has_permit;
    parker->has_permit = false;
    parker->is_nudged = false;
    ant_os_mutex_unlock(&parker->lock);
    return had_permit;
}

// From the unlock on the parker may be gone, with the thread that parked on it.

void ant__parker_unpark(ant_parker *parker)
{
    ant_os_mutex_lock(&parker->lock);
    parker->has_permit = true;
    ant_os_cond_signal_unlock(&parker->cond, &parker->lock);
}

void ant__parker_nudge(ant_parker *parker)
{
    ant_os_mutex_lock(&parker->lock);
    parker->is_nudged = true;
    ant_os_cond_signal_unlock(&parker->cond, &parker->lock);
}

// ---- Of a runtime or not ----

void ant__thread_parker_init(ant_driver *driver, ant_parker *parker)
{
    if (driver != NULL)
        driver->ops->parker_init(driver, parker);
    else
        ant__parker_init(parker);
}

void ant__thread_parker_deinit(ant_driver *driver, ant_parker *parker)
{
    if (driver != NULL)
        driver->ops->parker_deinit(driver, parker);
    else
        ant__parker_deinit(parker);
}

void ant__thread_park(ant_driver *driver, ant_parker *parker)
{
    bool has_permit;
    if (driver != NULL)
        has_permit = driver->ops->park(driver, parker, ANT_NS_NEVER) ==
                     ANT_UNPARKED_PERMIT;
    else
        has_permit = ant__parker_park(parker, ANT_NS_NEVER);
    // Without a deadline nothing else ends a park.
    ANT_ASSERT(has_permit);
}

void ant__thread_unpark(ant_driver *driver, ant_parker *parker)
{
    if (driver != NULL)
        driver->ops->unpark(driver, parker);
    else
        ant__parker_unpark(parker);
}
