// SPDX-License-Identifier: MIT
//
// A task calls what stops the whole thread.

#include <antfarm.h>

ANT_ASYNC_FN(app, struct ant_sleep nap)
{
    if (ANT_BEGINS(self->nap)) {
        ant_thread_sleep(40);
        self->nap = ant_sleep(1);
    }
    ANT_AWAIT(self->nap);
    return ANT_READY;
}

ANT_MAIN(app)
