// SPDX-License-Identifier: MIT
//
// The drawer is of one worker and has no lock. A cashier touches it before and
// after the bank was asked, so it must not move: it is a local task. What does
// that cost?

#include <antfarm.h>

static struct {
    ant_affine worker; // traps when another one touches it
    unsigned coins;
} drawer = { .worker = ANT_AFFINE("drawer") };

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

// async fn cashier(): stays with the worker that spawned it.
struct cashier {
    ant_future base;
    enum { CASHIER_START, CASHIER_ASKING, CASHIER_PRINTING } state;
    struct ant_sleep bank;
    struct ant_join_handle receipt;
};

ANT_ASYNC(cashier)
{
    switch (self->state) {
    case CASHIER_START:
        self->receipt = ant_spawn_local(print_receipt());
        //@ begin pay
        ant_affine_check(&drawer.worker);
        self->bank = ant_sleep(10);
        return ANT_NEXT(CASHIER_ASKING);

    case CASHIER_ASKING:
        ANT_AWAIT(self->bank);
        ant_affine_check(&drawer.worker); // the same worker
        drawer.coins++;
        ant_note("paid");
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
        self->cashier = ant_spawn_local(cashier());
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
