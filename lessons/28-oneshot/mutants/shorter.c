// SPDX-License-Identifier: MIT
//
// A wrong solution: no clerk looks longer than 50 ms.

#include <antfarm.h>

// async fn clerk(name, reply): looks the price up, which takes 100 ms.
struct clerk {
    ant_future base;
    enum { CLERK_START, CLERK_LOOKING } state;
    const char *name; // of the customer
    ant_oneshot_tx reply;
    struct ant_sleep look;
};

ANT_ASYNC_OWNING(clerk)
{
    switch (self->state) {
    case CLERK_START:
        self->look = ant_sleep(50);
        return ANT_NEXT(CLERK_LOOKING);

    case CLERK_LOOKING:
        ANT_AWAIT(self->look);
        ant_oneshot_tx_drop(&self->reply); // nobody waits longer
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void clerk_drop(struct clerk *self)
{
    ant_future_drop(&self->look.base);
    ant_oneshot_tx_drop(&self->reply);
}

ANT_MUST_USE static struct clerk clerk(const char *name, ant_oneshot_tx reply)
{
    return (struct clerk){ ANT_INIT(clerk), .name = name, .reply = reply };
}

// async fn customer(name, patience): waits so many ms for the answer.
struct customer {
    ant_future base;
    enum { CUSTOMER_START, CUSTOMER_WAITING } state;
    const char *name;
    unsigned patience;
    ant_oneshot_rx answer;
    struct ant_oneshot_recv recv;
    struct ant_timeout limit;
    int price;
};

ANT_ASYNC(customer)
{
    struct ant_join_handle task;
    ant_oneshot_tx reply;
    int err;
    switch (self->state) {
    case CUSTOMER_START:
        err = ant_oneshot_new(sizeof(int), &reply, &self->answer);
        if (err < 0) return ANT_FAIL(err);
        task = ant_spawn_named(self->name, clerk(self->name, reply));
        ant_task_detach(&task);
        self->recv = ant_oneshot_recv(&self->answer, &self->price);
        self->limit = ant_timeout(self->patience, &self->recv.base);
        return ANT_NEXT(CUSTOMER_WAITING);

    case CUSTOMER_WAITING:
        ANT_AWAIT(self->limit);
        ant_oneshot_rx_drop(&self->answer);
        if (self->limit.base.result == 0)
            ant_note("%s pays %d", self->name, self->price);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct customer customer(const char *name,
                                             unsigned patience)
{
    return (struct customer){ ANT_INIT(customer), .name = name,
                              .patience = patience };
}

// async fn shop(): Ben is less patient than Anna.
struct shop {
    ant_future base;
    enum { SHOP_START, SHOP_SERVING } state;
    struct customer anna, ben;
    struct ant_join both;
};

ANT_ASYNC(shop)
{
    switch (self->state) {
    case SHOP_START:
        self->anna = customer("Anna", 200);
        self->ben = customer("Ben", 50);
        self->both = ant_join(&self->anna.base, &self->ben.base);
        return ANT_NEXT(SHOP_SERVING);

    case SHOP_SERVING:
        ANT_AWAIT(self->both);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(shop)
ANT_MAIN(shop)
