// SPDX-License-Identifier: MIT

#include "http/conn.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "core/here.h"
#include "http/answer.h"
#include "http/body.h"
#include "io/tcp.h"
#include "trace/events.h"

// A buffer for heads begins with so much, and has so much left for a body.
#define IN_BYTES   2048
#define BODY_BYTES 2048
// So much of what nobody wants is read, to keep the connection or so that a
// client who still sends gets to read why it was refused.
#define SKIPPED_MAX ((size_t)64 << 10)
#define LINGER_MS   1000

#define SORRY "Connection: close\r\nContent-Length: 0\r\n\r\n"

static ant_poll wait_for_request(struct ant__http_conn *self);
static ant_poll begin_head(struct ant__http_conn *self);
static ant_poll look_at_head(struct ant__http_conn *self);
static ant_poll leave(struct ant__http_conn *self);
static ant_poll give_up(struct ant__http_conn *self);
static bool has_said_nothing(const struct ant__http_conn *self);
static void apologise(struct ant__http_conn *self, const char *text);
static void let_go(struct ant__http_conn *self);
static bool skip_empty_line(ant_http_buffer *in);
static ant_poll read_more_of_head(struct ant__http_conn *self);
static ant_poll begin_exchange(struct ant__http_conn *self, size_t head_len);
static ant_poll refuse_head(struct ant__http_conn *self, int status);
static ant_poll handle(struct ant__http_conn *self,
                       const ant_http_route *route);
static ant_poll answer(struct ant__http_conn *self);
static ant_poll flush(struct ant__http_conn *self);
static ant_poll after_answer(struct ant__http_conn *self);
static ant_poll skip_body(struct ant__http_conn *self);
static ant_poll next_request(struct ant__http_conn *self);
static ant_poll begin_to_linger(struct ant__http_conn *self);
static ant_poll linger(struct ant__http_conn *self);
static uint64_t deadline_ns(uint64_t ms);
static void free_handler(struct ant__http_conn *self);

// ---- Its life ----

ANT_ASYNC_OWNING(ant__http_conn)
{
    int n;
    switch (self->state) {
    case CONN_START:
        // The next request may have come with the last one.
        return ant__http_buffer_len(&self->http.in) > 0
                   ? begin_head(self)
                   : wait_for_request(self);

    case CONN_WAITING:
        ANT_AWAIT(self->limit);
        n = self->read.base.result;
        if (self->limit.is_elapsed || self->first.winner != 0 || n <= 0)
            return leave(self);
        self->http.in.end += (size_t)n;
        return begin_head(self);

    case CONN_READING_HEAD:
        ANT_AWAIT(self->limit);
        n = self->limit.base.result;
        if (n == -ETIMEDOUT) return refuse_head(self, 408);
        if (n <= 0) return leave(self); // it has gone, and hears nothing
        self->http.in.end += (size_t)n;
        return look_at_head(self);

    case CONN_HANDLING:
        ANT_AWAIT(*self->handler);
        return answer(self);

    case CONN_ANSWERING:
        ANT_AWAIT(self->flush);
        if (self->flush.base.result < 0) return leave(self);
        return after_answer(self);

    case CONN_SKIPPING_BODY:
        ANT_AWAIT(self->body);
        n = self->body.base.result;
        if (n < 0) return leave(self);
        self->skipped += (size_t)n;
        if (self->skipped > SKIPPED_MAX) return begin_to_linger(self);
        return n == 0 ? next_request(self) : skip_body(self);

    case CONN_LINGERING:
        ANT_AWAIT(self->limit);
        n = self->limit.base.result;
        if (n > 0) self->skipped += (size_t)n;
        if (n <= 0 || self->skipped > SKIPPED_MAX) return leave(self);
        return linger(self);
    }
    ANT_UNREACHABLE();
}

struct ant__http_conn ant__http_conn(ant_io io, ant__http_shared *shared)
{
    return (struct ant__http_conn){
        ANT_INIT(ant__http_conn),
        .http = { .app = shared->app,
                  .io = io,
                  .limits = &shared->limits,
                  .stop = &shared->stop,
                  .is_real = ant_io_fd(&io) >= 0 },
        .shared = shared,
    };
}

// A handler that panics ends the task, and its client should hear of it.
static void ant__http_conn_drop(struct ant__http_conn *self)
{
    const bool has_panicked = ant__here()->drop_why == ANT_DROP_PANIC;
    if (self->base.awaited != NULL) ant_future_drop(self->base.awaited);
    if (has_panicked && has_said_nothing(self))
        apologise(self, "HTTP/1.1 500 Internal Server Error\r\n" SORRY);
    let_go(self);
}

static bool has_said_nothing(const struct ant__http_conn *self)
{
    const ant_http *http = &self->http;
    return self->state == CONN_HANDLING && !http->is_taken &&
           !http->is_streaming && http->status != 101 &&
           !ant__http_body_is_half_asked(http);
}

// Says what needs no memory and no waiting, as the last there is. What has come
// and was not read would be answered with a reset, and then the client throws
// the answer away.
static void apologise(struct ant__http_conn *self, const char *text)
{
    const ant_io *io = &self->http.io;
    if (ant_try_write(io, text, strlen(text)) < 0) return;
    (void)ant_io_shutdown(io);
    for (size_t n = 0; n < SKIPPED_MAX; n += sizeof self->rest) {
        if (ant_try_read(io, self->rest, sizeof self->rest) <= 0) return;
    }
}

// There is no memory to go on with.
static ant_poll give_up(struct ant__http_conn *self)
{
    apologise(self, "HTTP/1.1 503 Service Unavailable\r\n" SORRY);
    return leave(self);
}

// READY: the connection is closed, and all that it had given back.
static ant_poll leave(struct ant__http_conn *self)
{
    let_go(self);
    return ANT_READY;
}

static void let_go(struct ant__http_conn *self)
{
    ant_http *http = &self->http;
    free_handler(self);
    ant_future_drop(&self->stopped.base);
    ant_io_close(&http->io);
    ant__http_buffer_deinit(&http->in);
    ant__http_buffer_deinit(&http->out);
    ant__http_buffer_deinit(&http->body);
    ant__http_buffer_deinit(&http->fields);
    ant__http_shared_unref(self->shared);
}

static void free_handler(struct ant__http_conn *self)
{
    ant_mem_free(self->handler);
    self->handler = NULL;
}

// ---- The head ----

static ant_poll wait_for_request(struct ant__http_conn *self)
{
    ant_http_buffer *in = &self->http.in;
    if (ant__http_buffer_reserve(in, IN_BYTES) < 0) return give_up(self);
    self->read =
        ant_read(&self->http.io, in->bytes + in->end, in->size - in->end);
    if (self->stopped.base.ops == NULL)
        self->stopped = ant_cancellation_token_cancelled(self->http.stop);
    self->stop = ant_borrow(&self->stopped.base);
    self->first = ant_select_biased(&self->read.base, &self->stop.base);
    self->limit = ant_timeout(self->http.limits->idle_ms, &self->first.base);
    return ANT_NEXT(CONN_WAITING);
}

static ant_poll begin_head(struct ant__http_conn *self)
{
    self->deadline_ns = deadline_ns(self->http.limits->head_ms);
    self->seen = 0;
    return look_at_head(self);
}

static uint64_t deadline_ns(uint64_t ms)
{
    return ant_clock_add(ant_clock_now_ns(ant_clock_here()),
                         ant_clock_ns_of_ms(ms));
}

static ant_poll look_at_head(struct ant__http_conn *self)
{
    ant_http_buffer *in = &self->http.in;
    const size_t len_max = self->http.limits->head_bytes_max;
    while (skip_empty_line(in)) {
        // ends: each turn uses up two bytes
    }
    const char *text = in->bytes + in->begin;
    const size_t len = ant__http_buffer_len(in);
    if (len == 0 || (len == 1 && *text == '\r')) return read_more_of_head(self);
    const int64_t head_len = ant__http_head_scan(text, len, &self->seen);
    if (head_len < 0) return refuse_head(self, 400);
    if (head_len > (int64_t)len_max || (head_len == 0 && len >= len_max))
        return refuse_head(self, memchr(text, '\n', len_max) ? 431 : 414);
    return head_len == 0 ? read_more_of_head(self)
                         : begin_exchange(self, (size_t)head_len);
}

// Some clients put one behind a body, where it does not belong.
static bool skip_empty_line(ant_http_buffer *in)
{
    if (ant__http_buffer_len(in) < 2) return false;
    if (memcmp(in->bytes + in->begin, "\r\n", 2) != 0) return false;
    ant__http_buffer_use(in, 2);
    return true;
}

static ant_poll read_more_of_head(struct ant__http_conn *self)
{
    ant_http_buffer *in = &self->http.in;
    if (ant__http_buffer_reserve(in, IN_BYTES / 4) < 0) return give_up(self);
    self->read =
        ant_read(&self->http.io, in->bytes + in->end, in->size - in->end);
    self->limit = ant_timeout_until(self->deadline_ns, &self->read.base);
    return ANT_NEXT(CONN_READING_HEAD);
}

// ---- The exchange ----

static ant_poll begin_exchange(struct ant__http_conn *self, size_t head_len)
{
    ant_http *http = &self->http;
    ant_http_buffer *in = &http->in;
    const ant_http_route *route = NULL;
    // From here on the head stays where it is.
    if (ant__http_buffer_reserve(in, BODY_BYTES) < 0) return give_up(self);
    int status =
        ant__http_head_parse(&http->request, in->bytes + in->begin, head_len);
    if (status != 0) return refuse_head(self, status);
    in->begin += head_len;
    http->head_end = in->begin;
    ant__http_body_begin(http);
    ant__http_answer_begin(http);
    if (http->request.length > http->limits->body_bytes_max) {
        http->closes = true;
        status = 413;
    } else {
        status = ant__http_route_find(self->shared->routes, http, &route);
    }
    if (status == 0) return handle(self, route);
    return ant__http_answer_refuse(http, status) < 0 ? give_up(self)
                                                     : flush(self);
}

// What was said is not understood, so neither is where it ends.
static ant_poll refuse_head(struct ant__http_conn *self, int status)
{
    ant_http *http = &self->http;
    http->request = (ant_http_head){ .method = "GET", .minor = 1 };
    http->request.closes = true;
    self->is_refused = true;
    ant__http_body_begin(http);
    ant__http_answer_begin(http);
    return ant__http_answer_refuse(http, status) < 0 ? give_up(self)
                                                     : flush(self);
}

static ant_poll handle(struct ant__http_conn *self, const ant_http_route *route)
{
    ant_future_ops *ops = route->handler;
    char *handler = ant_mem_alloc(ops->size);
    if (handler == NULL) return give_up(self);
    self->handler = (struct ant__http_handler *)(void *)handler;
    self->handler->base.ops = ops;
    ant_http *http = &self->http;
    memcpy(handler + route->http_at, &http, sizeof http);
    return ANT_NEXT(CONN_HANDLING);
}

static ant_poll answer(struct ant__http_conn *self)
{
    ant_http *http = &self->http;
    const int result = self->handler->base.result;
    free_handler(self);
    if (http->is_taken) return leave(self);
    if (http->body_err < 0) http->closes = true;
    if (ant__http_answer_end(http, result) < 0)
        return has_said_nothing(self) ? give_up(self) : leave(self);
    return http->has_broken ? leave(self) : flush(self);
}

static ant_poll flush(struct ant__http_conn *self)
{
    self->flush = ant__http_flush(&self->http);
    return ANT_NEXT(CONN_ANSWERING);
}

static ant_poll after_answer(struct ant__http_conn *self)
{
    ant_http *http = &self->http;
    self->skipped = 0;
    ant__http_buffer_deinit(&http->body);
    const bool is_over = ant__http_body_is_over(http) && http->body_err == 0;
    if (http->closes && is_over && !self->is_refused) return leave(self);
    if (http->closes) return begin_to_linger(self);
    return is_over ? next_request(self) : skip_body(self);
}

static ant_poll next_request(struct ant__http_conn *self)
{
    ant__http_buffer_use(&self->http.in, 0); // the head is over
    return ANT_NEXT(CONN_START);
}

static ant_poll skip_body(struct ant__http_conn *self)
{
    self->body = ant_http_read(&self->http, self->rest, sizeof self->rest);
    return ANT_NEXT(CONN_SKIPPING_BODY);
}

// A socket that is closed while something comes tells its peer so at once, who
// then throws away the answer that has come. So the end of the answer is said,
// and for a while what still comes is thrown away here.
static ant_poll begin_to_linger(struct ant__http_conn *self)
{
    (void)ant_io_shutdown(&self->http.io);
    self->deadline_ns = deadline_ns(LINGER_MS);
    return linger(self);
}

static ant_poll linger(struct ant__http_conn *self)
{
    self->read = ant_read(&self->http.io, self->rest, sizeof self->rest);
    self->limit = ant_timeout_until(self->deadline_ns, &self->read.base);
    return ANT_NEXT(CONN_LINGERING);
}
