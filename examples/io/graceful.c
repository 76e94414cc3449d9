// SPDX-License-Identifier: MIT
//
// A server that ends well: when SIGTERM comes, it stops to accept, lets those
// who are being served have their answer, and goes. A client is inside when
// the signal comes; another one comes too late. Tokio: the page on graceful
// shutdown.

#include <antfarm.h>
#include <stdio.h>
#include <string.h>

// async fn answer(conn): takes its time, and says so.
struct answer {
    ant_future base;
    enum { ANSWER_START, ANSWER_THINKING, ANSWER_WRITING } state;
    ant_io conn;
    struct ant_sleep work;
    struct ant_write_all write;
};

ANT_ASYNC_OWNING(answer)
{
    switch (self->state) {
    case ANSWER_START:
        self->work = ant_sleep(50);
        return ANT_NEXT(ANSWER_THINKING);

    case ANSWER_THINKING:
        ANT_AWAIT(self->work);
        self->write = ant_write_all(&self->conn, "done", 4);
        return ANT_NEXT(ANSWER_WRITING);

    case ANSWER_WRITING:
        ANT_AWAIT(self->write);
        ant_io_close(&self->conn);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void answer_drop(struct answer *self)
{
    ant_future_drop(&self->work.base);
    ant_future_drop(&self->write.base);
    ant_io_close(&self->conn);
}

static struct answer answer(ant_io conn)
{
    return (struct answer){ ANT_INIT(answer), .conn = conn };
}

// async fn server(listener): until SIGTERM, and then until all are served.
struct server {
    ant_future base;
    enum { SERVER_START, SERVER_SERVING, SERVER_DRAINING } state;
    ant_tcp_listener listener;
    ant_io conn;
    ant_task_tracker tracker;
    ant_signal term;
    struct ant_signal_recv stop;
    struct ant_borrow still; // it goes on listening when a client wins
    struct ant_accept accept;
    struct ant_select first;
    struct ant_task_tracker_wait drained;
};

static void wait_for_either(struct server *self)
{
    self->accept = ant_tcp_accept(&self->listener, &self->conn);
    self->still = ant_borrow(&self->stop.base);
    self->first = ant_select(&self->accept.base, &self->still.base);
}

ANT_ASYNC_OWNING(server)
{
    struct ant_join_handle served;
    int err;
    switch (self->state) {
    case SERVER_START:
        err = ant_task_tracker_new("clients", &self->tracker);
        if (err == 0) err = ant_signal_open(SIGTERM, &self->term);
        if (err < 0) return ANT_FAIL(err);
        self->stop = ant_signal_recv(&self->term);
        wait_for_either(self);
        return ANT_NEXT(SERVER_SERVING);

    case SERVER_SERVING:
        ANT_AWAIT(self->first);
        if (self->first.winner == 0) {
            if (self->first.base.result < 0)
                return ANT_FAIL(self->first.base.result);
            served = ant_task_tracker_spawn(&self->tracker, answer(self->conn));
            ant_task_detach(&served);
            wait_for_either(self);
            return ANT_NEXT(SERVER_SERVING);
        }
        ant_tcp_listener_close(&self->listener);
        ant_task_tracker_close(&self->tracker);
        puts("server: nobody comes in any more");
        self->drained = ant_task_tracker_wait(&self->tracker);
        return ANT_NEXT(SERVER_DRAINING);

    case SERVER_DRAINING:
        ANT_AWAIT(self->drained);
        puts("server: all are served");
        ant_task_tracker_drop(&self->tracker);
        ant_signal_close(&self->term);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void server_drop(struct server *self)
{
    ant_future_drop(&self->first.base);
    ant_future_drop(&self->stop.base);
    ant_future_drop(&self->drained.base);
    ant_task_tracker_drop(&self->tracker);
    ant_signal_close(&self->term);
    ant_tcp_listener_close(&self->listener);
}

static struct server server(ant_tcp_listener listener)
{
    return (struct server){ ANT_INIT(server), .listener = listener };
}

// async fn app(): the server, the client who is inside, and the one too late.
struct app {
    ant_future base;
    enum {
        APP_START,
        APP_CONNECTING,
        APP_SETTLING,
        APP_READING,
        APP_ENDING,
        APP_TOO_LATE,
    } state;
    char to[ANT_ADDR_TEXT_MAX];
    char heard[5];
    ant_io conn;
    struct ant_join_handle server;
    struct ant_tcp_connect connect;
    struct ant_sleep settle;
    struct ant_read_exact read;
};

ANT_ASYNC(app)
{
    ant_tcp_listener listener;
    ant_addr at;
    int err;
    switch (self->state) {
    case APP_START:
        err = ant_tcp_listener_bind("127.0.0.1:0", &listener);
        if (err < 0) return ANT_FAIL(err);
        ant_tcp_listener_addr(&listener, &at);
        ant_addr_format(&at, self->to, sizeof self->to);
        self->server = ant_spawn(server(listener));
        self->connect = ant_tcp_connect(self->to, &self->conn);
        return ANT_NEXT(APP_CONNECTING);

    case APP_CONNECTING:
        ANT_AWAIT(self->connect);
        if (self->connect.base.result < 0)
            return ANT_FAIL(self->connect.base.result);
        self->settle = ant_sleep(20); // it is being served by now
        return ANT_NEXT(APP_SETTLING);

    case APP_SETTLING:
        ANT_AWAIT(self->settle);
        err = ant_signal_raise(SIGTERM);
        if (err < 0) return ANT_FAIL(err);
        self->read = ant_read_exact(&self->conn, self->heard, 4);
        return ANT_NEXT(APP_READING);

    case APP_READING:
        ANT_AWAIT(self->read);
        if (self->read.base.result < 0) return ANT_FAIL(self->read.base.result);
        ant_io_close(&self->conn);
        printf("client: hears \"%s\"\n", self->heard);
        return ANT_NEXT(APP_ENDING);

    case APP_ENDING:
        ANT_AWAIT(self->server);
        self->connect = ant_tcp_connect(self->to, &self->conn);
        return ANT_NEXT(APP_TOO_LATE);

    case APP_TOO_LATE:
        ANT_AWAIT(self->connect);
        printf("too late: %s\n", ant_err_name(self->connect.base.result));
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
