// SPDX-License-Identifier: MIT
//
// A chat: what one says all hear. And, beside it, an echo. Alone, the program
// plays three guests who talk to each other, and ends. With an address it
// serves whoever comes, until SIGTERM:
//
//   LISTEN=127.0.0.1:8080 build/examples/ws/chat
//
// Then open http://127.0.0.1:8080/ in two windows of a browser.

#include <antfarm.h>
#include <http/server.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <ws/ws.h>

#define LINE_MAX 256

typedef struct line {
    size_t len;
    char text[LINE_MAX];
} line;

static const char page[] =
    "<!DOCTYPE html><title>Chat</title><input id=say autofocus><pre id=all>"
    "</pre><script>\n"
    "const ws = new WebSocket('ws://' + location.host + '/chat');\n"
    "ws.onmessage = e => all.textContent += e.data + '\\n';\n"
    "say.onchange = () => { ws.send(say.value); say.value = ''; };\n"
    "</script>\n";

// async fn front(http): the page for browsers.
struct front {
    ant_future base;
    ant_http *http;
};

ANT_ASYNC(front)
{
    const int err =
        ant_http_respond(self->http, 200, "text/html", page, sizeof page - 1);
    return err < 0 ? ANT_FAIL(err) : ANT_READY;
}

// async fn echo(http): says what it hears.
struct echo {
    ant_future base;
    enum {
        ECHO_START,
        ECHO_ACCEPTING,
        ECHO_HEARING,
        ECHO_ANSWERING,
        ECHO_CLOSING
    } state;
    ant_http *http;
    ant_ws ws;
    struct ant_ws_accept accept;
    struct ant_ws_recv recv;
    struct ant_ws_send send;
    struct ant_ws_close close;
};

ANT_ASYNC_WITH_DROP(echo)
{
    switch (self->state) {
    case ECHO_START:
        self->accept = ant_ws_accept(self->http, &self->ws);
        return ANT_NEXT(ECHO_ACCEPTING);

    case ECHO_ACCEPTING:
        ANT_AWAIT(self->accept);
        if (self->accept.base.result < 0)
            return ANT_FAIL(self->accept.base.result);
        self->recv = ant_ws_recv(&self->ws);
        return ANT_NEXT(ECHO_HEARING);

    case ECHO_HEARING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result <= 0) {
            self->close = ant_ws_close(&self->ws, ANT_WS_NORMAL);
            return ANT_NEXT(ECHO_CLOSING);
        }
        self->send = ant_ws_send(&self->ws, self->recv.kind, self->recv.bytes,
                                 self->recv.len);
        return ANT_NEXT(ECHO_ANSWERING);

    case ECHO_ANSWERING:
        ANT_AWAIT(self->send); // if it failed, so does the next recv
        self->recv = ant_ws_recv(&self->ws);
        return ANT_NEXT(ECHO_HEARING);

    case ECHO_CLOSING:
        ANT_AWAIT(self->close);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void echo_drop(struct echo *self)
{
    if (self->base.awaited != NULL) ant_future_drop(self->base.awaited);
    ant_ws_drop(&self->ws);
}

// async fn chat(http): hears its guest and all the others.
struct chat {
    ant_future base;
    enum {
        CHAT_START,
        CHAT_ACCEPTING,
        CHAT_LISTENING,
        CHAT_SENDING,
        CHAT_CLOSING
    } state;
    ant_http *http;
    const ant_broadcast_tx *room;
    ant_broadcast_rx news;
    line heard;
    ant_ws ws;
    struct ant_ws_accept accept;
    struct ant_ws_recv recv;
    struct ant_broadcast_recv next;
    struct ant_select first;
    struct ant_ws_send send;
    struct ant_ws_close close;
};

static ant_poll chat_listen(struct chat *self)
{
    self->recv = ant_ws_recv(&self->ws);
    self->next = ant_broadcast_recv(&self->news, &self->heard);
    self->first = ant_select(&self->recv.base, &self->next.base);
    return ANT_NEXT(CHAT_LISTENING);
}

// What the guest has said goes to all, cut to a line.
static void chat_tell(struct chat *self)
{
    line said = { .len = self->recv.len };
    if (said.len > LINE_MAX) said.len = LINE_MAX;
    memcpy(said.text, self->recv.bytes, said.len);
    (void)ant_broadcast_send(self->room, &said); // this guest is there
}

ANT_ASYNC_WITH_DROP(chat)
{
    switch (self->state) {
    case CHAT_START:
        self->room = ant_http_app(self->http);
        self->news = ant_broadcast_subscribe(self->room);
        self->accept = ant_ws_accept(self->http, &self->ws);
        return ANT_NEXT(CHAT_ACCEPTING);

    case CHAT_ACCEPTING:
        ANT_AWAIT(self->accept);
        if (self->accept.base.result < 0) {
            ant_broadcast_rx_drop(&self->news);
            return ANT_FAIL(self->accept.base.result);
        }
        return chat_listen(self);

    case CHAT_LISTENING:
        ANT_AWAIT(self->first);
        if (self->first.winner == 0 && self->recv.base.result == 1) {
            chat_tell(self);
            return chat_listen(self);
        }
        if (self->first.winner == 0) {
            self->close = ant_ws_close(&self->ws, ANT_WS_NORMAL);
            return ANT_NEXT(CHAT_CLOSING);
        }
        // Who reads too slowly has missed some.
        if (self->next.base.result < 0) return chat_listen(self);
        self->send = ant_ws_send(&self->ws, ANT_WS_TEXT, self->heard.text,
                                 self->heard.len);
        return ANT_NEXT(CHAT_SENDING);

    case CHAT_SENDING:
        ANT_AWAIT(self->send);
        return chat_listen(self);

    case CHAT_CLOSING:
        ANT_AWAIT(self->close);
        ant_broadcast_rx_drop(&self->news);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void chat_drop(struct chat *self)
{
    if (self->base.awaited != NULL) ant_future_drop(self->base.awaited);
    ant_broadcast_rx_drop(&self->news);
    ant_ws_drop(&self->ws);
}

static const ant_http_route routes[] = {
    ANT_HTTP_ROUTE("GET", "/", front),
    ANT_HTTP_ROUTE("GET", "/echo", echo),
    ANT_HTTP_ROUTE("GET", "/chat", chat),
    { 0 },
};

// async fn guest(name, after_ms): comes, says its name, listens until the end.
struct guest {
    ant_future base;
    enum {
        GUEST_START,
        GUEST_WAITING,
        GUEST_CONNECTING,
        GUEST_SPEAKING,
        GUEST_HEARING,
        GUEST_CLOSING
    } state;
    const char *name;
    const char *url;
    uint64_t after_ms;
    ant_ws ws;
    struct ant_sleep wait;
    struct ant_ws_connect connect;
    struct ant_ws_send send;
    struct ant_ws_recv recv;
    struct ant_ws_close close;
};

ANT_ASYNC_WITH_DROP(guest)
{
    switch (self->state) {
    case GUEST_START:
        self->wait = ant_sleep(self->after_ms);
        return ANT_NEXT(GUEST_WAITING);

    case GUEST_WAITING:
        ANT_AWAIT(self->wait);
        self->connect = ant_ws_connect(self->url, &self->ws);
        return ANT_NEXT(GUEST_CONNECTING);

    case GUEST_CONNECTING:
        ANT_AWAIT(self->connect);
        if (self->connect.base.result < 0)
            return ANT_FAIL(self->connect.base.result);
        self->send =
            ant_ws_send(&self->ws, ANT_WS_TEXT, self->name, strlen(self->name));
        return ANT_NEXT(GUEST_SPEAKING);

    case GUEST_SPEAKING:
        ANT_AWAIT(self->send);
        self->recv = ant_ws_recv(&self->ws);
        return ANT_NEXT(GUEST_HEARING);

    case GUEST_HEARING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result == 1) {
            printf("%s hears: %s\n", self->name, self->recv.bytes);
            self->recv = ant_ws_recv(&self->ws);
            return ANT_NEXT(GUEST_HEARING);
        }
        printf("%s: the end, %u\n", self->name, self->ws.close_code);
        self->close = ant_ws_close(&self->ws, ANT_WS_NORMAL);
        return ANT_NEXT(GUEST_CLOSING);

    case GUEST_CLOSING:
        ANT_AWAIT(self->close);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void guest_drop(struct guest *self)
{
    if (self->base.awaited != NULL) ant_future_drop(self->base.awaited);
    ant_ws_drop(&self->ws);
}

// async fn app(): serves until SIGTERM, or alone for an evening of 100 ms.
struct app {
    ant_future base;
    enum { APP_START, APP_WAITING, APP_ENDING, APP_PARTING } state;
    const char *listen;
    char url[ANT_ADDR_TEXT_MAX + 16];
    ant_cancellation_token stop;
    ant_broadcast_tx room;
    ant_signal term;
    struct ant_signal_recv signal;
    struct ant_join_handle server;
    struct ant_join_handle guests[3];
    struct ant_sleep evening;
    struct ant_select first;
    struct ant_join parting;
};

// The server can have as many connections as the system lets it.
static void raise_limit(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) < 0) return;
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
}

static int begin(struct app *self)
{
    static const char *const names[] = { "Ann", "Ben", "Cleo" };
    ant_tcp_listener listener;
    ant_broadcast_rx first;
    ant_addr at;
    char text[ANT_ADDR_TEXT_MAX];
    const char *where = self->listen != NULL ? self->listen : "127.0.0.1:0";
    int err = ant_tcp_listener_bind(where, &listener);
    if (err < 0) {
        (void)fprintf(stderr, "LISTEN=%s: %s\n", where, ant_err_text(err));
        return err;
    }
    (void)ant_tcp_listener_addr(&listener, &at);
    ant_addr_format(&at, text, sizeof text);
    (void)snprintf(self->url, sizeof self->url, "ws://%s/chat", text);
    err = ant_cancellation_token_new("stop", &self->stop);
    if (err == 0)
        err = ant_broadcast_new(sizeof(line), 16, &self->room, &first);
    if (err == 0) err = ant_signal_open(SIGTERM, &self->term);
    if (err < 0) return err;
    ant_broadcast_rx_drop(&first);
    self->server = ant_spawn(ant_http_serve(
        listener, routes,
        (ant_http_options){ .stop = &self->stop, .app = &self->room }));
    for (unsigned i = 0; i < 3 && self->listen == NULL; i++)
        self->guests[i] = ant_spawn(ANT_FUTURE(
            guest, .name = names[i], .url = self->url, .after_ms = 20 * i));
    if (self->listen != NULL) printf("listening at %s\n", text);
    (void)fflush(stdout);
    return 0;
}

ANT_ASYNC(app)
{
    int err;
    switch (self->state) {
    case APP_START:
        self->listen = getenv("LISTEN");
        raise_limit();
        err = begin(self);
        if (err < 0) return ANT_FAIL(err);
        self->signal = ant_signal_recv(&self->term);
        self->evening = ant_sleep(100);
        self->first =
            ant_select(&self->signal.base,
                       ant_when(self->listen == NULL, &self->evening.base));
        return ANT_NEXT(APP_WAITING);

    case APP_WAITING:
        ANT_AWAIT(self->first);
        ant_cancellation_token_cancel(&self->stop);
        return ANT_NEXT(APP_ENDING);

    case APP_ENDING:
        ANT_AWAIT(self->server);
        self->base.result = self->server.base.result;
        self->parting = self->listen != NULL ? ant_join_all(NULL, 0)
                                             : ant_join(&self->guests[0].base,
                                                        &self->guests[1].base,
                                                        &self->guests[2].base);
        return ANT_NEXT(APP_PARTING);

    case APP_PARTING:
        ANT_AWAIT(self->parting);
        ant_task_detach(&self->server);
        ant_broadcast_tx_drop(&self->room);
        ant_cancellation_token_drop(&self->stop);
        ant_signal_close(&self->term);
        puts("all have left");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(app)

ANT_MAIN(app)
