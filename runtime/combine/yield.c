// SPDX-License-Identifier: MIT

#include "combine/yield.h"

ANT_ASYNC(ant_yield_now)
{
    if (self->has_yielded) return ANT_READY;
    self->has_yielded = true;
    ant__cx_yield(cx, ANT_VIA_YIELD);
    return ANT_PENDING;
}

struct ant_yield_now ant_yield_now(void)
{
    return (struct ant_yield_now){ ANT_INIT(ant_yield_now) };
}
