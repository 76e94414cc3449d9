// SPDX-License-Identifier: MIT
//
// The lints in a thread of their own: the same findings, and an end at once.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lint/job.h"
#include "support/trace_script.h"
#include "support/trace_story.h"

static void finds_what_the_lints_find(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_deadlock());
    lint_job job = { 0 };
    lint_report report;
    lint_report expected;
    assert_false(lint_job_take(&job, &report));
    assert_int_equal(lint_run(model, NULL, &expected), 0);
    assert_int_equal(lint_job_start(&job, model), 0);
    while (!lint_job_take(&job, &report)) // ends when the job does
        ant_os_yield();
    assert_int_equal(report.count, expected.count);
    for (uint32_t i = 0; i < report.count; i++) {
        assert_string_equal(report.finding[i].text, expected.finding[i].text);
        assert_int_equal(report.finding[i].event, expected.finding[i].event);
    }
    assert_false(lint_job_take(&job, &report)); // once
    lint_job_stop(&job);
    lint_report_free(&report);
    lint_report_free(&expected);
    story_close(model);
}

static void stops_in_the_middle(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_busy(20000));
    lint_job job = { 0 };
    assert_int_equal(lint_job_start(&job, model), 0);
    lint_job_stop(&job);
    lint_job_stop(&job); // once more does nothing
    assert_false(job.is_on);
    story_close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(finds_what_the_lints_find, nothing_is_left),
        cmocka_unit_test_teardown(stops_in_the_middle, nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
