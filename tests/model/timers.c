// SPDX-License-Identifier: MIT
//
// Every order of workers that arm alarms, take back what another armed, let
// them go off, and fall asleep: nobody sleeps longer than until the earliest
// alarm, an alarm is touched no more once it was taken back, and each waker is
// used at most once. Who falls asleep does as the reactor does.

#include <string.h>

#include "model/explore.h"
#include "time/timers.h"
#include "trace/trace.h"

#define MS ANT_NS_PER_MS

static ant_timers timers;
static uint64_t now;
static ant_atomic_u8 is_asleep;
static bool is_interrupted;
static unsigned refs; // of wakers
static unsigned wakes;
static ant_alarm alarm[2];
static unsigned busy; // threads that will do something yet

// ---- What the timers stand on ----

ant_atomic_u8 ant__trace_level;

void ant__trace_put(ant_event_kind kind, const uint64_t *field, unsigned n)
{
    (void)kind, (void)field, (void)n;
}

uint32_t ant_trace_id_timer(void)
{
    return 0;
}

uint64_t ant_os_now_ns(void)
{
    return now;
}

static void on_clone(ant_wakeable *self)
{
    (void)self;
    refs++;
}

static void on_wake(ant_wakeable *self, ant_why why)
{
    (void)self, (void)why;
    wakes++;
}

static void on_drop(ant_wakeable *self)
{
    (void)self;
    refs--;
}

static const ant_waker_ops waker_ops = { on_clone, on_wake, on_drop, NULL };
static ant_wakeable wakeable = { &waker_ops };

// ---- What a worker does ----

static bool arm(ant_alarm *which, uint64_t deadline_ms)
{
    const ant_cx cx = { .waker = { &wakeable } };
    which->clock = &timers.clock;
    which->deadline_ns = deadline_ms * MS;
    return timers.clock.ops->arm(&timers.clock, which, &cx);
}

// The future of the alarm is dropped: its memory is another's from here on.
static void drop(ant_alarm *which)
{
    if (ant_alarm_get_state(which) == ANT_ALARM_ARMED)
        which->clock->ops->disarm(which->clock, which);
    memset(which, 0xA5, sizeof *which);
}

// As timer_changed of reactor/reactor.c: whoever waits looks again.
static void on_earlier(void *arg)
{
    (void)arg;
    if (ant_atomic_load(&is_asleep, ANT_SEQ_CST) != 0) is_interrupted = true;
}

// As drive of reactor/reactor.c: returns until when it sleeps.
static uint64_t fall_asleep(void)
{
    ant_atomic_store(&is_asleep, 1, ANT_SEQ_CST);
    return ant_timers_next_ns(&timers);
}

// Who sleeps until 5 ms wakes up when those have passed, which is when nobody
// else has anything to do.
static bool may_go(const void *arg)
{
    const uint64_t until_ns = *(const uint64_t *)arg;
    return is_interrupted || (until_ns < 10 * MS && busy == 0);
}

// Nothing but the alarm at 10 ms will be left, and that is waited for.
static void sleeps_until_10(void)
{
    for (;;) { // ends when it knows of that alarm
        uint64_t until_ns = fall_asleep();
        if (until_ns == 10 * MS) return;
        explore_wait(may_go, &until_ns);
        is_asleep = 0;
        is_interrupted = false;
    }
}

static void arms_for_10(void)
{
    if (!arm(&alarm[1], 10)) explore_fail("10 ms have not passed");
    busy--;
}

static void drops_5(void)
{
    drop(&alarm[0]);
    busy--;
}

static void drops_5_and_arms_for_10(void)
{
    drop(&alarm[0]);
    arms_for_10();
}

static void lets_go_off(void)
{
    (void)ant_timers_fire(&timers);
}

static void moves_5_to_10(void)
{
    ant_clock *clock = alarm[0].clock;
    if (ant_alarm_get_state(&alarm[0]) == ANT_ALARM_ARMED)
        clock->ops->move(clock, &alarm[0], 10 * MS);
}

// ---- Scenarios ----

// The first alarm is at `first_ms`.
static void set_up_with(uint64_t first_ms, unsigned how_busy)
{
    now = MS; // the wheel's ticks are whole milliseconds
    ant_timers_init(&timers, &(ant_timers_desc){ .on_earlier = on_earlier });
    memset(alarm, 0, sizeof alarm);
    is_asleep = 0;
    is_interrupted = false;
    busy = how_busy;
    refs = wakes = 0;
    if (!arm(&alarm[0], first_ms)) explore_fail("it has passed already");
}

static void set_up_20(void)
{
    set_up_with(20, 1);
}

static void set_up_5(void)
{
    set_up_with(5, 1);
}

static void set_up_two(void)
{
    set_up_with(5, 2);
}

static void set_up_due(void)
{
    set_up_with(5, 1);
    now = 7 * MS;
}

static void check_armed(void)
{
    EXPLORE_EXPECT(alarm[1].state == ANT_ALARM_ARMED);
    EXPLORE_EXPECT(ant_timers_next_ns(&timers) == 10 * MS);
    EXPLORE_EXPECT(wakes == 0);
}

// Dropped or gone off: in both cases nobody has the waker any more.
static void check_gone(void)
{
    EXPLORE_EXPECT(refs == 0);
    EXPLORE_EXPECT(wakes <= 1);
    EXPLORE_EXPECT(ant_timers_count(&timers) == 0);
    EXPLORE_EXPECT(ant_timers_next_ns(&timers) == ANT_NS_NEVER);
}

static void check_moved(void)
{
    if (alarm[0].state == ANT_ALARM_ARMED) {
        EXPLORE_EXPECT(wakes == 0);
        EXPLORE_EXPECT(ant_timers_next_ns(&timers) == 10 * MS);
        now = 10 * MS;
        lets_go_off();
    }
    EXPLORE_EXPECT(alarm[0].state == ANT_ALARM_FIRED);
    EXPLORE_EXPECT(wakes == 1);
    check_gone();
}

int main(int argc, char **argv)
{
    const explore_scenario scenarios[] = {
        { .name = "timers: an earlier alarm while one falls asleep",
          .set_up = set_up_20,
          .check = check_armed,
          .threads = { sleeps_until_10, arms_for_10 },
          .preemptions_max = 6 },
        { .name = "timers: one is taken back and one armed meanwhile",
          .set_up = set_up_5,
          .check = check_armed,
          .threads = { sleeps_until_10, drops_5_and_arms_for_10 },
          .preemptions_max = 4 },
        { .name = "timers: two workers do that",
          .set_up = set_up_two,
          .check = check_armed,
          .threads = { sleeps_until_10, drops_5, arms_for_10 },
          .preemptions_max = 3 },
        { .name = "timers: dropped elsewhere while two let it go off",
          .set_up = set_up_due,
          .check = check_gone,
          .threads = { lets_go_off, lets_go_off, drops_5 },
          .preemptions_max = 3 },
        { .name = "timers: moved elsewhere while it goes off",
          .set_up = set_up_due,
          .check = check_moved,
          .threads = { lets_go_off, moves_5_to_10 },
          .preemptions_max = 4 },
    };
    return explore_main(scenarios, ANT_ARRAY_LEN(scenarios), argc, argv);
}
