// SPDX-License-Identifier: MIT
//
// A driver is what a runtime needs from the world: threads, a place to sleep,
// and a clock. There are two: the reactor's, with real threads and libuv, and
// the simulator's, with virtual threads and virtual time. The scheduler, the
// blocking pool and the thread mutex are written against this interface and do
// not know which one they run on.
//
// Every thread of a runtime has a parker: a binary semaphore with one permit.
// Unparking gives the permit; parking waits for it and takes it.

#ifndef ANT_CORE_DRIVER_H
#define ANT_CORE_DRIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "base/os.h"

typedef struct ant_driver ant_driver;
struct ant_net;

// One thread's place to sleep. Everything in it is the driver's.
typedef struct ant_parker {
    ant_os_mutex lock;
    ant_os_cond cond;
    bool has_permit; // under lock
    bool is_driving; // under lock: it waits in the driver's events
    bool is_nudged;  // under lock: it has to look at the deadline again
    bool has_events; // its thread's: it came back from park_idle with some
    ant_list idle;   // under the driver's lock: in its list of idle threads
    void *thread;    // the simulator's virtual thread
} ant_parker;

// A thread, real or virtual.
typedef struct ant_thread {
    ant_os_thread os;
    void *virtual_thread;
} ant_thread;

// What a new thread is.
typedef struct ant_thread_desc {
    const char *name; // copied
    uint32_t lane;    // as which it acts in the trace; 0: one of its own
    ant_os_thread_fn fn;
    void *arg;
} ant_thread_desc;

// Why a park returned.
typedef enum ant_unparked {
    ANT_UNPARKED_PERMIT,   // somebody unparked this thread
    ANT_UNPARKED_DEADLINE, // the time has come
    ANT_UNPARKED_EVENTS,   // there is I/O to be handled
} ant_unparked;

typedef struct ant_driver_ops {
    uint64_t (*now_ns)(ant_driver *driver);

    void (*parker_init)(ant_driver *driver, ant_parker *parker);
    void (*parker_deinit)(ant_driver *driver, ant_parker *parker);

    // The calling thread sleeps until its parker has a permit, or until
    // deadline_ns (ANT_NS_NEVER: no deadline).
    ant_unparked (*park)(ant_driver *driver, ant_parker *parker,
                         uint64_t deadline_ns);

    // As park, for a worker that has nothing to do: one such thread at a time
    // waits for I/O and for the next timer (driver->next_ns) too. The caller
    // fires the timers, and handles the I/O by handle_events. If the one that
    // waits for timers does not come back in time, another takes its place.
    ant_unparked (*park_idle)(ant_driver *driver, ant_parker *parker);

    // Handles the I/O that the last park_idle of this thread came back with, if
    // any, whatever else it came back for: wakes who waited for it.
    void (*handle_events)(ant_driver *driver, ant_parker *parker);

    // Gives the permit. Any thread, any time.
    void (*unpark)(ant_driver *driver, ant_parker *parker);

    // A timer became the earliest: whoever waits in park_idle must look again.
    void (*timer_changed)(ant_driver *driver);

    // Handles I/O that is ready, without waiting, unless somebody is at it.
    void (*poll_events)(ant_driver *driver);

    // I/O that could still wake somebody, for stall detection.
    bool (*has_events)(ant_driver *driver);

    // The runtime ends: nobody waits for I/O any more, now or later.
    void (*shut_events)(ant_driver *driver);

    // Starts a thread, which enters its lane and calls fn(arg). 0 or -errno.
    int (*thread_start)(ant_driver *driver, const ant_thread_desc *desc,
                        ant_thread *ret_thread);
    void (*thread_join)(ant_driver *driver, ant_thread *thread);
    // Nobody will join it.
    void (*thread_detach)(ant_driver *driver, ant_thread *thread);

    // Between two polls: the simulator may give other threads a turn. NULL:
    // real threads take turns without being asked.
    void (*turn)(ant_driver *driver);

    // The calling thread, and nothing else, stands still for `ns`.
    void (*sleep)(ant_driver *driver, uint64_t ns);

    // Frees the driver. All threads but the caller's have been joined; a
    // simulated one that was detached ends where it stands.
    void (*free)(ant_driver *driver);
} ant_driver_ops;

struct ant_driver {
    // fixed after the runtime was wired
    const ant_driver_ops *ops;
    // When must somebody look at the timers again (ANT_NS_NEVER: no timer).
    uint64_t (*next_ns)(void *arg);
    // A thread starts (+1) or stops (-1) waiting for something that only
    // another thread of the runtime can end: a thread mutex.
    void (*on_block)(void *arg, int change);
    void *arg;
    struct ant_net *net; // its sockets (io/source.h), NULL: it has none
};

// The driver of the runtime that the calling thread belongs to, NULL for none;
// and the thread's own parker, NULL when it has none.
ant_driver *ant__driver_here(void);
ant_parker *ant__parker_here(void);

#endif
