// SPDX-License-Identifier: MIT
//
// A wrong solution: with a lock for tasks nothing breaks, but the second
// cashier waits until the first has heard from the bank.

#include <antfarm.h>

static ant_mutex drawer = ANT_MUTEX("drawer");
static unsigned coins;

// async fn print_receipt(): work for the worker that it was spawned on.
struct print_receipt {
    ant_future base;
    enum { PRINT_START } state;
};

ANT_ASYNC(print_receipt)
{
    switch (self->state) {
    case PRINT_START:
        ant_thread_sleep(50); // stands for a computation
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct print_receipt print_receipt(void)
{
    return (struct print_receipt){ ANT_INIT(print_receipt) };
}

// async fn cashier(): a lock for tasks may be held wherever the task goes.
struct cashier {
    ant_future base;
    enum {
        CASHIER_START,
        CASHIER_LOCKING,
        CASHIER_ASKING,
        CASHIER_PRINTING,
    } state;
    struct ant_mutex_lock lock;
    struct ant_sleep bank;
    struct ant_join_handle receipt;
};

ANT_ASYNC(cashier)
{
    switch (self->state) {
    case CASHIER_START:
        self->receipt = ant_spawn_local(print_receipt());
        self->lock = ant_mutex_lock(&drawer);
        return ANT_NEXT(CASHIER_LOCKING);

    case CASHIER_LOCKING:
        ANT_AWAIT(self->lock);
        self->bank = ant_sleep(10);
        return ANT_NEXT(CASHIER_ASKING);

    case CASHIER_ASKING:
        ANT_AWAIT(self->bank);
        coins++;
        ant_mutex_unlock(&drawer);
        ant_note("paid");
        return ANT_NEXT(CASHIER_PRINTING);

    case CASHIER_PRINTING:
        ANT_AWAIT(self->receipt);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct cashier cashier(void)
{
    return (struct cashier){ ANT_INIT(cashier) };
}

// async fn shop(): two cashiers, and one drawer for both.
struct shop {
    ant_future base;
    enum { SHOP_START, SHOP_OPEN } state;
    struct ant_join_handle anna, ben;
    struct ant_join both;
};

ANT_ASYNC(shop)
{
    switch (self->state) {
    case SHOP_START:
        self->anna = ant_spawn_named("anna", cashier());
        self->ben = ant_spawn_named("ben", cashier());
        self->both = ant_join(&self->anna.base, &self->ben.base);
        return ANT_NEXT(SHOP_OPEN);

    case SHOP_OPEN:
        ANT_AWAIT(self->both);
        ant_note("%u coins", coins);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct shop shop(void)
{
    return (struct shop){ ANT_INIT(shop) };
}

ANT_MAIN(shop)
