// SPDX-License-Identifier: MIT
//
// The time base of a runtime: what time it is for tasks and timers. It is the
// driver's clock, until the program pauses it; then it stands still, and moves
// only when the program advances it or when nothing is left to do but to wait
// for the next timer. It belongs to the runtime. Tokio: time::clock.
//
//   ant_timebase_pause(&base, timers.wheel.start_ns);
//   uint64_t now_ns = ant_timebase_now(&base); // and for ever the same
//   ant_timebase_move(&base, now_ns + ANT_NS_PER_S);
//
// Only the worker of a runtime that has one changes it, and so it needs no
// lock; any thread may read it. Time never goes back, not over a pause either:
// after it the time base goes on from where it stood, at an offset from the
// driver's clock.

#ifndef ANT_TIME_TIMEBASE_H
#define ANT_TIME_TIMEBASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/atomic.h"
#include "core/driver.h"

typedef struct ant_timebase {
    // fixed after init
    ant_driver *driver;
    // written by the worker, read by any, atomic
    ant_atomic_u64 still_ns;  // where time stands still, 0 while it runs
    ant_atomic_u64 offset_ns; // from the driver's clock, while it runs
    // any thread, atomic
    ant_atomic_u64 looks; // of the recorder, while time stood still
} ant_timebase;

// A time base that runs with the driver's clock.
void ant_timebase_init(ant_timebase *base, ant_driver *driver);

// What time it is, in nanoseconds.
uint64_t ant_timebase_now(const ant_timebase *base);

// The same for the recorder, which tells by it what came first on which thread:
// while time stands still each look is a nanosecond later than the last.
uint64_t ant_timebase_now_recorded(ant_timebase *base);

// Whether time stands still.
bool ant_timebase_is_paused(const ant_timebase *base);

// Stops time, and lets it run again. Neither may happen twice in a row. It
// stops at a whole tick of the timers, which count from `origin_ns`: or who
// advances it to a deadline would stop just before the tick that this is
// rounded up to.
void ant_timebase_pause(ant_timebase *base, uint64_t origin_ns);
void ant_timebase_resume(ant_timebase *base);

// Moves time on to `at_ns`; nothing when that is past. Paused, or with a driver
// whose clock stands still while anything runs.
void ant_timebase_move(ant_timebase *base, uint64_t at_ns);

// When, on the driver's clock, somebody has to look at a timer that is due at
// `at_ns` (ANT_NS_NEVER: there is none). While time stands still that is at
// once when the timer is due or `may_move` says that time may be moved to it,
// and else never.
uint64_t ant_timebase_look_at(const ant_timebase *base, uint64_t at_ns,
                              bool may_move);

#endif
