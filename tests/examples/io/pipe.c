// SPDX-License-Identifier: MIT
//
// The example of io/pipe.h.

#include <antfarm.h>
#include <string.h>

struct drip {
    ant_future base;
    enum { PIPE_START, PIPE_WRITING, PIPE_READING, PIPE_ENDING } state;
    ant_io reader, writer;
    char buf[8];
    struct ant_write_all write;
    struct ant_read read;
};

ANT_ASYNC(drip)
{
    int err;
    switch (self->state) {
    case PIPE_START:
        err = ant_pipe(&self->reader, &self->writer);
        if (err < 0) return ANT_FAIL(err);
        self->write = ant_write_all(&self->writer, "drip", 4);
        return ANT_NEXT(PIPE_WRITING);
    case PIPE_WRITING:
        ANT_AWAIT(self->write);
        ant_io_close(&self->writer);
        self->read = ant_read(&self->reader, self->buf, sizeof self->buf);
        return ANT_NEXT(PIPE_READING);
    case PIPE_READING:
        ANT_AWAIT(self->read);
        if (self->read.base.result != 4) return ANT_FAIL(-EPROTO);
        self->read = ant_read(&self->reader, self->buf, sizeof self->buf);
        return ANT_NEXT(PIPE_ENDING);
    case PIPE_ENDING:
        ANT_AWAIT(self->read);
        ant_io_close(&self->reader);
        return self->read.base.result == 0 ? ANT_READY : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

static struct drip drip(void)
{
    return (struct drip){ ANT_INIT(drip) };
}

ANT_MAIN(drip)
