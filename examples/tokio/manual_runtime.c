// SPDX-License-Identifier: MIT
//
// A runtime made by hand: no ANT_MAIN, and one thread.

#include <antfarm.h>
#include <stdio.h>

ANT_ASYNC_FN(hello, struct ant_sleep sleep)
{
    if (ANT_BEGINS(self->sleep)) self->sleep = ant_sleep(1000);
    ANT_AWAIT(self->sleep);
    puts("Done");
    return ANT_READY;
}

int main(void)
{
    // What is left out comes from ANTFARM_FLAVOR and the like, or a standard.
    ant_runtime *runtime;
    int err =
        ant_runtime_new(&(ant_runtime_desc){ .worker_count = 1 }, &runtime);
    if (err < 0) return 2;
    err = ant_runtime_block_on(runtime, hello());
    ant_runtime_free(runtime);
    return err < 0;
}
