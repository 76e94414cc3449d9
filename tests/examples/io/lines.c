// SPDX-License-Identifier: MIT
//
// The example of io/lines.h: three lines, and the last has no end.

#include <antfarm.h>
#include <string.h>

struct count {
    ant_future base;
    enum { COUNT_START, COUNT_READING } state;
    ant_lines lines;
    struct ant_lines_next next;
    int count;
    size_t bytes;
};

ANT_ASYNC(count)
{
    switch (self->state) {
    case COUNT_START:
        self->next = ant_lines_next(&self->lines);
        return ANT_NEXT(COUNT_READING);
    case COUNT_READING:
        ANT_AWAIT(self->next);
        if (self->next.base.result < 0) return ANT_FAIL(self->next.base.result);
        if (self->next.base.result == 0) return ANT_READY; // the end
        self->count++;
        self->bytes += self->next.len;
        return ANT_NEXT(COUNT_START);
    }
    ANT_UNREACHABLE();
}

static struct count count(ant_lines lines)
{
    return (struct count){ ANT_INIT(count), .lines = lines };
}

struct app {
    ant_future base;
    enum { APP_START, APP_COUNTING } state;
    ant_io reader, writer;
    char buf[16];
    struct count count;
};

ANT_ASYNC(app)
{
    static const char text[] = "one\r\n\nthree and more";
    int err;
    switch (self->state) {
    case APP_START:
        err = ant_pipe(&self->reader, &self->writer);
        if (err < 0) return ANT_FAIL(err);
        err = ant_try_write(&self->writer, text, strlen(text));
        if (err < 0) return ANT_FAIL(err);
        ant_io_close(&self->writer);
        self->count =
            count(ant_lines_of(&self->reader, self->buf, sizeof self->buf));
        return ANT_NEXT(APP_COUNTING);
    case APP_COUNTING:
        ANT_AWAIT(self->count);
        ant_io_close(&self->reader);
        return self->count.count == 3 && self->count.bytes == 17
                   ? ANT_READY
                   : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
