// SPDX-License-Identifier: MIT
//
// Polling by hand: a mock task whose waker counts what is done to it, a context
// with a full budget, and a clock whose hands the test turns. With these a leaf
// future is tested step by step, without a runtime, without waiting.
//
//   hand_task task;
//   hand_task_init(&task, 1);
//   struct ant_sleep nap = ant_sleep(10);
//   assert_int_equal(hand_poll(&task, &nap.base), ANT_PENDING);
//   hand_clock_advance_ms(&clock, 10);
//   assert_int_equal(hand_take_wakes(&task), 1);
//
// A task may also be evil: its waker's clone, wake and drop then call back into
// the test, which pokes the very primitive that is using the waker. A primitive
// that does so under its lock deadlocks.

#ifndef ANT_TESTS_SUPPORT_HAND_H
#define ANT_TESTS_SUPPORT_HAND_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/atomic.h"
#include "base/rng.h"
#include "core/future.h"
#include "core/waker.h"
#include "time/timers.h"

// A clock that stands still until the test moves it.
typedef struct hand_clock {
    ant_timers timers;
    ant_atomic_u64 now_ns;
    ant_atomic_u32 earlier_count; // calls of on_earlier
} hand_clock;

void hand_clock_init(hand_clock *clock);
void hand_clock_deinit(hand_clock *clock);

// Moves the hands and lets go off what is due, one deadline after the other.
void hand_clock_advance_ms(hand_clock *clock, uint64_t ms);

// The clock's time in milliseconds.
uint64_t hand_clock_ms(hand_clock *clock);

typedef void (*hand_evil_fn)(void *arg);

// A mock task. Its waker may be used by any thread.
typedef struct hand_task {
    ant_wakeable wakeable;
    // fixed before the first poll
    uint32_t id;
    hand_clock *clock; // NULL: none
    ant_rng *rng;      // NULL: none
    hand_evil_fn evil; // called in clone, wake and drop; NULL: none
    void *evil_arg;
    // any thread, atomic
    ant_atomic_u32 clone_count;
    ant_atomic_u32 wake_count;
    ant_atomic_u32 drop_count;
    ant_atomic_u32 via; // of the last wake
    ant_atomic_u32 res; // of the last wake
    // owner only
    uint32_t wakes_taken;
    int32_t budget;      // what the next poll is given; back to full after it
    int32_t budget_left; // after the last poll
    bool has_yielded;    // in the last poll
} hand_task;

void hand_task_init(hand_task *task, uint32_t id);

// Polls the future once, as this task.
ant_poll hand_poll(hand_task *task, ant_future *future);

// Wakes since the last call.
uint32_t hand_take_wakes(hand_task *task);

// References that others hold now: clones that were not given back.
uint32_t hand_refs(hand_task *task);

// True when `body` ends in a trap (a failed assertion, ant__crash). The text of
// the trap is then in hand_trap_text(). What the body held is lost.
bool hand_traps(void (*body)(void *arg), void *arg);
const char *hand_trap_text(void);

#endif
