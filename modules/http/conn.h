// SPDX-License-Identifier: MIT
//
// The task of one connection: it reads a head, runs the handler, writes the
// answer, and begins anew, until one side has had enough.

#ifndef ANT_HTTP_CONN_H
#define ANT_HTTP_CONN_H

#include "combine/borrow.h"
#include "combine/select.h"
#include "http/http.h"
#include "http/server.h"

// A handler, of which only this is known.
struct ant__http_handler {
    ant_future base;
};

struct ant__http_conn {
    ant_future base;
    enum {
        CONN_START,
        CONN_WAITING,
        CONN_READING_HEAD,
        CONN_HANDLING,
        CONN_ANSWERING,
        CONN_SKIPPING_BODY,
        CONN_LINGERING,
    } state;
    ant_http http;
    ant__http_shared *shared;
    size_t seen;                       // of a head that is coming
    uint64_t deadline_ns;              // for all of it, or for the last bytes
    bool is_refused;                   // what comes is not understood
    size_t skipped;                    // bytes that nobody wanted
    struct ant__http_handler *handler; // on the heap
    struct ant_read read;
    struct ant_cancellation_token_cancelled stopped; // as long as it lives
    struct ant_borrow stop;
    struct ant_select first;
    struct ant_timeout limit;
    struct ant__http_flush flush;
    struct ant_http_read body;
    char rest[512];
};

// Serves the connection, which is its own from then on.
ANT_MUST_USE struct ant__http_conn ant__http_conn(ant_io io,
                                                  ant__http_shared *shared);

#endif
