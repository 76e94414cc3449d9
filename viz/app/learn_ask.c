// SPDX-License-Identifier: MIT
//
// What a learner is asked in a terminal on the way: questions, games, and to
// read on.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/learn.h"

static const char *prompt(const app_learner *learner,
                          const session_question *question);
static void take_line(app_learner *learner, const session_question *question,
                      const char *line);
static void answer(app_learner *learner, const session_question *question,
                   const char *line);
static void say_game(const lesson_game *game);
static bool obey(app_learner *learner, lesson_game *game, const char *line);
static void end_game(app_learner *learner, const lesson_game *game);

learn_reply app_learn_ask(app_learner *learner, const lesson_item *item)
{
    ant_arena arena = { 0 };
    session_question question;
    lesson_script script = { 0 };
    bool is_asked = lesson_session_question_of(
        &learner->stage, item, &arena, &question, learner->session.problems);
    if (!is_asked) lesson_session_skip(&learner->session);
    if (is_asked) lesson_show_question(&learner->show, &question, &script);
    app_learn_say(&script);
    while (lesson_session_is_locked(&learner->session)) {
        printf("(%s; s skips, q leaves) > ", prompt(learner, &question));
        const char *line = app_console_line(&learner->console, -1);
        if (line == NULL || strcmp(line, "q") == 0) break;
        take_line(learner, &question, line);
    }
    bool is_left = lesson_session_is_locked(&learner->session);
    if (is_left) puts("");
    ant_arena_deinit(&arena);
    return is_left ? LEARN_QUIT : LEARN_ON;
}

static const char *prompt(const app_learner *learner,
                          const session_question *question)
{
    static const char *const prompts[] = {
        [SESSION_CHOICE] = "a letter",
        [SESSION_NUMBER] = "a number",
        [SESSION_ORDER] = "all letters in order",
        [SESSION_POINT] = "a task, by number or name",
        [SESSION_DRAWN] = "y when it was so, n when not",
    };
    const bool is_to_draw =
        question->kind == SESSION_DRAWN && !learner->session.is_revealed;
    return is_to_draw ? "draw it on paper, then Enter"
                      : prompts[question->kind];
}

static void take_line(app_learner *learner, const session_question *question,
                      const char *line)
{
    lesson_session *session = &learner->session;
    const bool is_drawing =
        question->kind == SESSION_DRAWN && !session->is_revealed;
    if (!is_drawing || strcmp(line, "s") == 0) {
        answer(learner, question, line);
        return;
    }
    lesson_script script = { 0 };
    lesson_session_reveal(session);
    lesson_show_drawn(&learner->show, question, &script);
    puts("");
    app_learn_say(&script);
}

static void answer(app_learner *learner, const session_question *question,
                   const char *line)
{
    lesson_script script = { 0 };
    bool is_skipped = strcmp(line, "s") == 0;
    session_reply reply = { 0 };
    if (is_skipped) {
        lesson_session_skip(&learner->session);
    } else {
        reply = lesson_session_answer(&learner->session, question, line);
    }
    if (!is_skipped && !reply.is_clear) {
        puts("That is no answer to this question.");
        return;
    }
    lesson_show_reply(&learner->show, question, is_skipped ? NULL : &reply,
                      &script);
    puts("");
    app_learn_say(&script);
    if (app_learn_log(learner, question, is_skipped ? NULL : line, &reply) < 0)
        puts("(Your answer could not be written down.)");
    app_learn_keep(learner, false);
}

int app_learn_log(app_learner *learner, const session_question *question,
                  const char *text, const session_reply *reply)
{
    const bool is_tagged =
        reply->chosen != NULL && reply->chosen->belief != NULL;
    const char *result = text == NULL      ? "skipped"
                         : reply->is_right ? "right"
                                           : "wrong";
    return lesson_progress_log(&learner->progress, learner->stage.lesson->slug,
                               question->id, text != NULL ? text : "s", result,
                               is_tagged ? reply->chosen->belief : "");
}

learn_reply app_learn_wait(app_learner *learner)
{
    fputs("(Enter goes on, q leaves) > ", stdout);
    const char *line = app_console_line(&learner->console, -1);
    puts("");
    bool is_left = line == NULL || strcmp(line, "q") == 0;
    return is_left ? LEARN_QUIT : LEARN_ON;
}

// ---- A game ----

learn_reply app_learn_game(app_learner *learner, const lesson_item *item)
{
    lesson_game game;
    lesson_script script = { 0 };
    lesson_show_schedule(&learner->show, item, &script);
    app_learn_say(&script);
    puts("");
    lesson_game_begin(&game, &learner->stage, item, learner->session.problems);
    say_game(&game);
    bool is_on = true;
    while (is_on && game.state != GAME_WON && game.state != GAME_IMPOSSIBLE) {
        if (game.state == GAME_OPEN)
            printf("(1-%u; ", (unsigned)game.trail.ready_count);
        else
            putchar('(');
        fputs("u takes one back, r begins again, s skips, q leaves) > ",
              stdout);
        const char *line = app_console_line(&learner->console, -1);
        if (line == NULL || strcmp(line, "q") == 0) {
            lesson_game_end(&game);
            puts("");
            return LEARN_QUIT;
        }
        is_on = obey(learner, &game, line);
    }
    end_game(learner, &game);
    lesson_game_end(&game);
    return LEARN_ON;
}

static void say_game(const lesson_game *game)
{
    lesson_script script = { 0 };
    lesson_show_game(game, &script);
    app_learn_say(&script);
}

// False when it is skipped.
static bool obey(app_learner *learner, lesson_game *game, const char *line)
{
    char *end;
    const unsigned long place = strtoul(line, &end, 10);
    if (strcmp(line, "s") == 0) {
        lesson_session_skip(&learner->session);
        return false;
    }
    bool is_known = true;
    if (strcmp(line, "u") == 0)
        lesson_game_undo(game);
    else if (strcmp(line, "r") == 0)
        lesson_game_restart(game);
    else
        is_known = end != line && *end == 0 && place < GAME_CHOICE_MAX &&
                   lesson_game_choose(game, (uint32_t)place);
    if (is_known) say_game(game);
    return true;
}

static void end_game(app_learner *learner, const lesson_game *game)
{
    lesson_script script = { 0 };
    lesson_session_skip(&learner->session);
    lesson_show_filled(&learner->show, game->item, "done", "\n", &script);
    app_learn_say(&script);
    puts("");
    app_learn_keep(learner, false);
}
