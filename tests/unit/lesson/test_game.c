// SPDX-License-Identifier: MIT
//
// Where the learner says which task is next: games, and the question that asks
// to point at a task.

#include "lesson/game.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "lesson/check.h"
#include "lesson/session.h"
#include "support/lesson_rig.h"

// clang-format off
// Two tasks, anna and ben, each of which says when it has its turn.
static const char pair[] =
    "#include <antfarm.h>\n"
    "struct guest { ant_future base; const char *who; };\n"
    "ANT_ASYNC(guest)\n"
    "{ (void)cx; ant_note(\"%s\", self->who); return ANT_READY; }\n"
    "struct house {\n"
    "    ant_future base;\n"
    "    enum { HOUSE_START, HOUSE_WAITING } state;\n"
    "    struct ant_join_handle anna, ben;\n"
    "    struct ant_join both;\n"
    "};\n"
    "ANT_ASYNC(house)\n"
    "{\n"
    "    const struct guest anna = { ANT_INIT(guest), .who = \"anna\" };\n"
    "    const struct guest ben = { ANT_INIT(guest), .who = \"ben\" };\n"
    "    switch (self->state) {\n"
    "    case HOUSE_START:\n"
    "        self->anna = ant_spawn_named(\"anna\", anna);\n"
    "        self->ben = ant_spawn_named(\"ben\", ben);\n"
    "        self->both = ant_join(&self->anna.base, &self->ben.base);\n"
    "        return ANT_NEXT(HOUSE_WAITING);\n"
    "    case HOUSE_WAITING:\n"
    "        ANT_AWAIT(self->both);\n"
    "        return ANT_READY;\n"
    "    }\n"
    "    ANT_UNREACHABLE();\n"
    "}\n"
    "static struct house house(void)\n"
    "{ return (struct house){ ANT_INIT(house) }; }\n"
    "ANT_MAIN(house)\n";

static const char blocks[] =
    "![A nap](nap.png)\n"
    "\n"
    "```run\n"
    "program: pair.c\n"
    "```\n"
    "\n"
    "```predict next\n"
    "kind: point\n"
    "at: first poll_end\n"
    "ask: Who is next?\n"
    "answer: {value(text of first note)}\n"
    "wrong: ben -> MC01, Ben is second.\n"
    "wrong: house -> MC01\n"
    "why: The oldest is first.\n"
    "```\n"
    "\n"
    "```schedule turn\n"
    "task: Let ben be first.\n"
    "goal: value(text of first note) == \"ben\"\n"
    "choices: 2\n"
    "fair: 1\n"
    "win: 2.1\n"
    "done: So he is.\n"
    "```\n";
// clang-format on

static lesson_rig rig;
static lesson_game game;

static int setup(void **state)
{
    (void)state;
    rig_init(&rig);
    rig_write(&rig, "pair.c", pair);
    rig_plant(&rig, "lesson.md", "![A nap](nap.png)\n", blocks);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    lesson_game_end(&game);
    rig_deinit(&rig);
    return 0;
}

static void begin(void)
{
    rig_open(&rig);
    const lesson_item *item = lesson_item_of(rig.lesson, LESSON_SCHEDULE, 0);
    assert_non_null(item);
    lesson_game_begin(&game, &rig.stage, item, &rig.problems);
    assert_int_equal(game.state, GAME_OPEN);
}

static void the_first_choice_is_between_those_that_are_ready(void **state)
{
    (void)state;
    begin();
    assert_int_equal(game.trail.ready_count, 2);
    assert_int_equal(game.position.count, 3);
    assert_string_equal(game.position.task[0].name, "2 anna");
    assert_int_equal(game.position.task[0].place, 1);
    assert_string_equal(game.position.task[1].name, "3 ben");
    assert_int_equal(game.position.task[2].place, 0);
    assert_false(lesson_game_choose(&game, 0));
    assert_false(lesson_game_choose(&game, 3));
    assert_int_equal(game.count, 0);
}

static void the_right_choice_wins(void **state)
{
    (void)state;
    begin();
    assert_true(lesson_game_choose(&game, 2));
    while (game.state == GAME_OPEN)
        assert_true(lesson_game_choose(&game, 1));
    assert_int_equal(game.state, GAME_WON);
    assert_false(lesson_game_choose(&game, 1));
}

static void the_wrong_choice_says_what_was_not_reached(void **state)
{
    (void)state;
    begin();
    assert_true(lesson_game_play(&game, "1"));
    while (game.state == GAME_OPEN)
        assert_true(lesson_game_choose(&game, 1));
    assert_int_equal(game.state, GAME_LOST);
    assert_non_null(
        strstr(game.verdict, "value(text of first note) is \"anna\""));
}

static void a_choice_can_be_taken_back(void **state)
{
    (void)state;
    begin();
    assert_true(lesson_game_choose(&game, 1));
    lesson_game_undo(&game);
    assert_int_equal(game.state, GAME_OPEN);
    assert_int_equal(game.count, 0);
    assert_string_equal(game.position.task[0].name, "2 anna");
    lesson_game_undo(&game);
    assert_true(lesson_game_play(&game, "2.1"));
    assert_int_equal(game.state, GAME_WON);
    lesson_game_restart(&game);
    assert_int_equal(game.count, 0);
    assert_int_equal(game.state, GAME_OPEN);
}

static void too_many_choices_do_not_win(void **state)
{
    (void)state;
    rig_plant(&rig, "lesson.md", "choices: 2", "choices: 1");
    begin();
    assert_true(lesson_game_play(&game, "2.1"));
    assert_int_equal(game.state, GAME_LOST);
    assert_non_null(strstr(game.verdict, "with 2 choices: 1 must do"));
}

static void an_unfair_order_does_not_win(void **state)
{
    (void)state;
    rig_plant(&rig, "lesson.md",
              "goal: value(text of first note) == \"ben\"\nchoices: 2",
              "goal: count(note) == 2\nchoices: 9");
    begin();
    assert_true(lesson_game_play(&game, "2.2"));
    while (game.state == GAME_OPEN)
        assert_true(lesson_game_choose(&game, 1));
    assert_int_equal(game.state, GAME_LOST);
    assert_non_null(strstr(game.verdict, "was passed over 2 times"));
}

static void without_a_compiler_it_says_so(void **state)
{
    (void)state;
    rig_open(&rig);
    assert_int_equal(lesson_ship(&rig.stage, &rig.problems), 0);
    lesson_stage_deinit(&rig.stage);
    lesson_stage_init(&rig.stage, rig.lesson, &rig.studio);
    setenv("CC", "/nonexistent", 1);
    lesson_game_begin(&game, &rig.stage,
                      lesson_item_of(rig.lesson, LESSON_SCHEDULE, 0),
                      &rig.problems);
    unsetenv("CC");
    assert_int_equal(game.state, GAME_IMPOSSIBLE);
    assert_non_null(strstr(game.verdict, "needs a C compiler"));
}

static void a_good_game_is_not_refused(void **state)
{
    (void)state;
    rig_open(&rig);
    lesson_check_text(rig.course, rig.lesson, &rig.problems);
    lesson_check_games(&rig.stage, &rig.problems);
    rig_expect_none(&rig);
}

static void check_with(const char *from, const char *to, const char *says)
{
    rig_plant(&rig, "lesson.md", from, to);
    rig_open(&rig);
    lesson_check_games(&rig.stage, &rig.problems);
    rig_expect(&rig, says);
}

static void a_game_without_a_choice_is_refused(void **state)
{
    (void)state;
    check_with("== \"ben\"", "== \"anna\"", "won without a choice");
}

static void a_game_that_its_author_does_not_win_is_refused(void **state)
{
    (void)state;
    check_with("win: 2.1", "win: 2", "it leaves a choice open");
}

static void a_win_that_is_no_schedule_is_refused(void **state)
{
    (void)state;
    check_with("win: 2.1", "win: 2.7", "it is no schedule here");
}

static void a_goal_that_is_no_query_is_refused(void **state)
{
    (void)state;
    check_with("goal: value(", "goal: valu(", "in the goal valu(text of");
}

static void choices_are_a_number(void **state)
{
    (void)state;
    check_with("choices: 2", "choices: few", "choices: is a number");
}

// ---- The question that asks to point ----

static bool ask(ant_arena *arena, session_question *ret_question)
{
    rig_open(&rig);
    const lesson_item *item = lesson_item_of(rig.lesson, LESSON_PREDICT, 2);
    assert_non_null(item);
    return lesson_session_question_of(&rig.stage, item, arena, ret_question,
                                      &rig.problems);
}

static void a_point_is_at_one_of_the_tasks_of_that_moment(void **state)
{
    (void)state;
    ant_arena arena = { 0 };
    session_question question;
    assert_true(ask(&arena, &question));
    assert_int_equal(question.option_count, 3);
    assert_string_equal(question.option[0].text, "1 house");
    assert_string_equal(question.answer, "2 anna");
    assert_true(lesson_session_read(&question, "anna").is_right);
    assert_true(lesson_session_read(&question, " 2 ").is_right);
    assert_true(lesson_session_read(&question, "2 Anna").is_right);
    const session_reply ben = lesson_session_read(&question, "BEN");
    assert_true(ben.is_clear);
    assert_false(ben.is_right);
    assert_string_equal(ben.chosen->because, "Ben is second.");
    assert_false(lesson_session_read(&question, "carl").is_clear);
    assert_false(lesson_session_read(&question, "a").is_clear);
    ant_arena_deinit(&arena);
}

static void a_point_without_a_moment_is_refused(void **state)
{
    (void)state;
    ant_arena arena = { 0 };
    session_question question;
    rig_plant(&rig, "lesson.md", "at: first poll_end\n", "");
    assert_false(ask(&arena, &question));
    rig_expect(&rig, "which moment? Write at:");
    ant_arena_deinit(&arena);
}

static void a_point_at_nobody_is_refused(void **state)
{
    (void)state;
    ant_arena arena = { 0 };
    session_question question;
    rig_plant(&rig, "lesson.md", "wrong: ben ", "wrong: carl ");
    assert_false(ask(&arena, &question));
    rig_expect(&rig, "carl is none of the 3 tasks");
    ant_arena_deinit(&arena);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_first_choice_is_between_those_that_are_ready),
        TEST(the_right_choice_wins),
        TEST(the_wrong_choice_says_what_was_not_reached),
        TEST(a_choice_can_be_taken_back),
        TEST(too_many_choices_do_not_win),
        TEST(an_unfair_order_does_not_win),
        TEST(without_a_compiler_it_says_so),
        TEST(a_good_game_is_not_refused),
        TEST(a_game_without_a_choice_is_refused),
        TEST(a_game_that_its_author_does_not_win_is_refused),
        TEST(a_win_that_is_no_schedule_is_refused),
        TEST(a_goal_that_is_no_query_is_refused),
        TEST(choices_are_a_number),
        TEST(a_point_is_at_one_of_the_tasks_of_that_moment),
        TEST(a_point_without_a_moment_is_refused),
        TEST(a_point_at_nobody_is_refused),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
