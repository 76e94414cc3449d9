// SPDX-License-Identifier: MIT
//
// Two clerks move money between two accounts, each with a lock for tasks. One
// takes the left account first, the other the right one. No thread is blocked,
// no task is busy. When do they finish?

#include <antfarm.h>
#include <stdio.h>

static ant_mutex left = ANT_MUTEX("left");
static ant_mutex right = ANT_MUTEX("right");

// async fn transfer(from, to): locks both accounts, a little after each other.
struct transfer {
    ant_future base;
    enum {
        MOVE_START,
        MOVE_LOCKING_FROM,
        MOVE_COUNTING,
        MOVE_LOCKING_TO
    } state;
    const char *who;
    ant_mutex *from, *to;
    struct ant_mutex_lock lock;
    struct ant_sleep counting;
};

ANT_ASYNC(transfer)
{
    switch (self->state) {
    case MOVE_START:
        //@ begin transfer
        self->lock = ant_mutex_lock(self->from);
        return ANT_NEXT(MOVE_LOCKING_FROM);

    case MOVE_LOCKING_FROM:
        ANT_AWAIT(self->lock);
        printf("%s has the first lock\n", self->who);
        self->counting = ant_sleep(10); // both clerks get this far
        return ANT_NEXT(MOVE_COUNTING);

    case MOVE_COUNTING:
        ANT_AWAIT(self->counting);
        self->lock = ant_mutex_lock(self->to);
        return ANT_NEXT(MOVE_LOCKING_TO);

    case MOVE_LOCKING_TO:
        ANT_AWAIT(self->lock);
        //@ end transfer
        printf("%s has both locks\n", self->who);
        ant_mutex_unlock(self->to);
        ant_mutex_unlock(self->from);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct transfer transfer(const char *who, ant_mutex *from,
                                             ant_mutex *to)
{
    return (struct transfer){ ANT_INIT(transfer), .who = who, .from = from,
                              .to = to };
}

// async fn office(): the same two locks, in opposite order.
struct office {
    ant_future base;
    enum { OFFICE_START, OFFICE_JOINING } state;
    struct ant_join_handle anna, ben;
    struct ant_join both;
};

ANT_ASYNC(office)
{
    switch (self->state) {
    case OFFICE_START:
        //@ begin order
        self->anna = ant_spawn_named("anna", transfer("anna", &left, &right));
        self->ben = ant_spawn_named("ben", transfer("ben", &right, &left));
        //@ end order
        self->both = ant_join(&self->anna.base, &self->ben.base);
        return ANT_NEXT(OFFICE_JOINING);

    case OFFICE_JOINING:
        ANT_AWAIT(self->both);
        printf("all is moved\n");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct office office(void)
{
    return (struct office){ ANT_INIT(office) };
}

ANT_MAIN(office)
