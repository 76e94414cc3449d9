// SPDX-License-Identifier: MIT
//
// The poller is where a reactor waits: for descriptors, for what libuv's loop
// has to say (signals, children), for an interrupt, and for a time. It has two
// builds with this one interface. On Linux (poller_epoll.c) an epoll set holds
// the sockets, edge-triggered, and the loop's own descriptor beside them, which
// is libuv's way of being embedded; a socket is registered once and never
// again. Elsewhere (poller_uv.c, `make POLLER=uv`) all of it is libuv's, and
// each socket a uv_poll_t. Tokio: mio::Poll.
//
// It is counted: by the reactor, and by each descriptor, so that a socket which
// a program keeps for longer than its runtime still has something to leave.
//
// The hard thing: an event that the system has handed out may name a descriptor
// that another thread is closing at that moment. A closed one is therefore only
// put aside, and freed by whoever waits next, before waiting: by then all
// events of before were handled, and the system knows of no new ones.

#ifndef ANT_REACTOR_POLLER_H
#define ANT_REACTOR_POLLER_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/list.h"
#include "base/os.h"
#include "io/source.h"

typedef struct ant_poller ant_poller;

// A source of the real world. The descriptor is closed with it; -1: it has
// none, and something else says its edges.
typedef struct ant_descriptor {
    ant_source source; // first
    // fixed after it was opened
    ant_poller *poller;
    int fd;
    // under the poller's lock
    ant_list place; // in one of its lists
    // the build's own
    void *watch;
} ant_descriptor;

struct ant_poller {
    // any thread
    ant_atomic_u32 refs;
    ant_os_mutex lock;
    // under lock
    ant_list all;  // descriptors, the oldest first
    ant_list dead; // closed, and not yet freed
    uint32_t dead_count;
    bool is_shut;   // the runtime ends: what comes now is born shut
    bool is_closed; // the reactor is gone
    // whoever drives
    uv_loop_t loop;
    ant_list signals;  // watches of reactor/signals.c
    ant_list children; // of reactor/children.c
    ant_list ended;    // of these, and not yet said so
    bool has_news;     // a signal or the end of a child, not yet told
    bool must_run;     // something was asked of the loop since it ran last
    void *own;         // the build's
};

// How many closed descriptors may wait to be freed until who waits is called
// to do it.
#define ANT_POLLER_DEAD_MAX 64

// Events that are taken at once. A run queue that overflows loses its order,
// and then some connections are served several times before others are once. So
// who has nothing to do takes half a queue; and who is busy, and looks every 61
// polls, takes less than that, until its queue is empty. What is left stays
// with the system, which keeps the order.
#define ANT_POLLER_EVENTS_MAX      128
#define ANT_POLLER_EVENTS_BUSY_MAX 48
_Static_assert(ANT_POLLER_EVENTS_BUSY_MAX <= ANT_POLLER_EVENTS_MAX,
               "there is one array for both");

// A poller with one reference. 0 or -errno.
ANT_MUST_USE int ant__poller_new(ant_poller **ret_poller);

// The reactor goes: closes the loop. It keeps its reference.
void ant__poller_close(ant_poller *poller);
void ant__poller_unref(ant_poller *poller);

// Waits for at most `wait_ns` (ANT_NS_NEVER: without an end), and takes up to
// `event_max` events of sockets; the others come next time, in their order.
// True when something came that has to be handled. Whoever drives, as the next
// one.
ANT_MUST_USE bool ant__poller_wait(ant_poller *poller, uint64_t wait_ns,
                                   int event_max);

// Says what came to whom it came for.
void ant__poller_handle(ant_poller *poller);

// Ends the wait, or the next one. Any thread, until it is closed.
void ant__poller_interrupt(ant_poller *poller);

// Opens a descriptor in memory from ant_mem_alloc, which is freed in any case.
// `fd` becomes the source's. 0 or -errno, and then `fd` is still the caller's.
ANT_MUST_USE int ant__descriptor_open(ant_poller *poller, ant_descriptor *self,
                                      int fd);

// The close of all sources that begin with a descriptor.
void ant__descriptor_close(ant_source *source);

// Frees those that were closed. Whoever drives, before each wait.
void ant__poller_free_dead(ant_poller *poller);

// Whether anybody waits for anything in here.
bool ant__poller_is_awaited(ant_poller *poller);

// Every operation fails with -ESHUTDOWN from now on.
void ant__poller_shut(ant_poller *poller);

// Says what libuv has heard, to those who wait for it. A callback of libuv only
// takes a note: it may be called while the thread counts as asleep.
void ant__poller_tell_news(ant_poller *poller);
void ant__signals_tell(ant_poller *poller);
void ant__children_tell(ant_poller *poller);

// The reactor goes: closes what libuv has of them.
void ant__signals_close(ant_poller *poller);
void ant__children_close(ant_poller *poller);

// ---- The two builds ----

ANT_MUST_USE int ant__poller_own_init(ant_poller *poller);
void ant__poller_own_deinit(ant_poller *poller);

// From now on the descriptor's edges are told. 0 or -errno.
ANT_MUST_USE int ant__poller_watch(ant_poller *poller, ant_descriptor *self);

// No new edges are told, and the descriptor is closed, now or in forget.
void ant__poller_unwatch(ant_poller *poller, ant_descriptor *self);

// Nothing of the build's own is left in it: it may be freed.
void ant__poller_forget(ant_poller *poller, ant_descriptor *self);

// For ant_source_ops.arm. Nothing where edges come unasked.
void ant__poller_arm(ant_source *source, ant_side side);

#endif
