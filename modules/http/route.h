// SPDX-License-Identifier: MIT
//
// A route says which handler a request is for, by its method and its path. A
// program has a table of them, constant, with a row of zeros at its end; the
// first that fits is taken. Rust: axum::Router.
//
//   static const ant_http_route routes[] = {
//       ANT_HTTP_ROUTE("GET", "/users/{id}", show_user),
//       ANT_HTTP_ROUTE("POST", "/users", add_user),
//       { 0 },
//   };
//
// A part in brackets stands for any one part of a path that is not empty, and
// the handler asks for it by its name (ant_http_param). A star as the last part
// stands for all the rest. The parts are compared as text: "%75sers" is
// "users". HEAD is answered by the handler of GET, without the body.

#ifndef ANT_HTTP_ROUTE_H
#define ANT_HTTP_ROUTE_H

#include <stddef.h>

#include "http/http.h"

typedef struct ant_http_route {
    const char *method;
    const char *path;
    // An async function that has a member `ant_http *http`.
    ant_future_ops *handler;
    size_t http_at; // where in its struct that is
} ant_http_route;

// The comparison is there for the compiler, who then looks at the type.
#define ANT_HTTP_ROUTE(method_, path_, handler_)                               \
    {                                                                          \
        .method = (method_), .path = (path_), .handler = &handler_##_ops,      \
        .http_at = offsetof(struct handler_, http) +                           \
                   0 * sizeof(((struct handler_ *)0)->http == (ant_http *)0)   \
    }

// Finds the route of a request whose head is there, and the parameters of its
// path. 0; or the status to refuse it with: 400, 404, 405 (what is allowed is
// added to the answer), 501; 204 for a question about the server as a whole.
ANT_MUST_USE int ant__http_route_find(const ant_http_route *routes,
                                      ant_http *http,
                                      const ant_http_route **ret_route);

#endif
