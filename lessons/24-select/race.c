// SPDX-License-Identifier: MIT
//
// Two sleeps race: one second against two. When does the race end, and does the
// slow one go on sleeping?

#include <antfarm.h>
#include <stdio.h>

// In tens: a real clock is always a little late, a virtual one never.
static unsigned ms_since(uint64_t start_ns)
{
    return (unsigned)((ant_now_ns() - start_ns) / 10000000 * 10);
}

struct race {
    ant_future base;
    enum { RACE_START, RACE_RUNNING } state;
    struct ant_sleep slow, fast;
    struct ant_select first;
    uint64_t start_ns;
};

ANT_ASYNC(race)
{
    switch (self->state) {
    case RACE_START:
        self->start_ns = ant_now_ns();
        //@ begin race
        self->slow = ant_sleep(2000);
        self->fast = ant_sleep(1000);
        self->first = ant_select(&self->slow.base, &self->fast.base);
        return ANT_NEXT(RACE_RUNNING);

    case RACE_RUNNING:
        ANT_AWAIT(self->first);
        //@ end race
        printf("%s won after %u ms\n",
               self->first.winner == 0 ? "slow" : "fast",
               ms_since(self->start_ns));
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct race race(void)
{
    return (struct race){ ANT_INIT(race) };
}

ANT_MAIN(race)
