// SPDX-License-Identifier: MIT
//
// Tests of trace/merge: events of several threads come in one true order,
// whatever their clocks say. Threads run one after the other here; the clock
// says what the test wants.

#include "trace/merge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/os.h"
#include "support/recording.h"
#include "trace/trace.h"

// An event of task 1 at a time with a step; the text says who recorded it.
typedef struct moment {
    uint64_t t_ns;
    uint32_t step; // 0: a note, which has no step
} moment;

static void record_moments(void *arg)
{
    for (const moment *m = arg; m->t_ns != 0; m++) {
        recording_ns = m->t_ns;
        if (m->step != 0) {
            ANT_TRACE(wake, .task = 1, .seq = m->step % 128);
        } else {
            ANT_TRACE(note, .task = m->t_ns);
        }
    }
    ant_trace_thread_end();
}

// Records what one thread does, from its beginning to its end.
static void record(moment *moments)
{
    ant_os_thread thread;
    recording_ns = moments[0].t_ns;
    assert_int_equal(
        ant_os_thread_start(&thread, "recorder", record_moments, moments), 0);
    ant_os_thread_join(&thread);
}

// The steps have to come in this order, with times that never go back.
static void expect_steps(const uint32_t *steps, unsigned n)
{
    ant_reader *reader = recording_open();
    ant_event event;
    uint64_t last_ns = 0;
    unsigned got = 0;
    while (ant_reader_next(reader, &event)) {
        assert_true(event.t_ns >= last_ns);
        last_ns = event.t_ns;
        if (event.kind != ANT_EV_wake) continue;
        assert_true(got < n);
        assert_int_equal(ANT_EVENT_AS(wake, &event)->seq, steps[got] % 128);
        got++;
    }
    assert_int_equal(got, n);
    ant_reader_close(reader);
}

#define EXPECT_STEPS(...)                                                      \
    expect_steps((const uint32_t[]){ __VA_ARGS__ },                            \
                 sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static void goes_by_time(void **state)
{
    (void)state;
    record((moment[]){ { 10, 1 }, { 30, 3 }, { 0, 0 } });
    record((moment[]){ { 20, 2 }, { 40, 4 }, { 0, 0 } });
    EXPECT_STEPS(1, 2, 3, 4);
}

static void puts_a_late_step_into_its_place(void **state)
{
    (void)state;
    // The first thread took step 2 before the others went on, and was stopped.
    record((moment[]){ { 10, 1 }, { 90, 2 }, { 95, 5 }, { 0, 0 } });
    record((moment[]){ { 20, 3 }, { 30, 4 }, { 0, 0 } });
    EXPECT_STEPS(1, 2, 3, 4, 5);
}

static void finds_a_late_step_behind_other_events(void **state)
{
    (void)state;
    record((moment[]){ { 10, 1 }, { 80, 0 }, { 90, 2 }, { 0, 0 } });
    record((moment[]){ { 20, 3 }, { 0, 0 } });
    EXPECT_STEPS(1, 2, 3);
}

static void repairs_three_threads(void **state)
{
    (void)state;
    record((moment[]){ { 10, 1 }, { 90, 2 }, { 0, 0 } });
    record((moment[]){ { 20, 4 }, { 25, 6 }, { 0, 0 } });
    record((moment[]){ { 50, 3 }, { 60, 5 }, { 0, 0 } });
    EXPECT_STEPS(1, 2, 3, 4, 5, 6);
}

// A late step of one thread must not hold up what another one says about a
// lock: that has no steps, and only the clocks to go by.
static void leaves_the_order_of_the_others_alone(void **state)
{
    (void)state;
    record((moment[]){ { 10, 1 }, { 90, 2 }, { 0, 0 } });
    record((moment[]){ { 20, 3 }, { 30, 0 }, { 0, 0 } });
    record((moment[]){ { 40, 0 }, { 50, 0 }, { 0, 0 } });
    ant_reader *reader = recording_open();
    ant_event event;
    uint64_t last = 0;
    while (ant_reader_next(reader, &event)) {
        if (event.kind != ANT_EV_note) continue;
        assert_true(ANT_EVENT_AS(note, &event)->task > last);
        last = ANT_EVENT_AS(note, &event)->task;
        assert_int_equal(event.t_ns, last);
    }
    assert_int_equal(last, 50);
    ant_reader_close(reader);
}

static void goes_past_steps_that_are_missing(void **state)
{
    (void)state;
    record((moment[]){ { 10, 1 }, { 30, 5 }, { 0, 0 } });
    record((moment[]){ { 20, 3 }, { 40, 9 }, { 0, 0 } });
    EXPECT_STEPS(1, 3, 5, 9);
}

static void keeps_a_streams_order_against_all_reason(void **state)
{
    (void)state;
    record((moment[]){ { 10, 1 }, { 20, 4 }, { 30, 2 }, { 0, 0 } });
    record((moment[]){ { 15, 5 }, { 25, 3 }, { 0, 0 } });
    ant_reader *reader = recording_open();
    ant_event event;
    unsigned count = 0;
    while (ant_reader_next(reader, &event))
        count++;
    // Two lane_enter and five wakes: nothing is held back for ever.
    assert_int_equal(count, 7);
    ant_reader_close(reader);
}

static void counts_steps_past_128(void **state)
{
    (void)state;
    record((moment[]){ { 10, 127 }, { 50, 128 }, { 60, 130 }, { 0, 0 } });
    record((moment[]){ { 20, 129 }, { 0, 0 } });
    EXPECT_STEPS(127, 128, 129, 130);
}

// Step 130 looks like step 2, which is missing when step 3 is to come.
static void takes_no_step_of_the_next_round(void **state)
{
    (void)state;
    record((moment[]){ { 10, 1 }, { 50, 3 }, { 0, 0 } });
    record((moment[]){ { 500, 130 }, { 0, 0 } });
    record((moment[]){ { 60, 2 }, { 70, 4 }, { 0, 0 } });
    EXPECT_STEPS(1, 2, 3, 4, 130);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, recording_setup, recording_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(goes_by_time),
        TEST(puts_a_late_step_into_its_place),
        TEST(finds_a_late_step_behind_other_events),
        TEST(repairs_three_threads),
        TEST(leaves_the_order_of_the_others_alone),
        TEST(goes_past_steps_that_are_missing),
        TEST(keeps_a_streams_order_against_all_reason),
        TEST(counts_steps_past_128),
        TEST(takes_no_step_of_the_next_round),
    };
    return cmocka_run_group_tests_name("trace/merge", tests, NULL, NULL);
}
