// SPDX-License-Identifier: MIT

#include "time/timebase.h"

#include "base/assert.h"
#include "time/clock.h"

void ant_timebase_init(ant_timebase *base, ant_driver *driver)
{
    *base = (ant_timebase){ .driver = driver };
}

static uint64_t still_ns(const ant_timebase *base)
{
    // acquire: pairs with the releases in pause and resume, so that who sees
    // time run again sees its new offset.
    return ant_atomic_load(&base->still_ns, ANT_ACQUIRE);
}

static uint64_t offset_ns(const ant_timebase *base)
{
    return ant_atomic_load(&base->offset_ns, ANT_RELAXED);
}

static void set_still(ant_timebase *base, uint64_t ns)
{
    ant_atomic_store(&base->still_ns, ns, ANT_RELEASE);
}

static uint64_t driver_now(const ant_timebase *base)
{
    return base->driver->ops->now_ns(base->driver);
}

uint64_t ant_timebase_now(const ant_timebase *base)
{
    const uint64_t still = still_ns(base);
    return still != 0 ? still : driver_now(base) + offset_ns(base);
}

uint64_t ant_timebase_now_recorded(ant_timebase *base)
{
    // relaxed: only the order of the looks counts.
    const uint64_t looks = ant_timebase_is_paused(base)
                               ? ant_atomic_add(&base->looks, 1, ANT_RELAXED)
                               : ant_atomic_load(&base->looks, ANT_RELAXED);
    return ant_clock_add(ant_timebase_now(base), looks);
}

bool ant_timebase_is_paused(const ant_timebase *base)
{
    return still_ns(base) != 0;
}

void ant_timebase_pause(ant_timebase *base, uint64_t origin_ns)
{
    ANT_ASSERT(!ant_timebase_is_paused(base));
    const uint64_t since_ns = ant_timebase_now(base) - origin_ns;
    const uint64_t rest_ns = since_ns % ANT_WHEEL_NS_PER_TICK;
    const uint64_t more_ns = rest_ns > 0 ? ANT_WHEEL_NS_PER_TICK - rest_ns : 0;
    set_still(base, origin_ns + since_ns + more_ns);
}

void ant_timebase_resume(ant_timebase *base)
{
    ANT_ASSERT(ant_timebase_is_paused(base));
    // It may be behind the driver's clock: then the offset wraps, and so does
    // the sum.
    ant_atomic_store(&base->offset_ns, still_ns(base) - driver_now(base),
                     ANT_RELAXED);
    set_still(base, 0);
}

void ant_timebase_move(ant_timebase *base, uint64_t at_ns)
{
    const uint64_t now_ns = ant_timebase_now(base);
    if (at_ns <= now_ns || at_ns == ANT_NS_NEVER) return;
    if (ant_timebase_is_paused(base))
        set_still(base, at_ns);
    else
        ant_atomic_add(&base->offset_ns, at_ns - now_ns, ANT_RELAXED);
}

uint64_t ant_timebase_look_at(const ant_timebase *base, uint64_t at_ns,
                              bool may_move)
{
    if (at_ns == ANT_NS_NEVER) return at_ns;
    const uint64_t still = still_ns(base);
    if (still != 0) return may_move || at_ns <= still ? 0 : ANT_NS_NEVER;
    if (offset_ns(base) == 0) return at_ns;
    const uint64_t now_ns = ant_timebase_now(base);
    return at_ns > now_ns ? ant_clock_add(driver_now(base), at_ns - now_ns) : 0;
}
