// SPDX-License-Identifier: MIT
//
// A clock says what time it is and wakes a task when a deadline has come. It is
// an interface: on a machine it is the monotonic clock, in a simulation time
// stands still until nothing can run, and a test turns the hands itself. A poll
// finds its clock in cx->clock. Tokio: the time driver.
//
//   if (ant_clock_arm(clock, &self->alarm, deadline_ns, cx))
//       return ANT_PENDING;
//
// An alarm is one deadline in a clock's book and the waker to use at it. It
// lives inside the future that waits, usually a sleep (time/sleep.h), which is
// what programs use; this file is for those who write leaf futures and clocks.
//
// The hard thing: an alarm is taken back (disarmed) by its owner while another
// thread is letting it go off. Both happen under the clock's lock, and the
// waker is used after that lock is released, so either the alarm never goes off
// or the owner is woken once too often, which every future has to stand.
//
//   function             Tokio                      allocates  threads
//   ant_clock_now_ns     Instant::now               no         any
//   ant_clock_arm        TimerEntry::poll_elapsed   no         owner
//   ant_clock_move       TimerEntry::reset          no         owner
//   ant_clock_disarm     TimerEntry::cancel         no         owner
//   ant_clock_here       -                          no         any
//   ant_alarm_get_state  TimerEntry::is_elapsed     no         any

#ifndef ANT_TIME_CLOCK_H
#define ANT_TIME_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/atomic.h"
#include "base/os.h"
#include "core/future.h"
#include "time/wheel.h"

typedef struct ant_clock ant_clock;

typedef enum ant_alarm_state {
    ANT_ALARM_IDLE,   // in no book
    ANT_ALARM_ARMED,  // will go off
    ANT_ALARM_FIRED,  // went off
    ANT_ALARM_CLOSED, // the clock ended first
} ant_alarm_state;

// One deadline. {0} is idle. It must not move while it is armed.
typedef struct ant_alarm {
    // under the clock's lock
    ant_timer timer; // its place in the wheel
    ant_waker waker;
    // the owner's, and while it is armed the clock's, under its lock
    ant_clock *clock; // whose book it is in
    uint64_t deadline_ns;
    uint32_t id;   // of the timer in the trace, 0 for none
    uint32_t task; // that armed it
    // any thread, atomic
    ant_atomic_u8 state; // ant_alarm_state
} ant_alarm;

// An alarm that is in no book; nothing is left out, as ANT__NEW_BASE says.
#define ANT_ALARM_NEW                                                          \
    {                                                                          \
        .timer = { .link = { NULL, NULL }, .tick = 0 }, .waker = { NULL },     \
        .clock = NULL, .deadline_ns = 0, .id = 0, .task = 0,                   \
        .state = ANT_ALARM_IDLE                                                \
    }

typedef struct ant_clock_ops {
    uint64_t (*now_ns)(ant_clock *clock);
    bool (*arm)(ant_clock *clock, ant_alarm *alarm, const ant_cx *cx);
    void (*move)(ant_clock *clock, ant_alarm *alarm, uint64_t deadline_ns);
    void (*disarm)(ant_clock *clock, ant_alarm *alarm);
} ant_clock_ops;

// The first member of every clock.
struct ant_clock {
    const ant_clock_ops *ops;
    uint64_t slack_ns; // lateness that still counts as being on time
};

// The clock of this poll. Without one there is nothing that could ever wake a
// sleeper, which is a programmer's error and traps.
ant_clock *ant_clock_of(const ant_cx *cx);

// The clock of the poll that this thread is in, NULL outside of a poll or when
// that has none: for constructors, which are given no context.
ant_clock *ant_clock_here(void);

static inline uint64_t ant_clock_now_ns(ant_clock *clock)
{
    return clock->ops->now_ns(clock);
}

// The same in a poll, which remembers it: to arm an alarm of this poll does not
// look again.
static inline uint64_t ant_clock_look(ant_clock *clock, ant_cx *cx)
{
    return cx->seen_ns = ant_clock_now_ns(clock);
}

// Asks for the task of `cx` to be woken at `deadline_ns`, and says whether that
// lies in the future: false means that the deadline has come, as far as this
// poll has seen, or that the clock has ended (see the alarm's state), and
// nobody will be woken. An alarm that is armed stays so, with its old deadline,
// and remembers the waker of this poll.
ANT_MUST_USE bool ant_clock_arm(ant_clock *clock, ant_alarm *alarm,
                                uint64_t deadline_ns, const ant_cx *cx);

// Gives an alarm that is armed another deadline; it keeps its waker. One that
// is not armed becomes idle.
void ant_clock_move(ant_alarm *alarm, uint64_t deadline_ns);

// Takes the alarm back, whatever its state; nothing of it stays in the clock
// and nobody is woken. It may be armed again.
void ant_clock_disarm(ant_alarm *alarm);

static inline ant_alarm_state ant_alarm_get_state(const ant_alarm *alarm)
{
    // acquire: pairs with the release in set_state() of time/timers.c, so that
    // who sees an alarm end also sees that the clock has let go of it.
    return (ant_alarm_state)ant_atomic_load(&alarm->state, ANT_ACQUIRE);
}

// So many nanoseconds are `ms` milliseconds, at most those until the end of
// time.
static inline uint64_t ant_clock_ns_of_ms(uint64_t ms)
{
    return ms < ANT_NS_NEVER / ANT_NS_PER_MS ? ms * ANT_NS_PER_MS
                                             : ANT_NS_NEVER;
}

// The moment `ns` after `now_ns`, or the end of time when that is sooner.
static inline uint64_t ant_clock_add(uint64_t now_ns, uint64_t ns)
{
    return ns < ANT_NS_NEVER - now_ns ? now_ns + ns : ANT_NS_NEVER;
}

#endif
