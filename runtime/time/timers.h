// SPDX-License-Identifier: MIT
//
// Timers: the clock that all flavours of the runtime use. It is a hierarchical
// wheel (time/wheel.h) of alarms under one lock; where `now` comes from and who
// looks when the next alarm is due is up to its owner, the runtime's driver (or
// a test). Arming and disarming are for any thread at any time, also from
// inside of a waker that is being called. Tokio: the time driver.
//
//   ant_timers timers;
//   ant_timers_init(&timers, &(ant_timers_desc){ .now_ns = now, .arg = me });
//   cx.clock = &timers.clock;
//   for (;;) {
//       sleep_until(ant_timers_next_ns(&timers));
//       ant_timers_fire(&timers);
//   }
//
// The hard thing: no alarm may be missed between the driver's look at the next
// deadline and its going to sleep. An alarm that makes the next deadline
// earlier calls on_earlier after it is in the wheel; whoever parks until
// next_ns has to see that call even when it comes before the park, as with any
// unpark.
//
// Most alarms are taken back before they go off. So an alarm that is taken back
// leaves the next deadline as it is, now too early: it is put right when
// somebody asks, which is when a thread has nothing to do but to sleep.
//
//   function             allocates  threads
//   ant_timers_init      no         one
//   ant_timers_deinit    no         one, nobody else uses it any more
//   ant_timers_close     no         any
//   ant_timers_fire      no         any
//   ant_timers_next_ns   no         any
//   ant_timers_count     no         any

#ifndef ANT_TIME_TIMERS_H
#define ANT_TIME_TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "base/os.h"
#include "time/clock.h"
#include "time/wheel.h"

typedef struct ant_timers_desc {
    uint64_t (*now_ns)(void *arg); // NULL means ant_os_now_ns
    // The next deadline is now earlier than all before. Called without a lock,
    // on the thread that armed. May be NULL.
    void (*on_earlier)(void *arg);
    void *arg;
    // Time stands still while anything runs, so that nobody is ever late by
    // accident: the clock has no slack.
    bool is_virtual;
} ant_timers_desc;

typedef struct ant_timers {
    ant_clock clock;
    // fixed after init
    ant_timers_desc desc;
    // written under lock, read by any thread, atomic
    ant_atomic_u64 next_ns; // nobody has to look before
    ant_atomic_u8 is_early; // nobody may have to look then: an alarm was taken
                            // back
    // under lock
    ant_os_mutex lock;
    ant_wheel wheel;
    ant_list due; // out of the wheel, not yet woken
    size_t count; // armed alarms, those in `due` too
    bool is_closed;
} ant_timers;

// On a wall clock a timer that is late by up to this is on time, as in Tokio.
#define ANT_TIMERS_SLACK_NS (5 * ANT_NS_PER_MS)

// Wakers are used in batches of this size, outside of the lock.
#define ANT_TIMERS_BATCH 32

// Makes an empty clock. It must not move any more.
void ant_timers_init(ant_timers *timers, const ant_timers_desc *desc);

// Every alarm must have been fired, disarmed or closed.
void ant_timers_deinit(ant_timers *timers);

// The clock ends: wakes everybody who still waits; they fail with -ESHUTDOWN,
// and so does whoever arms an alarm from now on. May be called twice.
void ant_timers_close(ant_timers *timers);

// Wakes all whose deadline has come, in the order of deadlines (by the
// millisecond) and then of arming. Returns how many.
size_t ant_timers_fire(ant_timers *timers);

// When somebody has to call ant_timers_fire again, ANT_NS_NEVER when there is
// no alarm. It may be earlier than the earliest deadline, never later.
uint64_t ant_timers_next_ns(ant_timers *timers);

// Alarms that are armed now.
size_t ant_timers_count(ant_timers *timers);

#endif
