// SPDX-License-Identifier: MIT
//
// A wrong solution: the sum is read before the task has ended.

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

// async fn waiter(): does not wait for the sum.
struct waiter {
    ant_future base;
    enum { WAITER_START, WAITER_CLEARING, WAITER_ADDING } state;
    struct bill bill;
    struct ant_join_handle till;
    struct ant_sleep table;
};

ANT_ASYNC(waiter)
{
    switch (self->state) {
    case WAITER_START:
        self->till = ant_spawn_into(&self->bill, bill());
        puts("clearing the table");
        ant_note("clearing the table");
        self->table = ant_sleep(60);
        return ANT_NEXT(WAITER_CLEARING);

    case WAITER_CLEARING:
        ANT_AWAIT(self->table);
        printf("it is %d\n", self->bill.sum);
        ant_note("it is %d", self->bill.sum);
        return ANT_NEXT(WAITER_ADDING);

    case WAITER_ADDING:
        ANT_AWAIT(self->till);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(waiter)

ANT_MAIN(waiter)
