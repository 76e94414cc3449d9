// SPDX-License-Identifier: MIT
//
// A future is polled once more after it was ready.

#include <antfarm.h>

ANT_ASYNC_FN(app, struct ant_sleep nap)
{
    if (self->nap.base.ops == NULL) self->nap = ant_sleep(1);
    ANT_AWAIT(self->nap);
    ANT_AWAIT(self->nap);
    return ANT_READY;
}

ANT_MAIN(app)
