// SPDX-License-Identifier: MIT
//
// The example of sync/rwlock.h: an order reads a menu that others may change.

#include "antfarm.h"

static ant_rwlock menu = ANT_RWLOCK("menu");
static const char *const dishes[] = { "soup", "salad" };

struct order {
    ant_future base;
    enum { ORDER_START, ORDER_READ_LOCKING } state;
    const char *dish;
    struct ant_rwlock_read read;
};

ANT_ASYNC(order)
{
    switch (self->state) {
    case ORDER_START:
        self->read = ant_rwlock_read(&menu);
        return ANT_NEXT(ORDER_READ_LOCKING);
    case ORDER_READ_LOCKING:
        ANT_AWAIT(self->read);
        self->dish = dishes[0];
        ant_rwlock_read_unlock(&menu);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct order order(void)
{
    return (struct order){ ANT_INIT(order) };
}

ANT_MAIN(order)
