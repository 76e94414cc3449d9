// SPDX-License-Identifier: MIT
//
// The example of sched/hooks.h: every thread of the runtime says hello.

#include "antfarm.h"

static void say_hello(void *arg)
{
    ant_atomic_add((ant_atomic_u32 *)arg, 1, ANT_RELAXED);
}

int main(void)
{
    ant_atomic_u32 greeting = 0;
    ant_runtime_desc desc = {
        .hooks = { .on_thread_start = say_hello, .arg = &greeting },
    };
    desc.flavor = ANT_RUNTIME_MULTI;
    desc.worker_count = 2;
    ant_runtime *rt;
    if (ant_runtime_new(&desc, &rt) < 0) return 2;
    ant_runtime_free(rt);
    return ant_atomic_load(&greeting, ANT_RELAXED) == 2 ? 0 : 1;
}
