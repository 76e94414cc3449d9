// SPDX-License-Identifier: MIT
//
// An operation that takes five seconds and gets two.

#include <antfarm.h>
#include <stdio.h>

struct slow_operation {
    ant_future base;
    enum { SLOW_START, SLOW_SLEEPING } state;
    struct ant_sleep sleep;
    const char *result;
};

ANT_ASYNC(slow_operation)
{
    switch (self->state) {
    case SLOW_START:
        self->sleep = ant_sleep(5000);
        return ANT_NEXT(SLOW_SLEEPING);
    case SLOW_SLEEPING:
        ANT_AWAIT(self->sleep);
        self->result = "Complete";
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct slow_operation slow_operation(void)
{
    return (struct slow_operation){ ANT_INIT(slow_operation) };
}

struct app {
    ant_future base;
    enum { APP_START, APP_WAITING } state;
    struct slow_operation slow;
    struct ant_timeout limit;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->slow = slow_operation();
        self->limit = ant_timeout(2000, &self->slow.base);
        return ANT_NEXT(APP_WAITING);
    case APP_WAITING:
        ANT_AWAIT(self->limit);
        if (self->limit.is_elapsed)
            puts("Operation timed out");
        else
            printf("Result: %s\n", self->slow.result);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
