// SPDX-License-Identifier: MIT
//
// Ten tasks, of which at most three work at the same time.

#include <antfarm.h>
#include <stdio.h>

#define TASKS 10

static ant_semaphore desks = ANT_SEMAPHORE("desks", 3);

struct clerk {
    ant_future base;
    enum { CLERK_START, CLERK_WAITING, CLERK_WORKING } state;
    struct ant_semaphore_acquire permit;
    struct ant_sleep work;
};

ANT_ASYNC(clerk)
{
    switch (self->state) {
    case CLERK_START:
        self->permit = ant_semaphore_acquire(&desks);
        return ANT_NEXT(CLERK_WAITING);
    case CLERK_WAITING:
        ANT_AWAIT(self->permit);
        self->work = ant_sleep(100);
        return ANT_NEXT(CLERK_WORKING);
    case CLERK_WORKING:
        ANT_AWAIT(self->work);
        ant_semaphore_release(&desks, 1); // drop(permit)
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(clerk)

struct app {
    ant_future base;
    int joined;
    uint64_t begin_ns;
    struct ant_join_handle handle[TASKS];
};

ANT_ASYNC(app)
{
    if (ANT_BEGINS(self->handle[self->joined])) {
        self->begin_ns = ant_now_ns();
        for (int i = 0; i < TASKS; i++)
            self->handle[i] = ant_spawn(clerk());
    }
    ANT_AWAIT(self->handle[self->joined]);
    if (++self->joined < TASKS) return ANT_AGAIN;
    // Four shifts of 100 ms; a real clock is always a little late.
    printf("%d clerks at 3 desks: %u shifts\n", TASKS,
           (unsigned)((ant_now_ns() - self->begin_ns) / 100000000));
    return ANT_READY;
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
