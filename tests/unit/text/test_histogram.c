// SPDX-License-Identifier: MIT
//
// Tests of text/histogram and text/measure: how long things took.

#include "text/histogram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/trace_script.h"
#include "support/trace_story.h"
#include "text/measure.h"
#include "text/tally.h"

static void a_duration_belongs_to_the_class_it_reaches(void **state)
{
    (void)state;
    assert_int_equal(text_histogram_class(0), 0);
    assert_int_equal(text_histogram_class(9), 0);
    assert_int_equal(text_histogram_class(10), 1);
    assert_int_equal(text_histogram_class(19), 1);
    assert_int_equal(text_histogram_class(UINT64_MAX),
                     TEXT_HISTOGRAM_CLASSES - 1);
    for (unsigned i = 0; i < TEXT_HISTOGRAM_CLASSES; i++) {
        assert_int_equal(text_histogram_class(text_histogram_class_ns(i)), i);
    }
}

static void the_span_covers_all_that_was_counted(void **state)
{
    (void)state;
    text_histogram h = { 0 };
    unsigned first;
    unsigned last;
    uint64_t most;
    assert_false(text_histogram_span(&h, &first, &last, &most));
    text_histogram_add(&h, 15);
    text_histogram_add(&h, 16);
    text_histogram_add(&h, 700);
    assert_true(text_histogram_span(&h, &first, &last, &most));
    assert_int_equal(first, text_histogram_class(15));
    assert_int_equal(last, text_histogram_class(700));
    assert_int_equal(most, 2);
    assert_int_equal(h.sum_ns, 731);
}

static void a_percentile_is_never_more_than_the_longest(void **state)
{
    (void)state;
    text_histogram h = { 0 };
    assert_int_equal(text_histogram_percentile(&h, 99), 0);
    for (unsigned i = 0; i < 99; i++)
        text_histogram_add(&h, 100);
    text_histogram_add(&h, 1000000);
    assert_int_equal(text_histogram_percentile(&h, 50), 200);
    assert_int_equal(text_histogram_percentile(&h, 99), 200);
    assert_int_equal(text_histogram_percentile(&h, 100), 1000000);
}

// What `antfarm stat` counts from the events of the file.
static void count_events(const char *path, tally *t)
{
    ant_reader *reader = NULL;
    ant_reader_error error;
    assert_int_equal(ant_reader_open(path, &reader, &error), 0);
    text_tally_init(t);
    ant_event event;
    while (ant_reader_next(reader, &event))
        text_tally_event(t, &event);
    ant_reader_close(reader);
}

static void windows_and_commands_count_the_same(void **state)
{
    (void)state;
    const char *(*const story[])(
        void) = { script_story_join, script_story_mutex, script_story_steal,
                  script_story_deadlock };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(story); i++) {
        const char *path = story[i]();
        tally t;
        count_events(path, &t);
        ant_model *model = story_open(path);
        text_measure m;
        text_measure_init(&m);
        text_measure_run(&m, model);
        assert_memory_equal(&m.polls, &t.polls, sizeof(m.polls));
        assert_memory_equal(&m.ready, &t.ready, sizeof(m.ready));
        text_tally_deinit(&t);
        story_close(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_duration_belongs_to_the_class_it_reaches),
        cmocka_unit_test(the_span_covers_all_that_was_counted),
        cmocka_unit_test(a_percentile_is_never_more_than_the_longest),
        cmocka_unit_test(windows_and_commands_count_the_same),
    };
    return cmocka_run_group_tests_name("histogram", tests, NULL, NULL);
}
