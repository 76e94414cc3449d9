// SPDX-License-Identifier: MIT
//
// The example of task/task_tracker.h.

#include <antfarm.h>

struct serve {
    ant_future base;
    enum { SERVE_START, SERVE_SERVING } state;
    int guest;
    struct ant_sleep meal;
};

ANT_ASYNC(serve)
{
    switch (self->state) {
    case SERVE_START:
        self->meal = ant_sleep(1 + (unsigned)self->guest);
        return ANT_NEXT(SERVE_SERVING);

    case SERVE_SERVING:
        ANT_AWAIT(self->meal);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct serve serve(int guest)
{
    return (struct serve){ ANT_INIT(serve), .guest = guest };
}

struct server {
    ant_future base;
    enum { SERVER_START, SERVER_DRAINING } state;
    ant_task_tracker tracker;
    struct ant_task_tracker_wait wait;
};

ANT_ASYNC_WITH_DROP(server)
{
    switch (self->state) {
    case SERVER_START: {
        int err = ant_task_tracker_new("connections", &self->tracker);
        if (err < 0) return ANT_FAIL(err);
        for (int i = 0; i < 3; i++) {
            struct ant_join_handle handle =
                ant_task_tracker_spawn(&self->tracker, serve(i));
            ant_task_detach(&handle);
        }
        ant_task_tracker_close(&self->tracker);
        self->wait = ant_task_tracker_wait(&self->tracker);
        return ANT_NEXT(SERVER_DRAINING);
    }
    case SERVER_DRAINING:
        ANT_AWAIT(self->wait); // all three are over
        ant_task_tracker_drop(&self->tracker);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void server_drop(struct server *self)
{
    ant_future_drop(&self->wait.base);
    ant_task_tracker_drop(&self->tracker);
}

static struct server server(void)
{
    return (struct server){ ANT_INIT(server) };
}

ANT_MAIN(server)
