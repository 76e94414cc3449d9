// SPDX-License-Identifier: MIT
//
// Anna reads the menu for 100 ms, and asks to read it once more, for the
// prices, before she gives it back. The cook came after 10 ms. When is the
// evening over?

#include <antfarm.h>

static ant_rwlock menu = ANT_RWLOCK("menu");

// async fn anna(): reads, and reads once more meanwhile.
struct anna {
    ant_future base;
    enum { ANNA_START, ANNA_WAITING, ANNA_READING, ANNA_ASKING } state;
    struct ant_rwlock_read dishes, prices;
    struct ant_sleep sleep;
};

ANT_ASYNC_WITH_DROP(anna)
{
    switch (self->state) {
    case ANNA_START:
        self->dishes = ant_rwlock_read(&menu);
        return ANT_NEXT(ANNA_WAITING);

    case ANNA_WAITING:
        ANT_AWAIT(self->dishes);
        self->sleep = ant_sleep(100);
        return ANT_NEXT(ANNA_READING);

        //@ begin again
    case ANNA_READING:
        ANT_AWAIT(self->sleep);
        self->prices = ant_rwlock_read(&menu); // and the dishes are still held
        return ANT_NEXT(ANNA_ASKING);

    case ANNA_ASKING:
        ANT_AWAIT(self->prices);
        ant_rwlock_read_unlock(&menu);
        ant_rwlock_read_unlock(&menu);
        return ANT_READY;
        //@ end again
    }
    ANT_UNREACHABLE();
}

static void anna_drop(struct anna *self)
{
    ant_future_drop(&self->dishes.base);
    ant_future_drop(&self->sleep.base);
    ant_future_drop(&self->prices.base);
    if (self->state >= ANNA_READING) ant_rwlock_read_unlock(&menu);
}

ANT_CONSTRUCTOR(anna)

// async fn cook(): comes after 10 ms, and writes a dish into the menu.
struct cook {
    ant_future base;
    enum { COOK_START, COOK_COMING, COOK_WAITING } state;
    struct ant_sleep way;
    struct ant_rwlock_write write;
};

ANT_ASYNC(cook)
{
    switch (self->state) {
    case COOK_START:
        self->way = ant_sleep(10);
        return ANT_NEXT(COOK_COMING);

    case COOK_COMING:
        ANT_AWAIT(self->way);
        self->write = ant_rwlock_write(&menu);
        return ANT_NEXT(COOK_WAITING);

    case COOK_WAITING:
        ANT_AWAIT(self->write);
        ant_rwlock_write_unlock(&menu);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(cook)

// async fn evening(): two tasks, and both of them at the menu.
struct evening {
    ant_future base;
    struct ant_join_handle anna, cook;
    struct ant_join all;
};

ANT_ASYNC(evening)
{
    if (ANT_BEGINS(self->all)) {
        self->anna = ant_spawn_named("anna", anna());
        self->cook = ant_spawn_named("cook", cook());
        self->all = ant_join(&self->anna.base, &self->cook.base);
    }
    ANT_AWAIT(self->all);
    return ANT_READY;
}

ANT_CONSTRUCTOR(evening)
ANT_MAIN(evening)
