// SPDX-License-Identifier: MIT
//
// An echo server, and three clients that talk to it. The server accepts in one
// task and gives each connection a task of its own, so that accepting never
// waits for a client. Tokio: the first program of its documentation.

#include <antfarm.h>
#include <stdio.h>
#include <string.h>

// What a client does not say: the server ends when so many have been served.
#define CLIENT_COUNT 3

// async fn echo(conn): gives back what comes, until the end.
struct echo {
    ant_future base;
    enum { ECHO_START, ECHO_READING, ECHO_WRITING } state;
    ant_io conn;
    char buf[1024];
    struct ant_read read;
    struct ant_write_all write;
};

ANT_ASYNC_OWNING(echo)
{
    int len;
    switch (self->state) {
    case ECHO_START:
        self->read = ant_read(&self->conn, self->buf, sizeof self->buf);
        return ANT_NEXT(ECHO_READING);

    case ECHO_READING:
        ANT_AWAIT(self->read);
        len = self->read.base.result;
        if (len <= 0) { // the client has closed, or is gone
            ant_io_close(&self->conn);
            return len < 0 ? ANT_FAIL(len) : ANT_READY;
        }
        self->write = ant_write_all(&self->conn, self->buf, (size_t)len);
        return ANT_NEXT(ECHO_WRITING);

    case ECHO_WRITING:
        ANT_AWAIT(self->write);
        if (self->write.base.result == 0) return ANT_NEXT(ECHO_START);
        ant_io_close(&self->conn);
        return ANT_FAIL(self->write.base.result);
    }
    ANT_UNREACHABLE();
}

static void echo_drop(struct echo *self)
{
    ant_future_drop(&self->read.base);
    ant_future_drop(&self->write.base);
    ant_io_close(&self->conn);
}

static struct echo echo(ant_io conn)
{
    return (struct echo){ ANT_INIT(echo), .conn = conn };
}

// async fn server(listener): accepts, and has each connection served.
struct server {
    ant_future base;
    enum { SERVER_START, SERVER_ACCEPTING, SERVER_ENDING } state;
    ant_tcp_listener listener;
    ant_io conn;
    int accepted;
    struct ant_accept accept;
    struct ant_join_handle served[CLIENT_COUNT];
    ant_future *each[CLIENT_COUNT];
    struct ant_join all;
};

ANT_ASYNC_OWNING(server)
{
    switch (self->state) {
    case SERVER_START:
        self->accept = ant_tcp_accept(&self->listener, &self->conn);
        return ANT_NEXT(SERVER_ACCEPTING);

    case SERVER_ACCEPTING:
        ANT_AWAIT(self->accept);
        if (self->accept.base.result < 0)
            return ANT_FAIL(self->accept.base.result);
        self->served[self->accepted] = ant_spawn(echo(self->conn));
        self->each[self->accepted] = &self->served[self->accepted].base;
        if (++self->accepted < CLIENT_COUNT) return ANT_NEXT(SERVER_START);
        ant_tcp_listener_close(&self->listener);
        self->all = ant_join_all(self->each, CLIENT_COUNT);
        return ANT_NEXT(SERVER_ENDING);

    case SERVER_ENDING:
        ANT_AWAIT(self->all);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void server_drop(struct server *self)
{
    ant_future_drop(&self->accept.base);
    ant_future_drop(&self->all.base);
    ant_tcp_listener_close(&self->listener);
}

static struct server server(ant_tcp_listener listener)
{
    return (struct server){ ANT_INIT(server), .listener = listener };
}

// async fn client(name): says its name, and hears it.
struct client {
    ant_future base;
    enum {
        CLIENT_START,
        CLIENT_CONNECTING,
        CLIENT_ASKING,
        CLIENT_HEARING
    } state;
    char to[ANT_ADDR_TEXT_MAX];
    const char *name;
    char answer[16];
    ant_io conn;
    struct ant_tcp_connect connect;
    struct ant_write_all write;
    struct ant_read_exact read;
};

ANT_ASYNC_WITH_DROP(client)
{
    switch (self->state) {
    case CLIENT_START:
        self->connect = ant_tcp_connect(self->to, &self->conn);
        return ANT_NEXT(CLIENT_CONNECTING);

    case CLIENT_CONNECTING:
        ANT_AWAIT(self->connect);
        if (self->connect.base.result < 0)
            return ANT_FAIL(self->connect.base.result);
        self->write =
            ant_write_all(&self->conn, self->name, strlen(self->name));
        return ANT_NEXT(CLIENT_ASKING);

    case CLIENT_ASKING:
        ANT_AWAIT(self->write);
        if (self->write.base.result < 0)
            return ANT_FAIL(self->write.base.result);
        self->read =
            ant_read_exact(&self->conn, self->answer, strlen(self->name));
        return ANT_NEXT(CLIENT_HEARING);

    case CLIENT_HEARING:
        ANT_AWAIT(self->read);
        ant_io_close(&self->conn);
        return self->read.base.result < 0 ? ANT_FAIL(self->read.base.result)
                                          : ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void client_drop(struct client *self)
{
    ant_future_drop(&self->connect.base);
    ant_future_drop(&self->write.base);
    ant_future_drop(&self->read.base);
    ant_io_close(&self->conn);
}

static struct client client(const ant_addr *to, const char *name)
{
    struct client self = { ANT_INIT(client), .name = name };
    ant_addr_format(to, self.to, sizeof self.to);
    return self;
}

// async fn app(): all of it, side by side.
struct app {
    ant_future base;
    enum { APP_START, APP_TALKING, APP_ENDING } state;
    struct client clients[CLIENT_COUNT];
    ant_future *each[CLIENT_COUNT];
    struct ant_join all;
    struct ant_join_handle server;
};

ANT_ASYNC(app)
{
    static const char *const names[CLIENT_COUNT] = { "Ann", "Ben", "Cleo" };
    ant_tcp_listener listener;
    ant_addr at;
    int err;
    switch (self->state) {
    case APP_START:
        err = ant_tcp_listener_bind("127.0.0.1:0", &listener);
        if (err < 0) return ANT_FAIL(err);
        ant_tcp_listener_addr(&listener, &at);
        self->server = ant_spawn(server(listener));
        for (int i = 0; i < CLIENT_COUNT; i++) {
            self->clients[i] = client(&at, names[i]);
            self->each[i] = &self->clients[i].base;
        }
        self->all = ant_join_all(self->each, CLIENT_COUNT);
        return ANT_NEXT(APP_TALKING);

    case APP_TALKING:
        ANT_AWAIT(self->all);
        if (self->all.base.result < 0) return ANT_FAIL(self->all.base.result);
        for (int i = 0; i < CLIENT_COUNT; i++)
            printf("%s hears %s\n", names[i], self->clients[i].answer);
        return ANT_NEXT(APP_ENDING);

    case APP_ENDING:
        ANT_AWAIT(self->server);
        puts("the server has ended");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
