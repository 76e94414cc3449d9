// SPDX-License-Identifier: MIT
//
// A waiter sends ten orders to the kitchen, one right after the other. The
// channel between them has 32 places. How often does each of the two run?

#include <antfarm.h>
#include <stdio.h>

#define TABLES 10

// async fn waiter(orders): one order for each table.
struct waiter {
    ant_future base;
    enum { WAITER_START, WAITER_SENDING } state;
    ant_mpsc_tx orders; // the half that sends
    struct ant_mpsc_send send;
    int table;
};

ANT_ASYNC_OWNING(waiter)
{
    switch (self->state) {
    case WAITER_START:
        self->table = 1;
        self->send = ant_mpsc_send(&self->orders, &self->table);
        return ANT_NEXT(WAITER_SENDING);

        //@ begin send
    case WAITER_SENDING:
        ANT_AWAIT(self->send);
        if (self->table == TABLES) {
            ant_mpsc_tx_drop(&self->orders); // no more orders
            return ANT_READY;
        }
        self->table++;
        self->send = ant_mpsc_send(&self->orders, &self->table);
        return ANT_NEXT(WAITER_SENDING);
        //@ end send
    }
    ANT_UNREACHABLE();
}

static void waiter_drop(struct waiter *self)
{
    ant_future_drop(&self->send.base);
    ant_mpsc_tx_drop(&self->orders);
}

ANT_MUST_USE static struct waiter waiter(ant_mpsc_tx orders)
{
    return (struct waiter){ ANT_INIT(waiter), .orders = orders };
}

// async fn kitchen(): cooks until nobody can order any more.
struct kitchen {
    ant_future base;
    enum { KITCHEN_START, KITCHEN_RECEIVING } state;
    ant_mpsc_rx orders; // the half that receives
    struct ant_mpsc_recv next;
    int table;
    int cooked;
};

ANT_ASYNC(kitchen)
{
    struct ant_join_handle task;
    ant_mpsc_tx tx;
    int err;
    switch (self->state) {
    case KITCHEN_START:
        err = ant_mpsc_new(sizeof(int), 32, &tx, &self->orders);
        if (err < 0) return ANT_FAIL(err);
        ant_mpsc_set_name(&self->orders, "orders");
        task = ant_spawn_named("waiter", waiter(tx));
        ant_task_detach(&task);
        self->next = ant_mpsc_recv(&self->orders, &self->table);
        return ANT_NEXT(KITCHEN_RECEIVING);

        //@ begin receive
    case KITCHEN_RECEIVING:
        ANT_AWAIT(self->next);
        if (self->next.base.result == -EPIPE) { // closed, and empty
            printf("%d meals, and the kitchen closes\n", self->cooked);
            ant_mpsc_rx_drop(&self->orders);
            return ANT_READY;
        }
        self->cooked++;
        self->next = ant_mpsc_recv(&self->orders, &self->table);
        return ANT_NEXT(KITCHEN_RECEIVING);
        //@ end receive
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct kitchen kitchen(void)
{
    return (struct kitchen){ ANT_INIT(kitchen) };
}

ANT_MAIN(kitchen)
