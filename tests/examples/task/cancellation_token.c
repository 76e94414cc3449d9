// SPDX-License-Identifier: MIT
//
// The example of task/cancellation_token.h.

#include <antfarm.h>
#include <stdio.h>

struct server {
    ant_future base;
    enum { SERVER_START, SERVER_WORKING } state;
    ant_cancellation_token stop;
    struct ant_sleep nap;
    struct ant_run_until_cancelled work;
};

ANT_ASYNC_WITH_DROP(server)
{
    switch (self->state) {
    case SERVER_START: {
        int err = ant_cancellation_token_new("shutdown", &self->stop);
        if (err < 0) return ANT_FAIL(err);
        self->nap = ant_sleep(60000);
        self->work = ant_run_until_cancelled(&self->stop, &self->nap.base);
        ant_cancellation_token_cancel(&self->stop); // from anywhere
        return ANT_NEXT(SERVER_WORKING);
    }
    case SERVER_WORKING:
        ANT_AWAIT(self->work);
        if (self->work.is_cancelled) puts("stopped in time");
        ant_cancellation_token_drop(&self->stop);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void server_drop(struct server *self)
{
    ant_future_drop(&self->work.base);
    ant_cancellation_token_drop(&self->stop);
}

static struct server server(void)
{
    return (struct server){ ANT_INIT(server) };
}

ANT_MAIN(server)
