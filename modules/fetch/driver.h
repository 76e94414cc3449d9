// SPDX-License-Identifier: MIT
//
// The task of a client: it polls libcurl's multi interface, whose sockets and
// whose timer it waits for. It ends when the client was dropped and nothing is
// under way.

#ifndef ANT_FETCH_DRIVER_H
#define ANT_FETCH_DRIVER_H

#include "fetch/exchange.h"
#include "io/io.h"
#include "time/sleep.h"

// A socket of libcurl's, as one of ours: a copy of its descriptor, for libcurl
// closes its own when it likes.
typedef struct ant__fetch_watch {
    ant_list link;
    curl_socket_t socket;
    int wanted; // CURL_POLL_IN, _OUT, _INOUT
    ant_io io;
    ant_source_op in;
    ant_source_op out;
} ant__fetch_watch;

struct ant__fetch_driver {
    ant_future base;
    ant_fetch_core *core;
    CURLM *multi;
    ant_list watches;
    ant_list running; // exchanges
    bool is_timed;    // libcurl has asked for its timer
    struct ant_sleep timer;
};

// A reference of the core's is the driver's from here on.
ANT_MUST_USE struct ant__fetch_driver ant__fetch_driver(ant_fetch_core *core,
                                                        CURLM *multi);

#endif
