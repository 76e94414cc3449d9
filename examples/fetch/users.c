// SPDX-License-Identifier: MIT
//
// Five users at once, from a server in the same program: each is asked for in a
// future of its own, and a try_join waits for all of them or the first error.
// Then what may go wrong. Rust: `fetch_multiple_users` with reqwest and serde.

#include <antfarm.h>
#include <fetch/fetch.h>
#include <http/server.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define USER_COUNT 5

// ---- The server ----

// async fn show_user(http): a user as JSON; the later the number, the faster.
struct show_user {
    ant_future base;
    ant_http *http;
    char id[8];
    struct ant_sleep work;
};

ANT_ASYNC(show_user)
{
    static const char *const names[] = { "Ann", "Ben", "Cleo", "Dan", "Eve" };
    if (ANT_BEGINS(self->work)) {
        const int len =
            ant_http_param(self->http, "id", self->id, sizeof self->id);
        if (len < 0) return ANT_FAIL(len);
        self->work = ant_sleep(5 * (uint64_t)(6 - (self->id[0] - 48) % 6));
    }
    ANT_AWAIT(self->work);
    const unsigned n = (unsigned)(self->id[0] - '1');
    if (n >= USER_COUNT) return ANT_FAIL(-ENOENT);
    char text[64];
    const int len = snprintf(text, sizeof text, "{\"id\":%u,\"name\":\"%s\"}",
                             n + 1, names[n]);
    const int err = ant_http_respond(self->http, 200, "application/json", text,
                                     (size_t)len);
    return err < 0 ? ANT_FAIL(err) : ANT_READY;
}

static const ant_http_route routes[] = {
    ANT_HTTP_ROUTE("GET", "/users/{id}", show_user),
    { 0 },
};

// ---- The client ----

typedef struct user {
    long long id;
    char name[16];
} user;

// async fn fetch_user(url) -> user
struct fetch_user {
    ant_future base;
    enum { FETCH_START, FETCH_ASKING, FETCH_READING } state;
    const ant_fetch_client *client;
    char url[ANT_ADDR_TEXT_MAX + 24];
    user user;
    struct ant_fetch_send get;
    struct ant_fetch_text text;
};

static int read_user(const ant_fetch_response *response, user *ret_user)
{
    json_t *json = ant_fetch_json(response);
    const char *name = json_string_value(json_object_get(json, "name"));
    const int err = name == NULL ? -EBADMSG : 0;
    if (err == 0) {
        ret_user->id = json_integer_value(json_object_get(json, "id"));
        (void)snprintf(ret_user->name, sizeof ret_user->name, "%s", name);
    }
    json_decref(json);
    return err;
}

ANT_ASYNC_WITH_DROP(fetch_user)
{
    int err;
    switch (self->state) {
    case FETCH_START:
        self->get = ant_fetch_get(self->client, self->url);
        return ANT_NEXT(FETCH_ASKING);

    case FETCH_ASKING:
        ANT_AWAIT(self->get);
        if (self->get.base.result != 200) {
            printf("%s: %s\n", strrchr(self->url, '/') + 1,
                   self->get.base.result < 0
                       ? ant_fetch_error(&self->get.response)
                       : "no such user");
            ant_fetch_response_drop(&self->get.response);
            return ANT_FAIL(-ENOENT);
        }
        self->text = ant_fetch_text(&self->get.response);
        return ANT_NEXT(FETCH_READING);

    case FETCH_READING:
        ANT_AWAIT(self->text);
        err = self->text.base.result;
        if (err == 0) err = read_user(&self->get.response, &self->user);
        ant_fetch_response_drop(&self->get.response);
        return err < 0 ? ANT_FAIL(err) : ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void fetch_user_drop(struct fetch_user *self)
{
    if (self->base.awaited != NULL) ant_future_drop(self->base.awaited);
    ant_fetch_response_drop(&self->get.response);
}

// async fn app()
struct app {
    ant_future base;
    enum { APP_START, APP_FETCHING, APP_ASKING_FOR_NOBODY, APP_ENDING } state;
    char at[ANT_ADDR_TEXT_MAX];
    ant_cancellation_token stop;
    ant_fetch_client client;
    struct ant_join_handle server;
    struct fetch_user each[USER_COUNT];
    ant_future *all[USER_COUNT];
    struct ant_try_join users;
    struct fetch_user nobody;
};

static struct fetch_user fetch_user(const struct app *app, unsigned id)
{
    struct fetch_user self = { ANT_INIT(fetch_user), .client = &app->client };
    (void)snprintf(self.url, sizeof self.url, "http://%s/users/%u", app->at,
                   id);
    return self;
}

static int begin(struct app *self)
{
    ant_tcp_listener listener = { 0 };
    ant_addr at;
    int err = ant_fetch_client_new(&self->client);
    if (err == 0) err = ant_cancellation_token_new("stop", &self->stop);
    if (err == 0) err = ant_tcp_listener_bind("127.0.0.1:0", &listener);
    if (err < 0) return err;
    (void)ant_tcp_listener_addr(&listener, &at);
    ant_addr_format(&at, self->at, sizeof self->at);
    self->server = ant_spawn(ant_http_serve(
        listener, routes, (ant_http_options){ .stop = &self->stop }));
    return 0;
}

ANT_ASYNC(app)
{
    int err;
    switch (self->state) {
    case APP_START:
        err = begin(self);
        if (err == -ENOTSUP) puts("a simulation has no one to ask");
        if (err < 0) return err == -ENOTSUP ? ANT_READY : ANT_FAIL(err);
        for (unsigned i = 0; i < USER_COUNT; i++) {
            self->each[i] = fetch_user(self, i + 1);
            self->all[i] = &self->each[i].base;
        }
        self->users = ant_try_join_all(self->all, USER_COUNT);
        return ANT_NEXT(APP_FETCHING);

    case APP_FETCHING:
        ANT_AWAIT(self->users);
        if (self->users.base.result < 0)
            return ANT_FAIL(self->users.base.result);
        for (unsigned i = 0; i < USER_COUNT; i++)
            printf("%lld is %s\n", self->each[i].user.id,
                   self->each[i].user.name);
        self->nobody = fetch_user(self, 6);
        return ANT_NEXT(APP_ASKING_FOR_NOBODY);

    case APP_ASKING_FOR_NOBODY:
        ANT_AWAIT(self->nobody);
        ant_fetch_client_drop(&self->client);
        ant_cancellation_token_cancel(&self->stop);
        return ANT_NEXT(APP_ENDING);

    case APP_ENDING:
        ANT_AWAIT(self->server);
        ant_cancellation_token_drop(&self->stop);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(app)

ANT_MAIN(app)
