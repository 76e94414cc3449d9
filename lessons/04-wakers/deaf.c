// SPDX-License-Identifier: MIT
//
// A host waits for the doorbell, and a guest rings it after 300 ms. The future
// that waits for the bell keeps nobody's waker. Who opens the door?

#include <antfarm.h>
#include <stdio.h>

// A doorbell. Who waits for it and who rings it are on the same worker, so it
// needs no lock.
struct doorbell {
    bool has_rung;
    ant_waker waiting; // of who waits
};

static struct doorbell door;

static void ring(struct doorbell *bell)
{
    bell->has_rung = true;
    ant_waker_wake(&bell->waiting);
}

// async fn hear(bell): ready when it has rung.
ANT_ASYNC_FN(hear, struct doorbell *bell)
{
    //@ begin hear
    (void)cx; // the waker is in here, and nobody keeps it
    return self->bell->has_rung ? ANT_READY : ANT_PENDING;
    //@ end hear
}

// async fn host(): opens the door when the bell rings.
struct host {
    ant_future base;
    enum { HOST_START, HOST_LISTENING } state;
    struct hear bell;
};

ANT_ASYNC(host)
{
    switch (self->state) {
    case HOST_START:
        self->bell = ANT_FUTURE(hear, .bell = &door);
        return ANT_NEXT(HOST_LISTENING);

    case HOST_LISTENING:
        ANT_AWAIT(self->bell);
        puts("host: come in");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(host)

// async fn guest(): comes after 300 ms.
struct guest {
    ant_future base;
    enum { GUEST_START, GUEST_WALKING } state;
    struct ant_sleep way;
};

ANT_ASYNC(guest)
{
    switch (self->state) {
    case GUEST_START:
        self->way = ant_sleep(300);
        return ANT_NEXT(GUEST_WALKING);

    case GUEST_WALKING:
        ANT_AWAIT(self->way);
        puts("guest: rings");
        ring(&door);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(guest)

// async fn house(): host and guest, each of them a task.
struct house {
    ant_future base;
    enum { HOUSE_START, HOUSE_WAITING } state;
    struct ant_join_handle host, guest;
    struct ant_join both;
};

ANT_ASYNC(house)
{
    switch (self->state) {
    case HOUSE_START:
        self->host = ant_spawn_local(host());
        self->guest = ant_spawn_local(guest());
        self->both = ant_join(&self->host.base, &self->guest.base);
        return ANT_NEXT(HOUSE_WAITING);

    case HOUSE_WAITING:
        ANT_AWAIT(self->both);
        if (self->host.base.result < 0) puts("nobody opens");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(house)

ANT_MAIN(house)
