// SPDX-License-Identifier: MIT
//
// A future that is ready in its third poll. Each PENDING comes with a wake.

#include <antfarm.h>
#include <stdio.h>

// async fn two_steps(): ready after two polls that are not
struct two_steps {
    ant_future base;
    int left;
};

ANT_ASYNC(two_steps)
{
    if (self->left == 0) return ANT_READY;
    self->left--;
    ant_waker_wake_ref(&cx->waker);
    return ANT_PENDING;
}

ANT_MUST_USE static struct two_steps two_steps(void)
{
    return (struct two_steps){ ANT_INIT(two_steps), .left = 2 };
}

ANT_MAIN(two_steps)
