// SPDX-License-Identifier: MIT
//
// A teacher in front of a class: votes, what stays hidden, what the notes say.

#include "app/teach.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/lesson_rig.h"

static lesson_rig rig;
static app_learner learner;
static app_teach teach;
static session_question question;
static ant_arena arena;
static char *notes;
static size_t notes_len;
static FILE *paper;
static char data[300];

static int setup(void **state)
{
    (void)state;
    rig_init(&rig);
    rig_open(&rig);
    snprintf(data, sizeof data, "%s/data", rig.folder);
    setenv("XDG_DATA_HOME", data, 1);
    learner = (app_learner){ .lesson = rig.lesson, .stage = rig.stage };
    learner.room.course = rig.course;
    learner.show = (lesson_show){ .course = rig.course,
                                  .stage = &learner.stage,
                                  .problems = &rig.problems };
    assert_int_equal(lesson_progress_open(&learner.progress), 0);
    paper = open_memstream(&notes, &notes_len);
    assert_non_null(paper);
    app_teach_begin(&teach, &learner, paper);
    arena = (ant_arena){ 0 };
    assert_true(lesson_session_question_of(
        &learner.stage, lesson_item_of(rig.lesson, LESSON_PREDICT, 0), &arena,
        &question, &rig.problems));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    char path[400];
    fclose(paper);
    free(notes);
    ant_arena_deinit(&arena);
    lesson_progress_close(&learner.progress);
    rig.stage = learner.stage;
    static const char *const left[] = { "/antfarm/answers.csv", "/antfarm",
                                        "" };
    for (size_t i = 0; i < ANT_ARRAY_LEN(left); i++) {
        snprintf(path, sizeof path, "%s%s", data, left[i]);
        (void)remove(path);
    }
    rig_deinit(&rig);
    return 0;
}

static void press(const char *keys)
{
    for (; *keys != '\0'; keys++) {
        const bool is_tab = *keys == '\t';
        const ui_key_press one = { is_tab ? UI_KEY_TAB : (uint16_t)*keys, 0 };
        assert_true(app_teach_key(&teach, one));
    }
}

static const char *votes_of(uint32_t option)
{
    static char text[40];
    app_teach_votes(&teach, option, text, sizeof text);
    return text;
}

static const char *written(void)
{
    fflush(paper);
    return notes;
}

static void hands_are_counted_before_and_after_the_discussion(void **state)
{
    (void)state;
    app_teach_page(&teach, 2, &question);
    assert_string_equal(votes_of(0), "");
    press("12a9bb");
    assert_string_equal(votes_of(0), "12");
    assert_string_equal(votes_of(1), "10");
    press("\t3a");
    assert_string_equal(votes_of(0), "12, then 3");
    assert_string_equal(votes_of(2), "0, then 0");
    press("\b");
    assert_string_equal(votes_of(0), "12");
}

static void the_answer_stays_hidden_until_it_is_shown(void **state)
{
    (void)state;
    app_teach_page(&teach, 2, &question);
    assert_true(app_teach_is_open(&teach));
    app_teach_show(&teach);
    assert_false(app_teach_is_open(&teach));
    app_teach_page(&teach, 3, NULL);
    assert_int_equal(app_teach_back(&teach), 2);
    app_teach_page(&teach, 2, &question);
    assert_false(app_teach_is_open(&teach));
}

static void the_notes_say_what_the_class_does_not_see(void **state)
{
    (void)state;
    assert_non_null(strstr(written(), "Ask.\n"));
    assert_null(strstr(written(), "(right)"));
    app_teach_page(&teach, 2, &question);
    assert_non_null(strstr(written(), "After 100 ms (right)"));
    assert_non_null(strstr(written(), "After 101 ms: Sleep is work."));
    assert_non_null(strstr(written(), "Why: It sleeps."));
}

static void b_votes_in_a_question_and_blanks_elsewhere(void **state)
{
    (void)state;
    app_teach_page(&teach, 2, &question);
    press("b");
    assert_false(teach.is_blank);
    press(".");
    assert_true(teach.is_blank);
    press("B");
    assert_false(teach.is_blank);
    app_teach_page(&teach, 3, NULL);
    press("b");
    assert_true(teach.is_blank);
}

static void votes_are_written_down_when_the_answer_is_shown(void **state)
{
    (void)state;
    app_teach_page(&teach, 2, &question);
    press("2a\t5c");
    app_teach_show(&teach);
    char path[400];
    int err = 0;
    snprintf(path, sizeof path, "%s/antfarm/answers.csv", data);
    const char *csv = lesson_file_read(path, &arena, &err);
    assert_non_null(csv);
    assert_non_null(strstr(csv, ",naps,end,\""));
    assert_non_null(strstr(csv, "\",before: 2,"));
    assert_non_null(strstr(csv, "\",after: 5,"));
}

static void the_way_back_ends_at_the_first_page(void **state)
{
    (void)state;
    app_teach_page(&teach, 0, NULL);
    assert_int_equal(app_teach_back(&teach), UINT32_MAX);
    app_teach_page(&teach, 4, NULL);
    assert_int_equal(app_teach_back(&teach), 0);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(hands_are_counted_before_and_after_the_discussion),
        TEST(the_answer_stays_hidden_until_it_is_shown),
        TEST(the_notes_say_what_the_class_does_not_see),
        TEST(b_votes_in_a_question_and_blanks_elsewhere),
        TEST(votes_are_written_down_when_the_answer_is_shown),
        TEST(the_way_back_ends_at_the_first_page),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
