// SPDX-License-Identifier: MIT
//
// Each poll may come with another waker, so the future keeps the one of its
// last poll. A clone is made only when that is another one.

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
    if (self->bell->has_rung) return ANT_READY;
    if (!ant_waker_same(&self->bell->waiting, &cx->waker)) {
        ant_waker_drop(&self->bell->waiting);
        self->bell->waiting = ant_waker_clone(&cx->waker);
    }
    return ANT_PENDING;
}

// async fn listen(patience_ms): opens the door, or gives up.
struct listen {
    ant_future base;
    enum { LISTEN_START, LISTEN_WAITING } state;
    const char *who;
    uint64_t patience_ms;
    struct hear bell;
    struct ant_timeout limit;
};

ANT_ASYNC(listen)
{
    switch (self->state) {
    case LISTEN_START:
        self->bell = ANT_FUTURE(hear, .bell = &door);
        self->limit = ant_timeout(self->patience_ms, &self->bell.base);
        return ANT_NEXT(LISTEN_WAITING);

    case LISTEN_WAITING:
        ANT_AWAIT(self->limit);
        printf("%s %s\n", self->who,
               self->limit.is_elapsed ? "gives up" : "opens");
        if (!self->limit.is_elapsed) ant_note("%s opens", self->who);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

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

// async fn home(): Anna listens for 100 ms and Ben for two seconds.
struct home {
    ant_future base;
    enum { HOME_START, HOME_ANNA, HOME_BEN } state;
    struct ant_join_handle anna, guest, ben;
    struct ant_join both;
};

ANT_ASYNC(home)
{
    struct listen listen;
    switch (self->state) {
    case HOME_START:
        self->guest = ant_spawn_local(guest());
        listen = ANT_FUTURE(listen, .who = "anna", .patience_ms = 100);
        self->anna = ant_spawn_local(listen);
        return ANT_NEXT(HOME_ANNA);

    case HOME_ANNA:
        ANT_AWAIT(self->anna);
        listen = ANT_FUTURE(listen, .who = "ben", .patience_ms = 2000);
        self->ben = ant_spawn_local(listen);
        self->both = ant_join(&self->ben.base, &self->guest.base);
        return ANT_NEXT(HOME_BEN);

    case HOME_BEN:
        ANT_AWAIT(self->both);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(home)

ANT_MAIN(home)
