// SPDX-License-Identifier: MIT
//
// The total should be saved before the function ends: one more await, and one
// more state.

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

// async fn save(amount): writes it down, which takes 20 ms.
struct save {
    ant_future base;
    enum { SAVE_START, SAVE_WRITING } state;
    int amount;
    struct ant_sleep disk;
};

ANT_ASYNC(save)
{
    switch (self->state) {
    case SAVE_START:
        self->disk = ant_sleep(20);
        return ANT_NEXT(SAVE_WRITING);

    case SAVE_WRITING:
        ANT_AWAIT(self->disk);
        printf("saved: %d\n", self->amount);
        ant_note("saved %d", self->amount);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE ANT_UNUSED static struct save save(int amount)
{
    return (struct save){ ANT_INIT(save), .amount = amount };
}

// async fn total(): the price, and the shipping that goes with it.
struct total {
    ant_future base;
    enum { TOTAL_START, TOTAL_PRICING, TOTAL_SHIPPING } state;
    struct ask price;
    struct ask shipping;
    int cost; // is needed in more than one state
};

ANT_ASYNC(total)
{
    switch (self->state) {
    case TOTAL_START:
        self->price = ask(50, 36);
        return ANT_NEXT(TOTAL_PRICING);

    case TOTAL_PRICING:
        ANT_AWAIT(self->price);
        self->cost = self->price.reply;
        self->shipping = ask(30, self->cost < 50 ? 5 : 0);
        return ANT_NEXT(TOTAL_SHIPPING);

    case TOTAL_SHIPPING:
        ANT_AWAIT(self->shipping);
        printf("total: %d\n", self->cost + self->shipping.reply);
        ant_note("total %d", self->cost + self->shipping.reply);
        //@ todo save it, and end when it is saved
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct total total(void)
{
    return (struct total){ ANT_INIT(total) };
}

ANT_MAIN(total)
