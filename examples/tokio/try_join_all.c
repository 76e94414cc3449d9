// SPDX-License-Identifier: MIT
//
// As many fetches as there are ids, at the same time.

#include <antfarm.h>
#include <stdio.h>

#define USERS 5

ANT_ASYNC_FN(fetch_user, int id, struct ant_sleep sleep)
{
    if (ANT_BEGINS(self->sleep)) self->sleep = ant_sleep(100);
    ANT_AWAIT(self->sleep);
    if (self->id == 0) return ANT_FAIL(-ENOENT); // nobody is number 0
    return ANT_READY;
}

struct app {
    ant_future base;
    struct fetch_user user[USERS];
    ant_future *fetch[USERS];
    struct ant_try_join all;
};

ANT_ASYNC(app)
{
    if (ANT_BEGINS(self->all)) {
        for (int i = 0; i < USERS; i++) {
            self->user[i] = ANT_FUTURE(fetch_user, .id = i + 1);
            self->fetch[i] = &self->user[i].base;
        }
        self->all = ant_try_join_all(self->fetch, USERS);
    }
    ANT_AWAIT(self->all);
    if (self->all.base.result < 0) return ANT_FAIL(self->all.base.result);
    printf("Fetched %d users\n", USERS);
    return ANT_READY;
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
