// SPDX-License-Identifier: MIT
//
// Requests and their answers, dropped at every point of their lives
// (support/trial.h). A request that is dropped is broken off, and the client is
// good for the next; of an answer nothing is lost.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "antfarm.h"
#include "fetch/fetch.h"
#include "http/server.h"
#include "support/files.h"
#include "support/flavors.h"
#include "support/trial.h"

static ant_cancellation_token gate; // until it is open, nobody is answered

// async fn tea(http): sends the first letter, if there is a '?', and the rest
// when the gate is open.
struct tea {
    ant_future base;
    enum { TEA_START, TEA_BEGINNING, TEA_WAITING, TEA_ENDING } state;
    ant_http *http;
    struct ant_http_write write;
    struct ant_cancellation_token_cancelled open;
};

ANT_ASYNC(tea)
{
    const bool is_begun = ant_http_query_text(self->http) != NULL;
    switch (self->state) {
    case TEA_START:
        self->write = ant_http_write(self->http, "t", 1);
        self->open = ant_cancellation_token_cancelled(&gate);
        return is_begun ? ANT_NEXT(TEA_BEGINNING) : ANT_NEXT(TEA_WAITING);

    case TEA_BEGINNING:
        ANT_AWAIT(self->write);
        return ANT_NEXT(TEA_WAITING);

    case TEA_WAITING:
        ANT_AWAIT(self->open);
        self->write = ant_http_write(self->http, is_begun ? "ea" : "tea",
                                     is_begun ? 2 : 3);
        return ANT_NEXT(TEA_ENDING);

    case TEA_ENDING:
        ANT_AWAIT(self->write);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static ant_fetch_client client;
static char url[ANT_ADDR_TEXT_MAX + 16];
static json_t *wish; // of a POST
static struct ant_fetch_send sends[2];
static struct ant_fetch_text texts[2];

static int set_up_at(const char *query)
{
    static const ant_http_route routes[] = {
        ANT_HTTP_ROUTE("GET", "/", tea),
        ANT_HTTP_ROUTE("POST", "/", tea),
        { 0 },
    };
    char text[ANT_ADDR_TEXT_MAX];
    ant_tcp_listener listener = { 0 };
    ant_addr at;
    int err = ant_fetch_client_new(&client);
    if (err == 0) err = ant_cancellation_token_new("gate", &gate);
    if (err == 0) err = ant_tcp_listener_bind("127.0.0.1:0", &listener);
    if (err == 0) err = ant_tcp_listener_addr(&listener, &at);
    if (err < 0) return err;
    ant_addr_format(&at, text, sizeof text);
    (void)snprintf(url, sizeof url, "http://%s/%s", text, query);
    wish = json_string("tea");
    struct ant_join_handle server =
        ant_spawn(ant_http_serve(listener, routes, (ant_http_options){ 0 }));
    ant_task_detach(&server);
    return 0;
}

static int set_up(void)
{
    return set_up_at("");
}

static int supply_open_gate(void)
{
    ant_cancellation_token_cancel(&gate);
    return 0;
}

static void tear_down(void)
{
    ant_fetch_response_drop(&sends[0].response);
    ant_fetch_response_drop(&sends[1].response);
    ant_fetch_client_drop(&client);
    ant_cancellation_token_drop(&gate);
    json_decref(wish);
}

// ---- A request ----

static ant_future *start_get(unsigned i)
{
    sends[i] = ant_fetch_get(&client, url);
    return &sends[i].base;
}

static ant_future *start_post(unsigned i)
{
    sends[i] = ant_fetch_post(&client, url, wish);
    return &sends[i].base;
}

static ant_future *start_send(unsigned i)
{
    const ant_fetch_request request = { .url = url, .method = "GET" };
    sends[i] = ant_fetch_send(&client, &request);
    return &sends[i].base;
}

// The one that was dropped has left nothing in its place.
static bool is_answered(void)
{
    return sends[1].base.result == 200 && sends[0].response.exchange == NULL;
}

// ---- The text of an answer whose first letter has come ----

static int set_up_begun(void)
{
    return set_up_at("?");
}

static ant_future *get_letter(void)
{
    return start_get(0);
}

static ant_future *start_text(unsigned i)
{
    texts[i] = ant_fetch_text(&sends[0].response);
    return &texts[i].base;
}

static bool is_tea(void)
{
    return texts[1].base.result == 0 && strcmp(texts[1].text, "tea") == 0;
}

static const operation operations[] = {
    { "get", set_up, start_get, supply_open_gate, is_answered,
      .tear_down = tear_down },
    { "post", set_up, start_post, supply_open_gate, is_answered,
      .tear_down = tear_down },
    { "send", set_up, start_send, supply_open_gate, is_answered,
      .tear_down = tear_down },
    { "text", set_up_begun, start_text, supply_open_gate, is_tea,
      .tear_down = tear_down, .prepare = get_letter },
};

static void what_is_dropped_at_any_point_leaves_the_client_good(void **state)
{
    trial_run(state, operations, ANT_ARRAY_LEN(operations));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLAVOR(what_is_dropped_at_any_point_leaves_the_client_good, current),
        FLAVOR(what_is_dropped_at_any_point_leaves_the_client_good, multi),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
