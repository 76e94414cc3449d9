// SPDX-License-Identifier: MIT
//
// Reading and writing stand in one state, and nobody else runs between them.

#include <antfarm.h>
#include <stdio.h>

#define CLERKS 10

static int number;

// async fn clerk(): adds one to the number.
struct clerk {
    ant_future base;
    enum { CLERK_START, CLERK_ADDING } state;
    struct ant_yield_now turn;
};

ANT_ASYNC(clerk)
{
    switch (self->state) {
    case CLERK_START:
        self->turn = ant_yield_now();
        return ANT_NEXT(CLERK_ADDING);

    case CLERK_ADDING:
        ANT_AWAIT(self->turn);
        number++;
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
