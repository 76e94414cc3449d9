// SPDX-License-Identifier: MIT
//
// The example of io/copy.h: from one pipe into another.

#include <antfarm.h>

struct proxy {
    ant_future base;
    enum { PROXY_START, PROXY_COPYING } state;
    ant_io from, to, in, out;
    uint64_t total;
    struct ant_copy copy;
};

ANT_ASYNC(proxy)
{
    switch (self->state) {
    case PROXY_START:
        self->copy = ant_copy(&self->from, &self->to);
        return ANT_NEXT(PROXY_COPYING);
    case PROXY_COPYING:
        ANT_AWAIT(self->copy);
        if (self->copy.base.result < 0) return ANT_FAIL(self->copy.base.result);
        self->total = self->copy.bytes;
        ant_io_close(&self->from);
        ant_io_close(&self->to);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

struct app {
    ant_future base;
    enum { APP_START, APP_COPYING, APP_READING } state;
    char heard[4];
    struct proxy proxy;
    struct ant_read_exact read;
};

ANT_ASYNC(app)
{
    struct proxy *proxy = &self->proxy;
    switch (self->state) {
    case APP_START:
        *proxy = (struct proxy){ ANT_INIT(proxy) };
        if (ant_pipe(&proxy->from, &proxy->in) < 0) return ANT_FAIL(-EIO);
        if (ant_pipe(&proxy->out, &proxy->to) < 0) return ANT_FAIL(-EIO);
        if (ant_try_write(&proxy->in, "drop", 4) != 4) return ANT_FAIL(-EIO);
        ant_io_close(&proxy->in);
        return ANT_NEXT(APP_COPYING);
    case APP_COPYING:
        ANT_AWAIT(self->proxy);
        if (proxy->total != 4) return ANT_FAIL(-EPROTO);
        self->read = ant_read_exact(&proxy->out, self->heard, 4);
        return ANT_NEXT(APP_READING);
    case APP_READING:
        ANT_AWAIT(self->read);
        ant_io_close(&proxy->out);
        return self->read.base.result == 0 ? ANT_READY : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
