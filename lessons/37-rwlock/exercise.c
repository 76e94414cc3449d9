// SPDX-License-Identifier: MIT
//
// Only one may have the menu. Let all who read have it at the same time, and
// let the cook still write alone.

#include <antfarm.h>

//@ todo many may read
static ant_mutex menu = ANT_MUTEX("menu");

// async fn guest(comes_ms): comes, and reads the menu.
struct guest {
    ant_future base;
    enum { GUEST_START, GUEST_COMING, GUEST_WAITING, GUEST_READING } state;
    unsigned comes_ms;
    struct ant_sleep sleep; // on the way, and while reading
    struct ant_mutex_lock lock;
};

ANT_ASYNC_WITH_DROP(guest)
{
    switch (self->state) {
    case GUEST_START:
        self->sleep = ant_sleep(self->comes_ms);
        return ANT_NEXT(GUEST_COMING);

    case GUEST_COMING:
        ANT_AWAIT(self->sleep);
        self->lock = ant_mutex_lock(&menu);
        return ANT_NEXT(GUEST_WAITING);

    case GUEST_WAITING:
        ANT_AWAIT(self->lock);
        self->sleep = ant_sleep(100);
        return ANT_NEXT(GUEST_READING);

    case GUEST_READING:
        ANT_AWAIT(self->sleep);
        ant_mutex_unlock(&menu);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void guest_drop(struct guest *self)
{
    ant_future_drop(&self->sleep.base);
    ant_future_drop(&self->lock.base);
    if (self->state == GUEST_READING) ant_mutex_unlock(&menu);
}

// async fn cook(): comes after 10 ms, and writes a dish into the menu.
struct cook {
    ant_future base;
    enum { COOK_START, COOK_COMING, COOK_WAITING, COOK_WRITING } state;
    struct ant_sleep sleep; // on the way, and while writing
    struct ant_mutex_lock lock;
};

ANT_ASYNC_WITH_DROP(cook)
{
    switch (self->state) {
    case COOK_START:
        self->sleep = ant_sleep(10);
        return ANT_NEXT(COOK_COMING);

    case COOK_COMING:
        ANT_AWAIT(self->sleep);
        self->lock = ant_mutex_lock(&menu);
        return ANT_NEXT(COOK_WAITING);

    case COOK_WAITING:
        ANT_AWAIT(self->lock);
        self->sleep = ant_sleep(50);
        return ANT_NEXT(COOK_WRITING);

    case COOK_WRITING:
        ANT_AWAIT(self->sleep);
        ant_mutex_unlock(&menu);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void cook_drop(struct cook *self)
{
    ant_future_drop(&self->sleep.base);
    ant_future_drop(&self->lock.base);
    if (self->state == COOK_WRITING) ant_mutex_unlock(&menu);
}

ANT_CONSTRUCTOR(cook)

// async fn evening(): four tasks, and all of them at the menu.
struct evening {
    ant_future base;
    struct ant_join_handle anna, ben, cook, cleo;
    struct ant_join all;
};

ANT_ASYNC(evening)
{
    if (ANT_BEGINS(self->all)) {
        self->anna = ant_spawn_named("anna", ANT_FUTURE(guest, .comes_ms = 0));
        self->ben = ant_spawn_named("ben", ANT_FUTURE(guest, .comes_ms = 0));
        self->cook = ant_spawn_named("cook", cook());
        self->cleo = ant_spawn_named("cleo", ANT_FUTURE(guest, .comes_ms = 20));
        self->all = ant_join(&self->anna.base, &self->ben.base,
                             &self->cook.base, &self->cleo.base);
    }
    ANT_AWAIT(self->all);
    return ANT_READY;
}

ANT_CONSTRUCTOR(evening)
ANT_MAIN(evening)
