// SPDX-License-Identifier: MIT
//
// The example of combine/try_join.h.

#include <antfarm.h>

#include <errno.h>

struct look_up {
    ant_future base;
    enum { LOOK_START, LOOK_SLEEPING } state;
    int item;
    struct ant_sleep nap;
};

ANT_ASYNC(look_up)
{
    switch (self->state) {
    case LOOK_START:
        self->nap = ant_sleep(1000);
        return ANT_NEXT(LOOK_SLEEPING);
    case LOOK_SLEEPING:
        ANT_AWAIT(self->nap);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct look_up look_up(int item)
{
    return (struct look_up){ ANT_INIT(look_up), .item = item };
}

struct charge {
    ant_future base;
    enum { CHARGE_START, CHARGE_SLEEPING } state;
    int price;
    struct ant_sleep nap;
};

ANT_ASYNC(charge)
{
    switch (self->state) {
    case CHARGE_START:
        self->nap = ant_sleep(2);
        return ANT_NEXT(CHARGE_SLEEPING);
    case CHARGE_SLEEPING:
        ANT_AWAIT(self->nap);
        if (self->price > 100) return ANT_FAIL(-EPERM);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct charge charge(int price)
{
    return (struct charge){ ANT_INIT(charge), .price = price };
}

struct order {
    ant_future base;
    enum { ORDER_START, ORDER_CHECKING } state;
    int item, price;
    struct look_up stock;
    struct charge card;
    struct ant_try_join both;
};

ANT_ASYNC(order)
{
    switch (self->state) {
    case ORDER_START:
        self->stock = look_up(self->item);
        self->card = charge(self->price);
        self->both = ant_try_join(&self->stock.base, &self->card.base);
        return ANT_NEXT(ORDER_CHECKING);
    case ORDER_CHECKING:
        ANT_AWAIT(self->both);
        if (self->both.base.result < 0) return ANT_FAIL(self->both.base.result);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

struct app {
    ant_future base;
    enum { APP_START, APP_ORDERING } state;
    struct order order;
};

// The card fails after 2 ms, and nobody waits a second for the stock.
ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->order = (struct order){ ANT_INIT(order), .price = 500 };
        return ANT_NEXT(APP_ORDERING);
    case APP_ORDERING:
        ANT_AWAIT(self->order);
        ANT_ASSERT(self->order.base.result == -EPERM);
        ANT_ASSERT(self->order.both.failed == 1);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
