// SPDX-License-Identifier: MIT
//
// The example of core/note.h.

#include "antfarm.h"

struct pay {
    ant_future base;
    int order;
};

ANT_ASYNC(pay)
{
    (void)cx;
    ant_note("order %d is paid", self->order);
    return ANT_READY;
}

ANT_MUST_USE static struct pay pay(int order)
{
    return (struct pay){ ANT_INIT(pay), .order = order };
}

int main(void)
{
    ant_runtime *rt;
    if (ant_runtime_new(NULL, &rt) < 0) return 1;
    int err = ant_runtime_block_on(rt, pay(7));
    ant_runtime_free(rt);
    return err < 0;
}
