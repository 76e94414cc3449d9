// SPDX-License-Identifier: MIT
//
// A timer wheel: a set of deadlines in which arming, taking back and firing
// cost the same for one timer as for a million. Time is counted in ticks of one
// millisecond from the wheel's start. Level 0 has a slot for each of the next
// 64 ticks, level 1 a slot for each of the next 64 times 64 ticks, and so on:
// a timer waits in the level of the highest digit (of 6 bits) in which its tick
// differs from now, and falls to a lower level when time reaches its slot.
// Tokio: runtime::time::wheel.
//
//   ant_wheel_insert(&wheel, &timer, deadline_ns);
//   sleep_until(ant_wheel_next_ns(&wheel));
//   ant_wheel_advance(&wheel, now_ns, &due);
//   // pop the timers from `due` and wake somebody
//
// The wheel belongs to whoever embeds it and has no lock inside: the owner's
// lock guards it, its timers, and the list of those that are due.
//
// The hard thing is the far end. In a wheel whose top level is a ring, as in
// Tokio's of six levels, a timer of the next turn stands in the same slot as
// one of this turn, and once hid it for two years. Here eight levels hold every
// tick that 64 bits of nanoseconds can name, so nothing turns and nothing
// hides: each slot that is in use lies ahead of now.
//
//   function            allocates  takes
//   ant_wheel_init      no         constant time
//   ant_wheel_insert    no         constant time
//   ant_wheel_remove    no         constant time
//   ant_wheel_due_ns    no         constant time
//   ant_wheel_next_ns   no         constant time
//   ant_wheel_advance   no         at most a step a level for each timer

#ifndef ANT_TIME_WHEEL_H
#define ANT_TIME_WHEEL_H

#include <stdint.h>

#include "base/list.h"
#include "base/os.h"

#define ANT_WHEEL_LEVELS      8
#define ANT_WHEEL_SLOT_BITS   6
#define ANT_WHEEL_SLOTS       (1 << ANT_WHEEL_SLOT_BITS)
#define ANT_WHEEL_NS_PER_TICK ANT_NS_PER_MS

// One deadline, inside the thing that waits for it. {0} is not armed. It must
// not move while it is armed or due.
typedef struct ant_timer {
    ant_list link; // of a slot, later of the list of those that are due
    uint64_t tick; // when it is due
} ant_timer;

// All fields are under the owner's lock.
typedef struct ant_wheel {
    uint64_t start_ns; // tick 0; fixed after init
    uint64_t now_tick; // everything up to here has been handed out
    uint64_t occupied[ANT_WHEEL_LEVELS]; // bit n: slot n is not empty
    ant_list slots[ANT_WHEEL_LEVELS][ANT_WHEEL_SLOTS];
} ant_wheel;

// Makes an empty wheel whose time starts at `now_ns`. It must not move.
void ant_wheel_init(ant_wheel *wheel, uint64_t now_ns);

// Arms a timer that is not armed. The deadline is rounded up to a tick, so that
// no timer is early; one that has passed is due at the wheel's present tick.
void ant_wheel_insert(ant_wheel *wheel, ant_timer *timer, uint64_t deadline_ns);

// Takes a timer back, also one that is already in a list of those that are
// due. Does nothing when it is in neither.
void ant_wheel_remove(ant_wheel *wheel, ant_timer *timer);

// The moment at which an armed timer is due: its deadline, rounded up.
uint64_t ant_wheel_due_ns(const ant_wheel *wheel, const ant_timer *timer);

// When somebody has to advance the wheel again: at the earliest deadline, or
// earlier when very many timers are close together, but never later.
// ANT_NS_NEVER when no timer is armed.
uint64_t ant_wheel_next_ns(const ant_wheel *wheel);

// Moves the time on to `now_ns` and every timer that is due to the back of
// `due`, in the order of their ticks and then of their arming. Time does not
// run backwards here: a moment before the last one counts as the last one.
void ant_wheel_advance(ant_wheel *wheel, uint64_t now_ns, ant_list *due);

#endif
