// SPDX-License-Identifier: MIT
//
// Every refusal of `antfarm course check`: a lesson with nothing to refuse gets
// one defect, and the check that is for it says so.

#include "lesson/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "lesson/queries.h"
#include "support/lesson_rig.h"

static lesson_rig rig;

static void read_it(void)
{
    rig_open(&rig);
    lesson_check_course(rig.course, &rig.problems);
    lesson_check_text(rig.course, rig.lesson, &rig.problems);
}

static void run_it(void)
{
    rig_open(&rig);
    lesson_check_runs(&rig.stage, &rig.problems);
}

static void judge_it(void)
{
    rig_open(&rig);
    lesson_check_exercise(&rig.stage, &rig.problems);
}

// A defect that is seen by reading.
typedef struct planted {
    const char *file;
    const char *from;
    const char *to;
    const char *says;
} planted;

static const planted defects[] = {
    // The page.
    { "lesson.md", "A nap of", "A <b>nap</b> of", "raw HTML" },
    { "lesson.md", "![A nap]", "![]", "a picture without words" },
    { "lesson.md", "```teacher\nAsk.\n```\n", "```teacher\nAsk.\n",
      "this block has no end" },
    { "lesson.md", "---\ntitle", "title", "without its head" },
    { "lesson.md", "```break-it", "```brake-it", "there is no block" },
    { "lesson.md", "why: It sleeps.", "because: It sleeps.",
      "predict has no key because" },
    { "lesson.md", "why: It sleeps.", "", "predict has no why" },
    { "lesson.md", "why: It sleeps.", "It sleeps.",
      "this is no \"key: value\"" },
    { "lesson.md", "minutes: 10", "minutes: ten", "minutes: is a number" },
    { "lesson.md", "title: One nap\n", "", "the head has no title" },
    { "lesson.md", "program: nap.c", "program: nap", "ends in .c" },
    { "lesson.md", "One nap", "One nap that has a name longer than a line",
      "at most 38 fit" },
    // What it has to have.
    { "lesson.md", "```hint\nDo.\n```\n", "", "2 hints" },
    { "lesson.md", "```teacher\nAsk.\n```\n", "", "no notes for who teaches" },
    { "lesson.md", "![A nap](nap.png)", "", "no picture" },
    { "lesson.md", "```rust", "```text", "the same in Tokio is missing" },
    { "lesson.md", "```break-it\ndo: Sleep less.\nsee: It ends earlier.\n```",
      "", "nothing to break" },
    { "lesson.md",
      "```step\nat: timer_fire\nsay: It is {t(timer_fire)} ms.\n```", "",
      "0 steps" },
    // Questions.
    { "lesson.md", "wrong: {count(timer_fire)} -> MC01\n", "",
      "1 wrong options" },
    { "lesson.md", "{end()} -> MC01", "{end()}", "without a belief" },
    { "lesson.md", "{end()} -> MC01", "{end()} -> MC99", "no such belief" },
    { "lesson.md", "breaks: MC01", "breaks: MC77", "has no belief MC77" },
    { "lesson.md", "breaks: MC01", "breaks: none", "does not name it" },
    { "lesson.md", "kind: choice", "kind: guess", "there is no kind guess" },
    { "lesson.md", "```predict end", "```predict", "without a name" },
    { "lesson.md", "Look.", "Look at line 12.", "a line number goes stale" },
    { "lesson.md", "say: It", "say: In lines 3 and 4 it",
      "a line number goes stale" },
    { "lesson.md", "answer: After {end()} ms", "answer: After 100 ms",
      "a number that was typed in goes stale" },
    { "lesson.md", "Look.", "Look at the red bar.", "red is only a colour" },
    { "lesson.md", "why: It sleeps.", "why: The grey part.",
      "grey is only a colour" },
    // Its programs.
    { "lesson.md", "show: nap.c#nap", "show: nap.c#sleep", "shows nothing" },
    { "lesson.md", "program: nap.c", "program: nip.c", "there is no nip.c" },
    // The course.
    { "../course.md", "minutes: 12", "minutes: 9", "its lessons take 10" },
    { "../course.md", "naps later", "later", "no part has the lesson naps" },
    { "../course.md", "MC01: Sleep is work.\n",
      "MC01: Sleep is work.\nMC02: Nobody believes it.\n",
      "no lesson breaks MC02" },
    { "lesson.md", "part: A", "part: B", "course.md has it in part A" },
    { "lesson.md", "part: A", "part: A\nneeds: naps",
      "needs this lesson, too" },
    { "lesson.md", "part: A", "part: A\nneeds: nips",
      "there is no lesson nips" },
};

static void a_good_lesson_is_not_refused(void **state)
{
    (void)state;
    read_it();
    rig_expect_none(&rig);
    char *answers = lesson_answers(&rig.stage, &rig.problems);
    assert_non_null(answers);
    rig_write(&rig, "answers.lock", answers);
    ant_mem_free(answers);
    assert_int_equal(lesson_ship(&rig.stage, &rig.problems), 0);
    lesson_check_lesson(rig.course, &rig.stage, &rig.problems);
    rig_expect_none(&rig);
}

static void what_reading_shows_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ANT_ARRAY_LEN(defects); i++) {
        if (i > 0) rig_init(&rig);
        rig_plant(&rig, defects[i].file, defects[i].from, defects[i].to);
        read_it();
        rig_expect(&rig, defects[i].says);
        if (i + 1 < ANT_ARRAY_LEN(defects)) rig_deinit(&rig);
    }
}

static void what_is_too_long_is_refused(void **state)
{
    (void)state;
    char words[1200] = "";
    for (int i = 0; i < 401; i++)
        (void)snprintf(words + 2 * i, 3, "a ");
    rig_plant(&rig, "lesson.md", "A nap of", words);
    char lines[200] = "";
    for (int i = 0; i < 121; i++)
        (void)snprintf(lines + i, 2, "\n");
    rig_plant(&rig, "nap.c", "#include", lines);
    read_it();
    rig_expect(&rig, "at most 400 are read");
    rig_expect(&rig, "has at most 120");
}

static void too_many_steps_and_questions_are_refused(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        rig_plant(&rig, "lesson.md", "```step",
                  "```step\nat: timer_fire\nsay: Look.\n```\n\n```step");
        rig_plant(&rig, "lesson.md", "```predict end",
                  "```predict more\nkind: order\nask: ?\nanswer: "
                  "{order(at of park)}\nwhy: .\n```\n\n```predict end");
    }
    read_it();
    rig_expect(&rig, "9 steps");
    rig_expect(&rig, "10 predictions");
}

static void one_program_may_run_in_several_ways(void **state)
{
    (void)state;
    rig_plant(&rig, "lesson.md", "```break-it",
              "```run\nprogram: nap.c\nas: crowded\nworkers: 3\n```\n\n"
              "{workers()} workers, not {nap: workers()}.\n\n```break-it");
    run_it();
    rig_expect_none(&rig);
    char *answers = lesson_answers(&rig.stage, &rig.problems);
    assert_non_null(answers);
    const char *crowded = strstr(answers, "\"program\": \"crowded\"");
    assert_non_null(crowded);
    assert_non_null(strstr(crowded, "\"answer\": \"3\""));
    const char *nap = strstr(crowded, "\"program\": \"nap\"");
    assert_non_null(nap);
    assert_non_null(strstr(nap, "\"answer\": \"1\""));
    ant_mem_free(answers);
}

static void a_query_that_cannot_be_read_is_refused(void **state)
{
    (void)state;
    rig_plant(&rig, "lesson.md", "{t(timer_fire)}", "{t(timer_fires)}");
    run_it();
    rig_expect(&rig, "there is no event timer_fires");
}

static void a_query_without_an_answer_is_refused(void **state)
{
    (void)state;
    rig_plant(&rig, "lesson.md", "{t(timer_fire)}", "{t(timer_cancel)}");
    run_it();
    rig_expect(&rig, "no event matches, so there is no answer");
}

static void a_step_that_no_event_matches_is_refused(void **state)
{
    (void)state;
    rig_plant(&rig, "lesson.md", "at: timer_fire", "at: timer_cancel");
    run_it();
    rig_expect(&rig, "no event matches");
}

static void a_misspelled_name_is_refused(void **state)
{
    (void)state;
    rig_plant(&rig, "lesson.md", "task=nap", "task=nip");
    run_it();
    rig_expect(&rig, "nothing in nap.c is called nip");
}

static void options_that_are_the_same_are_refused(void **state)
{
    (void)state;
    rig_plant(&rig, "lesson.md", "{end() + 2}", "{end() + 1}");
    rig_open(&rig);
    lesson_check_options(&rig.stage, &rig.problems);
    rig_expect(&rig, "two options are \"After 101 ms\" with seed 0");
}

static void other_answers_than_locked_are_refused(void **state)
{
    (void)state;
    rig_open(&rig);
    lesson_check_lock(&rig.stage, &rig.problems);
    rig_expect(&rig, "is not there");
    rig_write(&rig, "answers.lock", "{}\n");
    lesson_check_lock(&rig.stage, &rig.problems);
    rig_expect(&rig, "the programs answer otherwise now");
}

static void a_recording_that_is_missing_is_refused(void **state)
{
    (void)state;
    rig_open(&rig);
    lesson_check_shipped(&rig.stage, &rig.problems);
    rig_expect(&rig, "antfarm course lock naps records it");
}

static void an_old_recording_is_refused(void **state)
{
    (void)state;
    rig_open(&rig);
    assert_int_equal(lesson_ship(&rig.stage, &rig.problems), 0);
    lesson_check_shipped(&rig.stage, &rig.problems);
    rig_expect_none(&rig);
    lesson_stage_deinit(&rig.stage);
    rig_plant(&rig, "nap.c", "ant_sleep(100)", "ant_sleep(70)");
    lesson_stage_init(&rig.stage, rig.lesson, &rig.studio);
    lesson_check_shipped(&rig.stage, &rig.problems);
    rig_expect(&rig, "nap.ant is old: end() is 100 there, and 70 today");
}

static void without_a_compiler_the_recordings_are_shown(void **state)
{
    (void)state;
    rig_open(&rig);
    assert_int_equal(lesson_ship(&rig.stage, &rig.problems), 0);
    lesson_stage_deinit(&rig.stage);
    setenv("CC", "/nonexistent", 1);
    lesson_stage_init(&rig.stage, rig.lesson, &rig.studio);
    ant_model *model = lesson_stage_model(&rig.stage, 0, &rig.problems);
    unsetenv("CC");
    assert_non_null(model);
    assert_true(rig.stage.is_shipped);
    rig_expect_none(&rig);
}

static void a_demo_that_does_not_build_is_refused(void **state)
{
    (void)state;
    rig_plant(&rig, "nap.c", "self->count", "self->counts");
    run_it();
    rig_expect(&rig, "nap.c cannot be built");
}

static void a_demo_that_should_stall_and_does_not_is_refused(void **state)
{
    (void)state;
    rig_plant(&rig, "lesson.md", "program: nap.c",
              "program: nap.c\nends: stalled");
    run_it();
    rig_expect(&rig, "nap.c does not stall");
}

static void a_demo_with_too_many_events_is_refused(void **state)
{
    (void)state;
    rig_plant(&rig, "nap.c", "++self->count < 1", "++self->count < 200");
    run_it();
    rig_expect(&rig, "at most 2000 can be looked at");
}

static void a_lint_in_a_good_program_is_refused(void **state)
{
    (void)state;
    rig_plant(&rig, "nap.c", "        //@ begin nap\n",
              "        ant_thread_sleep(50);\n        //@ begin nap\n");
    run_it();
    rig_expect(&rig, "nap.c: blocked-worker: ");
}

static void a_lint_that_is_meant_is_not_refused(void **state)
{
    (void)state;
    rig_plant(&rig, "nap.c", "        //@ begin nap\n",
              "        ant_thread_sleep(50);\n        //@ begin nap\n");
    rig_plant(&rig, "lesson.md", "program: nap.c",
              "program: nap.c\nlints: blocked-worker");
    run_it();
    rig_expect_none(&rig);
}

static void a_starter_that_passes_is_refused(void **state)
{
    (void)state;
    rig_plant(&rig, "exercise.c", "< 1", "< 2");
    judge_it();
    rig_expect(&rig, "exercise.c passes already");
}

static void a_starter_that_does_not_compile_is_refused(void **state)
{
    (void)state;
    rig_plant(&rig, "exercise.c", "ANT_MAIN(nap)", "ANT_MAIN(nip)");
    judge_it();
    rig_expect(&rig, "a starter compiles and runs");
}

static void a_solution_that_does_not_pass_is_refused(void **state)
{
    (void)state;
    rig_plant(&rig, "solution.c", "< 2", "< 3");
    judge_it();
    rig_expect(&rig, "solution.c does not pass");
    rig_expect(&rig, "not kept: end() == 200; end() is 300");
}

static void an_exercise_that_an_empty_program_passes_is_refused(void **state)
{
    (void)state;
    rig_plant(&rig, "lesson.md", "must: end() == 200 # It has to sleep twice.",
              "must: end() == 0 or end() == 200");
    rig_plant(&rig, "lesson.md", "must: count(timer_fire) == 2",
              "must: count(timer_fire) != 1");
    judge_it();
    rig_expect(&rig, "an empty main passes");
}

static void a_mutant_that_passes_is_refused(void **state)
{
    (void)state;
    rig_plant(&rig, "lesson.md", "must: count(timer_fire) == 2\n", "");
    judge_it();
    rig_expect(&rig, "mutants/long.c passes, and it is wrong");
}

static void a_mutant_that_shows_nothing_is_refused(void **state)
{
    (void)state;
    rig_plant(&rig, "mutants/none.c", "ANT_MAIN(nap)", "");
    judge_it();
    rig_expect(&rig, "mutants/none.c does not compile");
}

static void too_few_mutants_are_refused(void **state)
{
    (void)state;
    char path[400];
    (void)snprintf(path, sizeof path, "%s/mutants/none.c", rig.lesson_folder);
    assert_int_equal(remove(path), 0);
    judge_it();
    rig_expect(&rig, "1 mutants");
}

int main(void)
{
#define TEST(test)                                                             \
    cmocka_unit_test_prestate_setup_teardown(test, rig_setup, rig_teardown,    \
                                             &rig)
    const struct CMUnitTest tests[] = {
        TEST(a_good_lesson_is_not_refused),
        TEST(what_reading_shows_is_refused),
        TEST(what_is_too_long_is_refused),
        TEST(too_many_steps_and_questions_are_refused),
        TEST(one_program_may_run_in_several_ways),
        TEST(a_query_that_cannot_be_read_is_refused),
        TEST(a_query_without_an_answer_is_refused),
        TEST(a_step_that_no_event_matches_is_refused),
        TEST(a_misspelled_name_is_refused),
        TEST(options_that_are_the_same_are_refused),
        TEST(other_answers_than_locked_are_refused),
        TEST(a_recording_that_is_missing_is_refused),
        TEST(an_old_recording_is_refused),
        TEST(without_a_compiler_the_recordings_are_shown),
        TEST(a_demo_that_does_not_build_is_refused),
        TEST(a_demo_that_should_stall_and_does_not_is_refused),
        TEST(a_demo_with_too_many_events_is_refused),
        TEST(a_lint_in_a_good_program_is_refused),
        TEST(a_lint_that_is_meant_is_not_refused),
        TEST(a_starter_that_passes_is_refused),
        TEST(a_starter_that_does_not_compile_is_refused),
        TEST(a_solution_that_does_not_pass_is_refused),
        TEST(an_exercise_that_an_empty_program_passes_is_refused),
        TEST(a_mutant_that_passes_is_refused),
        TEST(a_mutant_that_shows_nothing_is_refused),
        TEST(too_few_mutants_are_refused),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
