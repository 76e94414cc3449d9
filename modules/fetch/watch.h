// SPDX-License-Identifier: MIT
//
// A watch is a socket of libcurl's, as one of ours: a copy of its descriptor,
// for libcurl closes its own when it likes. It belongs to the client's task.
//
// A thousand exchanges have a thousand sockets, of which few are ready at a
// time. So each watch has a waker of its own, which says which one it is for
// (combine/woken.h), and only those are looked at. libcurl thinks in levels: it
// reads some, and wants to be told again; our world tells changes. So a look
// asks the system, and who was ready is looked at again.

#ifndef ANT_FETCH_WATCH_H
#define ANT_FETCH_WATCH_H

#include <curl/curl.h>
#include <stdbool.h>

#include "combine/woken.h"
#include "io/io.h"

// One reference is the driver's, one that of each waker, and one is kept for a
// link that is still to be taken when its socket has gone.
typedef struct ant__fetch_watch {
    // fixed
    ant_wakeable wakeable; // first: a waker points here
    ant_woken *woken;
    curl_socket_t socket;
    // any thread, atomic
    ant_atomic_u32 refs;
    ant_woken_link link; // to be looked at
    // the driver's task only
    bool is_over;
    int wanted;
    ant_io io;
    ant_source_op in;
    ant_source_op out;
} ant__fetch_watch;

// Makes one. 0, -ENOMEM, or what making the copy said.
ANT_MUST_USE int ant__fetch_watch_new(ant_woken *woken, curl_socket_t socket,
                                      ant__fetch_watch **ret_watch);

// libcurl needs it no more.
void ant__fetch_watch_end(ant__fetch_watch *watch);

// What libcurl wants to be told of from now on: CURL_POLL_IN, _OUT or _INOUT.
void ant__fetch_watch_want(ant__fetch_watch *watch, int wanted);

// The next one to look at; NULL when there is none in the row.
ANT_MUST_USE ant__fetch_watch *ant__fetch_watch_pop(ant_woken_row *row);

// CURL_CSELECT_IN, _OUT and _ERR: what it is ready for. 0: nothing, and then it
// waits.
ANT_MUST_USE int ant__fetch_watch_look(ant__fetch_watch *watch, ant_cx *cx);

// How often sockets were asked whether they are ready, by all clients: for
// tests.
extern ant_atomic_u64 ant__fetch_look_count;

#endif
