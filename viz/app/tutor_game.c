// SPDX-License-Identifier: MIT
//
// A game in the tutor's column: the tasks that are ready stand there to be
// chosen, by their number or with a click, and the replay shows the run so far.

#include <stdio.h>
#include <string.h>

#include "app/tutor.h"
#include "app/words.h"

static void show(app_tutor *tutor);
static void draw_others(ant_ui *ui, const lesson_game *game, draw_rect *rect);
static void end_game(app_tutor *tutor);

void app__tutor_game_begin(app_tutor *tutor, const lesson_item *item)
{
    app_learner *learner = tutor->learner;
    lesson_show_item(&learner->show, item, &tutor->page);
    lesson_game_begin(&tutor->game, &learner->stage, item,
                      learner->session.problems);
    tutor->has_game = true;
    tutor->is_known = true;
    show(tutor);
}

void app__tutor_game_end(app_tutor *tutor)
{
    if (tutor->has_game) lesson_game_end(&tutor->game);
    tutor->has_game = false;
}

bool app__tutor_game_key(app_tutor *tutor, ui_key_press press)
{
    lesson_game *game = &tutor->game;
    if (press.mods == UI_CTRL || game->state == GAME_WON) return false;
    switch (press.key) {
    case 's':
        end_game(tutor);
        return true;
    case 'u':
    case UI_KEY_BACKSPACE:
        lesson_game_undo(game);
        break;
    case 'r':
        lesson_game_restart(game);
        break;
    default:
        if (press.key < '1' || press.key > '9') return false;
        if (!lesson_game_choose(game, press.key - '0')) return true;
        break;
    }
    show(tutor);
    return true;
}

void app__tutor_game_draw(app_tutor *tutor, draw_rect *rect)
{
    ant_ui *ui = &tutor->app->view->ui;
    const lesson_game *game = &tutor->game;
    uint16_t clicked = 0;
    char text[400];
    if (game->state == GAME_OPEN) {
        const uint32_t max = lesson_game_choices_max(game->item);
        char of[24] = "";
        if (max > 0) snprintf(of, sizeof of, " of %u", (unsigned)max);
        snprintf(text, sizeof text, "Choice %u%s: which task is polled next?",
                 (unsigned)game->count + 1, of);
        app_words(ui, rect, text);
    } else {
        app_words(ui, rect, game->verdict);
    }
    draw_cut_top(rect, ui->unit);
    for (uint32_t i = 0; i < game->position.count; i++) {
        const position_task *task = &game->position.task[i];
        char mark[16];
        if (task->place == 0) continue;
        snprintf(mark, sizeof mark, "%u", (unsigned)task->place);
        snprintf(text, sizeof text, "%s: %s", task->name, task->why);
        const app_choice choice = { .id = ui_id_of("task", i),
                                    .mark = mark,
                                    .text = text };
        if (app_words_choice(ui, rect, &choice))
            clicked = (uint16_t)task->place;
    }
    draw_others(ui, game, rect);
    if (clicked > 0) {
        lesson_game_choose(&tutor->game, clicked);
        tutor->wants_show = true;
    }
}

void app__tutor_game_tick(app_tutor *tutor)
{
    if (tutor->wants_show) show(tutor);
    tutor->wants_show = false;
}

// Those that cannot be chosen.
static void draw_others(ant_ui *ui, const lesson_game *game, draw_rect *rect)
{
    if (game->state == GAME_WON) return;
    for (uint32_t i = 0; i < game->position.count; i++) {
        const position_task *task = &game->position.task[i];
        char text[400];
        if (task->place > 0) continue;
        snprintf(text, sizeof text, "%s: %s", task->name, task->why);
        draw_cut_top(rect,
                     ui_paragraph(ui, *rect, ui->palette->text_dim, text));
    }
}

// The run so far takes the place of the one before, and its end is shown.
static void show(app_tutor *tutor)
{
    ant_app *app = tutor->app;
    const lesson_game *game = &tutor->game;
    if (game->take.trace != NULL && app_show_file(app, game->take.trace) == 0) {
        tutor->run = LESSON_RUN_MAX;
        model_source_beside(app->model, tutor->learner->stage.lesson->folder);
        replay_seek_event(&app->replay, app->model->event_count - 1);
    }
    if (game->state == GAME_WON || game->state == GAME_IMPOSSIBLE)
        end_game(tutor);
}

static void end_game(app_tutor *tutor)
{
    app_learner *learner = tutor->learner;
    lesson_session_skip(&learner->session);
    lesson_script_free(&tutor->reply);
    lesson_show_filled(&learner->show, tutor->game.item, "done", "",
                       &tutor->reply);
}
