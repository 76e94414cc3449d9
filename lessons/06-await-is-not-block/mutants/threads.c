// SPDX-License-Identifier: MIT
//
// A wrong solution: a thread for each nap.

#include <antfarm.h>
#include <stdio.h>

#define NAPS 100

// Keeps whatever thread calls it for a second.
static int sleep_hard(void *arg)
{
    (void)arg;
    ant_thread_sleep(1000);
    return 0;
}

// async fn house(): waits until all are awake.
struct house {
    ant_future base;
    enum { HOUSE_START, HOUSE_WAITING } state;
    struct ant_join_handle sleeper[NAPS];
    int awake;
};

ANT_ASYNC(house)
{
    switch (self->state) {
    case HOUSE_START:
        for (int i = 0; i < NAPS; i++)
            self->sleeper[i] = ant_spawn_blocking(sleep_hard, NULL);
        return ANT_NEXT(HOUSE_WAITING);

    case HOUSE_WAITING:
        ANT_AWAIT(self->sleeper[self->awake]);
        if (++self->awake == NAPS) {
            printf("%d are awake\n", self->awake);
            return ANT_READY;
        }
        return ANT_NEXT(HOUSE_WAITING);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct house house(void)
{
    return (struct house){ ANT_INIT(house) };
}

ANT_MAIN(house)
