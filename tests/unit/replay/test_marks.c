// SPDX-License-Identifier: MIT
//
// Tests of replay/marks: bookmarks beside a trace, and what else is in their
// file.

#include "replay/marks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/golden.h"
#include "support/trace_script.h"
#include "support/trace_story.h"

static ant_model *model;
static replay_marks marks;
static char path[300];

static int set_up(void **state)
{
    (void)state;
    model = story_open(script_story_join());
    snprintf(path, sizeof path, "%s.marks", model->path);
    return replay_marks_load(&marks, model);
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    story_close(model);
    return 0;
}

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void assert_file(const char *text)
{
    size_t len = 0;
    char *all = golden_read(path, &len);
    assert_non_null(all);
    assert_string_equal(all, text);
    free(all);
}

static void come_back_with_their_text(void **state)
{
    (void)state;
    assert_int_equal(replay_marks_put(&marks, 9, "late"), 0);
    assert_int_equal(replay_marks_put(&marks, 4, "early  and\nodd"), 0);
    replay_marks again;
    assert_int_equal(replay_marks_load(&again, model), 0);
    assert_int_equal(again.count, 2);
    assert_string_equal(again.mark[0].text, "early  and odd");
    assert_int_equal(again.mark[1].event, 9);
    assert_string_equal(replay_marks_at(&again, 9)->text, "late");
    assert_null(replay_marks_at(&again, 5));
}

static void stand_in_the_file_as_readable_lines(void **state)
{
    (void)state;
    assert_int_equal(replay_marks_put(&marks, 0, "the start"), 0);
    assert_file("event 0  step 1, 0.000 ms  the start\n");
}

static void lead_on_and_back(void **state)
{
    (void)state;
    assert_int_equal(replay_marks_put(&marks, 3, "a"), 0);
    assert_int_equal(replay_marks_put(&marks, 8, "b"), 0);
    assert_int_equal(replay_marks_next(&marks, 0, 1)->event, 3);
    assert_int_equal(replay_marks_next(&marks, 3, 1)->event, 8);
    assert_null(replay_marks_next(&marks, 8, 1));
    assert_int_equal(replay_marks_next(&marks, 8, -1)->event, 3);
    assert_null(replay_marks_next(&marks, 3, -1));
}

static void leave_what_somebody_else_wrote(void **state)
{
    (void)state;
    write_file("# notes for the class\nevent 5  x  mine\nevent five\n"
               "event 7\nno line end");
    assert_int_equal(replay_marks_load(&marks, model), 0);
    assert_int_equal(marks.count, 2);
    assert_string_equal(marks.mark[0].text, "mine");
    assert_string_equal(marks.mark[1].text, "");
    assert_int_equal(replay_marks_remove(&marks, 5), 0);
    assert_file("# notes for the class\nevent five\nevent 7\nno line end\n");
}

static void merge_with_what_has_been_added_meanwhile(void **state)
{
    (void)state;
    replay_marks other;
    assert_int_equal(replay_marks_load(&other, model), 0);
    assert_int_equal(replay_marks_put(&marks, 2, "here"), 0);
    assert_int_equal(replay_marks_put(&other, 6, "there"), 0);
    assert_int_equal(other.count, 2);
    assert_int_equal(replay_marks_put(&marks, 2, "better"), 0);
    assert_int_equal(marks.count, 2);
    assert_string_equal(marks.mark[0].text, "better");
}

static void of_another_recording_are_not_shown_and_not_lost(void **state)
{
    (void)state;
    write_file("event 999999  step 1, 0.000 ms  of a longer run\n");
    assert_int_equal(replay_marks_load(&marks, model), 0);
    assert_int_equal(marks.count, 0);
    assert_int_equal(replay_marks_put(&marks, 1, "x"), 0);
    assert_int_equal(marks.count, 1);
    size_t len = 0;
    char *all = golden_read(path, &len);
    assert_non_null(strstr(all, "of a longer run"));
    free(all);
}

static void say_so_when_they_cannot_be_written(void **state)
{
    (void)state;
    const char *before = model->path;
    model->path = "/proc/nobody/writes/here";
    assert_true(replay_marks_put(&marks, 1, "x") < 0);
    model->path = before;
    assert_true(replay_marks_put(&marks, model->event_count, "x") < 0);
}

static void have_a_bound(void **state)
{
    (void)state;
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (unsigned i = 0; i < REPLAY_MARK_MAX + 10; i++)
        fprintf(file, "event %u  s  text\n", i % model->event_count);
    fclose(file);
    assert_int_equal(replay_marks_load(&marks, model), 0);
    assert_int_equal(marks.count, REPLAY_MARK_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(come_back_with_their_text),
        TEST(stand_in_the_file_as_readable_lines),
        TEST(lead_on_and_back),
        TEST(leave_what_somebody_else_wrote),
        TEST(merge_with_what_has_been_added_meanwhile),
        TEST(of_another_recording_are_not_shown_and_not_lost),
        TEST(say_so_when_they_cannot_be_written),
        TEST(have_a_bound),
    };
    return cmocka_run_group_tests_name("marks", tests, NULL, NULL);
}
