// SPDX-License-Identifier: MIT
//
// Two transfers in opposite directions. Who finds an account busy for 5 ms says
// so, and asks again. Two mistakes are in here: let both transfers end.

#include <antfarm.h>

typedef struct account {
    ant_mutex lock; // for tasks: it may be held across an await
    int number;
    int euros;
} account;

static account wallet = { ANT_MUTEX("wallet"), .number = 1, .euros = 50 };
static account savings = { ANT_MUTEX("savings"), .number = 2, .euros = 50 };

// async fn transfer(from, to): ten euros, with both accounts locked.
struct transfer {
    ant_future base;
    enum {
        TRANSFER_START,
        TRANSFER_LOCKING_FIRST,
        TRANSFER_LOCKING_AGAIN,
        TRANSFER_CHECKING,
        TRANSFER_LOCKING_SECOND
    } state;
    account *from, *to;
    account *first, *second; // in the order of locking
    struct ant_mutex_lock lock, again;
    struct ant_borrow lent;
    struct ant_sleep patience;
    struct ant_select race;
    struct ant_sleep check;
};

ANT_ASYNC_WITH_DROP(transfer)
{
    switch (self->state) {
    case TRANSFER_START:
        self->first = self->from; //@ todo in which order?
        self->second = self->to;
        self->lock = ant_mutex_lock(&self->first->lock);
        self->lent = ant_borrow(&self->lock.base);
        self->patience = ant_sleep(5);
        self->race = ant_select(&self->lent.base, &self->patience.base);
        return ANT_NEXT(TRANSFER_LOCKING_FIRST);

    case TRANSFER_LOCKING_FIRST:
        ANT_AWAIT(self->race);
        if (self->race.winner == 1) {
            ant_note("account %d is busy", self->first->number);
            self->again = ant_mutex_lock(&self->first->lock);
            return ANT_NEXT(TRANSFER_LOCKING_AGAIN);
        }
        self->check = ant_sleep(10);
        return ANT_NEXT(TRANSFER_CHECKING);

    case TRANSFER_LOCKING_AGAIN:
        ANT_AWAIT(self->again);
        self->check = ant_sleep(10);
        return ANT_NEXT(TRANSFER_CHECKING);

    case TRANSFER_CHECKING:
        ANT_AWAIT(self->check);
        self->lock = ant_mutex_lock(&self->second->lock);
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

static void transfer_drop(struct transfer *self)
{
    ant_future_drop(&self->race.base);
    ant_future_drop(&self->lock.base);
    ant_future_drop(&self->again.base);
    ant_future_drop(&self->check.base);
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
