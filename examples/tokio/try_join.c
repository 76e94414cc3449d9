// SPDX-License-Identifier: MIT
//
// Three fetches at the same time: all of them, or the first error.

#include <antfarm.h>
#include <stdio.h>

struct fetch_user {
    ant_future base;
    enum { FETCH_START, FETCH_SLEEPING } state;
    int id;
    struct ant_sleep sleep;
    char name[16];
};

ANT_ASYNC(fetch_user)
{
    switch (self->state) {
    case FETCH_START:
        self->sleep = ant_sleep(100);
        return ANT_NEXT(FETCH_SLEEPING);
    case FETCH_SLEEPING:
        ANT_AWAIT(self->sleep);
        (void)snprintf(self->name, sizeof self->name, "User %d", self->id);
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
    struct fetch_user user1, user2, user3;
    struct ant_try_join all;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->user1 = fetch_user(1);
        self->user2 = fetch_user(2);
        self->user3 = fetch_user(3);
        self->all = ant_try_join(&self->user1.base, &self->user2.base,
                                 &self->user3.base);
        return ANT_NEXT(APP_FETCHING);
    case APP_FETCHING:
        ANT_AWAIT(self->all);
        if (self->all.base.result < 0) return ANT_FAIL(self->all.base.result);
        printf("%s, %s, %s\n", self->user1.name, self->user2.name,
               self->user3.name);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
