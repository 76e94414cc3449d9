// SPDX-License-Identifier: MIT
//
// The example of sync/notify.h: a guest waits for the bell, which the cook
// rings.

#include "sync/notify.h"
#include "antfarm.h"

static ant_notify bell = ANT_NOTIFY("bell");

struct guest {
    ant_future base;
    enum { GUEST_START, GUEST_WAITING } state;
    struct ant_notified ring;
};

ANT_ASYNC(guest)
{
    switch (self->state) {
    case GUEST_START:
        self->ring = ant_notified(&bell);
        return ANT_NEXT(GUEST_WAITING);
    case GUEST_WAITING:
        ANT_AWAIT(self->ring);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct guest guest(void)
{
    return (struct guest){ ANT_INIT(guest) };
}

struct cook {
    ant_future base;
    enum { COOK_START, COOK_SERVING } state;
    struct ant_join_handle guest;
};

ANT_ASYNC(cook)
{
    switch (self->state) {
    case COOK_START:
        self->guest = ant_spawn(guest());
        ant_notify_one(&bell); // kept, if the guest is not here yet
        return ANT_NEXT(COOK_SERVING);
    case COOK_SERVING:
        ANT_AWAIT(self->guest);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct cook cook(void)
{
    return (struct cook){ ANT_INIT(cook) };
}

ANT_MAIN(cook)
