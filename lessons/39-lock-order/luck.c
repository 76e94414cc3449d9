// SPDX-License-Identifier: MIT
//
// Money moves from the wallet to the savings and, at the same time, back. Each
// transfer locks the account it takes from, lets another task check, and locks
// the other account. Does it hang? That depends on who runs when.

#include <antfarm.h>

typedef struct account {
    ant_mutex lock; // for tasks: it may be held across an await
    int number;
    int euros;
} account;

static account wallet = { ANT_MUTEX("wallet"), .number = 1, .euros = 50 };
static account savings = { ANT_MUTEX("savings"), .number = 2, .euros = 50 };

// async fn check(): looks whether all is well, at once.
struct check {
    ant_future base;
};

ANT_ASYNC(check)
{
    (void)self;
    return ANT_READY;
}

ANT_CONSTRUCTOR(check)

// async fn transfer(from, to): ten euros, with both accounts locked.
struct transfer {
    ant_future base;
    enum {
        TRANSFER_START,
        TRANSFER_LOCKING_FIRST,
        TRANSFER_CHECKING,
        TRANSFER_LOCKING_SECOND
    } state;
    account *from, *to;
    account *first, *second; // in the order of locking
    struct ant_mutex_lock lock;
    struct ant_join_handle check;
};

ANT_ASYNC(transfer)
{
    switch (self->state) {
    case TRANSFER_START:
        self->first = self->from;
        self->second = self->to;
        self->lock = ant_mutex_lock(&self->first->lock);
        return ANT_NEXT(TRANSFER_LOCKING_FIRST);

    case TRANSFER_LOCKING_FIRST:
        ANT_AWAIT(self->lock);
        //@ begin check
        self->check = ant_spawn_named("check", check());
        return ANT_NEXT(TRANSFER_CHECKING);

    case TRANSFER_CHECKING:
        ANT_AWAIT(self->check);
        self->lock = ant_mutex_lock(&self->second->lock);
        //@ end check
        return ANT_NEXT(TRANSFER_LOCKING_SECOND);

    case TRANSFER_LOCKING_SECOND:
        ANT_AWAIT(self->lock);
        self->from->euros -= 10;
        self->to->euros += 10;
        ant_mutex_unlock(&self->second->lock);
        ant_mutex_unlock(&self->first->lock);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct transfer transfer(account *from, account *to)
{
    return (struct transfer){ ANT_INIT(transfer), .from = from, .to = to };
}

// async fn bank(): two transfers at the same time, in opposite directions.
struct bank {
    ant_future base;
    enum { BANK_START, BANK_JOINING } state;
    struct ant_join_handle to_savings, to_wallet;
    struct ant_join both;
};

ANT_ASYNC(bank)
{
    switch (self->state) {
    case BANK_START:
        self->to_savings =
            ant_spawn_named("to_savings", transfer(&wallet, &savings));
        self->to_wallet =
            ant_spawn_named("to_wallet", transfer(&savings, &wallet));
        self->both = ant_join(&self->to_savings.base, &self->to_wallet.base);
        return ANT_NEXT(BANK_JOINING);

    case BANK_JOINING:
        ANT_AWAIT(self->both);
        ant_note("wallet %d, savings %d", wallet.euros, savings.euros);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(bank)
ANT_MAIN(bank)
