// SPDX-License-Identifier: MIT
//
// A task is spawned into the slot of a worker that is busy then. The other
// worker sleeps and cannot steal it.

#include <antfarm.h>

ANT_ASYNC_FN(child, int polls)
{
    self->polls++;
    (void)cx;
    return ANT_READY;
}

ANT_ASYNC_FN(app, struct ant_join_handle child)
{
    if (ANT_BEGINS(self->child)) {
        self->child = ant_spawn(child());
        ant_thread_sleep(8);
    }
    ANT_AWAIT(self->child);
    return ANT_READY;
}

int main(void)
{
    ant_runtime *runtime;
    const ant_runtime_desc desc = { .worker_count = 2, .lifo = ANT_LIFO_ON };
    if (ant_runtime_new(&desc, &runtime) < 0) return 2;
    int err = ant_runtime_block_on(runtime, app());
    ant_runtime_free(runtime);
    return err < 0;
}
