// SPDX-License-Identifier: MIT
//
// A wrong solution: no deadlock, but the deposits wait for each other.

#include <antfarm.h>
#include <stdio.h>

// In tens: a real clock is always a little late, a virtual one never.
static unsigned ms_since(uint64_t start_ns)
{
    return (unsigned)((ant_now_ns() - start_ns) / 10000000 * 10);
}

static ant_mutex account = ANT_MUTEX("account");
static int balance;

// async fn deposit(who): holds the lock while it waits, as before.
struct deposit {
    ant_future base;
    enum { DEPOSIT_START, DEPOSIT_LOCKING, DEPOSIT_ASKING } state;
    const char *who;
    struct ant_mutex_lock lock;
    struct ant_sleep server;
};

ANT_ASYNC(deposit)
{
    switch (self->state) {
    case DEPOSIT_START:
        self->lock = ant_mutex_lock(&account);
        return ANT_NEXT(DEPOSIT_LOCKING);

    case DEPOSIT_LOCKING:
        ANT_AWAIT(self->lock); // only this task waits
        printf("%s has the lock\n", self->who);
        self->server = ant_sleep(100);
        return ANT_NEXT(DEPOSIT_ASKING);

    case DEPOSIT_ASKING:
        ANT_AWAIT(self->server);
        balance++;
        ant_mutex_unlock(&account);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct deposit deposit(const char *who)
{
    return (struct deposit){ ANT_INIT(deposit), .who = who };
}

// async fn bank(): three tasks, so that each waits by itself.
struct bank {
    ant_future base;
    enum { BANK_START, BANK_JOINING } state;
    struct ant_join_handle anna, ben, cleo;
    struct ant_join all;
    uint64_t start_ns;
};

ANT_ASYNC(bank)
{
    switch (self->state) {
    case BANK_START:
        self->start_ns = ant_now_ns();
        self->anna = ant_spawn_named("anna", deposit("anna"));
        self->ben = ant_spawn_named("ben", deposit("ben"));
        self->cleo = ant_spawn_named("cleo", deposit("cleo"));
        self->all =
            ant_join(&self->anna.base, &self->ben.base, &self->cleo.base);
        return ANT_NEXT(BANK_JOINING);

    case BANK_JOINING:
        ANT_AWAIT(self->all);
        if (self->all.base.result < 0) return ANT_FAIL(self->all.base.result);
        printf("balance: %d after %u ms\n", balance, ms_since(self->start_ns));
        ant_note("balance %d", balance);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct bank bank(void)
{
    return (struct bank){ ANT_INIT(bank) };
}

ANT_MAIN(bank)
