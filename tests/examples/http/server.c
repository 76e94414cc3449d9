// SPDX-License-Identifier: MIT
//
// The example of http/server.h: a server, a client that says hello, the end.

#include "http/server.h"

#include <string.h>

#include "antfarm.h"

// async fn hello(http)
struct hello {
    ant_future base;
    ant_http *http;
};

ANT_ASYNC(hello)
{
    (void)ant_http_printf(self->http, 200, "hello\n");
    return ANT_READY;
}

static const ant_http_route routes[] = {
    ANT_HTTP_ROUTE("GET", "/hello", hello),
    { 0 },
};

// async fn client(to): asks, looks at the answer, and stops the server.
struct client {
    ant_future base;
    enum {
        CLIENT_START,
        CLIENT_CONNECTING,
        CLIENT_ASKING,
        CLIENT_READING
    } state;
    const char *to;
    const ant_cancellation_token *stop;
    ant_io conn;
    char answer[13];
    struct ant_tcp_connect connect;
    struct ant_write_all write;
    struct ant_read_exact read;
};

ANT_ASYNC(client)
{
    static const char request[] = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";
    switch (self->state) {
    case CLIENT_START:
        self->connect = ant_tcp_connect(self->to, &self->conn);
        return ANT_NEXT(CLIENT_CONNECTING);

    case CLIENT_CONNECTING:
        ANT_AWAIT(self->connect);
        if (self->connect.base.result < 0)
            return ANT_FAIL(self->connect.base.result);
        self->write = ant_write_all(&self->conn, request, strlen(request));
        return ANT_NEXT(CLIENT_ASKING);

    case CLIENT_ASKING:
        ANT_AWAIT(self->write);
        self->read = ant_read_exact(&self->conn, self->answer, 12);
        return ANT_NEXT(CLIENT_READING);

    case CLIENT_READING:
        ANT_AWAIT(self->read);
        ant_io_close(&self->conn);
        ant_cancellation_token_cancel(self->stop);
        return strcmp(self->answer, "HTTP/1.1 200") == 0 ? ANT_READY
                                                         : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

// async fn app()
struct app {
    ant_future base;
    enum { APP_START, APP_SERVING, APP_ENDING } state;
    char at[ANT_ADDR_TEXT_MAX];
    ant_cancellation_token stop;
    ant_tcp_listener listener;
    struct ant_http_serve serve;
    struct ant_join_handle client;
};

static int listen(struct app *self)
{
    ant_addr at;
    int err = ant_cancellation_token_new("stop", &self->stop);
    if (err < 0) return err;
    err = ant_tcp_listener_bind("127.0.0.1:0", &self->listener);
    if (err < 0) return err;
    err = ant_tcp_listener_addr(&self->listener, &at);
    if (err < 0) return err;
    ant_addr_format(&at, self->at, sizeof self->at);
    self->client =
        ant_spawn(ANT_FUTURE(client, .to = self->at, .stop = &self->stop));
    return 0;
}

ANT_ASYNC(app)
{
    int err;
    switch (self->state) {
    case APP_START:
        err = listen(self); // self->listener, self->stop
        if (err < 0) return ANT_FAIL(err);
        self->serve = ant_http_serve(self->listener, routes,
                                     (ant_http_options){
                                         .stop = &self->stop,
                                     });
        return ANT_NEXT(APP_SERVING);

    case APP_SERVING:
        ANT_AWAIT(self->serve); // all have had their answers
        ant_cancellation_token_drop(&self->stop);
        return ANT_NEXT(APP_ENDING);

    case APP_ENDING:
        ANT_AWAIT(self->client);
        return self->client.base.result < 0 ? ANT_FAIL(self->client.base.result)
                                            : ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(app)

ANT_MAIN(app)
