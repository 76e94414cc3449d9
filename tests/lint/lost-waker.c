// SPDX-License-Identifier: MIT
//
// A future written by hand returns PENDING and keeps no waker.

#include <antfarm.h>

ANT_ASYNC_FN(app, int polls)
{
    (void)cx;
    return self->polls++ == 0 ? ANT_PENDING : ANT_READY;
}

ANT_MAIN(app)
