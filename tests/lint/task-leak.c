// SPDX-License-Identifier: MIT
//
// Tasks that nobody can stop run on until the program ends.

#include <antfarm.h>

ANT_ASYNC_FN(ticker, struct ant_sleep tick)
{
    if (ANT_BEGINS(self->tick)) self->tick = ant_sleep(5);
    ANT_AWAIT(self->tick);
    return ANT_AGAIN;
}

ANT_ASYNC_FN(app, struct ant_sleep nap)
{
    if (ANT_BEGINS(self->nap)) {
        for (int i = 0; i < 3; i++) {
            struct ant_join_handle handle = ant_spawn(ticker());
            ant_future_drop(&handle.base);
        }
        self->nap = ant_sleep(20);
    }
    ANT_AWAIT(self->nap);
    return ANT_READY;
}

ANT_MAIN(app)
