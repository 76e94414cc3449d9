// SPDX-License-Identifier: MIT
//
// The smallest executor that sleeps: it gives the nap a waker of its own, and
// looks again when that was used. How often does it look?

#include <antfarm.h>
#include <stdio.h>

// The executor, and what its waker leads to. An executor with a thread of its
// own would sleep in a system call. This one sleeps as a task of the runtime.
struct mini {
    ant_wakeable wakeable;
    ant_atomic_u32 is_woken; // at the start it is: nobody has looked yet
    ant_waker sleeper;       // calls the executor when it sleeps
};

static struct mini mini;

// There is one executor, and it is never freed: nothing has to be counted.
static void on_count(ant_wakeable *self)
{
    (void)self;
}

//@ begin wake
static void on_wake(ant_wakeable *self, ant_why why)
{
    (void)self;
    (void)why;
    ant_waker caller = ant_waker_clone(&mini.sleeper); // while it is there
    // release: pairs with the acquire in block_on
    ant_atomic_store(&mini.is_woken, 1, ANT_RELEASE);
    ant_waker_wake(&caller);
}
//@ end wake

static const ant_waker_ops ops = { on_count, on_wake, on_count, NULL };
static struct mini mini = { .wakeable = { &ops }, .is_woken = 1 };

// async fn block_on(): runs the nap to its end.
struct block_on {
    ant_future base;
    struct ant_sleep nap;
};

ANT_ASYNC(block_on)
{
    if (!ant_waker_is_set(&mini.sleeper))
        mini.sleeper = ant_waker_clone(&cx->waker);
    //@ begin loop
    ant_cx mine = *cx;
    mine.waker.target = &mini.wakeable;
    // acquire: pairs with the release in on_wake
    while (ant_atomic_exchange(&mini.is_woken, 0, ANT_ACQUIRE) != 0) {
        if (ant_future_poll(&self->nap.base, &mine) == ANT_PENDING) continue;
        puts("awake");
        ant_waker_drop(&mini.sleeper);
        return ANT_READY;
    }
    return ANT_PENDING; // nothing to do: sleep until on_wake
    //@ end loop
}

ANT_MUST_USE static struct block_on block_on(void)
{
    return (struct block_on){ ANT_INIT(block_on), .nap = ant_sleep(50) };
}

ANT_MAIN(block_on)
