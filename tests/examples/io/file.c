// SPDX-License-Identifier: MIT
//
// The example of io/file.h.

#include <antfarm.h>

struct show {
    ant_future base;
    enum { SHOW_START, SHOW_OPENING, SHOW_READING } state;
    ant_file file;
    char buf[64];
    struct ant_file_op op;
};

ANT_ASYNC(show)
{
    switch (self->state) {
    case SHOW_START:
        self->op = ant_file_open("/etc/passwd", "r", &self->file);
        return ANT_NEXT(SHOW_OPENING);
    case SHOW_OPENING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        self->op = ant_file_read(&self->file, self->buf, sizeof self->buf);
        return ANT_NEXT(SHOW_READING);
    case SHOW_READING:
        ANT_AWAIT(self->op);
        ant_file_close(&self->file);
        return self->op.base.result > 0 ? ANT_READY : ANT_FAIL(-EIO);
    }
    ANT_UNREACHABLE();
}

static struct show show(void)
{
    return (struct show){ ANT_INIT(show) };
}

ANT_MAIN(show)
