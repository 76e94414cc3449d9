// SPDX-License-Identifier: MIT
//
// A wrong solution: both steps in one poll.

#include <antfarm.h>
#include <stdio.h>

// async fn two_steps(): does not let anybody else have a turn
struct two_steps {
    ant_future base;
    int left;
};

ANT_ASYNC(two_steps)
{
    while (self->left > 0)
        self->left--;
    return ANT_READY;
}

ANT_MUST_USE static struct two_steps two_steps(void)
{
    return (struct two_steps){ ANT_INIT(two_steps), .left = 2 };
}

ANT_MAIN(two_steps)
