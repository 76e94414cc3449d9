// SPDX-License-Identifier: MIT
//
// Two tasks keep waking each other, and the worker has been told to look into
// the shared queue almost never: who stands there waits for the two to end.

#include <antfarm.h>

#define ROUNDS 400

static ant_notify bell[] = { ANT_NOTIFY("ping"), ANT_NOTIFY("pong") };

ANT_ASYNC_FN(player, int own, int round, struct ant_notified ball)
{
    if (ANT_BEGINS(self->ball)) self->ball = ant_notified(&bell[self->own]);
    ANT_AWAIT(self->ball);
    ant_notify_one(&bell[1 - self->own]);
    return ++self->round < ROUNDS ? ANT_AGAIN : ANT_READY;
}

ANT_ASYNC_FN(late, int polls)
{
    self->polls++;
    (void)cx;
    return ANT_READY;
}

ANT_ASYNC_FN(app, struct ant_join_handle player[2], struct ant_join both)
{
    if (ANT_BEGINS(self->both)) {
        self->player[0] = ant_spawn(ANT_FUTURE(player, .own = 0));
        self->player[1] = ant_spawn(ANT_FUTURE(player, .own = 1));
        self->both = ant_join(&self->player[0].base, &self->player[1].base);
        ant_notify_one(&bell[0]);
    }
    ANT_AWAIT(self->both);
    return ANT_READY;
}

// Runs on another thread, so that it goes into the shared queue.
static int spawn_late(void *arg)
{
    struct ant_join_handle *handle = arg;
    *handle = ant_spawn(late());
    return 0;
}

ANT_ASYNC_FN(root, struct ant_join_handle task[3], struct ant_join both)
{
    if (ANT_BEGINS(self->both)) {
        self->task[0] = ant_spawn(app());
        self->task[1] = ant_spawn_blocking(spawn_late, &self->task[2]);
        self->both = ant_join(&self->task[0].base, &self->task[1].base);
    }
    ANT_AWAIT(self->both);
    ant_future_drop(&self->task[2].base);
    return ANT_READY;
}

int main(void)
{
    ant_runtime *runtime;
    const ant_runtime_desc desc = { .worker_count = 1,
                                    .inject_interval = 1000000,
                                    .event_interval = 1000000 };
    if (ant_runtime_new(&desc, &runtime) < 0) return 2;
    int err = ant_runtime_block_on(runtime, root());
    ant_runtime_free(runtime);
    return err < 0;
}
