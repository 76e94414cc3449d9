// SPDX-License-Identifier: MIT
//
// The example of io/signal.h: it works until it is told to stop, which it does
// itself.

#include <antfarm.h>

struct serve {
    ant_future base;
    enum { SERVE_START, SERVE_RACING } state;
    ant_signal term;
    struct ant_sleep work;
    struct ant_signal_recv stop;
    struct ant_select first;
};

ANT_ASYNC(serve)
{
    int err;
    switch (self->state) {
    case SERVE_START:
        self->work = ant_sleep(60000);
        err = ant_signal_open(SIGTERM, &self->term);
        if (err < 0) return ANT_FAIL(err);
        self->stop = ant_signal_recv(&self->term);
        self->first = ant_select(&self->stop.base, &self->work.base);
        if (ant_signal_raise(SIGTERM) < 0) return ANT_FAIL(-EINVAL);
        return ANT_NEXT(SERVE_RACING);
    case SERVE_RACING:
        ANT_AWAIT(self->first);
        ant_signal_close(&self->term);
        return self->first.winner == 0 ? ANT_READY : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

static struct serve serve(void)
{
    return (struct serve){ ANT_INIT(serve) };
}

ANT_MAIN(serve)
