// SPDX-License-Identifier: MIT
//
// Parking of OS threads: what a parker (core/driver.h) is where threads are
// real. The reactor's parkers are these, and so are those of threads that wait
// outside of any runtime. One thread parks; any thread unparks.

#ifndef ANT_CORE_PARKER_H
#define ANT_CORE_PARKER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/driver.h"

void ant__parker_init(ant_parker *parker);
void ant__parker_deinit(ant_parker *parker);

// Waits for a permit and takes it. False when the time ran out, or when the
// thread was nudged: it looks at its deadline, and parks again.
ANT_MUST_USE bool ant__parker_park(ant_parker *parker, uint64_t deadline_ns);

// Gives the permit.
void ant__parker_unpark(ant_parker *parker);

// Ends a park without a permit; the next one when the thread is not parked.
void ant__parker_nudge(ant_parker *parker);

// ---- A thread that waits, of a runtime or not: `driver` may be NULL ----

void ant__thread_parker_init(ant_driver *driver, ant_parker *parker);
void ant__thread_parker_deinit(ant_driver *driver, ant_parker *parker);

// Waits for a permit for as long as it takes.
void ant__thread_park(ant_driver *driver, ant_parker *parker);
void ant__thread_unpark(ant_driver *driver, ant_parker *parker);

#endif
