// SPDX-License-Identifier: MIT
//
// The tutor in front of a class: a presenter's keys, and answers that stay
// hidden until the teacher shows them.

#include <stdio.h>
#include <string.h>

#include "app/tutor.h"

static void show_answer(app_tutor *tutor);
static void go_on(app_tutor *tutor);
static void go_back(app_tutor *tutor);
static void find_program(app_tutor *tutor);

void app__tutor_teach_page(app_tutor *tutor, uint32_t at)
{
    if (tutor->teach == NULL) return;
    app_teach_page(tutor->teach, at,
                   tutor->has_question ? &tutor->question : NULL);
    const bool was_shown =
        tutor->has_question && !app_teach_is_open(tutor->teach);
    if (was_shown) show_answer(tutor);
}

bool app__tutor_teach_key(app_tutor *tutor, ui_key_press press)
{
    app_teach *teach = tutor->teach;
    if (app_teach_key(teach, press)) return true;
    switch (press.key) {
    case UI_KEY_PAGE_DOWN:
        go_on(tutor);
        return true;
    case UI_KEY_ENTER:
        if (tutor->is_practising) return false;
        go_on(tutor);
        return true;
    case UI_KEY_PAGE_UP:
        go_back(tutor);
        return true;
    default:
        // A letter is no answer here.
        return tutor->has_question && app_tutor_is_locked(tutor);
    }
}

static void go_on(app_tutor *tutor)
{
    const ui_key_press skip = { 's', 0 };
    if (tutor->has_question && app_teach_is_open(tutor->teach)) {
        app_teach_show(tutor->teach);
        show_answer(tutor);
    } else if (tutor->has_game && tutor->game.state != GAME_WON &&
               lesson_session_is_locked(&tutor->learner->session)) {
        app__tutor_game_key(tutor, skip);
    } else {
        app_tutor_next(tutor);
    }
}

static void show_answer(app_tutor *tutor)
{
    app_learner *learner = tutor->learner;
    lesson_session_skip(&learner->session);
    tutor->is_known = true;
    lesson_script_free(&tutor->reply);
    lesson_show_solution(&learner->show, &tutor->question, &tutor->reply);
}

static void go_back(app_tutor *tutor)
{
    const uint32_t at = app_teach_back(tutor->teach);
    if (at == UINT32_MAX || tutor->is_practising) return;
    tutor->is_over = false;
    lesson_script_free(&tutor->page);
    lesson_session_seek(&tutor->learner->session, at);
    find_program(tutor);
    app__tutor_turn_page(tutor);
}

// The listing that is talked about stands before the page, perhaps.
static void find_program(app_tutor *tutor)
{
    const lesson_session *session = &tutor->learner->session;
    const ant_lesson *lesson = tutor->learner->stage.lesson;
    lesson_script_free(&tutor->program);
    for (uint32_t i = session->at; i-- > 0;) {
        if (lesson->item[i].kind != LESSON_RUN) continue;
        lesson_show_item(&tutor->learner->show, &lesson->item[i],
                         &tutor->program);
        return;
    }
}
