// SPDX-License-Identifier: MIT
//
// A wrong solution: there is no lock any more.

#include <antfarm.h>
#include <stdio.h>

// In tens: a real clock is always a little late, a virtual one never.
static unsigned ms_since(uint64_t start_ns)
{
    return (unsigned)((ant_now_ns() - start_ns) / 10000000 * 10);
}

static int balance;

// async fn deposit(who): waits first, and locks what is left to do.
struct deposit {
    ant_future base;
    enum { DEPOSIT_START, DEPOSIT_ASKING } state;
    const char *who;
    struct ant_sleep server;
};

ANT_ASYNC(deposit)
{
    switch (self->state) {
    case DEPOSIT_START:
        self->server = ant_sleep(100);
        return ANT_NEXT(DEPOSIT_ASKING);

    case DEPOSIT_ASKING:
        ANT_AWAIT(self->server);
        balance++;
        printf("%s has paid\n", self->who);
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
