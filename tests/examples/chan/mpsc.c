// SPDX-License-Identifier: MIT
//
// The example of chan/mpsc.h: a cook sends five dishes, and a guest eats until
// no cook is left.

#include "antfarm.h"

#include <errno.h>
#include <stdio.h>

struct cook {
    ant_future base;
    enum { COOK_START, COOK_SENDING } state;
    ant_mpsc_tx tx;
    int dish;
    struct ant_mpsc_send send;
};

ANT_ASYNC_OWNING(cook)
{
    switch (self->state) {
    case COOK_START:
        self->dish = 1;
        self->send = ant_mpsc_send(&self->tx, &self->dish);
        return ANT_NEXT(COOK_SENDING);

    case COOK_SENDING:
        ANT_AWAIT(self->send); // = ant_mpsc_send(&self->tx, &self->dish)
        if (self->send.base.result == -EPIPE) return ANT_READY; // no guest
        if (self->dish == 5) {
            ant_mpsc_tx_drop(&self->tx);
            return ANT_READY;
        }
        self->dish++;
        self->send = ant_mpsc_send(&self->tx, &self->dish);
        return ANT_NEXT(COOK_SENDING);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct cook cook(ant_mpsc_tx tx)
{
    return (struct cook){ ANT_INIT(cook), .tx = tx };
}

static void cook_drop(struct cook *self)
{
    ant_future_drop(&self->send.base);
    ant_mpsc_tx_drop(&self->tx);
}

struct guest {
    ant_future base;
    enum { GUEST_START, GUEST_WAITING, GUEST_LEAVING } state;
    ant_mpsc_tx tx;
    ant_mpsc_rx rx;
    struct ant_join_handle cook;
    struct ant_mpsc_recv meal;
    int dish;
    int eaten;
};

ANT_ASYNC_WITH_DROP(guest)
{
    int err;
    switch (self->state) {
    case GUEST_START:
        err = ant_mpsc_new(sizeof(int), 32, &self->tx, &self->rx);
        if (err < 0) return ANT_FAIL(err);
        self->cook = ant_spawn(cook(ant_mpsc_tx_clone(&self->tx)));
        ant_mpsc_tx_drop(&self->tx); // only cooks send
        self->meal = ant_mpsc_recv(&self->rx, &self->dish);
        return ANT_NEXT(GUEST_WAITING);

    case GUEST_WAITING:
        ANT_AWAIT(self->meal);
        if (self->meal.base.result == -EPIPE) return ANT_NEXT(GUEST_LEAVING);
        self->eaten += self->dish;
        self->meal = ant_mpsc_recv(&self->rx, &self->dish);
        return ANT_NEXT(GUEST_WAITING);

    case GUEST_LEAVING:
        ANT_AWAIT(self->cook);
        ant_mpsc_rx_drop(&self->rx);
        printf("eaten: %d\n", self->eaten);
        return self->eaten == 15 ? ANT_READY : ANT_FAIL(-EIO);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct guest guest(void)
{
    return (struct guest){ ANT_INIT(guest) };
}

static void guest_drop(struct guest *self)
{
    ant_future_drop(&self->meal.base);
    ant_future_drop(&self->cook.base);
    ant_mpsc_rx_drop(&self->rx);
}

ANT_MAIN(guest)
