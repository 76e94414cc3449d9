// SPDX-License-Identifier: MIT
//
// A game has to be one: its author's way wins it, and who always takes the
// oldest ready task does not.

#include <ctype.h>

#include "lesson/check.h"
#include "lesson/game.h"

static void check_game(lesson_stage *stage, const lesson_item *item,
                       lesson_problems *problems);
static void check_number(const ant_lesson *lesson, const lesson_item *item,
                         const char *key, lesson_problems *problems);

void lesson_check_games(lesson_stage *stage, lesson_problems *problems)
{
    const lesson_item *item;
    for (uint32_t i = 0;
         (item = lesson_item_of(stage->lesson, LESSON_SCHEDULE, i)) != NULL;
         i++) {
        const bool has_all = lesson_field_of(&item->fields, "goal") != NULL &&
                             lesson_field_of(&item->fields, "win") != NULL &&
                             item->run < stage->lesson->run_count;
        check_number(stage->lesson, item, "choices", problems);
        check_number(stage->lesson, item, "fair", problems);
        if (has_all) check_game(stage, item, problems);
    }
}

static void check_game(lesson_stage *stage, const lesson_item *item,
                       lesson_problems *problems)
{
    const char *path = stage->lesson->path;
    const char *win = lesson_field_of(&item->fields, "win");
    lesson_game game;
    lesson_game_begin(&game, stage, item, problems);
    while (game.state == GAME_OPEN && lesson_game_choose(&game, 1))
        continue;
    if (game.state == GAME_IMPOSSIBLE)
        lesson_complain(problems, path, item->line,
                        "a game that cannot be "
                        "played: %s",
                        game.verdict);
    if (game.state == GAME_WON)
        lesson_complain(problems, path, item->line,
                        "a game that is won without a choice: who always takes "
                        "the oldest ready task reaches the goal");
    lesson_game_restart(&game);
    const bool fits = lesson_game_play(&game, win);
    if (game.state != GAME_WON && game.state != GAME_IMPOSSIBLE)
        lesson_complain(problems, path, item->line,
                        "win: %s does not reach the goal: %s", win,
                        !fits                     ? "it is no schedule here"
                        : game.state == GAME_OPEN ? "it leaves a choice open"
                                                  : game.verdict);
    lesson_game_end(&game);
}

static void check_number(const ant_lesson *lesson, const lesson_item *item,
                         const char *key, lesson_problems *problems)
{
    const char *text = lesson_field_of(&item->fields, key);
    if (text == NULL) return;
    const char *at = text;
    while (isdigit((unsigned char)*at))
        at++;
    if (at == text || *at != 0)
        lesson_complain(problems, lesson->path, item->line, "%s: is a number",
                        key);
}
