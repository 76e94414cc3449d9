// SPDX-License-Identifier: MIT
//
// The example of io/io.h: one end of a connection echoes what the other says.

#include <antfarm.h>
#include <string.h>

struct echo {
    ant_future base;
    enum { ECHO_START, ECHO_READING, ECHO_WRITING } state;
    ant_io conn;
    char buf[8];
    struct ant_read read;
    struct ant_write_all write;
};

ANT_ASYNC_WITH_DROP(echo)
{
    switch (self->state) {
    case ECHO_START:
        self->read = ant_read(&self->conn, self->buf, sizeof self->buf);
        return ANT_NEXT(ECHO_READING);
    case ECHO_READING:
        ANT_AWAIT(self->read);
        if (self->read.base.result <= 0) return ANT_READY; // end, or error
        self->write = ant_write_all(&self->conn, self->buf,
                                    (size_t)self->read.base.result);
        return ANT_NEXT(ECHO_WRITING);
    case ECHO_WRITING:
        ANT_AWAIT(self->write);
        return ANT_NEXT(ECHO_START);
    }
    ANT_UNREACHABLE();
}

static void echo_drop(struct echo *self)
{
    ant_future_drop(&self->read.base);
    ant_future_drop(&self->write.base);
}

static struct echo echo(ant_io conn)
{
    return (struct echo){ ANT_INIT(echo), .conn = conn };
}

// Says something longer than the other side's buffer, and hears it again.
struct app {
    ant_future base;
    enum { APP_START, APP_WRITING, APP_READING, APP_ENDING } state;
    ant_io end[2];
    char heard[20];
    struct ant_join_handle other;
    struct ant_write_all write;
    struct ant_read_exact read;
};

ANT_ASYNC(app)
{
    static const char text[20] = "who talks to himself";
    int err;
    switch (self->state) {
    case APP_START:
        err = ant_io_pair(self->end);
        if (err < 0) return ANT_FAIL(err);
        self->other = ant_spawn(echo(self->end[1]));
        self->write = ant_write_all(&self->end[0], text, sizeof text);
        return ANT_NEXT(APP_WRITING);
    case APP_WRITING:
        ANT_AWAIT(self->write);
        self->read =
            ant_read_exact(&self->end[0], self->heard, sizeof self->heard);
        return ANT_NEXT(APP_READING);
    case APP_READING:
        ANT_AWAIT(self->read);
        ant_io_close(&self->end[0]);
        return ANT_NEXT(APP_ENDING);
    case APP_ENDING:
        ANT_AWAIT(self->other);
        ant_io_close(&self->end[1]);
        return memcmp(text, self->heard, sizeof text) == 0 ? ANT_READY
                                                           : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
