// SPDX-License-Identifier: MIT
//
// A task locks twice.

#include <antfarm.h>

static ant_mutex db = ANT_MUTEX("db");

ANT_ASYNC_FN(app, int locks, struct ant_mutex_lock lock)
{
    if (ANT_BEGINS(self->lock)) self->lock = ant_mutex_lock(&db);
    ANT_AWAIT(self->lock);
    return ++self->locks < 2 ? ANT_AGAIN : ANT_READY;
}

ANT_MAIN(app)
