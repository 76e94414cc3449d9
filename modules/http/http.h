// SPDX-License-Identifier: MIT
//
// An ant_http is one exchange, as the function sees it that handles it: a
// request that has come, and the answer that is to go. It lives in the task
// that serves the connection, and is good until the handler has ended. Rust:
// the extractors and the IntoResponse of axum.
//
// A handler is an async function with a member `http`, of a kind of its own for
// each route. It begins when the head of the request is there; its body is read
// if the handler wants it.
//
//   struct greet {
//       ant_future base;
//       enum { GREET_START, GREET_READING } state;
//       ant_http *http; // whoever calls the handler sets it
//       struct ant_http_body body;
//   };
//
//   case GREET_START:
//       self->body = ant_http_body(self->http);
//       return ANT_NEXT(GREET_READING);
//   case GREET_READING:
//       ANT_AWAIT(self->body);
//       if (self->body.base.result < 0)
//           return ANT_FAIL(self->body.base.result);
//       ant_http_printf(self->http, 200, "hello, %s\n", self->body.text);
//       return ANT_READY;
//
// What a handler answers goes out when it has ended. If it fails before it has
// answered, the server does it: 404 for -ENOENT, 400 for -EINVAL and -EBADMSG,
// 403 for -EACCES, 408 for -ETIMEDOUT, 413 for -EMSGSIZE, 503 for -EBUSY, 500
// for all else, also when it panics. So what reading the body fails with can be
// handed on.
//
// An answer of unknown length is written in pieces with ant_http_write, which
// waits while the client is slow; it is over when the handler is.
//
//   function             axum, hyper           cancel-safe  alloc  threads
//   ant_http_method      Method                -            no     owner
//   ant_http_path        Uri::path             -            no     owner
//   ant_http_query_text  RawQuery              -            no     owner
//   ant_http_app         State                 -            no     owner
//   ant_http_header      HeaderMap::get        -            no     owner
//   ant_http_param       Path                  -            no     owner
//   ant_http_query       Query                 -            no     owner
//   ant_http_read        Body::frame           yes          no     owner
//   ant_http_body        Bytes, String         yes          yes    owner
//   ant_http_set_header  HeaderMap::append     -            yes    owner
//   ant_http_respond     (StatusCode, Bytes)   -            yes    owner
//   ant_http_printf      (StatusCode, String)  -            yes    owner
//   ant_http_begin       Response::builder     -            yes    owner
//   ant_http_write       Body::from_stream     no           yes    owner
//   ant_http_reason      canonical_reason      -            no     any

#ifndef ANT_HTTP_HTTP_H
#define ANT_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/future.h"
#include "http/buffer.h"
#include "http/chunks.h"
#include "http/head.h"
#include "io/io.h"
#include "task/cancellation_token.h"
#include "time/timeout.h"

// What a client may ask of the server. Zero means the default.
typedef struct ant_http_limits {
    uint32_t head_bytes_max; // 16 KiB: longer is 414 or 431
    uint64_t body_bytes_max; // 1 MiB: longer is 413
    uint32_t idle_ms;        // 60 s between two requests
    uint32_t head_ms;        // 10 s for a head, from its first byte: 408
    // A body has 10 s, and a second more for each 500 bytes that have come.
    uint32_t body_ms;
    uint32_t body_rate_min; // bytes in a second
    uint32_t write_ms;      // 30 s in which the client takes not one byte
    uint32_t drain_ms;      // 10 s for what is under way when the server stops
    uint32_t connections_max; // 10000: who comes then waits
} ant_http_limits;

#define ANT_HTTP_PARAMS_MAX 8

// A part of the path, as it came: with its %41.
typedef struct ant_http_part {
    const char *name; // "id}…" of "/users/{id}"
    const char *text;
    size_t len;
} ant_http_part;

typedef struct ant_http {
    // the request, fixed while it is handled
    ant_http_head request;
    ant_http_part param[ANT_HTTP_PARAMS_MAX];
    unsigned param_count;
    void *app; // of the server's options

    // the connection's
    ant_io io;
    const ant_http_limits *limits;
    const ant_cancellation_token *stop; // the server's
    ant_http_buffer in;                 // the head stands there, up to head_end
    size_t head_end;
    ant_http_buffer out;
    bool closes;     // after this exchange
    bool is_taken;   // by its handler, see http/upgrade.h
    bool has_broken; // nobody hears an answer any more
    bool is_real;    // not of a simulation, which knows no date

    // the request's body
    bool awaits_continue; // nothing will come before it is asked for
    uint8_t asked;        // bytes of asking that have gone out
    ant_http_chunks chunks;
    uint64_t body_left; // of a length that is known
    uint64_t body_count;
    uint64_t body_begun_ns; // 0 before the first read
    int body_err;           // what it has failed with, or 0
    ant_http_buffer body;   // of ant_http_body

    // the answer
    int status;     // 0: there is none yet
    int answer_err; // what the last one has failed with, or 0
    bool is_streaming;
    ant_http_buffer fields; // that the handler has set
} ant_http;

// ---- The request ----

// "GET", "/users/7", "q=x" or NULL.
static inline const char *ant_http_method(const ant_http *http)
{
    return http->request.method;
}
static inline const char *ant_http_path(const ant_http *http)
{
    return http->request.path;
}
static inline const char *ant_http_query_text(const ant_http *http)
{
    return http->request.query;
}

// What the server's options have for all handlers.
static inline void *ant_http_app(const ant_http *http)
{
    return http->app;
}

// The value of the first header with this name, in any case; NULL for none.
static inline const char *ant_http_header(const ant_http *http,
                                          const char *name)
{
    return ant__http_head_get(&http->request, name);
}

// Writes what stood in the path in the place of {name}, or behind "name=" in
// the query, as text: "%41+" of a query is "A ". Its length; -ENOENT when it is
// not there, -EMSGSIZE when it does not fit, -EBADMSG when it is no text.
ANT_MUST_USE int ant_http_param(const ant_http *http, const char *name,
                                char *ret_text, size_t size);
ANT_MUST_USE int ant_http_query(const ant_http *http, const char *name,
                                char *ret_text, size_t size);

// Its result: how many bytes of the body came, at most `len`; 0 at the end;
// -EBADMSG, -EMSGSIZE, -ETIMEDOUT, -EPIPE when the client broke off, -errno.
struct ant_http_read {
    ant_future base;
    enum { READ_START, READ_ASKING, READ_WAITING } state;
    ant_http *http;
    char *to;
    size_t len;
    struct ant_write ask;
    struct ant_read read;
    struct ant_timeout limit;
};

// Reads some of the body into `buf`, which stays where it is.
ANT_MUST_USE struct ant_http_read ant_http_read(ant_http *http, char *buf,
                                                size_t len);

// Its result: 0, or as above, or -ENOMEM.
struct ant_http_body {
    ant_future base;
    enum { BODY_START, BODY_READING } state;
    ant_http *http;
    struct ant_http_read piece;
    // Outputs, good until the handler ends; there is a 0 behind the text.
    char *text;
    size_t len;
};

// Reads the body to its end.
ANT_MUST_USE struct ant_http_body ant_http_body(ant_http *http);

// ---- The answer ----

// Adds a header to the answer that will be given. 0; -EINVAL when it would
// break the message; -ENOMEM.
ANT_MUST_USE int ant_http_set_header(ant_http *http, const char *name,
                                     const char *value);

// Answers, once: status, the type of the text ("text/plain", or NULL for none)
// and the text, which is copied. 0 or -ENOMEM.
int ant_http_respond(ant_http *http, int status, const char *type,
                     const void *bytes, size_t len);

// Answers with plain text.
int ant_http_printf(ant_http *http, int status, const char *format, ...)
    ANT_PRINTF(3, 4);

// Writes what is in `out`. Its result is as that of ant_http_write.
struct ant__http_flush {
    ant_future base;
    enum { FLUSH_START, FLUSH_WRITING } state;
    ant_http *http;
    struct ant_write piece;
    struct ant_timeout limit;
};
ANT_MUST_USE struct ant__http_flush ant__http_flush(ant_http *http);

// Its result: 0; -ETIMEDOUT when the client does not take it, -EPIPE, -errno.
struct ant_http_write {
    ant_future base;
    enum { WRITE_START, WRITE_FLUSHING } state;
    ant_http *http;
    const void *bytes;
    size_t len;
    struct ant__http_flush flush;
};

// Writes a piece of an answer whose length is not known. The first one decides
// on status 200, unless ant_http_begin has said another.
ANT_MUST_USE struct ant_http_write
ant_http_write(ant_http *http, const void *bytes, size_t len);

// Begins such an answer: status and type. 0 or -ENOMEM.
int ant_http_begin(ant_http *http, int status, const char *type);

// The words for a status: "Not Found".
const char *ant_http_reason(int status);

#endif
