// SPDX-License-Identifier: MIT
//
// A sleep is a future that is ready when its deadline has come, never before;
// the deadline is rounded up to the next millisecond of the clock. It needs a
// clock in the poll's context, which every runtime puts there. It belongs to
// the task that polls it. Tokio: tokio::time::Sleep.
//
//   case TEA_START:
//       self->nap = ant_sleep(300);
//       return ANT_NEXT(TEA_BREWING);
//   case TEA_BREWING:
//       ANT_AWAIT(self->nap);
//
// From when does it count? As in Tokio, from the call of ant_sleep, when that
// happens inside of a poll. Outside of one there is no clock to ask, and it
// counts from the first poll.
//
//   function         Tokio              cancel-safe  alloc  threads
//   ant_sleep        time::sleep        yes          no     any
//   ant_sleep_ns     time::sleep        yes          no     any
//   ant_sleep_until  time::sleep_until  yes          no     any
//   ant_sleep_reset  Sleep::reset       -            no     owner
//
// The result is 0, or -ESHUTDOWN when the runtime ended while it slept.

#ifndef ANT_TIME_SLEEP_H
#define ANT_TIME_SLEEP_H

#include <stdint.h>

#include "core/future.h"
#include "time/clock.h"

struct ant_sleep {
    ant_future base;
    uint64_t from_ns; // the deadline is `ns` later; ANT_NS_NEVER: than when it
                      // is polled first
    uint64_t ns;
    ant_alarm alarm;
};

// Sleeps for `ms` milliseconds; for ever long ones there is no overflow.
ANT_MUST_USE static inline struct ant_sleep ant_sleep(uint64_t ms);

// Sleeps for `ns` nanoseconds, rounded up to the clock's millisecond.
ANT_MUST_USE static inline struct ant_sleep ant_sleep_ns(uint64_t ns);

// Sleeps until the moment `deadline_ns` of the clock (ant_clock_now_ns).
ANT_MUST_USE static inline struct ant_sleep
ant_sleep_until(uint64_t deadline_ns);

// Moves the deadline of a sleep that has not ended, earlier or later. Who
// waits for it has to poll it once more, as after every change.
void ant_sleep_reset(struct ant_sleep *sleep, uint64_t deadline_ns);

// ---- How it is done ----

// What a sleep is made of; nothing is left out.
#define ANT__SLEEP(from_ns_, ns_)                                              \
    {                                                                          \
        .base = ANT__NEW_BASE(ant__sleep_ops), .from_ns = (from_ns_),          \
        .ns = (ns_), .alarm = ANT_ALARM_NEW                                    \
    }

extern ant_future_ops *const ant__sleep_ops;

// Now, when it is asked in a poll; else ANT_NS_NEVER.
uint64_t ant__sleep_from(void);

// Member by member: a compiler writes it into its place.
ANT_MUST_USE static inline struct ant_sleep ant__sleep(uint64_t from_ns,
                                                       uint64_t ns)
{
    struct ant_sleep sleep;
    sleep.base = (ant_future)ANT__NEW_BASE(ant__sleep_ops);
    sleep.from_ns = from_ns;
    sleep.ns = ns;
    sleep.alarm = (ant_alarm)ANT_ALARM_NEW;
    return sleep;
}

static inline struct ant_sleep ant_sleep(uint64_t ms)
{
    return ant__sleep(ant__sleep_from(), ant_clock_ns_of_ms(ms));
}

static inline struct ant_sleep ant_sleep_ns(uint64_t ns)
{
    return ant__sleep(ant__sleep_from(), ns);
}

static inline struct ant_sleep ant_sleep_until(uint64_t deadline_ns)
{
    return ant__sleep(0, deadline_ns);
}

#endif
