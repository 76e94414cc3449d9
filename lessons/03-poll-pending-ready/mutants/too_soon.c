// SPDX-License-Identifier: MIT
//
// A wrong solution: one poll too few.

#include <antfarm.h>
#include <stdio.h>

// async fn two_steps(): ready after one poll that is not
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
    return (struct two_steps){ ANT_INIT(two_steps), .left = 1 };
}

ANT_MAIN(two_steps)
