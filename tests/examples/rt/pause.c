// SPDX-License-Identifier: MIT
//
// The example of rt/pause.h: an hour that takes no time.

#include <errno.h>

#include "antfarm.h"

struct clock {
    ant_future base;
    enum { CLOCK_START, CLOCK_ADVANCING } state;
    struct ant_time_advance hour;
};

ANT_ASYNC(clock)
{
    switch (self->state) {
    case CLOCK_START:
        if (ant_time_pause() < 0) return ANT_FAIL(-ENOTSUP);
        self->hour = ant_time_advance(60 * 60 * 1000);
        return ANT_NEXT(CLOCK_ADVANCING);
    case CLOCK_ADVANCING:
        ANT_AWAIT(self->hour); // all sleeps that are due are over
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

int main(void)
{
    ant_runtime *rt;
    const ant_runtime_desc desc = { .flavor = ANT_RUNTIME_CURRENT };
    if (ant_runtime_new(&desc, &rt) < 0) return 2;
    const struct clock hour = { ANT_INIT(clock) };
    const int err = ant_runtime_block_on(rt, hour);
    ant_runtime_free(rt);
    return err < 0 ? 1 : 0;
}
