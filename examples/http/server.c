// SPDX-License-Identifier: MIT
//
// A server with a handler of each kind: a text, a body that is given back while
// it still comes, an answer in pieces, and one that does what none should do.
// Alone, the program asks itself and ends. With an address it serves whoever
// comes, until SIGTERM:
//
//   LISTEN=127.0.0.1:8080 build/examples/http/server
//   curl -i http://127.0.0.1:8080/hello/Ann

#include <antfarm.h>
#include <http/server.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// async fn hello(http): the shortest handler.
struct hello {
    ant_future base;
    ant_http *http;
};

ANT_ASYNC(hello)
{
    char name[64];
    int err = ant_http_param(self->http, "name", name, sizeof name);
    if (err < 0) return ANT_FAIL(err); // 400, or 413
    err = ant_http_printf(self->http, 200, "hello, %s\n", name);
    return err < 0 ? ANT_FAIL(err) : ANT_READY;
}

// async fn echo(http): gives back what comes, piece by piece.
struct echo {
    ant_future base;
    enum { ECHO_START, ECHO_READING, ECHO_WRITING } state;
    ant_http *http;
    char piece[4096];
    struct ant_http_read read;
    struct ant_http_write write;
};

ANT_ASYNC(echo)
{
    int n;
    switch (self->state) {
    case ECHO_START:
        self->read = ant_http_read(self->http, self->piece, 4096);
        return ANT_NEXT(ECHO_READING);

    case ECHO_READING:
        ANT_AWAIT(self->read);
        n = self->read.base.result;
        if (n < 0) return ANT_FAIL(n);
        if (n == 0 && self->http->status != 0) return ANT_READY;
        self->write = ant_http_write(self->http, self->piece, (size_t)n);
        return ANT_NEXT(ECHO_WRITING);

    case ECHO_WRITING:
        ANT_AWAIT(self->write);
        if (self->write.base.result < 0)
            return ANT_FAIL(self->write.base.result);
        return self->read.base.result == 0 ? ANT_READY : ANT_NEXT(ECHO_START);
    }
    ANT_UNREACHABLE();
}

// async fn ticks(http): an answer that takes its time.
struct ticks {
    ant_future base;
    enum { TICKS_START, TICKS_SLEEPING, TICKS_WRITING } state;
    ant_http *http;
    int n;
    struct ant_sleep sleep;
    struct ant_http_write write;
};

ANT_ASYNC(ticks)
{
    switch (self->state) {
    case TICKS_START:
        if (self->n++ == 3) return ANT_READY;
        self->sleep = ant_sleep(10);
        return ANT_NEXT(TICKS_SLEEPING);

    case TICKS_SLEEPING:
        ANT_AWAIT(self->sleep);
        self->write = ant_http_write(self->http, "tick\n", 5);
        return ANT_NEXT(TICKS_WRITING);

    case TICKS_WRITING:
        ANT_AWAIT(self->write);
        if (self->write.base.result < 0)
            return ANT_FAIL(self->write.base.result);
        return ANT_NEXT(TICKS_START);
    }
    ANT_UNREACHABLE();
}

// async fn blocks(http): keeps its worker, and all who are on it. This is what
// `antfarm lint` finds in a recording.
struct blocks {
    ant_future base;
    ant_http *http;
};

ANT_ASYNC(blocks)
{
    ant_thread_sleep(100); // a mistake: it should be an ant_sleep
    const int err = ant_http_printf(self->http, 200, "sorry\n");
    return err < 0 ? ANT_FAIL(err) : ANT_READY;
}

static const ant_http_route routes[] = {
    ANT_HTTP_ROUTE("GET", "/hello/{name}", hello),
    ANT_HTTP_ROUTE("POST", "/echo", echo),
    ANT_HTTP_ROUTE("PUT", "/echo", echo),
    ANT_HTTP_ROUTE("GET", "/ticks", ticks),
    ANT_HTTP_ROUTE("GET", "/blocks", blocks),
    { 0 },
};

// async fn client(to, text): says that, and prints what it hears.
struct client {
    ant_future base;
    enum {
        CLIENT_START,
        CLIENT_CONNECTING,
        CLIENT_ASKING,
        CLIENT_HEARING
    } state;
    const char *to;
    const char *text;
    ant_io conn;
    char heard[1024];
    size_t len;
    struct ant_tcp_connect connect;
    struct ant_write_all write;
    struct ant_read read;
};

static ant_poll client_hear(struct client *self)
{
    self->read = ant_read(&self->conn, self->heard + self->len,
                          sizeof self->heard - 1 - self->len);
    return ANT_NEXT(CLIENT_HEARING);
}

// The date is another one each time.
static void show(const char *heard)
{
    const char *date = strstr(heard, "Date: ");
    const char *rest = date == NULL ? heard : strstr(date, "\r\n") + 2;
    if (date != NULL) printf("%.*s", (int)(date - heard), heard);
    printf("%s", rest);
}

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
            ant_write_all(&self->conn, self->text, strlen(self->text));
        return ANT_NEXT(CLIENT_ASKING);

    case CLIENT_ASKING:
        ANT_AWAIT(self->write);
        return client_hear(self);

    case CLIENT_HEARING:
        ANT_AWAIT(self->read);
        if (self->read.base.result > 0) {
            self->len += (size_t)self->read.base.result;
            return client_hear(self);
        }
        ant_io_close(&self->conn);
        show(self->heard);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void client_drop(struct client *self)
{
    if (self->base.awaited != NULL) ant_future_drop(self->base.awaited);
    ant_io_close(&self->conn);
}

// async fn app()
struct app {
    ant_future base;
    enum { APP_START, APP_SERVING, APP_ENDING } state;
    const char *listen;
    char at[ANT_ADDR_TEXT_MAX];
    ant_cancellation_token stop;
    ant_signal term;
    struct ant_signal_recv signal;
    struct ant_join_handle server;
    struct client client;
    struct ant_select first;
};

static int begin(struct app *self)
{
    ant_tcp_listener listener;
    ant_addr at;
    self->listen = getenv("LISTEN");
    const char *where = self->listen != NULL ? self->listen : "127.0.0.1:0";
    int err = ant_tcp_listener_bind(where, &listener);
    if (err < 0) {
        (void)fprintf(stderr, "LISTEN=%s: %s\n", where, ant_err_text(err));
        return err;
    }
    (void)ant_tcp_listener_addr(&listener, &at);
    ant_addr_format(&at, self->at, sizeof self->at);
    err = ant_cancellation_token_new("stop", &self->stop);
    if (err == 0) err = ant_signal_open(SIGTERM, &self->term);
    if (err < 0) return err;
    self->server = ant_spawn(ant_http_serve(
        listener, routes, (ant_http_options){ .stop = &self->stop }));
    if (self->listen != NULL) printf("listening at %s\n", self->at);
    (void)fflush(stdout);
    return 0;
}

ANT_ASYNC(app)
{
    int err;
    switch (self->state) {
    case APP_START:
        err = begin(self);
        if (err < 0) return ANT_FAIL(err);
        self->signal = ant_signal_recv(&self->term);
        self->client =
            ANT_FUTURE(client, .to = self->at,
                       .text = "GET /hello/Ann HTTP/1.1\r\nHost: h\r\n"
                               "Connection: close\r\n\r\n");
        self->first =
            ant_select(&self->signal.base,
                       ant_when(self->listen == NULL, &self->client.base));
        return ANT_NEXT(APP_SERVING);

    case APP_SERVING:
        ANT_AWAIT(self->first);
        ant_cancellation_token_cancel(&self->stop);
        return ANT_NEXT(APP_ENDING);

    case APP_ENDING:
        ANT_AWAIT(self->server);
        self->base.result = self->server.base.result;
        ant_task_detach(&self->server);
        ant_cancellation_token_drop(&self->stop);
        ant_signal_close(&self->term);
        puts("all have their answers");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(app)

ANT_MAIN(app)
