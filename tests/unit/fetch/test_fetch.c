// SPDX-License-Identifier: MIT
//
// Tests of fetch/fetch, against our own server, and against nobody.

#include "fetch/fetch.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "antfarm.h"
#include "base/mem.h"
#include "fetch/driver.h"
#include "http/server.h"
#include "support/files.h"
#include "support/flavors.h"

// ---- The server ----

// async fn echo(http): the method, a header, and the body.
struct echo {
    ant_future base;
    ant_http *http;
    struct ant_http_body body;
};

ANT_ASYNC(echo)
{
    if (ANT_BEGINS(self->body)) self->body = ant_http_body(self->http);
    ANT_AWAIT(self->body);
    if (self->body.base.result < 0) return ANT_FAIL(self->body.base.result);
    const char *type = ant_http_header(self->http, "Content-Type");
    if (ant_http_set_header(self->http, "X-Answer", " yes ") < 0)
        return ANT_FAIL(-ENOMEM);
    (void)ant_http_printf(self->http, 200, "%s %s %s",
                          ant_http_method(self->http),
                          type != NULL ? type : "-", self->body.text);
    return ANT_READY;
}

// async fn around(http): sends whoever comes here again.
struct around {
    ant_future base;
    ant_http *http;
};

ANT_ASYNC(around)
{
    if (ant_http_set_header(self->http, "Location", "/around") < 0)
        return ANT_FAIL(-ENOMEM);
    (void)ant_http_printf(self->http, 302, "further on");
    return ANT_READY;
}

// async fn never(http)
struct never {
    ant_future base;
    ant_http *http;
    struct ant_sleep sleep;
};

ANT_ASYNC(never)
{
    if (ANT_BEGINS(self->sleep)) self->sleep = ant_sleep(1000000);
    ANT_AWAIT(self->sleep);
    return ANT_READY;
}

static const ant_http_route routes[] = {
    ANT_HTTP_ROUTE("GET", "/echo", echo),
    ANT_HTTP_ROUTE("POST", "/echo", echo),
    ANT_HTTP_ROUTE("PUT", "/echo", echo),
    ANT_HTTP_ROUTE("GET", "/around", around),
    ANT_HTTP_ROUTE("GET", "/never", never),
    { 0 },
};

// ---- A request ----

#define ASK_COUNT_MAX 64

// async fn ask(request): both awaits.
struct ask {
    ant_future base;
    enum { ASK_START, ASK_SENDING, ASK_READING } state;
    const ant_fetch_client *client;
    ant_fetch_request request;
    char url[128];
    int result;
    char text[64];
    char header[16];
    char error[200];
    struct ant_fetch_send send;
    struct ant_fetch_text read;
};

static ant_poll ask_end(struct ask *self, int result)
{
    ant_fetch_response *response = &self->send.response;
    self->result = result;
    (void)snprintf(self->error, sizeof self->error, "%s",
                   ant_fetch_error(response));
    ant_fetch_response_drop(response);
    return ANT_READY;
}

ANT_ASYNC_WITH_DROP(ask)
{
    const char *value;
    switch (self->state) {
    case ASK_START:
        self->request.url = self->url;
        self->send = ant_fetch_send(self->client, &self->request);
        return ANT_NEXT(ASK_SENDING);

    case ASK_SENDING:
        ANT_AWAIT(self->send);
        if (self->send.base.result < 0)
            return ask_end(self, self->send.base.result);
        value = ant_fetch_header(&self->send.response, "x-ANSWER");
        (void)snprintf(self->header, sizeof self->header, "%s",
                       value != NULL ? value : "");
        self->read = ant_fetch_text(&self->send.response);
        return ANT_NEXT(ASK_READING);

    case ASK_READING:
        ANT_AWAIT(self->read);
        if (self->read.base.result < 0)
            return ask_end(self, self->read.base.result);
        (void)snprintf(self->text, sizeof self->text, "%s", self->read.text);
        return ask_end(self, self->send.base.result);
    }
    ANT_UNREACHABLE();
}

static void ask_drop(struct ask *self)
{
    if (self->base.awaited != NULL) ant_future_drop(self->base.awaited);
    ant_fetch_response_drop(&self->send.response);
}

// async fn scene(): a server, a client, requests at the same time.
struct scene {
    ant_future base;
    enum { SCENE_START, SCENE_ASKING, SCENE_ENDING } state;
    ant_http_limits limits;
    const char *path; // of all; or, with "://" in it, all of the address
    ant_fetch_request request;
    unsigned count;
    unsigned waiting; // so many more, who are never answered
    uint32_t drop_after_ms;
    uint64_t fails_nth; // allocation, while they ask; 0: none
    ant_cancellation_token stop;
    ant_fetch_client client;
    struct ant_join_handle server;
    struct ask ask[ASK_COUNT_MAX];
    ant_future *each[ASK_COUNT_MAX];
    ant_join_set crowd;
    struct ant_join all;
    struct ant_timeout limit;
};

static struct ask scene_ask(const struct scene *self, const char *host,
                            const char *path)
{
    struct ask ask = { ANT_INIT(ask), .client = &self->client,
                       .request = self->request };
    const bool is_whole = strchr(path, ':') != NULL;
    (void)snprintf(ask.url, sizeof ask.url, "%s%.60s%s",
                   is_whole ? "" : "http://", is_whole ? "" : host, path);
    return ask;
}

static ant_poll scene_begin(struct scene *self)
{
    ant_tcp_listener listener;
    ant_addr at;
    char text[ANT_ADDR_TEXT_MAX];
    assert_int_equal(ant_fetch_client_new(&self->client), 0);
    assert_int_equal(ant_cancellation_token_new("stop", &self->stop), 0);
    assert_int_equal(ant_tcp_listener_bind("127.0.0.1:0", &listener), 0);
    assert_int_equal(ant_tcp_listener_addr(&listener, &at), 0);
    ant_addr_format(&at, text, sizeof text);
    self->server = ant_spawn(ant_http_serve(
        listener, routes,
        (ant_http_options){ .stop = &self->stop, .limits = self->limits }));
    ant_join_set_init(&self->crowd, "crowd");
    for (unsigned i = 0; i < self->waiting; i++)
        assert_int_equal(
            ant_join_set_spawn(&self->crowd, scene_ask(self, text, "/never")),
            0);
    for (unsigned i = 0; i < self->count; i++) {
        self->ask[i] = scene_ask(self, text, self->path);
        self->each[i] = &self->ask[i].base;
    }
    self->all = ant_join_all(self->each, self->count);
    self->limit =
        ant_timeout(self->drop_after_ms != 0 ? self->drop_after_ms : 20000,
                    &self->all.base);
    ant_mem_fail_nth(self->fails_nth, 0);
    return ANT_NEXT(SCENE_ASKING);
}

ANT_ASYNC(scene)
{
    switch (self->state) {
    case SCENE_START:
        return scene_begin(self);

    case SCENE_ASKING:
        ANT_AWAIT(self->limit);
        ant_mem_fail_nth(0, 0);
        ant_join_set_deinit(&self->crowd);
        assert_true(self->limit.is_elapsed == (self->drop_after_ms != 0));
        ant_fetch_client_drop(&self->client);
        ant_cancellation_token_cancel(&self->stop);
        return ANT_NEXT(SCENE_ENDING);

    case SCENE_ENDING:
        ANT_AWAIT(self->server);
        ant_task_detach(&self->server);
        ant_cancellation_token_drop(&self->stop);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct scene scene;

static void play(void **state)
{
    const int fds = fd_count();
    scene.base.ops = &scene_ops;
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(ant_runtime_block_on_into(rt, &scene, scene), 0);
    ant_runtime_free(rt);
    assert_int_equal(fd_count(), fds);
}

// ---- Tests ----

static void gets_an_answer(void **state)
{
    scene = (struct scene){ .count = 1, .path = "/echo" };
    play(state);
    assert_int_equal(scene.ask[0].result, 200);
    assert_string_equal(scene.ask[0].text, "GET - ");
    assert_string_equal(scene.ask[0].header, "yes");
    scene = (struct scene){ .count = 1, .path = "/nowhere" };
    play(state);
    assert_int_equal(scene.ask[0].result, 404);
}

static void sends_bodies(void **state)
{
    json_t *json = json_pack("{s:i}", "id", 7);
    scene = (struct scene){ .count = 1,
                            .path = "/echo",
                            .request = { .json = json } };
    play(state);
    assert_string_equal(scene.ask[0].text, "POST application/json {\"id\":7}");
    json_decref(json);
    static const char *const headers[] = { "Content-Type: x/y", NULL };
    scene = (struct scene){ .count = 1,
                            .path = "/echo",
                            .request = { .method = "PUT",
                                         .headers = headers,
                                         .body = "text",
                                         .body_len = 4 } };
    play(state);
    assert_string_equal(scene.ask[0].text, "PUT x/y text");
}

static void asks_for_many_at_once(void **state)
{
    scene = (struct scene){ .count = ASK_COUNT_MAX, .path = "/echo" };
    play(state);
    for (unsigned i = 0; i < ASK_COUNT_MAX; i++)
        assert_string_equal(scene.ask[i].text, "GET - ");
}

static void says_what_is_wrong(void **state)
{
    static const struct {
        const char *path;
        int result;
        const char *words;
    } wrong[] = {
        { "http://127.0.0.1:1/", -ECONNREFUSED, "connect" },
        { "http://nowhere.invalid/", -ENOENT, "resolve" },
        { "ftp://127.0.0.1/", -EINVAL, "rotocol" },
        { "http://[x/", -EINVAL, "" },
        { "/around", -ELOOP, "redirects" },
    };
    for (size_t i = 0; i < ANT_ARRAY_LEN(wrong); i++) {
        scene = (struct scene){ .count = 1, .path = wrong[i].path };
        play(state);
        if (scene.ask[0].result != wrong[i].result ||
            strstr(scene.ask[0].error, wrong[i].words) == NULL)
            fail_msg("%s: %d, %s", wrong[i].path, scene.ask[0].result,
                     scene.ask[0].error);
    }
}

static void limits_what_it_takes(void **state)
{
    scene = (struct scene){ .count = 1,
                            .path = "/echo",
                            .request = { .body_bytes_max = 3 } };
    play(state);
    assert_int_equal(scene.ask[0].result, -EMSGSIZE);
    assert_string_equal(scene.ask[0].error,
                        "the answer is longer than 3 bytes");
    scene = (struct scene){ .count = 2,
                            .path = "/never",
                            .limits = { .drain_ms = 1 },
                            .request = { .timeout_ms = 30 } };
    play(state);
    assert_int_equal(scene.ask[1].result, -ETIMEDOUT);
    scene = (struct scene){
        .count = 1,
        .path = "/around",
        .request = { .redirects_max = ANT_FETCH_NO_REDIRECTS },
    };
    play(state);
    assert_int_equal(scene.ask[0].result, 302);
}

static void breaks_off_when_it_is_dropped(void **state)
{
    scene = (struct scene){ .count = 3,
                            .path = "/never",
                            .limits = { .drain_ms = 1 },
                            .drop_after_ms = 20 };
    play(state);
    assert_int_equal(scene.ask[0].result, 0);
}

// Who is not ready is not asked: a hundred who wait cost nothing.
static uint64_t looks_beside(void **state, unsigned waiting)
{
    const uint64_t before =
        ant_atomic_load(&ant__fetch_look_count, ANT_RELAXED);
    scene = (struct scene){ .count = ASK_COUNT_MAX,
                            .waiting = waiting,
                            .limits = { .drain_ms = 1 },
                            .path = "/echo" };
    play(state);
    for (unsigned i = 0; i < ASK_COUNT_MAX; i++)
        assert_int_equal(scene.ask[i].result, 200);
    return ant_atomic_load(&ant__fetch_look_count, ANT_RELAXED) - before;
}

static void looks_only_at_sockets_that_are_ready(void **state)
{
    const uint64_t alone = looks_beside(state, 0);
    const uint64_t beside = looks_beside(state, 100);
    print_message("%d requests: %d looks, %d beside 100 that wait\n",
                  ASK_COUNT_MAX, (int)alone, (int)beside);
    assert_in_range(beside, 1, alone + 100 * 16); // to connect, and to ask
}

// ---- Memory ----

static void play_without(void **state, uint64_t nth)
{
    scene = (struct scene){ .count = 2,
                            .path = "/echo",
                            .request = { .body = "abc", .body_len = 3 },
                            .fails_nth = nth };
    play(state);
}

static void each_allocation_may_fail(void **state)
{
    const uint64_t before = ant_mem_alloc_count();
    play_without(state, 0);
    const uint64_t count = ant_mem_alloc_count() - before;
    assert_string_equal(scene.ask[1].text,
                        "POST application/x-www-form-urlencoded abc");
    unsigned refused = 0;
    for (uint64_t nth = 1; nth <= count; nth++) {
        const uint64_t blocks = ant_mem_live_count();
        play_without(state, nth); // counts descriptors
        for (unsigned i = 0; i < 2; i++) {
            const struct ask *ask = &scene.ask[i];
            if (ask->result < 0 && ask->error[0] == '\0')
                fail_msg("allocation %u: %d without words", (unsigned)nth,
                         ask->result);
            if (ask->result == 200) assert_non_null(strstr(ask->text, " abc"));
            refused += ask->result != 200;
        }
        assert_int_equal(ant_mem_live_count(), blocks);
    }
    print_message("%d allocations, %u answers less\n", (int)count, refused);
    assert_in_range(refused, 5, 2 * count);
}

#define REAL_FLAVORS(test) FLAVOR(test, current), FLAVOR(test, multi)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REAL_FLAVORS(gets_an_answer),
        REAL_FLAVORS(sends_bodies),
        REAL_FLAVORS(asks_for_many_at_once),
        REAL_FLAVORS(says_what_is_wrong),
        REAL_FLAVORS(limits_what_it_takes),
        REAL_FLAVORS(breaks_off_when_it_is_dropped),
        REAL_FLAVORS(looks_only_at_sockets_that_are_ready),
        FLAVOR(each_allocation_may_fail, current),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
