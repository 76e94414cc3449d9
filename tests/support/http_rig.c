// SPDX-License-Identifier: MIT

#include "support/http_rig.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/files.h"
#include "support/flavors.h"

// ---- The server ----

// async fn hello(http): says which name was asked for.
struct hello {
    ant_future base;
    ant_http *http;
};

ANT_ASYNC(hello)
{
    char name[16] = "", greeting[16] = "hello";
    int err = ant_http_param(self->http, "name", name, sizeof name);
    if (err < 0 && err != -ENOENT) return ANT_FAIL(err);
    err = ant_http_query(self->http, "with", greeting, sizeof greeting);
    if (err < 0 && err != -ENOENT) return ANT_FAIL(err);
    (void)ant_http_printf(self->http, 200, "%s %s", greeting, name);
    return ANT_READY;
}

// async fn echo(http): gives the body back, in one piece.
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
    (void)ant_http_respond(self->http, 200, NULL, self->body.text,
                           self->body.len);
    return ANT_READY;
}

// async fn count(http): an answer of unknown length, then perhaps a failure.
struct count {
    ant_future base;
    ant_http *http;
    int n;
    char text[16];
    struct ant_http_write write;
};

ANT_ASYNC(count)
{
    if (ANT_BEGINS(self->write)) {
        (void)snprintf(self->text, sizeof self->text, "%d,", ++self->n);
        self->write =
            ant_http_write(self->http, self->text, strlen(self->text));
    }
    ANT_AWAIT(self->write);
    if (self->n < 3) return ANT_AGAIN;
    return ant_http_query_text(self->http) != NULL ? ANT_FAIL(-EIO) : ANT_READY;
}

// async fn think(http): takes 5 seconds.
struct think {
    ant_future base;
    ant_http *http;
    struct ant_sleep work;
};

ANT_ASYNC(think)
{
    if (ANT_BEGINS(self->work)) self->work = ant_sleep(5000);
    ANT_AWAIT(self->work);
    (void)ant_http_printf(self->http, 200, "thought");
    return ANT_READY;
}

// async fn fails(http): with the error that the path names.
struct fails {
    ant_future base;
    ant_http *http;
};

ANT_ASYNC(fails)
{
    const char *path = ant_http_path(self->http);
    if (strcmp(path, "/fail/panic") == 0) ant_panic("on purpose");
    if (strcmp(path, "/fail/nothing") == 0) return ANT_READY;
    return ANT_FAIL(strcmp(path, "/fail/none") == 0 ? -ENOENT : -EIO);
}

// async fn endless(http): an answer that goes on as long as somebody listens.
struct endless {
    ant_future base;
    ant_http *http;
    struct ant_http_write write;
};

ANT_ASYNC(endless)
{
    static char text[4096];
    struct scene *scene = ant_http_app(self->http);
    if (ANT_BEGINS(self->write))
        self->write = ant_http_write(self->http, text, sizeof text);
    ANT_AWAIT(self->write);
    const int err = self->write.base.result;
    if (err == 0) return ANT_AGAIN;
    // relaxed: several may write it, and it is read when all are over.
    ant_atomic_store(&scene->endless, (uint32_t)-err, ANT_RELAXED);
    return ANT_FAIL(err);
}

static const ant_http_route routes[] = {
    ANT_HTTP_ROUTE("GET", "/hello", hello),
    ANT_HTTP_ROUTE("GET", "/hello/{name}", hello),
    ANT_HTTP_ROUTE("POST", "/echo", echo),
    ANT_HTTP_ROUTE("PUT", "/echo", echo),
    ANT_HTTP_ROUTE("GET", "/count", count),
    ANT_HTTP_ROUTE("GET", "/endless", endless),
    ANT_HTTP_ROUTE("GET", "/think", think),
    ANT_HTTP_ROUTE("GET", "/fail/*", fails),
    ANT_HTTP_ROUTE("POST", "/think", think),
    { 0 },
};

// ---- A client ----

ANT_ASYNC(speak)
{
    switch (self->state) {
    case SPEAK_START:
        if (*self->text == '\0') return ANT_READY;
        if (*self->text == *FINISH) {
            self->text++;
            (void)ant_io_shutdown(self->conn);
            return ANT_AGAIN;
        }
        if (*self->text == *PAUSE) {
            self->text++;
            self->pause = ant_sleep(1000);
            return ANT_NEXT(SPEAK_PAUSING);
        }
        self->len = strcspn(self->text, PAUSE FINISH);
        if (self->step > 0 && self->len > self->step) self->len = self->step;
        self->write = ant_write_all(self->conn, self->text, self->len);
        return ANT_NEXT(SPEAK_WRITING);

    case SPEAK_PAUSING:
        ANT_AWAIT(self->pause);
        return ANT_NEXT(SPEAK_START);

    case SPEAK_WRITING:
        ANT_AWAIT(self->write);
        // The server may have heard enough.
        if (self->write.base.result < 0) return ANT_READY;
        self->text += self->len;
        return ANT_NEXT(SPEAK_START);
    }
    ANT_UNREACHABLE();
}

ANT_ASYNC(listen)
{
    if (ANT_BEGINS(self->read))
        self->read = ant_read(self->conn, self->heard + self->len,
                              self->size - 1 - self->len);
    ANT_AWAIT(self->read);
    if (self->read.base.result <= 0) return ANT_READY;
    self->len += (size_t)self->read.base.result;
    self->heard[self->len] = '\0';
    return ANT_AGAIN;
}

ANT_ASYNC_WITH_DROP(talk)
{
    switch (self->state) {
    case TALK_START:
        self->connect = ant_tcp_connect(self->to, &self->conn);
        return ANT_NEXT(TALK_CONNECTING);

    case TALK_CONNECTING:
        ANT_AWAIT(self->connect);
        if (self->connect.base.result < 0)
            return ANT_FAIL(self->connect.base.result);
        self->speak = ANT_FUTURE(speak, .conn = &self->conn, .text = self->text,
                                 .step = self->step);
        self->listen =
            ANT_FUTURE(listen, .conn = &self->conn, .heard = self->heard,
                       .size = sizeof self->heard);
        if (self->is_slow)
            self->both = ant_join(&self->speak.base);
        else
            self->both = ant_join(&self->speak.base, &self->listen.base);
        return ANT_NEXT(TALK_TALKING);

    case TALK_TALKING:
        ANT_AWAIT(self->both);
        if (self->is_slow) return ANT_NEXT(TALK_LISTENING);
        ant_io_close(&self->conn);
        return ANT_READY;

    case TALK_LISTENING:
        ANT_AWAIT(self->listen);
        ant_io_close(&self->conn);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void talk_drop(struct talk *self)
{
    ant_future_drop(&self->connect.base);
    ant_future_drop(&self->both.base);
    ant_future_drop(&self->listen.base);
    ant_io_close(&self->conn);
}

// ---- Both ----

static ant_poll scene_begin(struct scene *self)
{
    ant_tcp_listener listener;
    ant_addr at;
    unsigned count = 0;
    assert_int_equal(ant_tcp_listener_bind("127.0.0.1:0", &listener), 0);
    assert_int_equal(ant_tcp_listener_addr(&listener, &at), 0);
    ant_addr_format(&at, self->at, sizeof self->at);
    assert_int_equal(ant_cancellation_token_new("stop", &self->stop), 0);
    self->server = ant_spawn(ant_http_serve(
        listener, routes,
        (ant_http_options){
            .stop = &self->stop, .app = self, .limits = self->limits }));
    self->begun_ns = ant_clock_now_ns(ant_clock_here());
    if (self->beside != NULL) self->each[count++] = self->beside;
    for (unsigned i = 0; i < CLIENTS_MAX && self->text[i] != NULL; i++) {
        self->talk[i] =
            ANT_FUTURE(talk, .to = self->at, .step = self->step,
                       .is_slow = self->are_slow, .text = self->text[i]);
        self->each[count++] = &self->talk[i].base;
    }
    self->talking = ant_join_all(self->each, count);
    self->talks = ant_borrow(&self->talking.base);
    self->until = ant_sleep(self->stop_after_ms);
    self->first =
        ant_select_biased(&self->talks.base,
                          ant_when(self->stop_after_ms > 0, &self->until.base));
    ant_mem_fail_nth(self->fails_nth, 0);
    return ANT_NEXT(SCENE_TALKING);
}

static ant_poll scene_stop(struct scene *self)
{
    ant_cancellation_token_cancel(&self->stop);
    return ANT_NEXT(SCENE_STOPPING);
}

ANT_ASYNC(scene)
{
    switch (self->state) {
    case SCENE_START:
        return scene_begin(self);

    case SCENE_TALKING:
        ANT_AWAIT(self->first);
        ant_mem_fail_nth(0, 0);
        if (self->after == NULL) return scene_stop(self);
        self->last = ANT_FUTURE(talk, .to = self->at, .text = self->after);
        return ANT_NEXT(SCENE_TALKING_AGAIN);

    case SCENE_TALKING_AGAIN:
        ANT_AWAIT(self->last);
        return scene_stop(self);

    case SCENE_STOPPING:
        ANT_AWAIT(self->server);
        self->served = self->server.base.result;
        ant_task_detach(&self->server);
        if (self->first.winner == 0) self->talking = ant_join_all(NULL, 0);
        return ANT_NEXT(SCENE_ENDING);

    case SCENE_ENDING:
        ANT_AWAIT(self->talking);
        ant_cancellation_token_drop(&self->stop);
        self->took_ms = (ant_clock_now_ns(ant_clock_here()) - self->begun_ns) /
                        ANT_NS_PER_MS;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

// Plays the scene in the test's flavour; nothing is left of it.
void scene_play(void **state, struct scene *scene)
{
    const int fds = fd_count();
    const int served = scene->served;
    scene->base.ops = &scene_ops;
    const ant_runtime_desc desc = { .start_paused = scene->is_paused };
    ant_runtime *rt = flavor_runtime(state, &desc);
    assert_int_equal(ant_runtime_block_on_into(rt, scene, *scene), 0);
    ant_runtime_free(rt);
    assert_int_equal(fd_count(), fds);
    if (scene->fails_nth == 0) assert_int_equal(scene->served, served);
}

// What one client heard. The date is cut out: each line of it.
char *scene_heard(struct scene *scene, int client)
{
    char *text = scene->talk[client].heard;
    for (char *date; (date = strstr(text, "Date: ")) != NULL;) {
        const char *rest = strstr(date, "\r\n") + 2;
        memmove(date, rest, strlen(rest) + 1);
    }
    return text;
}

char *scene_answer_to(void **state, const char *text)
{
    static struct scene scene;
    scene = (struct scene){ .text = { text } };
    scene_play(state, &scene);
    return scene_heard(&scene, 0);
}

void assert_status(void **state, int status, const char *text)
{
    char line[32];
    const char *heard = scene_answer_to(state, text);
    (void)snprintf(line, sizeof line, "HTTP/1.1 %d ", status);
    if (strncmp(heard, line, strlen(line)) != 0 ||
        strstr(heard, "Connection: close\r\n") == NULL)
        fail_msg("not %d for:\n%s\nbut:\n%s", status, text, heard);
}
