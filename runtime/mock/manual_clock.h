// SPDX-License-Identifier: MIT
//
// A manual clock stands still until the test moves its hands; then the timers
// that have come due go off, one deadline after the other, as they would in
// real time. It belongs to the test's thread; futures on other threads may arm
// and drop their sleeps meanwhile. Tokio: time::pause and time::advance.
//
//   ant_mock_clock clock;
//   ant_mock_clock_init(&clock);
//   task.clock = &clock;
//   struct ant_sleep nap = ant_sleep(10);
//   ANT_ASSERT(ant_mock_task_poll(&task, &nap.base) == ANT_PENDING);
//   ant_mock_clock_advance_ms(&clock, 9);
//   ANT_ASSERT(!ant_mock_task_is_woken(&task));
//   ant_mock_clock_advance_ms(&clock, 1);
//   ANT_ASSERT(ant_mock_task_poll(&task, &nap.base) == ANT_READY);
//   ant_mock_clock_deinit(&clock);
//
// The hard thing: a waker that goes off may arm another timer within the time
// that is being passed. So the hands stop at each deadline on their way.
//
//   function                   Tokio          cancel-safe  alloc  threads
//   ant_mock_clock_init        time::pause    -            no     one
//   ant_mock_clock_deinit      -              -            no     one
//   ant_mock_clock_advance_ms  time::advance  -            no     the owner
//   ant_mock_clock_set_ns      -              -            no     the owner
//   ant_mock_clock_ms          Instant::now   -            no     any

#ifndef ANT_MOCK_MANUAL_CLOCK_H
#define ANT_MOCK_MANUAL_CLOCK_H

#include <stdint.h>

#include "base/atomic.h"
#include "time/timers.h"

typedef struct ant_mock_clock {
    ant_timers timers;
    // written by the owner, read by any, atomic
    ant_atomic_u64 now_ns;
    // any thread, atomic
    ant_atomic_u32 earlier_count; // how often a timer became the first
} ant_mock_clock;

// Makes a clock that says 0. It must not move any more.
void ant_mock_clock_init(ant_mock_clock *clock);

// No timer is armed any more.
void ant_mock_clock_deinit(ant_mock_clock *clock);

// Lets `ms` milliseconds go by.
void ant_mock_clock_advance_ms(ant_mock_clock *clock, uint64_t ms);

// Puts the hands to `now_ns`, backwards too, and lets go off what is due then:
// a clock that jumps, as after a suspend.
void ant_mock_clock_set_ns(ant_mock_clock *clock, uint64_t now_ns);

// What the clock says, in milliseconds.
uint64_t ant_mock_clock_ms(ant_mock_clock *clock);

#endif
