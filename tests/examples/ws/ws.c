// SPDX-License-Identifier: MIT
//
// The example of ws/ws.h: a server that says what it hears, and a client.

#include "ws/ws.h"

#include <stdio.h>
#include <string.h>

#include "antfarm.h"
#include "http/server.h"

// async fn chat(http)
struct chat {
    ant_future base;
    enum {
        CHAT_START,
        CHAT_ACCEPTING,
        CHAT_HEARING,
        CHAT_ANSWERING,
        CHAT_CLOSING
    } state;
    ant_http *http;
    ant_ws ws;
    struct ant_ws_accept accept;
    struct ant_ws_recv recv;
    struct ant_ws_send send;
    struct ant_ws_close close;
};

static ant_poll bye(struct chat *self)
{
    self->close = ant_ws_close(&self->ws, ANT_WS_NORMAL);
    return ANT_NEXT(CHAT_CLOSING);
}

ANT_ASYNC_WITH_DROP(chat)
{
    switch (self->state) {
    case CHAT_START:
        self->accept = ant_ws_accept(self->http, &self->ws);
        return ANT_NEXT(CHAT_ACCEPTING);
    case CHAT_ACCEPTING:
        ANT_AWAIT(self->accept);
        if (self->accept.base.result < 0)
            return ANT_FAIL(self->accept.base.result);
        self->recv = ant_ws_recv(&self->ws);
        return ANT_NEXT(CHAT_HEARING);
    case CHAT_HEARING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result <= 0) return bye(self); // ant_ws_close
        self->send = ant_ws_send(&self->ws, self->recv.kind, self->recv.bytes,
                                 self->recv.len);
        return ANT_NEXT(CHAT_ANSWERING);
    case CHAT_ANSWERING:
        ANT_AWAIT(self->send);
        if (self->send.base.result < 0) return bye(self);
        self->recv = ant_ws_recv(&self->ws);
        return ANT_NEXT(CHAT_HEARING);
    case CHAT_CLOSING:
        ANT_AWAIT(self->close);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void chat_drop(struct chat *self)
{
    if (self->base.awaited != NULL) ant_future_drop(self->base.awaited);
    ant_ws_drop(&self->ws);
}

static const ant_http_route routes[] = {
    ANT_HTTP_ROUTE("GET", "/chat", chat),
    { 0 },
};

// async fn client(url): says one thing, and wants to hear it.
struct client {
    ant_future base;
    enum {
        CLIENT_START,
        CLIENT_CONNECTING,
        CLIENT_SENDING,
        CLIENT_HEARING,
        CLIENT_CLOSING
    } state;
    char url[ANT_ADDR_TEXT_MAX + 16];
    bool is_echo;
    ant_ws ws;
    struct ant_ws_connect connect;
    struct ant_ws_send send;
    struct ant_ws_recv recv;
    struct ant_ws_close close;
};

ANT_ASYNC_WITH_DROP(client)
{
    switch (self->state) {
    case CLIENT_START:
        self->connect = ant_ws_connect(self->url, &self->ws);
        return ANT_NEXT(CLIENT_CONNECTING);

    case CLIENT_CONNECTING:
        ANT_AWAIT(self->connect);
        if (self->connect.base.result < 0)
            return ANT_FAIL(self->connect.base.result);
        self->send = ant_ws_send(&self->ws, ANT_WS_TEXT, "hello", 5);
        return ANT_NEXT(CLIENT_SENDING);

    case CLIENT_SENDING:
        ANT_AWAIT(self->send);
        self->recv = ant_ws_recv(&self->ws);
        return ANT_NEXT(CLIENT_HEARING);

    case CLIENT_HEARING:
        ANT_AWAIT(self->recv);
        self->is_echo = self->recv.base.result == 1 &&
                        strcmp(self->recv.bytes, "hello") == 0;
        self->close = ant_ws_close(&self->ws, ANT_WS_NORMAL);
        return ANT_NEXT(CLIENT_CLOSING);

    case CLIENT_CLOSING:
        ANT_AWAIT(self->close);
        return self->is_echo ? ANT_READY : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

static void client_drop(struct client *self)
{
    if (self->base.awaited != NULL) ant_future_drop(self->base.awaited);
    ant_ws_drop(&self->ws);
}

// async fn app(): both.
struct app {
    ant_future base;
    enum { APP_START, APP_TALKING, APP_ENDING } state;
    ant_cancellation_token stop;
    struct client client;
    struct ant_join_handle server;
};

ANT_ASYNC(app)
{
    ant_tcp_listener listener;
    ant_addr at;
    char text[ANT_ADDR_TEXT_MAX];
    int err;
    switch (self->state) {
    case APP_START:
        err = ant_cancellation_token_new("stop", &self->stop);
        if (err < 0) return ANT_FAIL(err);
        err = ant_tcp_listener_bind("127.0.0.1:0", &listener);
        if (err < 0) return ANT_FAIL(err);
        ant_tcp_listener_addr(&listener, &at);
        ant_addr_format(&at, text, sizeof text);
        self->server = ant_spawn(ant_http_serve(
            listener, routes, (ant_http_options){ .stop = &self->stop }));
        self->client = ANT_FUTURE(client, .ws = { .err = 0 });
        (void)snprintf(self->client.url, sizeof self->client.url,
                       "ws://%s/chat", text);
        return ANT_NEXT(APP_TALKING);

    case APP_TALKING:
        ANT_AWAIT(self->client);
        ant_cancellation_token_cancel(&self->stop);
        return ANT_NEXT(APP_ENDING);

    case APP_ENDING:
        ANT_AWAIT(self->server);
        ant_cancellation_token_drop(&self->stop);
        return self->client.base.result < 0 ? ANT_FAIL(self->client.base.result)
                                            : ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(app)

ANT_MAIN(app)
