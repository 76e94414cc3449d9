// SPDX-License-Identifier: MIT
//
// A wrong solution: each account has its lock, and nobody holds it while it
// matters.

#include <antfarm.h>

#define DEPOSITS 8

typedef struct account {
    const char *name;
    int euros;
    ant_mutex lock; // of this account
} account;

static account wallet = { "wallet", 0, ANT_MUTEX("wallet") };
static account savings = { "savings", 0, ANT_MUTEX("savings") };

// async fn deposit(to): reads, asks the bank for 100 ms, and writes.
struct deposit {
    ant_future base;
    enum { DEPOSIT_START, DEPOSIT_LOCKING, DEPOSIT_ASKING } state;
    account *to;
    struct ant_mutex_lock lock;
    struct ant_sleep bank;
    int euros; // as read
};

ANT_ASYNC(deposit)
{
    switch (self->state) {
    case DEPOSIT_START:
        self->lock = ant_mutex_lock(&self->to->lock);
        return ANT_NEXT(DEPOSIT_LOCKING);

    case DEPOSIT_LOCKING:
        ANT_AWAIT(self->lock);
        self->euros = self->to->euros;
        ant_mutex_unlock(&self->to->lock);
        self->bank = ant_sleep(100);
        return ANT_NEXT(DEPOSIT_ASKING);

    case DEPOSIT_ASKING:
        ANT_AWAIT(self->bank);
        self->to->euros = self->euros + 1;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct deposit deposit(account *to)
{
    return (struct deposit){ ANT_INIT(deposit), .to = to };
}

// async fn office(): eight deposits, four for each account.
struct office {
    ant_future base;
    enum { OFFICE_START, OFFICE_JOINING } state;
    struct ant_join_handle deposit[DEPOSITS];
    ant_future *each[DEPOSITS];
    struct ant_join all;
};

ANT_ASYNC(office)
{
    switch (self->state) {
    case OFFICE_START:
        for (unsigned i = 0; i < DEPOSITS; i++) {
            account *to = i / 2 % 2 == 0 ? &wallet : &savings;
            self->deposit[i] = ant_spawn_named(to->name, deposit(to));
            self->each[i] = &self->deposit[i].base;
        }
        self->all = ant_join_all(self->each, DEPOSITS);
        return ANT_NEXT(OFFICE_JOINING);

    case OFFICE_JOINING:
        ANT_AWAIT(self->all);
        ant_note("wallet %d, savings %d", wallet.euros, savings.euros);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(office)
ANT_MAIN(office)
