// SPDX-License-Identifier: MIT

#include "sync/barrier.h"

#include <errno.h>

// What one look at the barrier needs, and what it finds.
typedef struct arrival {
    struct ant_barrier_wait *wait;
    ant_leavers others; // free to go when this one is the leader
} arrival;

static int look(void *arg);
static void wait_drop(ant_future *future);
static bool wait_waits_on(const ant_future *future, ant_wait *ret_wait);

ANT_ASYNC_OPS(ant_barrier_wait, .drop = wait_drop, .waits_on = wait_waits_on)
{
    // Paid before it arrives: who has arrived cannot be pending for that.
    if (!ant_coop_consume(cx)) return ANT_PENDING;
    ant_barrier *barrier = self->barrier;
    arrival a = { .wait = self, .others.is_none = true };
    const ant_waiting w = { .list = &barrier->waiters,
                            .waiter = &self->waiter,
                            .resource = &barrier->resource,
                            .look = look,
                            .arg = &a };
    if (ant_waitlist_poll(&w, cx) == -EAGAIN) {
        cx->budget++; // to wait costs nothing
        return ANT_PENDING;
    }
    ant_waitlist_wake(&barrier->waiters, &a.others, &barrier->resource,
                      ANT_VIA_NOTIFY);
    return ANT_READY;
}

struct ant_barrier_wait ant__barrier_wait(ant_barrier *barrier, uint32_t line)
{
    return (struct ant_barrier_wait){
        ANT_INIT(ant_barrier_wait),
        .barrier = barrier,
        .waiter = ANT_WAITER(line),
    };
}

void ant__barrier_init(ant_barrier *barrier, const ant_resource *card)
{
    *barrier = (ant_barrier){ .resource = *card };
    ant_waitlist_init(&barrier->waiters);
}

void ant_barrier_deinit(ant_barrier *barrier)
{
    ant_waitlist_deinit(&barrier->waiters);
    ant_resource_end(&barrier->resource);
}

// Under the lock: arrives when it was not here before; 0 when all are here.
static int look(void *arg)
{
    arrival *a = arg;
    struct ant_barrier_wait *self = a->wait;
    ant_barrier *barrier = self->barrier;
    if (self->has_arrived)
        return self->generation != barrier->generation ? 0 : -EAGAIN;

    self->has_arrived = true;
    self->generation = barrier->generation;
    self->is_leader = barrier->arrived + 1 >= barrier->resource.capacity;
    if (!self->is_leader) {
        barrier->arrived++;
        return -EAGAIN;
    }
    barrier->arrived = 0;
    barrier->generation++;
    ant_waitlist_take_all(&barrier->waiters, &a->others);
    return 0;
}

static void wait_drop(ant_future *future)
{
    struct ant_barrier_wait *self = (struct ant_barrier_wait *)(void *)future;
    ant_barrier *barrier = self->barrier;
    if (!self->has_arrived) return;

    ant_os_mutex_lock(&barrier->waiters.lock);
    if (self->generation == barrier->generation) barrier->arrived--;
    ant_waitlist_cancel(&barrier->waiters, &self->waiter, &barrier->resource);
    ant_waker old = ant_waker_take(&self->waiter.waker);
    ant_os_mutex_unlock(&barrier->waiters.lock);
    ant_waker_drop(&old);
}

static bool wait_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_barrier_wait *self = (const void *)future;
    return ant_waiter_describe(&self->waiter, &self->barrier->resource,
                               ret_wait);
}
