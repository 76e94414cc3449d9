// SPDX-License-Identifier: MIT
//
// Three computations of 100 ms each are joined, and there are three workers.
// When is the last one done?

#include <antfarm.h>

// async fn work(): 100 ms for the processor, without an await.
struct work {
    ant_future base;
    enum { WORK_START } state;
};

ANT_ASYNC(work)
{
    switch (self->state) {
    case WORK_START:
        ant_thread_sleep(100); // stands for a computation
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct work work(void)
{
    return (struct work){ ANT_INIT(work) };
}

// async fn app(): waits until all is done.
struct app {
    ant_future base;
    enum { APP_START, APP_WORKING } state;
    struct work one, two, three;
    struct ant_join all;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        //@ begin joined
        self->one = work();
        self->two = work();
        self->three = work();
        self->all =
            ant_join(&self->one.base, &self->two.base, &self->three.base);
        //@ end joined
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
