// SPDX-License-Identifier: MIT
//
// The example of io/resolve.h: a name that needs no asking, so that it also
// works where there is no network.

#include <antfarm.h>

struct greet {
    ant_future base;
    enum { GREET_START, GREET_LOOKING_UP } state;
    struct ant_resolve look_up;
    ant_addr addr;
};

ANT_ASYNC(greet)
{
    switch (self->state) {
    case GREET_START:
        self->look_up = ant_resolve("localhost:80");
        return ANT_NEXT(GREET_LOOKING_UP);
    case GREET_LOOKING_UP:
        ANT_AWAIT(self->look_up);
        if (self->look_up.base.result < 0)
            return ANT_FAIL(self->look_up.base.result);
        self->addr = self->look_up.addr[0];
        return ant_addr_port(&self->addr) == 80 ? ANT_READY : ANT_FAIL(-EINVAL);
    }
    ANT_UNREACHABLE();
}

static struct greet greet(void)
{
    return (struct greet){ ANT_INIT(greet) };
}

ANT_MAIN(greet)
