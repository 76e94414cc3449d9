// SPDX-License-Identifier: MIT
//
// A cashier locks the drawer, asks the bank, which takes 10 ms, and unlocks it.
// Meanwhile the cashier's worker prints a receipt, so that the other worker
// goes on with the cashier. Who holds the lock?

#include <antfarm.h>

static ant_thread_mutex drawer = ANT_THREAD_MUTEX("drawer");

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

// async fn cashier(): holds a lock of threads while it waits.
struct cashier {
    ant_future base;
    enum { CASHIER_START, CASHIER_ASKING, CASHIER_PRINTING } state;
    struct ant_sleep bank;
    struct ant_join_handle receipt;
};

ANT_ASYNC(cashier)
{
    int err;
    switch (self->state) {
    case CASHIER_START:
        self->receipt = ant_spawn_local(print_receipt());
        //@ begin pay
        err = ant_thread_mutex_lock(&drawer); // this thread holds it
        if (err < 0) return ANT_FAIL(err);
        self->bank = ant_sleep(10);
        return ANT_NEXT(CASHIER_ASKING);

    case CASHIER_ASKING:
        ANT_AWAIT(self->bank);
        err = ant_thread_mutex_unlock(&drawer); // is it the same thread?
        ant_note("%s", err < 0 ? ant_err_text(err) : "unlocked");
        return ANT_NEXT(CASHIER_PRINTING);
        //@ end pay

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

// async fn shop(): open until the cashier is done.
struct shop {
    ant_future base;
    enum { SHOP_START, SHOP_OPEN } state;
    struct ant_join_handle cashier;
};

ANT_ASYNC(shop)
{
    switch (self->state) {
    case SHOP_START:
        self->cashier = ant_spawn_named("cashier", cashier());
        return ANT_NEXT(SHOP_OPEN);

    case SHOP_OPEN:
        ANT_AWAIT(self->cashier);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct shop shop(void)
{
    return (struct shop){ ANT_INIT(shop) };
}

ANT_MAIN(shop)
