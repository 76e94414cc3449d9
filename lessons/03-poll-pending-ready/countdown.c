// SPDX-License-Identifier: MIT
//
// A future written by hand: it counts down from three, one step in each poll,
// and wakes itself. How often is it polled?

#include <antfarm.h>
#include <stdio.h>

// async fn countdown(): the only question one can ask it is its poll
struct countdown {
    ant_future base;
    int left;
};

ANT_ASYNC(countdown)
{
    //@ begin poll
    printf("%d left\n", self->left);
    ant_note("%d left", self->left);
    if (self->left == 0) return ANT_READY;
    self->left--;
    ant_waker_wake_ref(&cx->waker); // poll me again
    return ANT_PENDING;
    //@ end poll
}

ANT_MUST_USE static struct countdown countdown(void)
{
    return (struct countdown){ ANT_INIT(countdown), .left = 3 };
}

ANT_MAIN(countdown)
