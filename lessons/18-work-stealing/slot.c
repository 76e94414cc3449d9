// SPDX-License-Identifier: MIT
//
// A cook rings for the waiter, and goes on chopping. There are two workers, and
// one of them has nothing to do. When does the waiter come?

#include <antfarm.h>
#include <stdio.h>

static ant_notify bell = ANT_NOTIFY("bell");

// async fn serve(): waits for the bell.
struct serve {
    ant_future base;
    enum { SERVE_START, SERVE_LISTENING } state;
    struct ant_notified ring;
};

ANT_ASYNC(serve)
{
    switch (self->state) {
    case SERVE_START:
        self->ring = ant_notified(&bell);
        return ANT_NEXT(SERVE_LISTENING);

    case SERVE_LISTENING:
        ANT_AWAIT(self->ring);
        ant_note("served");
        puts("served");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct serve serve(void)
{
    return (struct serve){ ANT_INIT(serve) };
}

// async fn cook(): 10 ms until the soup is hot, then 100 ms of chopping.
struct cook {
    ant_future base;
    enum { COOK_START, COOK_HEATING } state;
    struct ant_sleep soup;
};

ANT_ASYNC(cook)
{
    switch (self->state) {
    case COOK_START:
        self->soup = ant_sleep(10);
        return ANT_NEXT(COOK_HEATING);

    case COOK_HEATING:
        ANT_AWAIT(self->soup);
        //@ begin ring
        ant_notify_one(&bell);
        ant_thread_sleep(100); // stands for chopping
        return ANT_READY;
        //@ end ring
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct cook cook(void)
{
    return (struct cook){ ANT_INIT(cook) };
}

// async fn kitchen(): until both have done their work.
struct kitchen {
    ant_future base;
    enum { KITCHEN_START, KITCHEN_OPEN } state;
    struct ant_join_handle waiter, cook;
    struct ant_join both;
};

ANT_ASYNC(kitchen)
{
    switch (self->state) {
    case KITCHEN_START:
        self->waiter = ant_spawn_named("waiter", serve());
        self->cook = ant_spawn_named("cook", cook());
        self->both = ant_join(&self->waiter.base, &self->cook.base);
        return ANT_NEXT(KITCHEN_OPEN);

    case KITCHEN_OPEN:
        ANT_AWAIT(self->both);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct kitchen kitchen(void)
{
    return (struct kitchen){ ANT_INIT(kitchen) };
}

// What ANT_MAIN does, with the slot of the multi flavour also in a simulation.
int main(void)
{
    ant_runtime *runtime;
    int err =
        ant_runtime_new(&(ant_runtime_desc){ .lifo = ANT_LIFO_ON }, &runtime);
    if (err < 0) return 2;
    err = ant_runtime_block_on(runtime, kitchen());
    ant_runtime_free(runtime);
    return err < 0 ? 1 : 0;
}
