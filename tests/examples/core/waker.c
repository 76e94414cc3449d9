// SPDX-License-Identifier: MIT
//
// The example of core/waker.h.

#include <antfarm.h>

struct countdown {
    ant_future base;
    int left;
};

ANT_ASYNC(countdown)
{
    if (self->left == 0) return ANT_READY;
    self->left--;
    ant_waker_wake_ref(&cx->waker); // poll me again
    return ANT_PENDING;
}

static struct countdown countdown(void)
{
    return (struct countdown){ ANT_INIT(countdown), .left = 3 };
}

ANT_MAIN(countdown)
