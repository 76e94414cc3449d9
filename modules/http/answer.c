// SPDX-License-Identifier: MIT

#include "http/answer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/os.h"
#include "http/body.h"

// More of an answer than this is not collected before it is written.
#define PIECE_MAX ((size_t)64 << 10)

static int write_head(ant_http *http, int status, const char *type);
static int write_date(ant_http *http);
static int write_connection(ant_http *http);
static bool has_no_body(int status);
static bool answers_in_chunks(const ant_http *http, int status);
static int add_piece(ant_http *http, const void *bytes, size_t len);
static int status_of(int err);

void ant__http_answer_begin(ant_http *http)
{
    http->status = 0;
    http->is_streaming = false;
    http->answer_err = 0;
    http->closes = http->request.closes;
    http->fields.begin = http->fields.end = 0;
}

// ---- What handlers say ----

int ant_http_set_header(ant_http *http, const char *name, const char *value)
{
    ANT_ASSERT(http->status == 0); // the head has gone
    if (!ant__http_is_token(name, strlen(name)) ||
        !ant__http_is_value(value, strlen(value)))
        return -EINVAL;
    return ant__http_buffer_print(&http->fields, "%s: %s\r\n", name, value);
}

int ant_http_respond(ant_http *http, int status, const char *type,
                     const void *bytes, size_t len)
{
    const bool is_head = strcmp(http->request.method, "HEAD") == 0;
    const size_t before = ant__http_buffer_len(&http->out);
    int err = write_head(http, status, type);
    if (err == 0 && !has_no_body(status))
        err =
            ant__http_buffer_print(&http->out, "Content-Length: %zu\r\n", len);
    if (err == 0) err = ant__http_buffer_add(&http->out, "\r\n", 2);
    if (err == 0 && !is_head && !has_no_body(status))
        err = ant__http_buffer_add(&http->out, bytes, len);
    return ant__http_answer_keep_or_undo(http, before, err);
}

int ant_http_printf(ant_http *http, int status, const char *format, ...)
{
    ant_http_buffer text = { 0 };
    va_list args;
    va_start(args, format);
    int err = ant__http_buffer_vprint(&text, format, args);
    va_end(args);
    if (err < 0)
        http->answer_err = err;
    else
        err = ant_http_respond(http, status, "text/plain; charset=utf-8",
                               text.bytes, text.end);
    ant__http_buffer_deinit(&text);
    return err;
}

int ant_http_begin(ant_http *http, int status, const char *type)
{
    const bool is_chunked = answers_in_chunks(http, status);
    // Who does not know chunks knows the end by the end of the connection.
    if (!is_chunked && !has_no_body(status)) http->closes = true;
    const size_t before = ant__http_buffer_len(&http->out);
    int err = write_head(http, status, type);
    http->is_streaming = true;
    if (err == 0 && is_chunked)
        err = ant__http_buffer_print(&http->out,
                                     "Transfer-Encoding: chunked\r\n");
    if (err == 0) err = ant__http_buffer_add(&http->out, "\r\n", 2);
    return ant__http_answer_keep_or_undo(http, before, err);
}

int ant__http_answer_keep_or_undo(ant_http *http, size_t before, int err)
{
    if (err == 0) return 0;
    http->out.end = http->out.begin + before;
    http->status = 0;
    http->is_streaming = false;
    http->answer_err = err;
    return err;
}

static bool has_no_body(int status)
{
    return status < 200 || status == 204 || status == 304;
}

static bool answers_in_chunks(const ant_http *http, int status)
{
    return http->request.minor > 0 && !has_no_body(status);
}

// ---- The head of the answer ----

static int write_head(ant_http *http, int status, const char *type)
{
    ANT_ASSERT(http->status == 0); // one answer to one request
    ANT_ASSERT(status >= 200 && status <= 599);
    ant_http_buffer *out = &http->out;
    http->status = status;
    // Without being asked for it the body may come or not.
    if (http->awaits_continue) http->closes = true;
    if (ant_cancellation_token_is_cancelled(http->stop)) http->closes = true;
    int err = ant__http_body_end_asking(http);
    if (err == 0)
        err = ant__http_buffer_print(out, "HTTP/1.1 %d %s\r\n", status,
                                     ant_http_reason(status));
    if (err == 0 && http->is_real) err = write_date(http);
    if (err == 0)
        err = ant__http_buffer_add(out, http->fields.bytes, http->fields.end);
    if (err == 0 && type != NULL)
        err = ant__http_buffer_print(out, "Content-Type: %s\r\n", type);
    return err == 0 ? write_connection(http) : err;
}

// In English, whatever the locale.
static int write_date(ant_http *http)
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const time_t now = (time_t)(ant_os_wall_ns() / ANT_NS_PER_S);
    struct tm t;
    if (gmtime_r(&now, &t) == NULL) return 0;
    return ant__http_buffer_print(
        &http->out, "Date: %.3s, %02d %.3s %d %02d:%02d:%02d GMT\r\n",
        days + 3 * t.tm_wday, t.tm_mday, months + 3 * t.tm_mon,
        t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

static int write_connection(ant_http *http)
{
    if (http->closes)
        return ant__http_buffer_print(&http->out, "Connection: close\r\n");
    if (http->request.minor > 0) return 0;
    return ant__http_buffer_print(&http->out, "Connection: keep-alive\r\n");
}

// ---- An answer in pieces ----

ANT_ASYNC(ant_http_write)
{
    ant_http *http = self->http;
    int err = 0;
    switch (self->state) {
    case WRITE_START:
        if (http->status == 0) err = ant_http_begin(http, 200, NULL);
        if (err == 0) err = add_piece(http, self->bytes, self->len);
        if (err < 0) return ANT_FAIL(err);
        self->flush = ant__http_flush(http);
        return ANT_NEXT(WRITE_FLUSHING);

    case WRITE_FLUSHING:
        ANT_AWAIT(self->flush);
        self->base.result = self->flush.base.result;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

struct ant_http_write ant_http_write(ant_http *http, const void *bytes,
                                     size_t len)
{
    return (struct ant_http_write){ ANT_INIT(ant_http_write), .http = http,
                                    .bytes = bytes, .len = len };
}

// A chunk of length 0 would be the last.
static int add_piece(ant_http *http, const void *bytes, size_t len)
{
    ANT_ASSERT(http->is_streaming);
    ant_http_buffer *out = &http->out;
    if (len == 0 || has_no_body(http->status) ||
        strcmp(http->request.method, "HEAD") == 0)
        return 0;
    if (!answers_in_chunks(http, http->status))
        return ant__http_buffer_add(out, bytes, len);
    const size_t before = ant__http_buffer_len(out);
    int err = ant__http_buffer_print(out, "%zx\r\n", len);
    if (err == 0) err = ant__http_buffer_add(out, bytes, len);
    if (err == 0) err = ant__http_buffer_add(out, "\r\n", 2);
    if (err < 0) {
        // What is missing in the middle is missed by nobody else.
        http->has_broken = true;
        out->end = out->begin + before;
    }
    return err;
}

ANT_ASYNC(ant__http_flush)
{
    ant_http *http = self->http;
    ant_http_buffer *out = &http->out;
    int n;
    switch (self->state) {
    case FLUSH_START:
        if (ant__http_buffer_len(out) == 0) return ANT_READY;
        self->piece = ant_write(&http->io, out->bytes + out->begin,
                                ant__http_buffer_len(out));
        self->limit = ant_timeout(http->limits->write_ms, &self->piece.base);
        return ANT_NEXT(FLUSH_WRITING);

    case FLUSH_WRITING:
        ANT_AWAIT(self->limit);
        n = self->limit.base.result;
        if (n < 0) {
            http->has_broken = true;
            return ANT_FAIL(n);
        }
        ant__http_buffer_use(out, (size_t)n);
        if (out->size > PIECE_MAX && ant__http_buffer_len(out) == 0)
            ant__http_buffer_deinit(out);
        return ANT_NEXT(FLUSH_START);
    }
    ANT_UNREACHABLE();
}

struct ant__http_flush ant__http_flush(ant_http *http)
{
    ANT_ASSERT(!http->is_taken);
    return (struct ant__http_flush){ ANT_INIT(ant__http_flush), .http = http };
}

// ---- How it ends ----

int ant__http_answer_refuse(ant_http *http, int status)
{
    return ant_http_printf(http, status, "%d %s\n", status,
                           ant_http_reason(status));
}

int ant__http_answer_end(ant_http *http, int result)
{
    if (http->status == 0 && result >= 0) result = http->answer_err;
    if (http->status == 0)
        return ant__http_answer_refuse(http,
                                       result < 0 ? status_of(result) : 204);
    // Half an answer must not look like a whole one; and who was promised
    // another protocol, which nobody came to speak, must not be spoken to in
    // this one.
    if ((http->is_streaming && result < 0) || http->status == 101) {
        http->closes = true;
        http->has_broken = true;
        return 0;
    }
    if (!http->is_streaming || !answers_in_chunks(http, http->status) ||
        strcmp(http->request.method, "HEAD") == 0)
        return 0;
    return ant__http_buffer_add(&http->out, "0\r\n\r\n", 5);
}

static int status_of(int err)
{
    switch (err) {
    case -EINVAL:
    case -EBADMSG:
        return 400;
    case -EACCES:
    case -EPERM:
        return 403;
    case -ENOENT:
        return 404;
    case -ETIMEDOUT:
        return 408;
    case -EMSGSIZE:
        return 413;
    case -ENOTSUP:
    case -ENOSYS:
        return 501;
    case -EBUSY:
    case -EAGAIN:
        return 503;
    default:
        return 500;
    }
}

const char *ant_http_reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } known[] = {
        { 101, "Switching Protocols" },
        { 200, "OK" },
        { 201, "Created" },
        { 202, "Accepted" },
        { 204, "No Content" },
        { 206, "Partial Content" },
        { 301, "Moved Permanently" },
        { 302, "Found" },
        { 303, "See Other" },
        { 304, "Not Modified" },
        { 307, "Temporary Redirect" },
        { 308, "Permanent Redirect" },
        { 400, "Bad Request" },
        { 401, "Unauthorized" },
        { 403, "Forbidden" },
        { 404, "Not Found" },
        { 405, "Method Not Allowed" },
        { 406, "Not Acceptable" },
        { 408, "Request Timeout" },
        { 409, "Conflict" },
        { 410, "Gone" },
        { 411, "Length Required" },
        { 412, "Precondition Failed" },
        { 413, "Content Too Large" },
        { 414, "URI Too Long" },
        { 415, "Unsupported Media Type" },
        { 417, "Expectation Failed" },
        { 422, "Unprocessable Content" },
        { 426, "Upgrade Required" },
        { 429, "Too Many Requests" },
        { 431, "Request Header Fields Too Large" },
        { 500, "Internal Server Error" },
        { 501, "Not Implemented" },
        { 502, "Bad Gateway" },
        { 503, "Service Unavailable" },
        { 504, "Gateway Timeout" },
        { 505, "HTTP Version Not Supported" },
    };
    for (size_t i = 0; i < ANT_ARRAY_LEN(known); i++) {
        if (known[i].status == status) return known[i].reason;
    }
    return "Status";
}
