// SPDX-License-Identifier: MIT
//
// Three fetches at the same time: all of them, or the first error.

#include <antfarm.h>
#include <stdio.h>

ANT_ASYNC_FN(fetch_user, int id, struct ant_sleep sleep, char name[16])
{
    if (ANT_BEGINS(self->sleep)) self->sleep = ant_sleep(100);
    ANT_AWAIT(self->sleep);
    (void)snprintf(self->name, sizeof self->name, "User %d", self->id);
    return ANT_READY;
}

ANT_ASYNC_FN(app, struct fetch_user user[3], struct ant_try_join all)
{
    if (ANT_BEGINS(self->all)) {
        for (int i = 0; i < 3; i++)
            self->user[i] = ANT_FUTURE(fetch_user, .id = i + 1);
        self->all = ant_try_join(&self->user[0].base, &self->user[1].base,
                                 &self->user[2].base);
    }
    ANT_AWAIT(self->all);
    if (self->all.base.result < 0) return ANT_FAIL(self->all.base.result);
    printf("%s, %s, %s\n", self->user[0].name, self->user[1].name,
           self->user[2].name);
    return ANT_READY;
}

ANT_MAIN(app)
