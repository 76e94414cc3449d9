// SPDX-License-Identifier: MIT
//
// An operation that takes five seconds and gets two.

#include <antfarm.h>
#include <stdio.h>

ANT_ASYNC_FN(slow_operation, struct ant_sleep sleep, const char *result)
{
    if (ANT_BEGINS(self->sleep)) self->sleep = ant_sleep(5000);
    ANT_AWAIT(self->sleep);
    self->result = "Complete";
    return ANT_READY;
}

ANT_ASYNC_FN(app, struct slow_operation slow, struct ant_timeout limit)
{
    if (ANT_BEGINS(self->limit)) {
        self->slow = slow_operation();
        self->limit = ant_timeout(2000, &self->slow.base);
    }
    ANT_AWAIT(self->limit);
    if (self->limit.is_elapsed)
        puts("Operation timed out");
    else
        printf("Result: %s\n", self->slow.result);
    return ANT_READY;
}

ANT_MAIN(app)
