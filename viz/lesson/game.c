// SPDX-License-Identifier: MIT

#include "lesson/game.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Of a program whose schedule leaves a choice open.
#define STATUS_OPEN 4

static void run(lesson_game *game);
static void forget(lesson_game *game);
static bool record(lesson_game *game);
static void judge(lesson_game *game);
static const char *missing_goal(lesson_game *game);
static const char *either(const char *text);
static uint32_t number_of(const lesson_item *item, const char *key);

void lesson_game_begin(lesson_game *game, lesson_stage *stage,
                       const lesson_item *item, lesson_problems *problems)
{
    *game = (lesson_game){
        .stage = stage, .item = item, .problems = problems, .verdict = ""
    };
    run(game);
}

void lesson_game_end(lesson_game *game)
{
    forget(game);
    *game = (lesson_game){ 0 };
}

bool lesson_game_choose(lesson_game *game, uint32_t place)
{
    const bool is_there = game->state == GAME_OPEN && place >= 1 &&
                          place <= game->trail.ready_count &&
                          game->count < GAME_CHOICE_MAX;
    if (!is_there) return false;
    game->place[game->count++] = (uint16_t)place;
    run(game);
    return true;
}

void lesson_game_undo(lesson_game *game)
{
    if (game->count == 0) return;
    game->count--;
    run(game);
}

void lesson_game_restart(lesson_game *game)
{
    if (game->count == 0) return;
    game->count = 0;
    run(game);
}

bool lesson_game_play(lesson_game *game, const char *schedule)
{
    while (*schedule != 0) {
        char *end;
        unsigned long place = strtoul(schedule, &end, 10);
        if (end == schedule || place > GAME_CHOICE_MAX) return false;
        if (!lesson_game_choose(game, (uint32_t)place)) return false;
        if (*end != 0 && *end != '.') return false;
        schedule = end + (*end == '.' ? 1 : 0);
    }
    return true;
}

uint32_t lesson_game_choices_max(const lesson_item *item)
{
    return number_of(item, "choices");
}

uint32_t lesson_game_passed_max(const lesson_item *item)
{
    return number_of(item, "fair");
}

// The program up to the next choice, or to its end.
static void run(lesson_game *game)
{
    forget(game);
    if (!record(game)) {
        game->state = GAME_IMPOSSIBLE;
        return;
    }
    const bool is_open = game->take.ending == TAKE_FAILED &&
                         game->take.status == STATUS_OPEN &&
                         game->trail.ready_count > 0;
    if (is_open)
        game->state = GAME_OPEN;
    else
        judge(game);
}

static void forget(lesson_game *game)
{
    if (game->model != NULL) model_close(game->model);
    game->model = NULL;
    explore_trail_deinit(&game->trail);
    ant_arena_deinit(&game->arena);
    game->arena = (ant_arena){ 0 };
    game->position = (lesson_position){ 0 };
    game->verdict = "";
}

// False, with a verdict, when that cannot be done here.
static bool record(lesson_game *game)
{
    const uint32_t run = game->item->run;
    const lesson_run *its = &game->stage->lesson->run[run];
    char schedule[GAME_CHOICE_MAX * 5 + 2] = "";
    size_t len = 0;
    for (uint32_t i = 0; i < game->count; i++)
        len += (size_t)snprintf(schedule + len, sizeof schedule - len, "%u.",
                                (unsigned)game->place[i]);
    snprintf(schedule + len, sizeof schedule - len, "?");

    game->verdict = "This needs a C compiler, and there is none here.";
    if (lesson_stage_model(game->stage, run, game->problems) == NULL)
        return false;
    game->take = game->stage->take[run];
    if (game->take.program == NULL) return false;
    const studio_run how = { .seed = its->seed,
                             .workers = its->workers,
                             .schedule = schedule };
    lesson_studio_record(game->stage->studio, &how, &game->take);
    ant_reader_error error = { 0 };
    game->verdict = "The program could not be recorded.";
    if (game->take.trace == NULL) return false;
    if (explore_trail_read(game->take.trace, &game->trail, &error) < 0 ||
        model_open(game->take.trace, &game->model, &error) < 0) {
        game->model = NULL;
        return false;
    }
    game->verdict = "";
    return lesson_position_at(game->model, game->model->event_count,
                              &game->trail, &game->arena, &game->position) == 0;
}

// It is over. What is missing is said, the goal first.
static void judge(lesson_game *game)
{
    const uint32_t choices = lesson_game_choices_max(game->item);
    const uint32_t passed = lesson_game_passed_max(game->item);
    const char *missing = missing_goal(game);
    if (missing == NULL && choices > 0 && game->count > choices) {
        missing = either(ant_arena_print(
            &game->arena,
            "The goal is reached, but with %u choices: %u must do.",
            game->count, choices));
    }
    if (missing == NULL && passed > 0 && game->trail.passed_max > passed) {
        missing = either(ant_arena_print(
            &game->arena,
            "The goal is reached, but task %u was passed over %u times in a "
            "row: nobody may be more than %u time%s.",
            game->trail.passed_task, game->trail.passed_max, passed,
            passed == 1 ? "" : "s"));
    }
    game->state = missing == NULL ? GAME_WON : GAME_LOST;
    game->verdict = missing != NULL ? missing : "The goal is reached.";
}

// NULL when the goal is reached.
static const char *missing_goal(lesson_game *game)
{
    const char *value = either(lesson_field_of(&game->item->fields, "goal"));
    lesson_must goal = lesson_must_of(value, &game->arena);
    query_answer answer;
    query_error error;
    int err = query_run(goal.query, game->model, &answer, &error);
    if (err < 0) {
        // The first of no events is no mistake: this run has none.
        if (strstr(error.text, "no event matches,") == NULL) {
            lesson_complain(game->problems, game->stage->lesson->path,
                            game->item->line, "in the goal %s, at %u: %s",
                            goal.query, error.at + 1, error.text);
        }
        return either(ant_arena_print(&game->arena,
                                      "It is over, and this was not reached: "
                                      "%s.",
                                      goal.query));
    }
    const bool is_reached =
        answer.value.type == QUERY_BOOL && answer.value.is_true;
    char facts[400] = "";
    if (!is_reached && answer.fact_count > 0)
        query_fact_write(&answer.fact[0], facts, sizeof facts);
    query_answer_free(&answer);
    if (is_reached) return NULL;
    return either(ant_arena_print(&game->arena,
                                  "It is over, and this was not reached: %s. "
                                  "Here %s.",
                                  goal.query, facts));
}

static const char *either(const char *text)
{
    return text != NULL ? text : "";
}

static uint32_t number_of(const lesson_item *item, const char *key)
{
    const char *text = lesson_field_of(&item->fields, key);
    return text != NULL ? (uint32_t)strtoul(text, NULL, 10) : 0;
}
