// SPDX-License-Identifier: MIT
//
// Main ends at once, and what it has spawned never runs.

#include <antfarm.h>
#include <stdio.h>

ANT_ASYNC_FN(letter, int polls)
{
    self->polls++;
    (void)cx;
    puts("sent");
    return ANT_READY;
}

int main(void)
{
    ant_runtime *runtime;
    if (ant_runtime_new(NULL, &runtime) < 0) return 2;
    ant_runtime *outer = ant_runtime_enter(runtime);
    struct ant_join_handle handle = ant_spawn(letter());
    ant_future_drop(&handle.base);
    ant_runtime_leave(outer);
    ant_runtime_free(runtime);
    return 0;
}
