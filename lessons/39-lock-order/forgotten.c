// SPDX-License-Identifier: MIT
//
// The keeper has the ledger for 50 ms. The clerk asks for it, waits 5 ms,
// writes a reminder, and asks again. When is the clerk done?

#include <antfarm.h>
#include <stdio.h>

static ant_mutex ledger = ANT_MUTEX("ledger");

// async fn keeper(): has the ledger for 50 ms.
struct keeper {
    ant_future base;
    enum { KEEPER_START, KEEPER_LOCKING, KEEPER_WRITING } state;
    struct ant_mutex_lock lock;
    struct ant_sleep write;
};

ANT_ASYNC(keeper)
{
    switch (self->state) {
    case KEEPER_START:
        self->lock = ant_mutex_lock(&ledger);
        return ANT_NEXT(KEEPER_LOCKING);

    case KEEPER_LOCKING:
        ANT_AWAIT(self->lock);
        self->write = ant_sleep(50);
        return ANT_NEXT(KEEPER_WRITING);

    case KEEPER_WRITING:
        ANT_AWAIT(self->write);
        ant_mutex_unlock(&ledger);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct keeper keeper(void)
{
    return (struct keeper){ ANT_INIT(keeper) };
}

// async fn clerk(): asks for the ledger with some patience.
struct clerk {
    ant_future base;
    enum { CLERK_START, CLERK_ASKING, CLERK_ASKING_AGAIN } state;
    struct ant_mutex_lock first, second;
    struct ant_borrow lent; // a race lost does not end the first
    struct ant_sleep patience;
    struct ant_select race;
};

ANT_ASYNC_WITH_DROP(clerk)
{
    switch (self->state) {
    case CLERK_START:
        //@ begin forgotten
        self->first = ant_mutex_lock(&ledger);
        self->lent = ant_borrow(&self->first.base);
        self->patience = ant_sleep(5);
        self->race = ant_select(&self->lent.base, &self->patience.base);
        return ANT_NEXT(CLERK_ASKING);

    case CLERK_ASKING:
        ANT_AWAIT(self->race);
        printf("clerk: the ledger takes long\n");
        self->second = ant_mutex_lock(&ledger); // and the first?
        return ANT_NEXT(CLERK_ASKING_AGAIN);

    case CLERK_ASKING_AGAIN:
        ANT_AWAIT(self->second);
        //@ end forgotten
        printf("clerk: has the ledger\n");
        ant_mutex_unlock(&ledger);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void clerk_drop(struct clerk *self)
{
    ant_future_drop(&self->race.base);
    ant_future_drop(&self->first.base);
    ant_future_drop(&self->second.base);
}

ANT_MUST_USE static struct clerk clerk(void)
{
    return (struct clerk){ ANT_INIT(clerk) };
}

// async fn office(): the keeper comes first.
struct office {
    ant_future base;
    enum { OFFICE_START, OFFICE_JOINING } state;
    struct ant_join_handle keeper, clerk;
    struct ant_join both;
};

ANT_ASYNC(office)
{
    switch (self->state) {
    case OFFICE_START:
        self->keeper = ant_spawn_named("keeper", keeper());
        self->clerk = ant_spawn_named("clerk", clerk());
        self->both = ant_join(&self->keeper.base, &self->clerk.base);
        return ANT_NEXT(OFFICE_JOINING);

    case OFFICE_JOINING:
        ANT_AWAIT(self->both);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(office)
ANT_MAIN(office)
