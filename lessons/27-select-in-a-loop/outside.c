// SPDX-License-Identifier: MIT
//
// The same shop; its closing time is made once, before the loop. Each turn
// borrows it, so that it is not dropped when a customer wins.

#include <antfarm.h>

// async fn shop(): the branches in the order of the select.
enum { CUSTOMER, CLOSING };

struct shop {
    ant_future base;
    enum { SHOP_START, SHOP_TURN, SHOP_OPEN } state;
    struct ant_sleep customer, closing;
    struct ant_borrow lent; // of the closing time
    struct ant_select first;
    unsigned served;
};

ANT_ASYNC_WITH_DROP(shop)
{
    switch (self->state) {
        //@ begin loop
    case SHOP_START:
        self->closing = ant_sleep(250); // once
        return ANT_NEXT(SHOP_TURN);

    case SHOP_TURN:
        self->customer = ant_sleep(100);
        self->lent = ant_borrow(&self->closing.base);
        self->first = ant_select(&self->customer.base, &self->lent.base);
        return ANT_NEXT(SHOP_OPEN);

    case SHOP_OPEN:
        ANT_AWAIT(self->first);
        if (self->first.winner == CLOSING) return ANT_READY;
        ant_note("customer %u", ++self->served);
        return ANT_NEXT(SHOP_TURN);
        //@ end loop
    }
    ANT_UNREACHABLE();
}

// What was only lent to the select is still the shop's.
static void shop_drop(struct shop *self)
{
    ant_future_drop(&self->first.base);
    ant_future_drop(&self->closing.base);
}

ANT_CONSTRUCTOR(shop)
ANT_MAIN(shop)
