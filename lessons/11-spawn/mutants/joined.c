// SPDX-License-Identifier: MIT
//
// A wrong solution: both at the same time, in one task. Nobody was given the
// bill to add, so the waiter looks after both.

#include <antfarm.h>
#include <stdio.h>

// async fn bill() -> sum: adds up what was eaten, which takes 100 ms.
struct bill {
    ant_future base;
    enum { BILL_START, BILL_ADDING } state;
    struct ant_sleep till;
    int sum;
};

ANT_ASYNC(bill)
{
    switch (self->state) {
    case BILL_START:
        self->till = ant_sleep(100);
        return ANT_NEXT(BILL_ADDING);

    case BILL_ADDING:
        ANT_AWAIT(self->till);
        self->sum = 42;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(bill)

// async fn waiter(): does both itself.
struct waiter {
    ant_future base;
    enum { WAITER_START, WAITER_WORKING } state;
    struct bill bill;
    struct ant_sleep table;
    struct ant_join both;
};

ANT_ASYNC(waiter)
{
    switch (self->state) {
    case WAITER_START:
        puts("clearing the table");
        ant_note("clearing the table");
        self->bill = bill();
        self->table = ant_sleep(60);
        self->both = ant_join(&self->bill.base, &self->table.base);
        return ANT_NEXT(WAITER_WORKING);

    case WAITER_WORKING:
        ANT_AWAIT(self->both);
        printf("it is %d\n", self->bill.sum);
        ant_note("it is %d", self->bill.sum);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(waiter)

ANT_MAIN(waiter)
