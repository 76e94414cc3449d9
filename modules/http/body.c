// SPDX-License-Identifier: MIT

#include "http/body.h"

#include <errno.h>
#include <string.h>

#include "base/assert.h"

// A body that is read as a whole is read in pieces of this size.
#define PIECE 4096

static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
#define GO_ON_LEN (sizeof go_on - 1)

static int64_t take(ant_http *http, char *to, size_t len);
static int64_t take_data(ant_http *http, char *to, uint64_t len);
static int64_t skip_lines(ant_http *http);
static int64_t fill(ant_http *http, const struct ant_http_read *read);
static uint64_t deadline_ns(ant_http *http, ant_cx *cx);
static bool must_ask(const ant_http *http);
static void note_asked(ant_http *http, int count);
static ant_poll end(struct ant_http_read *self, int64_t result);
static ant_poll go_on_reading(struct ant_http_body *self);

void ant__http_body_begin(ant_http *http)
{
    const ant_http_head *request = &http->request;
    http->chunks = (ant_http_chunks){ 0 };
    http->body_left = request->has_length ? request->length : 0;
    http->body_count = 0;
    http->body_begun_ns = 0;
    http->body_err = 0;
    http->awaits_continue = request->expects && !ant__http_body_is_over(http);
    http->asked = 0;
}

// ---- Some of it ----

ANT_ASYNC(ant_http_read)
{
    ant_http *http = self->http;
    int64_t n;
    switch (self->state) {
    case READ_START:
        n = take(http, self->to, self->len);
        if (n != -EAGAIN) return end(self, n);
        if (must_ask(http)) {
            self->ask = ant_write(&http->io, go_on + http->asked,
                                  GO_ON_LEN - http->asked);
            self->limit = ant_timeout(http->limits->write_ms, &self->ask.base);
            return ANT_NEXT(READ_ASKING);
        }
        if (http->request.is_chunked) {
            ant_http_buffer *in = &http->in;
            self->read =
                ant_read(&http->io, in->bytes + in->end, in->size - in->end);
        } else {
            const size_t left = (size_t)http->body_left;
            self->read = ant_read(&http->io, self->to,
                                  left < self->len ? left : self->len);
        }
        self->limit =
            ant_timeout_until(deadline_ns(http, cx), &self->read.base);
        return ANT_NEXT(READ_WAITING);

    case READ_ASKING:
        ANT_AWAIT(self->limit);
        n = self->limit.base.result;
        if (n < 0) return end(self, n);
        note_asked(http, (int)n);
        return ANT_NEXT(READ_START);

    case READ_WAITING:
        ANT_AWAIT(self->limit);
        n = fill(http, self);
        return n == 0 ? ANT_NEXT(READ_START) : end(self, n);
    }
    ANT_UNREACHABLE();
}

struct ant_http_read ant_http_read(ant_http *http, char *buf, size_t len)
{
    ANT_ASSERT(len > 0);
    ANT_ASSERT(!http->is_taken);
    return (struct ant_http_read){
        ANT_INIT(ant_http_read),
        .http = http,
        .to = buf,
        .len = len < INT32_MAX ? len : INT32_MAX,
    };
}

// ---- Asking for it: what of that has gone out outlives the future ----

// The rest of asking may stand in front of an answer already.
static bool must_ask(const ant_http *http)
{
    return http->awaits_continue && (http->asked == 0 || http->status == 0);
}

static void note_asked(ant_http *http, int count)
{
    http->asked = (uint8_t)(http->asked + count);
    if (http->asked == GO_ON_LEN) http->awaits_continue = false;
}

int ant__http_body_end_asking(ant_http *http)
{
    if (!ant__http_body_is_half_asked(http)) return 0;
    return ant__http_buffer_add(&http->out, go_on + http->asked,
                                GO_ON_LEN - http->asked);
}

// An error is kept: what follows in the connection cannot be understood.
static ant_poll end(struct ant_http_read *self, int64_t result)
{
    if (result < 0) self->http->body_err = (int)result;
    self->base.result = (int32_t)result;
    return ANT_READY;
}

// What has come already. -EAGAIN: nothing.
static int64_t take(ant_http *http, char *to, size_t len)
{
    if (http->body_err < 0) return http->body_err;
    const int64_t skipped = skip_lines(http);
    if (skipped < 0) return skipped;
    if (ant__http_body_is_over(http)) return 0;
    uint64_t left =
        http->request.is_chunked ? http->chunks.left : http->body_left;
    const uint64_t allowed = http->limits->body_bytes_max - http->body_count;
    // What is announced to be too long need not come.
    if (left > allowed) return -EMSGSIZE;
    return take_data(http, to, left < len ? left : len);
}

// The lines between chunks. A chunk that is done is looked behind, so that the
// end of the body is known with its last byte.
static int64_t skip_lines(ant_http *http)
{
    if (!http->request.is_chunked) return 0;
    ant_http_buffer *in = &http->in;
    const int64_t skipped = ant__http_chunks_skip(
        &http->chunks, in->bytes + in->begin, ant__http_buffer_len(in));
    if (skipped > 0) in->begin += (size_t)skipped;
    return skipped;
}

static int64_t take_data(ant_http *http, char *to, uint64_t len)
{
    ant_http_buffer *in = &http->in;
    if (len > ant__http_buffer_len(in)) len = ant__http_buffer_len(in);
    if (len == 0) {
        in->begin = in->end = http->head_end; // the head stays where it is
        return -EAGAIN;
    }
    memcpy(to, in->bytes + in->begin, (size_t)len);
    in->begin += (size_t)len;
    http->body_count += len;
    if (http->asked == 0) http->awaits_continue = false; // it came unasked
    if (http->request.is_chunked)
        http->chunks.left -= len;
    else
        http->body_left -= len;
    return (int64_t)len;
}

// What a read has brought: 0 to look at it, else what the read ends with.
static int64_t fill(ant_http *http, const struct ant_http_read *read)
{
    const int n = read->limit.base.result;
    if (n < 0) return n;
    if (n == 0) return -EPIPE; // in the middle of the body
    if (http->request.is_chunked) {
        http->in.end += (size_t)n;
        return 0;
    }
    http->body_left -= (uint64_t)n;
    http->body_count += (uint64_t)n;
    return n;
}

// Who sends is given time, and who sends only drops runs out of it.
static uint64_t deadline_ns(ant_http *http, ant_cx *cx)
{
    const ant_http_limits *limits = http->limits;
    if (http->body_begun_ns == 0)
        http->body_begun_ns = ant_clock_now_ns(ant_clock_of(cx));
    const uint64_t earned_ms =
        http->body_count * 1000 / limits->body_rate_min + limits->body_ms;
    return ant_clock_add(http->body_begun_ns, ant_clock_ns_of_ms(earned_ms));
}

// ---- All of it ----

ANT_ASYNC(ant_http_body)
{
    ant_http_buffer *body = &self->http->body;
    int n;
    switch (self->state) {
    case BODY_START:
        return go_on_reading(self);

    case BODY_READING:
        ANT_AWAIT(self->piece);
        n = self->piece.base.result;
        if (n < 0) return ANT_FAIL(n);
        body->end += (size_t)n;
        if (n > 0) return go_on_reading(self);
        body->bytes[body->end] = '\0';
        self->text = body->bytes;
        self->len = body->end;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static ant_poll go_on_reading(struct ant_http_body *self)
{
    ant_http_buffer *body = &self->http->body;
    const int err = ant__http_buffer_reserve(body, PIECE);
    if (err < 0) return ANT_FAIL(err);
    // One byte is left for the 0.
    self->piece = ant_http_read(self->http, body->bytes + body->end,
                                body->size - body->end - 1);
    return ANT_NEXT(BODY_READING);
}

struct ant_http_body ant_http_body(ant_http *http)
{
    return (struct ant_http_body){ ANT_INIT(ant_http_body), .http = http };
}
