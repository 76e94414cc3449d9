// SPDX-License-Identifier: MIT
//
// Three sleeps of 100 ms are joined. When is the last one over, and why is it
// not as with the computations?

#include <antfarm.h>

// async fn app(): waits until all is done.
struct app {
    ant_future base;
    enum { APP_START, APP_WORKING } state;
    struct ant_sleep one, two, three;
    struct ant_join all;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        //@ begin sleeps
        self->one = ant_sleep(100);
        self->two = ant_sleep(100);
        self->three = ant_sleep(100);
        self->all =
            ant_join(&self->one.base, &self->two.base, &self->three.base);
        //@ end sleeps
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
