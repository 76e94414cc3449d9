// SPDX-License-Identifier: MIT
//
// A wrong solution: the kitchen counts meals, and would miss the next one.

#include <antfarm.h>
#include <stdio.h>

// async fn waiter(table, orders): walks to a table, and sends its order.
struct waiter {
    ant_future base;
    enum { WAITER_START, WAITER_WALKING, WAITER_SENDING } state;
    unsigned table;
    ant_mpsc_tx orders; // a sender of its own
    struct ant_sleep walk;
    struct ant_mpsc_send send;
};

ANT_ASYNC_OWNING(waiter)
{
    switch (self->state) {
    case WAITER_START:
        self->walk = ant_sleep(100 * self->table);
        return ANT_NEXT(WAITER_WALKING);

    case WAITER_WALKING:
        ANT_AWAIT(self->walk);
        if (self->table == 2) return ANT_READY; // nobody sits there
        self->send = ant_mpsc_send(&self->orders, &self->table);
        return ANT_NEXT(WAITER_SENDING);

    case WAITER_SENDING:
        ANT_AWAIT(self->send);
        ant_mpsc_tx_drop(&self->orders); // this waiter sends no more
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void waiter_drop(struct waiter *self)
{
    ant_future_drop(&self->walk.base);
    ant_future_drop(&self->send.base);
    ant_mpsc_tx_drop(&self->orders);
}

ANT_MUST_USE static struct waiter waiter(unsigned table, ant_mpsc_tx orders)
{
    return (struct waiter){ ANT_INIT(waiter), .table = table,
                            .orders = orders };
}

// async fn kitchen(): cooks until nobody can order any more.
struct kitchen {
    ant_future base;
    enum { KITCHEN_START, KITCHEN_RECEIVING } state;
    ant_mpsc_tx first; // the senders of the waiters are clones of it
    ant_mpsc_rx orders;
    struct ant_mpsc_recv next;
    unsigned table;
    int meals;
};

// Spawns a waiter with a sender of its own.
static void hire(struct kitchen *self, const char *name, unsigned table)
{
    struct ant_join_handle task =
        ant_spawn_named(name, waiter(table, ant_mpsc_tx_clone(&self->first)));
    ant_task_detach(&task);
}

ANT_ASYNC(kitchen)
{
    int err;
    switch (self->state) {
    case KITCHEN_START:
        err = ant_mpsc_new(sizeof(unsigned), 32, &self->first, &self->orders);
        if (err < 0) return ANT_FAIL(err);
        ant_mpsc_set_name(&self->orders, "orders");
        hire(self, "anna", 1);
        hire(self, "ben", 2);
        hire(self, "cleo", 3);
        ant_mpsc_tx_drop(&self->first); // only waiters send
        self->next = ant_mpsc_recv(&self->orders, &self->table);
        return ANT_NEXT(KITCHEN_RECEIVING);

    case KITCHEN_RECEIVING:
        ANT_AWAIT(self->next);
        if (self->next.base.result == -EPIPE) { // closed, and empty
            ant_note("%d meals", self->meals);
            ant_mpsc_rx_drop(&self->orders);
            return ANT_READY;
        }
        self->meals++;
        printf("cooks for table %u\n", self->table);
        if (self->meals == 2) { // as many as came yesterday
            ant_note("%d meals", self->meals);
            ant_mpsc_rx_drop(&self->orders);
            return ANT_READY;
        }
        self->next = ant_mpsc_recv(&self->orders, &self->table);
        return ANT_NEXT(KITCHEN_RECEIVING);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct kitchen kitchen(void)
{
    return (struct kitchen){ ANT_INIT(kitchen) };
}

ANT_MAIN(kitchen)
