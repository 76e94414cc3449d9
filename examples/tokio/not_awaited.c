// SPDX-License-Identifier: MIT
//
// A future that nobody polls does nothing. Leave the variable out, and the
// compiler warns: the result of work() is not used.

#include <antfarm.h>
#include <stdio.h>

struct work {
    ant_future base;
};

ANT_ASYNC(work)
{
    (void)self;
    puts("Working");
    return ANT_READY;
}

ANT_MUST_USE static struct work work(void)
{
    return (struct work){ ANT_INIT(work) };
}

struct app {
    ant_future base;
    enum { APP_START, APP_WORKING } state;
    struct work forgotten, awaited;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->forgotten = work();
        puts("Nothing has happened yet");
        self->awaited = work();
        return ANT_NEXT(APP_WORKING);
    case APP_WORKING:
        ANT_AWAIT(self->awaited);
        puts("Done");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
