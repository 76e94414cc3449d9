// SPDX-License-Identifier: MIT
//
// A future that should be ready in its third poll, not before. Here it is ready
// at once.

#include <antfarm.h>
#include <stdio.h>

// async fn two_steps(): ready after two polls that are not
struct two_steps {
    ant_future base;
    int left;
};

ANT_ASYNC(two_steps)
{
    (void)self; //@ todo not before the third poll
    return ANT_READY;
}

ANT_MUST_USE static struct two_steps two_steps(void)
{
    return (struct two_steps){ ANT_INIT(two_steps), .left = 2 };
}

ANT_MAIN(two_steps)
