// SPDX-License-Identifier: MIT
//
// Time that stands still, for tests: a paused runtime's clock moves only when
// the program advances it, or when nothing is left to do but to wait: then it
// jumps to the next timer, unless a blocking job is still at work. The clock
// belongs to the runtime; the functions are for its own tasks. Tokio:
// time::pause.
//
//   case CLOCK_START:
//       if (ant_time_pause() < 0) return ANT_FAIL(-ENOTSUP);
//       self->hour = ant_time_advance(60 * 60 * 1000);
//       return ANT_NEXT(CLOCK_ADVANCING);
//   case CLOCK_ADVANCING:
//       ANT_AWAIT(self->hour); // all sleeps that are due are over
//       return ANT_READY;
//
// The hard thing is what can pause at all: with several workers another one
// might be in the middle of anything, so a multi runtime cannot (-ENOTSUP). A
// simulation's time stands still by itself whenever anybody runs: there pause
// and resume change nothing, and advance works at any time.
//
//   function          Tokio          cancel-safe  alloc  threads
//   ant_time_pause    time::pause    -            no     inside
//   ant_time_resume   time::resume   -            no     inside
//   ant_time_advance  time::advance  no           no     inside

#ifndef ANT_RT_PAUSE_H
#define ANT_RT_PAUSE_H

#include <stdint.h>

#include "combine/yield.h"
#include "core/future.h"

// Time stands still from now on. 0; -EALREADY when it does already; -ENOTSUP in
// a multi runtime or in a blocking job.
ANT_MUST_USE int ant_time_pause(void);

// Time goes on from where it stands. 0; -EALREADY when it runs; -ENOTSUP.
ANT_MUST_USE int ant_time_resume(void);

struct ant_time_advance {
    ant_future base;
    enum { ANT_ADVANCE_START, ANT_ADVANCE_YIELDING } state;
    uint64_t ms;
    struct ant_yield_now turn;
};

// Moves time on by `ms` in one jump, when it is first polled, and yields once,
// so that those whose time has come run before. Result: 0; -EINVAL when time
// runs; -ENOTSUP. Dropped in between, it has moved the time.
ANT_MUST_USE struct ant_time_advance ant_time_advance(uint64_t ms);

#endif
