// SPDX-License-Identifier: MIT
//
// As many fetches as there are ids, at the same time.

#include <antfarm.h>
#include <stdio.h>

#define USERS 5

struct fetch_user {
    ant_future base;
    enum { FETCH_START, FETCH_SLEEPING } state;
    int id;
    struct ant_sleep sleep;
};

ANT_ASYNC(fetch_user)
{
    switch (self->state) {
    case FETCH_START:
        self->sleep = ant_sleep(100);
        return ANT_NEXT(FETCH_SLEEPING);
    case FETCH_SLEEPING:
        ANT_AWAIT(self->sleep);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct fetch_user fetch_user(int id)
{
    return (struct fetch_user){ ANT_INIT(fetch_user), .id = id };
}

struct app {
    ant_future base;
    enum { APP_START, APP_FETCHING } state;
    struct fetch_user user[USERS];
    ant_future *fetch[USERS];
    struct ant_try_join all;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        for (int i = 0; i < USERS; i++) {
            self->user[i] = fetch_user(i + 1);
            self->fetch[i] = &self->user[i].base;
        }
        self->all = ant_try_join_all(self->fetch, USERS);
        return ANT_NEXT(APP_FETCHING);
    case APP_FETCHING:
        ANT_AWAIT(self->all);
        if (self->all.base.result < 0) return ANT_FAIL(self->all.base.result);
        printf("Fetched %d users\n", USERS);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
