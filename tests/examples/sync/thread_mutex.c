// SPDX-License-Identifier: MIT
//
// The example of sync/thread_mutex.h: a few lines under a lock, and no await.

#include "antfarm.h"

static int rows;

static ant_thread_mutex db = ANT_THREAD_MUTEX("db");

struct insert {
    ant_future base;
    enum { INSERT_START } state;
};

ANT_ASYNC(insert)
{
    int err = ant_thread_mutex_lock(&db);
    if (err < 0) return ANT_FAIL(err);
    rows++;
    err = ant_thread_mutex_unlock(&db);
    return err < 0 ? ANT_FAIL(err) : ANT_READY;
}

static struct insert insert(void)
{
    return (struct insert){ ANT_INIT(insert) };
}

ANT_MAIN(insert)
