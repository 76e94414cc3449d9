// SPDX-License-Identifier: MIT
//
// The example of fetch/fetch.h: a user as JSON, from a server beside it. In a
// simulation there is nobody to ask.

#include "fetch/fetch.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "antfarm.h"
#include "http/server.h"

// async fn show(http): what the client asks for.
struct show {
    ant_future base;
    ant_http *http;
};

ANT_ASYNC(show)
{
    (void)ant_http_printf(self->http, 200, "{\"name\": \"Ann\"}");
    return ANT_READY;
}

static const ant_http_route routes[] = {
    ANT_HTTP_ROUTE("GET", "/users/1", show),
    { 0 },
};

// async fn user(url)
struct user {
    ant_future base;
    enum { USER_START, USER_ASKING, USER_READING } state;
    char url[ANT_ADDR_TEXT_MAX + 24];
    ant_fetch_client client;
    struct ant_fetch_send get;
    struct ant_fetch_text text;
};

ANT_ASYNC_WITH_DROP(user)
{
    json_t *user;
    int err;
    switch (self->state) {
    case USER_START:
        err = ant_fetch_client_new(&self->client);
        if (err < 0) return ANT_FAIL(err);
        self->get = ant_fetch_get(&self->client, self->url);
        return ANT_NEXT(USER_ASKING);
    case USER_ASKING:
        ANT_AWAIT(self->get); // the head of the answer is here
        if (self->get.base.result < 0) return ANT_FAIL(self->get.base.result);
        self->text = ant_fetch_text(&self->get.response);
        return ANT_NEXT(USER_READING);
    case USER_READING:
        ANT_AWAIT(self->text); // and its body
        if (self->text.base.result < 0) return ANT_FAIL(self->text.base.result);
        user = ant_fetch_json(&self->get.response);
        err = user == NULL ? -EBADMSG : 0;
        json_decref(user);
        ant_fetch_response_drop(&self->get.response);
        ant_fetch_client_drop(&self->client);
        return err < 0 ? ANT_FAIL(err) : ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void user_drop(struct user *self)
{
    if (self->base.awaited != NULL) ant_future_drop(self->base.awaited);
    ant_fetch_response_drop(&self->get.response);
    ant_fetch_client_drop(&self->client);
}

// async fn app(): both.
struct app {
    ant_future base;
    enum { APP_START, APP_ASKING, APP_ENDING } state;
    ant_cancellation_token stop;
    struct user user;
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
        self->user = (struct user){ ANT_INIT(user) };
        (void)snprintf(self->user.url, sizeof self->user.url,
                       "http://%s/users/1", text);
        return ANT_NEXT(APP_ASKING);

    case APP_ASKING:
        ANT_AWAIT(self->user);
        ant_cancellation_token_cancel(&self->stop);
        return ANT_NEXT(APP_ENDING);

    case APP_ENDING:
        ANT_AWAIT(self->server);
        ant_cancellation_token_drop(&self->stop);
        err = self->user.base.result;
        return err < 0 && err != -ENOTSUP ? ANT_FAIL(err) : ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(app)

ANT_MAIN(app)
