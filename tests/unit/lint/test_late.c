// SPDX-License-Identifier: MIT
//
// What the machine took from the workers is not the program's mistake, and what
// the program did all the same is.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/os.h"
#include "lint/lint.h"
#include "model/late.h"
#include "support/trace_script.h"
#include "support/trace_story.h"

#define TEST(name) cmocka_unit_test_teardown(name, nothing_is_left)

static ant_model *model;
static lint_report report;

// The machine took so much of the time since `since_ms`; now is later.
static void late(uint64_t since_ms, uint64_t ms)
{
    ANT_TRACE(lane_late, .since = since_ms * ANT_NS_PER_MS,
              .ns = ms * ANT_NS_PER_MS);
}

static void lint_script(void)
{
    script_end();
    model = story_open(script_path());
    assert_int_equal(lint_run(model, NULL, &report), 0);
}

static void done(void)
{
    lint_report_free(&report);
    story_close(model);
}

static void expect_only(lint_id id, const char *text)
{
    assert_int_equal(report.count, 1);
    assert_string_equal(lint_table[report.finding[0].lint].name,
                        lint_table[id].name);
    assert_non_null(strstr(report.finding[0].text, text));
}

static void expect_nothing(void)
{
    assert_int_equal(report.count, 0);
}

// A poll from 0 to 20 ms, of which the machine took `ms`.
static void long_poll(uint64_t ms)
{
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "work", 5);
    script_poll(1, ANT_QUEUE_INJECT);
    script_at(20000);
    late(0, ms);
    script_sleep(1, 1, 20);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_pass(20);
    script_fire(1, 1);
    script_poll_ready(1, ANT_QUEUE_LOCAL);
    lint_script();
}

static void a_poll_is_as_long_as_it_had_a_processor(void **state)
{
    (void)state;
    long_poll(11);
    expect_nothing();
    done();
    long_poll(9);
    expect_only(LINT_LONG_POLL, "took 11 ms");
    expect_only(LINT_LONG_POLL, "; the machine ran others for another 9 ms");
    done();
}

static void what_was_lost_before_a_poll_excuses_nothing(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "work", 5);
    script_at(20000);
    late(0, 19);
    script_poll(1, ANT_QUEUE_INJECT);
    script_pass(15000);
    script_poll_end(1, ANT_RESULT_READY);
    script_task_end(1, ANT_RESULT_READY);
    lint_script();
    expect_only(LINT_NEVER_YIELDED, "ran for 15 ms");
    done();
}

static void a_stretch_is_shared_by_what_lies_in_it(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "work", 5);
    script_at(10000);
    late(0, 4);
    script_on(1);
    script_at(30000);
    late(10, 6);
    script_at(40000);
    ANT_TRACE(note, .task = 0);
    script_end();
    model = story_open(script_path());
    const uint32_t end = model->event_count - 1;
    const uint32_t first = story_event(model, ANT_EV_lane_late, 0);
    const uint32_t second = story_event(model, ANT_EV_lane_late, 1);
    const uint32_t here = model->lane[first];
    const uint32_t there = model->lane[second];
    const uint64_t ms = ANT_NS_PER_MS;
    assert_int_equal(model_late_ns(model, here, 0, end), 4 * ms);
    assert_int_equal(model_late_ns(model, there, 0, end), 6 * ms);
    assert_int_equal(model_late_ns(model, there, 0, MODEL_NONE), 6 * ms);
    assert_int_equal(model_late_ns(model, there, 0, first), 0);
    assert_int_equal(model_late_ns(model, here, first, end), 0);
    assert_int_equal(model_late_of_kind(model, ANT_LANE_WORKER, 0, end),
                     10 * ms);
    assert_int_equal(model_late_of_kind(model, ANT_LANE_BLOCKING, 0, end), 0);
    story_close(model);
}

// Ready from 0 ms on, polled at 20 ms by the other worker.
static void long_wait(uint64_t late_ms)
{
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "work", 5);
    script_push(1, ANT_QUEUE_INJECT);
    script_on(1);
    script_at(20000);
    late(0, late_ms);
    script_poll_ready(1, ANT_QUEUE_INJECT);
    lint_script();
}

static void a_task_waits_for_the_machine_or_for_the_program(void **state)
{
    (void)state;
    long_wait(16);
    expect_nothing();
    done();
    long_wait(3);
    expect_only(LINT_WAKE_TO_POLL, "could run for 17 ms");
    done();
}

// The thread sleeps for 20 ms, then the machine lets it wait for 9 more.
static void a_call_that_blocks_is_told_on_any_machine(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "work", 5);
    script_poll(1, ANT_QUEUE_INJECT);
    ANT_TRACE(block_begin, .task = 1, .what = ANT_BLOCK_SLEEP, .line = 7);
    script_at(29000);
    late(0, 9);
    ANT_TRACE(block_end, .task = 1, .what = ANT_BLOCK_SLEEP);
    script_poll_end(1, ANT_RESULT_READY);
    script_task_end(1, ANT_RESULT_READY);
    lint_script();
    expect_only(LINT_BLOCKED_WORKER, "blocks in a sleep for 20 ms");
    done();
}

// Who keeps a thread mutex had no processor: on worker 1.
static void a_lock_is_kept_by_whom_the_machine_let_wait(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "work", 5);
    script_res(1, ANT_RES_THREAD_MUTEX, "data", 6);
    script_poll(1, ANT_QUEUE_INJECT);
    ANT_TRACE(block_begin, .task = 1, .what = ANT_BLOCK_MUTEX, .res = 1);
    script_on(1);
    script_at(20000);
    late(0, 15);
    script_on(0);
    ANT_TRACE(block_end, .task = 1, .what = ANT_BLOCK_MUTEX, .res = 1);
    script_poll_end(1, ANT_RESULT_READY);
    script_task_end(1, ANT_RESULT_READY);
    lint_script();
    assert_int_equal(report.of_lint[LINT_BLOCKED_WORKER], 0);
    done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_poll_is_as_long_as_it_had_a_processor),
        TEST(what_was_lost_before_a_poll_excuses_nothing),
        TEST(a_stretch_is_shared_by_what_lies_in_it),
        TEST(a_task_waits_for_the_machine_or_for_the_program),
        TEST(a_call_that_blocks_is_told_on_any_machine),
        TEST(a_lock_is_kept_by_whom_the_machine_let_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
