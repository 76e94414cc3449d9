// SPDX-License-Identifier: MIT
//
// The clerk does not find the price, and goes home. What does the customer
// hear?

#include <antfarm.h>
#include <stdio.h>

// async fn clerk(reply): looks for the price, in vain.
struct clerk {
    ant_future base;
    enum { CLERK_START, CLERK_LOOKING } state;
    ant_oneshot_tx reply; // the half that sends
    struct ant_sleep look;
};

ANT_ASYNC_OWNING(clerk)
{
    switch (self->state) {
    case CLERK_START:
        self->look = ant_sleep(100);
        return ANT_NEXT(CLERK_LOOKING);

        //@ begin clerk
    case CLERK_LOOKING:
        ANT_AWAIT(self->look);
        ant_oneshot_tx_drop(&self->reply); // there is no price
        return ANT_READY;
        //@ end clerk
    }
    ANT_UNREACHABLE();
}

static void clerk_drop(struct clerk *self)
{
    ant_future_drop(&self->look.base);
    ant_oneshot_tx_drop(&self->reply);
}

ANT_MUST_USE static struct clerk clerk(ant_oneshot_tx reply)
{
    return (struct clerk){ ANT_INIT(clerk), .reply = reply };
}

// async fn customer(): asks one clerk, and waits for the answer.
struct customer {
    ant_future base;
    enum { CUSTOMER_START, CUSTOMER_WAITING } state;
    ant_oneshot_rx answer; // the half that receives
    struct ant_oneshot_recv recv;
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
        task = ant_spawn_named("clerk", clerk(reply));
        ant_task_detach(&task);
        //@ begin ask
        self->recv = ant_oneshot_recv(&self->answer, &self->price);
        return ANT_NEXT(CUSTOMER_WAITING);

    case CUSTOMER_WAITING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result == 0)
            printf("customer: pays %d\n", self->price);
        else
            printf("customer: goes without an answer\n");
        ant_oneshot_rx_drop(&self->answer);
        //@ end ask
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct customer customer(void)
{
    return (struct customer){ ANT_INIT(customer) };
}

ANT_MAIN(customer)
