// SPDX-License-Identifier: MIT

#include "http/server.h"

#include <errno.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/note.h"
#include "http/conn.h"

// Until somebody has given back what is missing.
#define PAUSE_MS 100

static int begin(struct ant_http_serve *self);
static void set_defaults(ant_http_limits *limits);
static ant_poll wait_for_next(struct ant_http_serve *self);
static ant_poll on_accepted(struct ant_http_serve *self);
static bool is_shortage(int err);
static ant_poll begin_to_drain(struct ant_http_serve *self, int err);
static ant_poll drain(struct ant_http_serve *self);
static ant_poll end(struct ant_http_serve *self, int err);
static void let_go(struct ant_http_serve *self);

ANT_ASYNC_OWNING(ant_http_serve)
{
    int err;
    switch (self->state) {
    case SERVE_START:
        err = begin(self);
        return err < 0 ? end(self, err) : wait_for_next(self);

    case SERVE_ACCEPTING:
        ANT_AWAIT(self->first);
        if (self->first.winner == 0) return begin_to_drain(self, 0);
        if (self->first.winner == 1) return wait_for_next(self);
        return on_accepted(self);

    case SERVE_PAUSING:
        ANT_AWAIT(self->pause);
        return wait_for_next(self);

    case SERVE_DRAINING:
        ANT_AWAIT(self->limit);
        if (self->limit.is_elapsed) {
            self->abort = ant_join_set_shutdown(&self->conns);
            return ANT_NEXT(SERVE_ABORTING);
        }
        return self->joined.is_empty ? end(self, self->err) : drain(self);

    case SERVE_ABORTING:
        ANT_AWAIT(self->abort);
        return end(self, -ETIMEDOUT);
    }
    ANT_UNREACHABLE();
}

struct ant_http_serve ant_http_serve(ant_tcp_listener listener,
                                     const ant_http_route *routes,
                                     ant_http_options options)
{
    return (struct ant_http_serve){
        ANT_INIT(ant_http_serve),
        .listener = listener,
        .routes = routes,
        .options = options,
    };
}

static int begin(struct ant_http_serve *self)
{
    ant__http_shared *shared = ant_mem_alloc(sizeof *shared);
    if (shared == NULL) return -ENOMEM;
    const ant_cancellation_token *stop = self->options.stop;
    const int err =
        stop != NULL ? ant_cancellation_token_child_token(stop, &shared->stop)
                     : ant_cancellation_token_new("server", &shared->stop);
    if (err < 0) {
        ant_mem_free(shared);
        return err;
    }
    shared->routes = self->routes;
    shared->app = self->options.app;
    shared->limits = self->options.limits;
    set_defaults(&shared->limits);
    ant_atomic_store(&shared->refs, 1, ANT_RELAXED);
    ant_join_set_init(&self->conns, "connections");
    self->shared = shared;
    return 0;
}

static void set_defaults(ant_http_limits *limits)
{
    if (limits->head_bytes_max == 0) limits->head_bytes_max = 16 << 10;
    if (limits->body_bytes_max == 0) limits->body_bytes_max = 1 << 20;
    if (limits->idle_ms == 0) limits->idle_ms = 60000;
    if (limits->head_ms == 0) limits->head_ms = 10000;
    if (limits->body_ms == 0) limits->body_ms = 10000;
    if (limits->body_rate_min == 0) limits->body_rate_min = 500;
    if (limits->write_ms == 0) limits->write_ms = 30000;
    if (limits->drain_ms == 0) limits->drain_ms = 10000;
    if (limits->connections_max == 0) limits->connections_max = 10000;
}

void ant__http_shared_unref(ant__http_shared *shared)
{
    // acq_rel: the last one sees what all others did.
    if (ant_atomic_sub(&shared->refs, 1, ANT_ACQ_REL) != 1) return;
    ant_cancellation_token_drop(&shared->stop);
    ant_mem_free(shared);
}

// ---- Accepting ----

// For the end of the server, the end of a connection, and a new one, in this
// order: who goes makes room for who comes.
static ant_poll wait_for_next(struct ant_http_serve *self)
{
    const uint32_t count = ant_join_set_len(&self->conns);
    const bool has_room = count < self->shared->limits.connections_max;
    self->stopped = ant_cancellation_token_cancelled(&self->shared->stop);
    self->joined = ant_join_set_next(&self->conns);
    self->accept = ant_tcp_accept(&self->listener, &self->conn);
    self->first = ant_select_biased(&self->stopped.base,
                                    ant_when(count > 0, &self->joined.base),
                                    ant_when(has_room, &self->accept.base));
    return ANT_NEXT(SERVE_ACCEPTING);
}

static ant_poll on_accepted(struct ant_http_serve *self)
{
    int err = self->accept.base.result;
    if (err == 0) {
        ant_atomic_add(&self->shared->refs, 1, ANT_RELAXED);
        (void)ant_tcp_set_nodelay(&self->conn, true);
        const struct ant__http_conn conn =
            ant__http_conn(self->conn, self->shared);
        self->conn = (ant_io){ 0 };
        err = ant_join_set_spawn(&self->conns, conn);
    }
    if (err == 0) return wait_for_next(self);
    if (!is_shortage(err)) return begin_to_drain(self, err);
    ant_note("nobody is let in for %d ms: %s", PAUSE_MS, ant_err_text(err));
    self->pause = ant_sleep(PAUSE_MS);
    return ANT_NEXT(SERVE_PAUSING);
}

// Of something that others give back.
static bool is_shortage(int err)
{
    return err == -EMFILE || err == -ENFILE || err == -ENOMEM ||
           err == -ENOBUFS;
}

// ---- The end ----

static ant_poll begin_to_drain(struct ant_http_serve *self, int err)
{
    ant_clock *clock = ant_clock_here();
    self->err = err;
    ant_tcp_listener_close(&self->listener);
    ant_cancellation_token_cancel(&self->shared->stop);
    self->deadline_ns =
        ant_clock_add(ant_clock_now_ns(clock),
                      ant_clock_ns_of_ms(self->shared->limits.drain_ms));
    return drain(self);
}

static ant_poll drain(struct ant_http_serve *self)
{
    self->joined = ant_join_set_next(&self->conns);
    self->limit = ant_timeout_until(self->deadline_ns, &self->joined.base);
    return ANT_NEXT(SERVE_DRAINING);
}

static ant_poll end(struct ant_http_serve *self, int err)
{
    let_go(self);
    return err < 0 ? ANT_FAIL(err) : ANT_READY;
}

static void let_go(struct ant_http_serve *self)
{
    ant_tcp_listener_close(&self->listener);
    ant_io_close(&self->conn);
    if (self->shared == NULL) return;
    ant_join_set_deinit(&self->conns);
    ant__http_shared_unref(self->shared);
}

static void ant_http_serve_drop(struct ant_http_serve *self)
{
    if (self->base.awaited != NULL) ant_future_drop(self->base.awaited);
    let_go(self);
}
