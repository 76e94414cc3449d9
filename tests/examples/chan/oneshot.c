// SPDX-License-Identifier: MIT
//
// The example of chan/oneshot.h: a guest waits for what the cook makes. In the
// first round the cook leaves without having sent anything.

#include "chan/oneshot.h"
#include "antfarm.h"

#include <errno.h>

static int left_count;

static void leave(void)
{
    left_count++;
}

struct cook {
    ant_future base;
    ant_oneshot_tx tx;
    bool is_lazy;
};

ANT_ASYNC(cook)
{
    int dish = 42;
    if (self->is_lazy) {
        ant_oneshot_tx_drop(&self->tx);
        return ANT_READY;
    }
    int err = ant_oneshot_send(&self->tx, &dish);
    return err < 0 ? ANT_FAIL(err) : ANT_READY;
}

ANT_MUST_USE static struct cook cook(ant_oneshot_tx tx)
{
    return (struct cook){
        ANT_INIT(cook),
        .tx = tx,
        .is_lazy = left_count == 0,
    };
}

struct guest {
    ant_future base;
    enum { GUEST_START, GUEST_WAITING, GUEST_SAYING_GOODBYE } state;
    ant_oneshot_tx tx;
    ant_oneshot_rx rx;
    struct ant_oneshot_recv meal;
    struct ant_join_handle cook;
    int dish;
};

ANT_ASYNC(guest)
{
    switch (self->state) {
    case GUEST_START: {
        int err = ant_oneshot_new(sizeof(int), &self->tx, &self->rx);
        if (err < 0) return ANT_FAIL(err);
        self->cook = ant_spawn(cook(self->tx));
        self->meal = ant_oneshot_recv(&self->rx, &self->dish);
        return ANT_NEXT(GUEST_WAITING);
    }

    case GUEST_WAITING:
        ANT_AWAIT(self->meal);
        if (self->meal.base.result == -EPIPE) leave(); // so has the cook
        ant_oneshot_rx_drop(&self->rx);
        return ANT_NEXT(GUEST_SAYING_GOODBYE);

    case GUEST_SAYING_GOODBYE:
        ANT_AWAIT(self->cook);
        return self->dish == 0 ? ANT_NEXT(GUEST_START) : ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct guest guest(void)
{
    return (struct guest){ ANT_INIT(guest) };
}

ANT_MAIN(guest)
