// SPDX-License-Identifier: MIT
//
// The lints on traces written by hand: those that need real time, limits, and
// the order of findings. Programs for the others are in tests/lint.

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lint/lint.h"
#include "support/trace_script.h"
#include "support/trace_story.h"

#define TEST(name) cmocka_unit_test_teardown(name, nothing_is_left)

static ant_model *model;
static lint_report report;

static void lint(const char *path, const lint_limits *limits)
{
    model = story_open(path);
    assert_int_equal(lint_run(model, limits, &report), 0);
}

static void lint_script(void)
{
    script_end();
    lint(script_path(), NULL);
}

static void done(void)
{
    lint_report_free(&report);
    story_close(model);
}

// Exactly one finding, of this lint.
static const lint_finding *only(lint_id id)
{
    assert_int_equal(report.count, 1);
    assert_string_equal(lint_table[report.finding[0].lint].name,
                        lint_table[id].name);
    assert_int_equal(report.of_lint[id], 1);
    return &report.finding[0];
}

// One task that is polled twice; the first poll takes `ms`.
static void two_polls(uint64_t ms)
{
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "work", 5);
    script_poll(1, ANT_QUEUE_INJECT);
    script_pass(ms * 1000);
    script_sleep(1, 1, 20);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_pass(20);
    script_fire(1, 1);
    script_poll_ready(1, ANT_QUEUE_LOCAL);
}

static void a_long_poll_is_told(void **state)
{
    (void)state;
    two_polls(12);
    lint_script();
    const lint_finding *found = only(LINT_LONG_POLL);
    assert_int_equal(found->task, 1);
    assert_true(found->amount > 11.9 && found->amount < 12.1);
    assert_int_equal(found->event, story_event(model, ANT_EV_poll_begin, 0));
    assert_non_null(strstr(found->text, "one poll of 1 work took 12 ms"));
    done();
}

static void a_poll_below_the_limit_is_not_told(void **state)
{
    (void)state;
    two_polls(9);
    lint_script();
    assert_int_equal(report.count, 0);
    done();
}

static void a_task_of_one_long_poll_never_yielded(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "work", 5);
    script_poll(1, ANT_QUEUE_INJECT);
    script_pass(15000);
    script_poll_end(1, ANT_RESULT_READY);
    script_task_end(1, ANT_RESULT_READY);
    lint_script();
    only(LINT_NEVER_YIELDED);
    done();
}

// Who waits behind a poll that is a finding itself is not told again.
static void what_a_finding_explains_is_not_told_twice(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "work", 5);
    script_spawn(2, 0, "victim", 6);
    script_push(1, ANT_QUEUE_LOCAL);
    script_push(2, ANT_QUEUE_LOCAL);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_pass(15000);
    script_sleep(1, 1, 20);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_poll_ready(2, ANT_QUEUE_LOCAL);
    lint_script();
    only(LINT_LONG_POLL);
    done();
}

static void a_thread_of_the_pool_may_take_long(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    ANT_TRACE(task_spawn, .task = 1, .seq = 1, .kind = ANT_TASK_BLOCKING,
              .name = ant_trace_string("job"));
    script_poll(1, ANT_QUEUE_BLOCKING);
    script_pass(500000);
    script_poll_end(1, ANT_RESULT_READY);
    script_task_end(1, ANT_RESULT_READY);
    lint_script();
    assert_int_equal(report.count, 0);
    done();
}

static void good_stories_are_clean(void **state)
{
    (void)state;
    lint(script_story_join(), NULL);
    assert_int_equal(report.count, 0);
    done();
    lint(script_story_mutex(), NULL);
    assert_int_equal(report.count, 0);
    done();
    lint(script_story_steal(), NULL);
    assert_int_equal(report.count, 0);
    done();
}

static void a_deadlock_says_why_and_when(void **state)
{
    (void)state;
    lint(script_story_deadlock(), NULL);
    const lint_finding *found = only(LINT_DEADLOCK);
    assert_int_equal(model->kind[found->event], ANT_EV_poll_end);
    assert_string_equal(found->text,
                        "2 right waits for mutex `a`, held by 1 left since "
                        "0.000 ms (line 31); 1 left waits for mutex `b`, held "
                        "by 2 right: deadlock");
    assert_true(found->amount > 1.9 && found->amount < 2.1);
    done();
}

static void a_stall_without_locks_is_told_once(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_res(1, ANT_RES_MPSC, "mail", 1);
    for (uint32_t task = 1; task <= 2; task++) {
        script_spawn(task, 0, "reader", task);
        script_poll(task, ANT_QUEUE_LOCAL);
        script_wait(1, task, task);
        script_poll_end(task, ANT_RESULT_PENDING);
    }
    ANT_TRACE(stall, .waiting = 2);
    lint_script();
    const lint_finding *found = only(LINT_NOBODY_LEFT);
    assert_non_null(strstr(found->text, "nobody is left to wake it"));
    done();
}

static void an_empty_trace_has_no_findings(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    lint_script();
    assert_int_equal(report.count, 0);
    done();
}

// ---- Limits ----

static void limits_can_be_changed_and_switched_off(void **state)
{
    (void)state;
    lint_limits limits;
    unsigned line = 0;
    lint_limits_init(&limits);
    assert_int_equal(lint_limits_read("# ours\n"
                                      "long-poll 5 ms # stricter\n"
                                      "\n"
                                      "  self-wakes\t75\n"
                                      "deadlock-cycle off",
                                      &limits, &line),
                     0);
    assert_true(limits.least[LINT_LONG_POLL] < 5.1);
    assert_true(limits.least[LINT_SELF_WAKES] > 74.9);
    assert_true(isinf(limits.least[LINT_DEADLOCK]));
    assert_true(limits.least[LINT_WAKE_TO_POLL] < 5.1);

    two_polls(9);
    script_end();
    lint(script_path(), &limits);
    only(LINT_LONG_POLL);
    done();
    lint(script_story_deadlock(), &limits);
    assert_int_equal(report.count, 0);
    done();
}

static void a_bad_limit_is_told_by_its_line(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "long-poll 5\nlong-pole 5",   "long-poll 5\nlong-poll",
        "long-poll 5\nlong-poll x",   "long-poll 5\nlong-poll -1",
        "long-poll 5\nlong-poll 5 %", "long-poll 5\nlong-poll 5 ms 6",
        "long-poll 5\nlong-poll 0",   "long-poll 5\nlong-poll nan",
    };
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        lint_limits limits;
        unsigned line = 0;
        lint_limits_init(&limits);
        assert_true(lint_limits_read(bad[i], &limits, &line) < 0);
        assert_int_equal(line, 2);
        assert_true(limits.least[LINT_LONG_POLL] > 9.9); // unchanged
    }
}

static void the_worst_comes_first(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_res(1, ANT_RES_MUTEX, "a", 1);
    for (uint32_t task = 1; task <= 2; task++) {
        script_spawn(task, 0, "work", 5 + task);
        script_poll(task, ANT_QUEUE_INJECT);
        script_pass(20000 * task);
        script_sleep(task, task, 20);
        script_poll_end(task, ANT_RESULT_PENDING);
    }
    script_spawn(3, 0, "twice", 9);
    script_poll(3, ANT_QUEUE_INJECT);
    script_acquire(1, 3, 7);
    script_wait(1, 3, 1);
    script_poll_end(3, ANT_RESULT_PENDING);
    lint_script();
    assert_int_equal(report.count, 3);
    assert_int_equal(report.finding[0].lint, LINT_DEADLOCK);
    assert_int_equal(report.finding[1].task, 2);
    assert_int_equal(report.finding[2].task, 1);
    done();
}

static void every_lint_is_found_by_its_name(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LINT_COUNT; i++)
        assert_int_equal(lint_find(lint_table[i].name), i);
    assert_int_equal(lint_find("no-such-lint"), LINT_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_long_poll_is_told),
        TEST(a_poll_below_the_limit_is_not_told),
        TEST(a_task_of_one_long_poll_never_yielded),
        TEST(what_a_finding_explains_is_not_told_twice),
        TEST(a_thread_of_the_pool_may_take_long),
        TEST(good_stories_are_clean),
        TEST(a_deadlock_says_why_and_when),
        TEST(a_stall_without_locks_is_told_once),
        TEST(an_empty_trace_has_no_findings),
        TEST(limits_can_be_changed_and_switched_off),
        TEST(a_bad_limit_is_told_by_its_line),
        TEST(the_worst_comes_first),
        TEST(every_lint_is_found_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
