// SPDX-License-Identifier: MIT
//
// What waits for the outside world, dropped by a task of a real driver at every
// point of its life. Whoever waits after it gets what came, once and whole;
// nobody's waker is kept, and no block and no descriptor is lost. leaf.h is the
// same for what waits for other tasks.
//
// The tests are tests/conformance/cancel_io.c and cancel_work.c, and
// test_drop.c of each module.

#ifndef ANT_TESTS_SUPPORT_TRIAL_H
#define ANT_TESTS_SUPPORT_TRIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/future.h"

// Of its functions only start and is_served may not be NULL.
typedef struct operation {
    const char *name;
    int (*set_up)(void);
    // A new future in place i, 0 or 1, which is PENDING until the supply.
    ant_future *(*start)(unsigned i);
    int (*supply)(void);
    // The result of the future in place 1, that was not dropped, is right.
    bool (*is_served)(void);
    void (*tear_down)(void);
    // It may have ended in the first poll. Where a thread of the pool does it,
    // its waker is that thread's, and must not drop it.
    bool may_end;
    // What is awaited between the set-up and the start; it must not fail.
    ant_future *(*prepare)(void);
    // Wakes of the first future, to go on and wait again, before the one that
    // the moments are about: it has so many suspension points more.
    unsigned steps;
} operation;

// Drops each of `count` operations at each moment, in runtimes of the test's
// flavour (support/flavors.h).
void trial_run(void **state, const operation *operations, size_t count);

#endif
