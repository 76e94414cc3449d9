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

ANT_CONSTRUCTOR(work)

ANT_ASYNC_FN(app, struct work forgotten, struct work awaited)
{
    if (ANT_BEGINS(self->awaited)) {
        self->forgotten = work();
        puts("Nothing has happened yet");
        self->awaited = work();
    }
    ANT_AWAIT(self->awaited);
    puts("Done");
    return ANT_READY;
}

ANT_MAIN(app)
