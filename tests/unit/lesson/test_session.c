// SPDX-License-Identifier: MIT
//
// A learner on the way through a lesson: what is locked, what an answer means,
// and what is kept of it.

#include "lesson/session.h"

#include <errno.h>
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
#include "lesson/progress.h"
#include "lesson/show.h"
#include "support/lesson_rig.h"

static lesson_rig rig;
static lesson_session session;
static session_question question;

static int setup(void **state)
{
    (void)state;
    rig_init(&rig);
    rig_open(&rig);
    lesson_session_init(&session, &rig.stage, &rig.problems);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    lesson_session_deinit(&session);
    rig_deinit(&rig);
    return 0;
}

// Goes on to the next question and asks it.
static void go_to_question(void)
{
    while (lesson_session_item(&session)->kind != LESSON_PREDICT)
        assert_true(lesson_session_next(&session));
    assert_true(
        lesson_session_question_of(&rig.stage, lesson_session_item(&session),
                                   &session.arena, &question, &rig.problems));
}

// The letter of the option that says `text`.
static const char *letter_of(const char *text)
{
    static char letter[2];
    for (uint32_t i = 0; i < question.option_count; i++) {
        letter[0] = (char)('a' + i);
        if (strcmp(question.option[i].text, text) == 0) return letter;
    }
    fail_msg("there is no option %s", text);
    return "";
}

static void a_question_locks_the_way_until_it_is_answered(void **state)
{
    (void)state;
    go_to_question();
    assert_true(lesson_session_is_locked(&session));
    assert_false(lesson_session_next(&session));
    session_reply reply = lesson_session_answer(&session, &question, "z");
    assert_false(reply.is_clear);
    assert_true(lesson_session_is_locked(&session));
    reply =
        lesson_session_answer(&session, &question, letter_of("After 101 ms"));
    assert_true(reply.is_clear);
    assert_false(reply.is_right);
    assert_string_equal(reply.chosen->belief, "MC01");
    assert_string_equal(reply.chosen->because, "Why it is not.");
    assert_true(lesson_session_next(&session));
    assert_int_equal(session.asked, 1);
    assert_int_equal(session.right, 0);
}

static void a_right_answer_is_computed(void **state)
{
    (void)state;
    go_to_question();
    assert_string_equal(question.answer, "After 100 ms");
    session_reply reply =
        lesson_session_answer(&session, &question, letter_of("After 100 ms"));
    assert_true(reply.is_right);
    assert_int_equal(session.right, 1);
}

static void a_number_may_stand_in_words(void **state)
{
    (void)state;
    go_to_question();
    lesson_session_skip(&session);
    assert_true(lesson_session_next(&session));
    go_to_question();
    assert_int_equal(question.kind, SESSION_NUMBER);
    assert_true(lesson_session_read(&question, "2 times").is_right);
    assert_true(lesson_session_read(&question, "3").is_clear);
    assert_false(lesson_session_read(&question, "3").is_right);
    assert_false(lesson_session_read(&question, "two").is_clear);
    assert_string_equal(lesson_session_read(&question, "100").chosen->belief,
                        "MC01");
}

static void an_order_wants_every_letter_once(void **state)
{
    (void)state;
    const session_question order = {
        .kind = SESSION_ORDER,
        .answer = "one, two, three",
        .option = { { .text = "two" }, { .text = "one" }, { .text = "three" } },
        .option_count = 3,
    };
    assert_true(lesson_session_read(&order, "bac").is_right);
    assert_true(lesson_session_read(&order, "b, a, c").is_right);
    assert_true(lesson_session_read(&order, "a b c").is_clear);
    assert_false(lesson_session_read(&order, "a b c").is_right);
    assert_false(lesson_session_read(&order, "a b").is_clear);
    assert_false(lesson_session_read(&order, "a b b").is_clear);
    assert_false(lesson_session_read(&order, "a b d").is_clear);
}

static void what_was_drawn_is_judged_by_who_drew_it(void **state)
{
    (void)state;
    const session_question drawn = { .kind = SESSION_DRAWN };
    assert_true(lesson_session_read(&drawn, "y").is_right);
    assert_true(lesson_session_read(&drawn, "n").is_clear);
    assert_false(lesson_session_read(&drawn, "maybe").is_clear);
}

static void hints_become_more_helpful_and_stay(void **state)
{
    (void)state;
    assert_string_equal(lesson_session_hint(&session)->text, "Look.\n");
    assert_string_equal(lesson_session_hint(&session)->text, "Think.\n");
    assert_string_equal(lesson_session_hint(&session)->text, "Do.\n");
    assert_string_equal(lesson_session_hint(&session)->text, "Do.\n");
}

static void the_way_leads_past_hints_and_notes_to_the_end(void **state)
{
    (void)state;
    uint32_t stations = 0;
    do {
        const lesson_item *item = lesson_session_item(&session);
        assert_true(item->kind != LESSON_HINT && item->kind != LESSON_TEACHER &&
                    item->kind != LESSON_EXERCISE);
        lesson_session_skip(&session);
        stations++;
    } while (lesson_session_next(&session));
    assert_int_equal(stations, 8);
    assert_null(lesson_session_item(&session));
    assert_false(lesson_session_next(&session));
}

static void the_transcript_has_everything_in_it(void **state)
{
    (void)state;
    const lesson_show show = { .course = rig.course,
                               .stage = &rig.stage,
                               .problems = &rig.problems,
                               .has_pictures = true };
    lesson_script script = { 0 };
    lesson_show_transcript(&show, &script);
    rig_expect_none(&rig);
    const char *const parts[] = {
        "1  One nap\n==========\n",
        "A nap of 100 ms, and {code}.\n",
        "    self->sleep = ant_sleep(100);\n",
        "Predict: When is it over?\n",
        "Answer: After 100 ms\n",
        "Not After 101 ms: Sleep is work. Why it is not.\n",
        "at 100 ms: the timer of task 1 nap has come due",
        "    worker 0         |",
        "It is 100 ms.\n",
        "Answer: 2\n",
        "    sleep(Duration::from_millis(100)).await;\n",
        "Picture: A nap\n",
        "Break it. Sleep less.\n",
        "Exercise. Sleep twice.\n",
        "  - end() == 200\n",
        "Hints\n\nLook.\n",
        "For the teacher\n\nAsk.\n",
    };
    for (size_t i = 0; i < ANT_ARRAY_LEN(parts); i++) {
        if (strstr(script.text, parts[i]) == NULL)
            fail_msg("it lacks: %s\n%s", parts[i], script.text);
    }
    for (const char *at = script.text; *at != 0;) {
        size_t len = strcspn(at, "\n");
        assert_true(len <= 80);
        at += len + (at[len] != 0 ? 1 : 0);
    }
    lesson_script_free(&script);
}

static void progress_is_kept_and_may_be_merged(void **state)
{
    (void)state;
    lesson_progress progress;
    char path[300];
    char csv[300];
    assert_int_equal(setenv("XDG_DATA_HOME", rig.folder, 1), 0);
    assert_int_equal(lesson_progress_open(&progress), 0);
    assert_null(lesson_progress_of(&progress, "naps"));
    assert_int_equal(lesson_progress_set(&progress, "naps", 4, false), 0);
    assert_int_equal(lesson_progress_set(&progress, "select", 2, true), 0);
    assert_int_equal(lesson_progress_log(&progress, "naps", "end", "say \"a\"",
                                         "wrong", "MC01"),
                     0);
    lesson_progress_close(&progress);

    // Two machines, put together by hand.
    (void)snprintf(path, sizeof path, "%s/antfarm/progress", rig.folder);
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    assert_true(fputs("naps: at 2\nnaps: passed\nno sense\n", file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(lesson_progress_open(&progress), 0);
    assert_int_equal(lesson_progress_of(&progress, "naps")->at, 4);
    assert_true(lesson_progress_of(&progress, "naps")->is_passed);
    assert_true(lesson_progress_of(&progress, "select")->is_passed);
    lesson_progress_close(&progress);

    ant_arena arena = { 0 };
    int err = 0;
    (void)snprintf(csv, sizeof csv, "%s/antfarm/answers.csv", rig.folder);
    char *text = lesson_file_read(csv, &arena, &err);
    assert_non_null(text);
    assert_string_equal(text + strlen("2026-11-21T16:00:00Z"),
                        ",naps,end,\"say \"\"a\"\"\",wrong,MC01\n");
    ant_arena_deinit(&arena);
    assert_int_equal(remove(csv), 0);
    assert_int_equal(remove(path), 0);
    (void)snprintf(path, sizeof path, "%s/antfarm", rig.folder);
    assert_int_equal(rmdir(path), 0);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_question_locks_the_way_until_it_is_answered),
        TEST(a_right_answer_is_computed),
        TEST(a_number_may_stand_in_words),
        TEST(an_order_wants_every_letter_once),
        TEST(what_was_drawn_is_judged_by_who_drew_it),
        TEST(hints_become_more_helpful_and_stay),
        TEST(the_way_leads_past_hints_and_notes_to_the_end),
        TEST(the_transcript_has_everything_in_it),
        TEST(progress_is_kept_and_may_be_merged),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
