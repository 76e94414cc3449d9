// SPDX-License-Identifier: MIT
//
// A wrong solution: PENDING is a promise of a wake, and nobody keeps it.

#include <antfarm.h>
#include <stdio.h>

// async fn two_steps(): nobody will ask it again
struct two_steps {
    ant_future base;
    int left;
};

ANT_ASYNC(two_steps)
{
    if (self->left == 0) return ANT_READY;
    self->left--;
    return ANT_PENDING;
}

ANT_MUST_USE static struct two_steps two_steps(void)
{
    return (struct two_steps){ ANT_INIT(two_steps), .left = 2 };
}

ANT_MAIN(two_steps)
