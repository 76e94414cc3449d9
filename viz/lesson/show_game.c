// SPDX-License-Identifier: MIT
//
// A game in words: what is asked, what has happened, who can be chosen.

#include <inttypes.h>
#include <string.h>

#include "lesson/show.h"

// Of what happened since the last choice.
#define SENTENCES_MAX 14

static void show_rules(const lesson_item *item, lesson_script *script);
static void show_events(const lesson_game *game, lesson_script *script);
static void show_task(const position_task *task, lesson_script *script);

void lesson_show_schedule(const lesson_show *show, const lesson_item *item,
                          lesson_script *script)
{
    lesson_show_filled(show, item, "task", "Be the scheduler. ", script);
    lesson_script_print(script, "It is won when\n");
    ant_arena arena = { 0 };
    const char *goal = lesson_field_of(&item->fields, "goal");
    if (goal != NULL) {
        lesson_script_print(script, "  - %s\n",
                            lesson_must_of(goal, &arena).query);
    }
    ant_arena_deinit(&arena);
    show_rules(item, script);
}

void lesson_show_game(const lesson_game *game, lesson_script *script)
{
    show_events(game, script);
    lesson_script_print(script, "\n");
    if (game->state == GAME_OPEN) {
        const uint32_t max = lesson_game_choices_max(game->item);
        lesson_script_print(script, "Choice %" PRIu32, game->count + 1);
        if (max > 0) lesson_script_print(script, " of %" PRIu32, max);
        lesson_script_print(script, ": which task is polled next?\n");
    } else {
        lesson_script_paragraph(script, "", game->verdict);
    }
    if (game->state == GAME_WON) return;
    for (uint32_t i = 0; i < game->position.count; i++)
        show_task(&game->position.task[i], script);
}

static void show_rules(const lesson_item *item, lesson_script *script)
{
    const uint32_t choices = lesson_game_choices_max(item);
    const uint32_t passed = lesson_game_passed_max(item);
    if (choices > 0)
        lesson_script_print(script,
                            "  - you made at most %" PRIu32 " choice%s\n",
                            choices, choices == 1 ? "" : "s");
    if (passed > 0)
        lesson_script_print(script,
                            "  - no ready task was passed over more than "
                            "%" PRIu32 " time%s in a row\n",
                            passed, passed == 1 ? "" : "s");
}

static void show_events(const lesson_game *game, lesson_script *script)
{
    if (game->model == NULL) return;
    uint32_t event = lesson_position_since(game->model, game->count);
    uint32_t told = 0;
    char text[300];
    while (lesson_position_told(game->model, &event, text, sizeof text)) {
        if (++told <= SENTENCES_MAX)
            lesson_script_paragraph(script, "  ", text);
    }
    if (told > SENTENCES_MAX)
        lesson_script_print(script, "  ... and %" PRIu32 " more\n",
                            told - SENTENCES_MAX);
}

static void show_task(const position_task *task, lesson_script *script)
{
    ant_arena arena = { 0 };
    char *first = task->place > 0
                      ? ant_arena_print(&arena, "%5" PRIu32 "  ", task->place)
                      : ant_arena_text(&arena, "       ", 7);
    char *line = ant_arena_print(&arena, "%s: %s", task->name, task->why);
    if (first != NULL && line != NULL)
        lesson_script_paragraph(script, first, line);
    ant_arena_deinit(&arena);
}
