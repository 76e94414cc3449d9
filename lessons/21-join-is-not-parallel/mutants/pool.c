// SPDX-License-Identifier: MIT
//
// A wrong solution: threads of the blocking pool, where two workers should do.

#include <antfarm.h>

static int compute(void *arg)
{
    (void)arg;
    ant_thread_sleep(100);
    return 0;
}

// async fn app(): waits until all is done.
struct app {
    ant_future base;
    enum { APP_START, APP_WORKING } state;
    struct ant_join_handle one, two, three, four;
    struct ant_join all;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->one = ant_spawn_blocking(compute, NULL);
        self->two = ant_spawn_blocking(compute, NULL);
        self->three = ant_spawn_blocking(compute, NULL);
        self->four = ant_spawn_blocking(compute, NULL);
        self->all = ant_join(&self->one.base, &self->two.base,
                             &self->three.base, &self->four.base);
        return ANT_NEXT(APP_WORKING);

    case APP_WORKING:
        ANT_AWAIT(self->all);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
