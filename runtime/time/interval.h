// SPDX-License-Identifier: MIT
//
// An interval is a series of moments, one every period; its tick is a future
// that is ready at the next of them. The first tick is immediate. The interval
// is plain data in the parent's struct; it belongs to one task, and needs no
// end. Tokio: time::Interval.
//
//   case BEAT_START:
//       self->interval = ant_interval(100);
//       self->tick = ant_interval_tick(&self->interval);
//       return ANT_NEXT(BEAT_WAITING);
//   case BEAT_WAITING:
//       ANT_AWAIT(self->tick);
//       beat(self->tick.at_ns);
//       self->tick = ant_interval_tick(&self->interval);
//       return ANT_NEXT(BEAT_WAITING);
//
// A tick is missed when it is looked at too late: on a wall clock by more than
// 5 ms, as in Tokio, in virtual time by anything. What then happens to those
// that follow is up to `missed`. For a period of 100 and a look at 350, after
// the tick of 100:
//
//   BURST (the default)  200 300 at once, then 400 500: none is lost
//   DELAY                200, then 450 550: never closer than a period
//   SKIP                 200, then 400 500: only the times that are multiples
//
//   function           Tokio              cancel-safe  alloc  threads
//   ant_interval       time::interval     -            no     any
//   ant_interval_at    time::interval_at  -            no     any
//   ant_interval_tick  Interval::tick     yes          no     the task's
//   ant_interval_reset Interval::reset    -            no     the task's

#ifndef ANT_TIME_INTERVAL_H
#define ANT_TIME_INTERVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/future.h"
#include "time/sleep.h"

typedef enum ant_missed_tick {
    ANT_MISSED_BURST,
    ANT_MISSED_DELAY,
    ANT_MISSED_SKIP,
} ant_missed_tick;

struct ant_interval {
    uint64_t period_ns;
    uint64_t next_ns;       // of the next tick
    bool has_begun;         // next_ns is known
    ant_missed_tick missed; // may be set at any time
};

struct ant_interval_tick {
    ant_future base;
    enum { ANT_TICK_START, ANT_TICK_SLEEPING } state;
    struct ant_interval *interval;
    uint64_t at_ns; // when READY: the moment it was meant for
    struct ant_sleep sleep;
};

// A tick now, and one every `period_ms`, which must not be 0. "Now" is the time
// of the call, outside of a poll that of the first tick's first poll.
ANT_MUST_USE struct ant_interval ant_interval(uint64_t period_ms);

// As ant_interval, with the first tick at `start_ns` of the clock.
ANT_MUST_USE struct ant_interval ant_interval_at(uint64_t start_ns,
                                                 uint64_t period_ms);

// The next tick. A tick that is dropped before it is ready comes again.
ANT_MUST_USE struct ant_interval_tick
ant_interval_tick(struct ant_interval *interval);

// The next tick comes a period from now, and those after it count from there:
// for who did between two ticks what a tick is for. Not outside of a poll, and
// not while a tick is waited for: drop that one first.
void ant_interval_reset(struct ant_interval *interval);

#endif
