// SPDX-License-Identifier: MIT
//
// A host waits for three doorbells. Three guests ring them in the same moment.
// How often is the host polled?

#include <antfarm.h>
#include <stdio.h>

// A doorbell. Who waits for it and who rings it are on the same worker, so it
// needs no lock.
struct doorbell {
    bool has_rung;
    ant_waker waiting; // of who waits
};

static struct doorbell front_door, back_door, garden_door;

static void ring(struct doorbell *bell)
{
    bell->has_rung = true;
    ant_waker_wake(&bell->waiting);
}

// async fn hear(bell): ready when it has rung.
ANT_ASYNC_FN(hear, struct doorbell *bell)
{
    //@ begin hear
    if (self->bell->has_rung) return ANT_READY;
    ant_waker_drop(&self->bell->waiting); // of the poll before
    self->bell->waiting = ant_waker_clone(&cx->waker);
    return ANT_PENDING;
    //@ end hear
}

// async fn host(): opens all doors when all bells have rung.
struct host {
    ant_future base;
    enum { HOST_START, HOST_LISTENING } state;
    struct hear front, back, garden;
    struct ant_join all;
};

ANT_ASYNC(host)
{
    switch (self->state) {
    case HOST_START:
        self->front = ANT_FUTURE(hear, .bell = &front_door);
        self->back = ANT_FUTURE(hear, .bell = &back_door);
        self->garden = ANT_FUTURE(hear, .bell = &garden_door);
        self->all =
            ant_join(&self->front.base, &self->back.base, &self->garden.base);
        return ANT_NEXT(HOST_LISTENING);

    case HOST_LISTENING:
        ANT_AWAIT(self->all);
        puts("host: come in, all of you");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(host)

// async fn guest(): comes after 300 ms with two friends, and they ring at once.
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
        puts("guests: ring");
        //@ begin ring
        ring(&front_door);
        ring(&back_door);
        ring(&garden_door);
        //@ end ring
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
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(house)

ANT_MAIN(house)
