// SPDX-License-Identifier: MIT
//
// A lock of threads is held over a sleep; nobody else wants it, this time.

#include <antfarm.h>

static ant_thread_mutex account = ANT_THREAD_MUTEX("account");

ANT_ASYNC_FN(app, struct ant_sleep nap)
{
    if (ANT_BEGINS(self->nap)) {
        int err = ant_thread_mutex_lock(&account);
        if (err < 0) return ANT_FAIL(err);
        self->nap = ant_sleep(10);
    }
    ANT_AWAIT(self->nap);
    int err = ant_thread_mutex_unlock(&account);
    return err < 0 ? ANT_FAIL(err) : ANT_READY;
}

ANT_MAIN(app)
