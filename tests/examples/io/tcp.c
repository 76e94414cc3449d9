// SPDX-License-Identifier: MIT
//
// The example of io/tcp.h: a server greets whoever comes, and ends after one.

#include <antfarm.h>

struct server {
    ant_future base;
    enum { SERVER_START, SERVER_ACCEPTING, SERVER_GREETING } state;
    ant_tcp_listener listener;
    ant_io conn;
    struct ant_accept accept;
    struct ant_write_all write;
};

ANT_ASYNC(server)
{
    switch (self->state) {
    case SERVER_START:
        self->accept = ant_tcp_accept(&self->listener, &self->conn);
        return ANT_NEXT(SERVER_ACCEPTING);
    case SERVER_ACCEPTING:
        ANT_AWAIT(self->accept);
        if (self->accept.base.result < 0)
            return ANT_FAIL(self->accept.base.result);
        self->write = ant_write_all(&self->conn, "hello", 5);
        return ANT_NEXT(SERVER_GREETING);
    case SERVER_GREETING:
        ANT_AWAIT(self->write);
        ant_io_close(&self->conn);
        ant_tcp_listener_close(&self->listener);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct server server(ant_tcp_listener listener)
{
    return (struct server){ ANT_INIT(server), .listener = listener };
}

struct app {
    ant_future base;
    enum { APP_START, APP_CONNECTING, APP_READING, APP_ENDING } state;
    ant_tcp_listener listener;
    char to[ANT_ADDR_TEXT_MAX];
    char heard[5];
    ant_io conn;
    struct ant_join_handle server;
    struct ant_tcp_connect connect;
    struct ant_read_exact read;
};

ANT_ASYNC(app)
{
    ant_addr addr;
    int err;
    switch (self->state) {
    case APP_START:
        err = ant_tcp_listener_bind("127.0.0.1:0", &self->listener);
        if (err < 0) return ANT_FAIL(err);
        ant_tcp_listener_addr(&self->listener, &addr);
        ant_addr_format(&addr, self->to, sizeof self->to);
        self->server = ant_spawn(server(self->listener));
        self->connect = ant_tcp_connect(self->to, &self->conn);
        return ANT_NEXT(APP_CONNECTING);
    case APP_CONNECTING:
        ANT_AWAIT(self->connect);
        if (self->connect.base.result < 0)
            return ANT_FAIL(self->connect.base.result);
        self->read =
            ant_read_exact(&self->conn, self->heard, sizeof self->heard);
        return ANT_NEXT(APP_READING);
    case APP_READING:
        ANT_AWAIT(self->read);
        ant_io_close(&self->conn);
        if (self->read.base.result < 0) return ANT_FAIL(self->read.base.result);
        return ANT_NEXT(APP_ENDING);
    case APP_ENDING:
        ANT_AWAIT(self->server);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
