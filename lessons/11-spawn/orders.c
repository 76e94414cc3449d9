// SPDX-License-Identifier: MIT
//
// A waiter gives three orders to the kitchen, each of them a task, and says so.
// In which order do the four lines come?

#include <antfarm.h>
#include <stdio.h>

// Prints a line, and writes it into the recording too.
static void say(const char *text)
{
    puts(text);
    ant_note("%s", text);
}

// async fn cook(dish): it is cooked already, so this is ready at once.
struct cook {
    ant_future base;
    enum { COOK_START } state;
    const char *dish;
};

ANT_ASYNC(cook)
{
    switch (self->state) {
    case COOK_START:
        say(self->dish);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct cook cook(const char *dish)
{
    return (struct cook){ ANT_INIT(cook), .dish = dish };
}

// async fn waiter(): three orders, and waits for all dishes.
struct waiter {
    ant_future base;
    enum { WAITER_START, WAITER_WAITING } state;
    struct ant_join_handle soup, rice, fish;
    struct ant_join all;
};

ANT_ASYNC(waiter)
{
    switch (self->state) {
    case WAITER_START:
        //@ begin orders
        self->soup = ant_spawn_named("soup", cook("soup"));
        self->rice = ant_spawn_named("rice", cook("rice"));
        self->fish = ant_spawn_named("fish", cook("fish"));
        say("all is ordered");
        //@ end orders
        self->all =
            ant_join(&self->soup.base, &self->rice.base, &self->fish.base);
        return ANT_NEXT(WAITER_WAITING);

    case WAITER_WAITING:
        ANT_AWAIT(self->all);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(waiter)

ANT_MAIN(waiter)
