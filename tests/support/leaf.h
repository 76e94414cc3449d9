// SPDX-License-Identifier: MIT
//
// Leaf operations as a table: every way to wait that a program has, in a form
// in which one test can go through all of them. A few futures of one kind wait
// at one primitive; supplies make them ready; what each of them got is counted,
// so that in the end nothing may be lost or be there twice.
//
// A leaf's functions use one primitive at file level. tests/conformance has the
// tests: cancel.c, evil.c and torture.c.

#ifndef ANT_TESTS_SUPPORT_LEAF_H
#define ANT_TESTS_SUPPORT_LEAF_H

#include <stdbool.h>

#include "core/future.h"
#include "support/hand.h"
#include "sync/notify.h"

// Places for futures; the tests use LEAF_WAITERS of them, one more for whoever
// comes in place of one that was dropped, and one for an evil waker.
#define LEAF_WAITERS 4
#define LEAF_LATE    LEAF_WAITERS
#define LEAF_POKER   (LEAF_WAITERS + 1)
#define LEAF_PLACES  (LEAF_WAITERS + 2)

typedef struct leaf {
    const char *name;
    unsigned waiters_max; // that may wait at a time; 0 means LEAF_WAITERS
    bool is_once;         // when all are served, nobody can come later
    // What is waited with outlives the future that was dropped, and with it the
    // waker: a stream, a set.
    bool keeps_waker;
    bool needs_memory; // while it waits
    // Makes the primitive, at which `waiters` futures are about to wait.
    void (*set_up)(unsigned waiters);
    // A new future in place i, which is PENDING while nothing was supplied.
    ant_future *(*start)(unsigned i);
    // Makes it possible that one more future becomes READY.
    void (*supply)(void);
    // The future in place i was READY: looks at what it got. May be NULL.
    void (*serve)(unsigned i);
    // What an evil waker does besides polling a future of its own. May be NULL.
    void (*poke)(void);
    // All futures have ended: nothing is lost, and nothing is there twice.
    void (*tear_down)(void);
} leaf;

// Each ends with NULL.
extern const leaf *const leaf_sync[];
extern const leaf *const leaf_chan[];
extern const leaf *const leaf_watch[];
extern const leaf *const leaf_time[];
extern const leaf *const leaf_task[];
extern const leaf *const leaf_combine[];
extern const leaf *const leaf_stream[];

// The clock of leaf_time. All tasks of a crowd have it.
extern ant_mock_clock leaf_clock;

// All of them: i from 0; NULL behind the last.
const leaf *leaf_at(unsigned i);

// ---- A bell, for the leaves that wait for other futures ----

// A ring for one is for exactly one, so it can be counted.
extern ant_notify leaf_bell;

void leaf_bell_init(void);
void leaf_bell_ring(void);   // a leaf's supply
void leaf_bell_deinit(void); // every ring was taken, or is kept

// One more ring was taken.
void leaf_bell_taken(void);

// ---- Futures that wait together ----

typedef struct crowd {
    const leaf *kind;
    ant_future *futures[LEAF_PLACES]; // NULL: nobody
    const ant_future *polled;         // right now, by crowd_poll
    ant_mock_task tasks[LEAF_PLACES];
} crowd;

// Has `waiters` futures made, none of them polled.
void crowd_init(crowd *all, const leaf *kind, unsigned waiters);

// Makes a future in place i.
void crowd_start(crowd *all, unsigned i);

// Polls the one in place i; when it is READY it is served. Was it?
bool crowd_poll(crowd *all, unsigned i);

// Drops the one in place i, if it is there. One that is being polled cannot be
// dropped: a waker that it uses in its poll has no way to it.
void crowd_drop(crowd *all, unsigned i);

// Polls all that were woken. Was anybody served?
bool crowd_poll_woken(crowd *all);

// Supplies until everybody was served; only who was woken is polled. Then
// nobody holds a waker any more, and the primitive ends.
void crowd_finish(crowd *all);

#endif
