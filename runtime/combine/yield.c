// SPDX-License-Identifier: MIT

#include "combine/yield.h"

ANT_ASYNC(ant_yield_now)
{
    if (self->has_yielded) return ANT_READY;
    self->has_yielded = true;
    ant__cx_yield(cx, ANT_VIA_YIELD);
    return ANT_PENDING;
}

ant_future_ops *const ant__yield_now_ops = &ant_yield_now_ops;
