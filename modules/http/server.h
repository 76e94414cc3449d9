// SPDX-License-Identifier: MIT
//
// An HTTP/1.1 server: it accepts connections, gives each a task, and runs the
// handlers of a table of routes. Rust: axum::serve.
//
//   static const ant_http_route routes[] = {
//       ANT_HTTP_ROUTE("GET", "/hello", hello),
//       { 0 },
//   };
//
//   case APP_START:
//       err = listen(self); // self->listener, self->stop
//       if (err < 0) return ANT_FAIL(err);
//       self->serve = ant_http_serve(self->listener, routes,
//                                    (ant_http_options){
//                                        .stop = &self->stop,
//                                    });
//       return ANT_NEXT(APP_SERVING);
//   case APP_SERVING:
//       ANT_AWAIT(self->serve); // all have had their answers
//
// It is a graceful end: when the token `stop` is cancelled, nobody is accepted
// any more, who is idle is let go, what is being handled is answered with
// "Connection: close". After limits.drain_ms what is left is aborted. A server
// that is dropped aborts all at once.
//
// What clients do wrong, or too slowly, ends with a status for them, and never
// with more than their own connection. When the program has no descriptor left,
// or as many connections as it may have, the server waits and goes on.
//
//   function        axum   cancel-safe  alloc  threads
//   ant_http_serve  serve  no           yes    inside
//
// axum's with_graceful_shutdown is a member of the options.

#ifndef ANT_HTTP_SERVER_H
#define ANT_HTTP_SERVER_H

#include "combine/select.h"
#include "core/future.h"
#include "http/http.h"
#include "http/route.h"
#include "io/tcp.h"
#include "task/cancellation_token.h"
#include "task/join_set.h"
#include "time/sleep.h"

// What connections have in common, counted by them.
typedef struct ant__http_shared {
    const ant_http_route *routes;
    ant_http_limits limits; // none is zero
    void *app;
    ant_cancellation_token stop; // a child of the program's
    ant_atomic_u32 refs;
} ant__http_shared;

// {0} is the default.
typedef struct ant_http_options {
    const ant_cancellation_token *stop; // NULL: it never stops
    void *app;                          // for handlers: ant_http_app
    ant_http_limits limits;
} ant_http_options;

// READY when it has stopped: 0, -ETIMEDOUT when some had to be aborted, or the
// error of a listener that is of no use any more.
struct ant_http_serve {
    ant_future base;
    enum {
        SERVE_START,
        SERVE_ACCEPTING,
        SERVE_PAUSING,
        SERVE_DRAINING,
        SERVE_ABORTING,
    } state;
    ant_tcp_listener listener;
    const ant_http_route *routes;
    ant_http_options options;
    ant__http_shared *shared;
    ant_io conn; // just accepted
    ant_join_set conns;
    struct ant_accept accept;
    struct ant_join_set_next joined;
    struct ant_cancellation_token_cancelled stopped;
    struct ant_select first;
    struct ant_sleep pause;
    struct ant_timeout limit;
    uint64_t deadline_ns; // of draining
    int err;              // of the listener
    struct ant_join_set_shutdown abort;
};

// Serves who comes to the listener, which is the server's from here on. The
// routes, and what the options point to, stay as long as a handler runs.
ANT_MUST_USE struct ant_http_serve ant_http_serve(ant_tcp_listener listener,
                                                  const ant_http_route *routes,
                                                  ant_http_options options);

void ant__http_shared_unref(ant__http_shared *shared);

#endif
