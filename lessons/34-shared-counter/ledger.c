// SPDX-License-Identifier: MIT
//
// Two clerks add one to a number, on one worker. Each reads it, has it checked
// by a task of its own, and writes it. Here the order decides what comes out.

#include <antfarm.h>
#include <stdio.h>

static int number;

// async fn check(): looks at a number, and finds it good.
struct check {
    ant_future base;
};

ANT_ASYNC(check)
{
    (void)self, (void)cx;
    return ANT_READY;
}

ANT_MUST_USE static struct check check(void)
{
    return (struct check){ ANT_INIT(check) };
}

// async fn clerk(): adds one to the number.
struct clerk {
    ant_future base;
    enum { CLERK_START, CLERK_CHECKING } state;
    int seen;
    struct ant_join_handle check;
};

ANT_ASYNC(clerk)
{
    switch (self->state) {
    case CLERK_START:
        //@ begin ledger
        self->seen = number;
        self->check = ant_spawn(check()); // somebody else may run here
        return ANT_NEXT(CLERK_CHECKING);

    case CLERK_CHECKING:
        ANT_AWAIT(self->check);
        number = self->seen + 1;
        //@ end ledger
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct clerk clerk(void)
{
    return (struct clerk){ ANT_INIT(clerk) };
}

// async fn office(): two clerks, and then the number.
struct office {
    ant_future base;
    enum { OFFICE_START, OFFICE_WAITING } state;
    struct ant_join_handle anna, ben;
    struct ant_join both;
};

ANT_ASYNC(office)
{
    switch (self->state) {
    case OFFICE_START:
        self->anna = ant_spawn_named("anna", clerk());
        self->ben = ant_spawn_named("ben", clerk());
        self->both = ant_join(&self->anna.base, &self->ben.base);
        return ANT_NEXT(OFFICE_WAITING);

    case OFFICE_WAITING:
        ANT_AWAIT(self->both);
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
