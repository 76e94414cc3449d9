// SPDX-License-Identifier: MIT
//
// The task of a client: it polls libcurl's multi interface, whose sockets and
// whose timer it waits for. It ends when the client was dropped and nothing is
// under way.

#ifndef ANT_FETCH_DRIVER_H
#define ANT_FETCH_DRIVER_H

#include "fetch/exchange.h"
#include "fetch/watch.h"
#include "time/sleep.h"

struct ant__fetch_driver {
    ant_future base;
    ant_fetch_core *core;
    CURLM *multi;
    ant_woken *woken;  // what the wakers of watches reach
    ant_woken_row row; // to be looked at
    ant_list running;  // exchanges
    bool has_starved;  // some of them cannot wait for their sockets
    bool is_timed;     // libcurl has asked for its timer
    struct ant_sleep timer;
};

// A reference of the core's, and all of the others, are the driver's from here
// on.
ANT_MUST_USE struct ant__fetch_driver
ant__fetch_driver(ant_fetch_core *core, CURLM *multi, ant_woken *woken);

#endif
