// SPDX-License-Identifier: MIT

#include "core/waker.h"

#ifdef ANT_CHECK_LOCKS
#include "base/assert.h"
#include "base/os.h"

// Foreign code may run now, which may come back to any lock.
#define CHECK_UNLOCKED() ANT_ASSERT(ant__os_locks_held() == 0)
#else
#define CHECK_UNLOCKED() ((void)0)
#endif

ant_waker ant_waker_clone(const ant_waker *waker)
{
    if (waker->target == NULL) return *waker;
    CHECK_UNLOCKED();
    waker->target->ops->clone(waker->target);
    return *waker;
}

void ant_waker_wake(ant_waker *waker)
{
    ant__waker_wake_for(waker, (ant_why){ .via = ANT_VIA_WAKER });
}

void ant_waker_wake_ref(const ant_waker *waker)
{
    ant__waker_wake_ref_for(waker, (ant_why){ .via = ANT_VIA_WAKER });
}

void ant_waker_drop(ant_waker *waker)
{
    ant_waker taken = ant_waker_take(waker);
    if (taken.target == NULL) return;
    CHECK_UNLOCKED();
    taken.target->ops->drop(taken.target);
}

void ant__waker_wake_for(ant_waker *waker, ant_why why)
{
    ant_waker taken = ant_waker_take(waker);
    ant__waker_wake_ref_for(&taken, why);
    ant_waker_drop(&taken);
}

void ant__waker_wake_ref_for(const ant_waker *waker, ant_why why)
{
    if (waker->target == NULL) return;
    CHECK_UNLOCKED();
    waker->target->ops->wake(waker->target, why);
}

static void noop_ref(ant_wakeable *self)
{
    (void)self;
}

static void noop_wake(ant_wakeable *self, ant_why why)
{
    (void)self;
    (void)why;
}

ant_waker ant_waker_noop(void)
{
    static const ant_waker_ops ops = { noop_ref, noop_wake, noop_ref };
    static ant_wakeable nobody = { &ops };
    return (ant_waker){ &nobody };
}
