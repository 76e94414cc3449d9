// SPDX-License-Identifier: MIT
//
// The example of time/sleep.h.

#include <antfarm.h>

struct tea {
    ant_future base;
    enum { TEA_START, TEA_BREWING } state;
    struct ant_sleep nap;
};

ANT_ASYNC(tea)
{
    switch (self->state) {
    case TEA_START:
        self->nap = ant_sleep(300);
        return ANT_NEXT(TEA_BREWING);
    case TEA_BREWING:
        ANT_AWAIT(self->nap);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct tea tea(void)
{
    return (struct tea){ ANT_INIT(tea) };
}

ANT_MAIN(tea)
