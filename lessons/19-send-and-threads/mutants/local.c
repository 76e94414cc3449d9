// SPDX-License-Identifier: MIT
//
// A wrong solution: local tasks stay on their worker, and wait until it has
// printed both receipts.

#include <antfarm.h>

static ant_thread_mutex drawer = ANT_THREAD_MUTEX("drawer");
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

// async fn cashier(): asks the bank, and then takes the drawer for a moment.
struct cashier {
    ant_future base;
    enum { CASHIER_START, CASHIER_ASKING, CASHIER_PRINTING } state;
    struct ant_sleep bank;
    struct ant_join_handle receipt;
};

// Nobody waits for the receipt of a cashier that failed.
static ant_poll failed(struct cashier *self, int err)
{
    ant_task_detach(&self->receipt);
    return ANT_FAIL(err);
}

ANT_ASYNC(cashier)
{
    int err;
    switch (self->state) {
    case CASHIER_START:
        self->receipt = ant_spawn_local(print_receipt());
        self->bank = ant_sleep(10);
        return ANT_NEXT(CASHIER_ASKING);

    case CASHIER_ASKING:
        ANT_AWAIT(self->bank);
        err = ant_thread_mutex_lock(&drawer);
        if (err < 0) return failed(self, err);
        coins++;
        err = ant_thread_mutex_unlock(&drawer);
        if (err < 0) return failed(self, err);
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
        self->anna = ant_spawn_local(cashier());
        self->ben = ant_spawn_local(cashier());
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
