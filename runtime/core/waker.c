// SPDX-License-Identifier: MIT

#include "core/waker.h"

#include "base/assert.h"
#include "base/os.h"

void ant__waker_check_unlocked(void)
{
    ANT_ASSERT(ant__os_locks_held() == 0);
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
    static const ant_waker_ops ops = { noop_ref, noop_wake, noop_ref, NULL };
    static ant_wakeable nobody = { &ops };
    return (ant_waker){ &nobody };
}
