// SPDX-License-Identifier: MIT
//
// The first answer of two servers counts, if it comes in time.

#include <antfarm.h>
#include <stdio.h>

ANT_ASYNC_FN(fetch, uint64_t ms, struct ant_sleep sleep)
{
    if (ANT_BEGINS(self->sleep)) self->sleep = ant_sleep(self->ms);
    ANT_AWAIT(self->sleep);
    return ANT_READY;
}

struct app {
    ant_future base;
    struct fetch primary, backup;
    struct ant_sleep limit;
    struct ant_select first;
};

ANT_ASYNC(app)
{
    static const char *const answer[] = { "primary", "backup", "timeout" };
    if (ANT_BEGINS(self->first)) {
        self->primary = ANT_FUTURE(fetch, .ms = 7000);
        self->backup = ANT_FUTURE(fetch, .ms = 300);
        self->limit = ant_sleep(5000);
        self->first = ant_select(&self->primary.base, &self->backup.base,
                                 &self->limit.base);
    }
    ANT_AWAIT(self->first);
    puts(answer[self->first.winner]);
    return ANT_READY;
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
