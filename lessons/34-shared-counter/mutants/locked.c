// SPDX-License-Identifier: MIT
//
// A wrong solution: right, but with a lock that is not needed.

#include <antfarm.h>
#include <stdio.h>

#define CLERKS 10

static int number;

static ant_mutex door = ANT_MUTEX("door");

// async fn clerk(): adds one to the number.
struct clerk {
    ant_future base;
    enum { CLERK_START, CLERK_LOCKED, CLERK_ADDING } state;
    int seen;
    struct ant_yield_now turn;
    struct ant_mutex_lock lock;
};

ANT_ASYNC(clerk)
{
    switch (self->state) {
    case CLERK_START:
        self->lock = ant_mutex_lock(&door);
        return ANT_NEXT(CLERK_LOCKED);

    case CLERK_LOCKED:
        ANT_AWAIT(self->lock);
        self->seen = number;
        self->turn = ant_yield_now();
        return ANT_NEXT(CLERK_ADDING);

    case CLERK_ADDING:
        ANT_AWAIT(self->turn);
        number = self->seen + 1;
        ant_mutex_unlock(&door);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct clerk clerk(void)
{
    return (struct clerk){ ANT_INIT(clerk) };
}

// async fn office(): ten clerks, and then the number.
struct office {
    ant_future base;
    enum { OFFICE_START, OFFICE_WAITING } state;
    struct ant_join_handle clerk[CLERKS];
    int done;
};

ANT_ASYNC(office)
{
    switch (self->state) {
    case OFFICE_START:
        for (int i = 0; i < CLERKS; i++)
            self->clerk[i] = ant_spawn(clerk());
        return ANT_NEXT(OFFICE_WAITING);

    case OFFICE_WAITING:
        ANT_AWAIT(self->clerk[self->done]);
        if (++self->done < CLERKS) return ANT_NEXT(OFFICE_WAITING);
        printf("the number is %d\n", number);
        ant_note("number %d", number);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct office office(void)
{
    return (struct office){ ANT_INIT(office) };
}

ANT_MAIN(office)
