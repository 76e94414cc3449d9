// SPDX-License-Identifier: MIT
//
// The same, but the price is kept in a local variable. What is the total?

#include <antfarm.h>
#include <stdio.h>

// async fn ask(ms, number) -> reply: a server that thinks for so long.
struct ask {
    ant_future base;
    enum { ASK_START, ASK_WAITING } state;
    uint64_t ms;
    int number;
    int reply;
    struct ant_sleep server;
};

ANT_ASYNC(ask)
{
    switch (self->state) {
    case ASK_START:
        self->server = ant_sleep(self->ms);
        return ANT_NEXT(ASK_WAITING);

    case ASK_WAITING:
        ANT_AWAIT(self->server);
        self->reply = self->number;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct ask ask(uint64_t ms, int number)
{
    return (struct ask){ ANT_INIT(ask), .ms = ms, .number = number };
}

// async fn total(): the price, and the shipping that goes with it.
struct total {
    ant_future base;
    enum { TOTAL_START, TOTAL_PRICING, TOTAL_SHIPPING } state;
    struct ask price;
    struct ask shipping;
};

ANT_ASYNC(total)
{
    int cost = 0; // a local variable
    switch (self->state) {
    //@ begin total
    case TOTAL_START:
        self->price = ask(50, 36);
        return ANT_NEXT(TOTAL_PRICING);

    case TOTAL_PRICING:
        ANT_AWAIT(self->price);
        cost = self->price.reply;
        self->shipping = ask(30, cost < 50 ? 5 : 0);
        return ANT_NEXT(TOTAL_SHIPPING);

    case TOTAL_SHIPPING:
        ANT_AWAIT(self->shipping);
        printf("total: %d\n", cost + self->shipping.reply);
        ant_note("total %d", cost + self->shipping.reply);
        return ANT_READY;
        //@ end total
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct total total(void)
{
    return (struct total){ ANT_INIT(total) };
}

ANT_MAIN(total)
