// SPDX-License-Identifier: MIT
//
// A customer comes to the shop every 100 ms, six in all. The shop is to close
// after 250 ms: each turn of its loop waits for the next customer, and for the
// closing time. How many are served?

#include <antfarm.h>

#define CUSTOMERS 6

// async fn shop(): the branches in the order of the select.
enum { CUSTOMER, CLOSING };

struct shop {
    ant_future base;
    enum { SHOP_START, SHOP_OPEN } state;
    struct ant_sleep customer, closing;
    struct ant_select first;
    unsigned served;
};

ANT_ASYNC(shop)
{
    switch (self->state) {
        //@ begin loop
    case SHOP_START:
        self->customer = ant_sleep(100);
        self->closing = ant_sleep(250);
        self->first = ant_select(&self->customer.base, &self->closing.base);
        return ANT_NEXT(SHOP_OPEN);

    case SHOP_OPEN:
        ANT_AWAIT(self->first);
        if (self->first.winner == CLOSING) return ANT_READY;
        ant_note("customer %u", ++self->served);
        //@ end loop
        if (self->served == CUSTOMERS) return ANT_READY; // the town is empty
        return ANT_NEXT(SHOP_START);
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(shop)
ANT_MAIN(shop)
