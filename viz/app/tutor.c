// SPDX-License-Identifier: MIT

#include "app/tutor.h"

#include <string.h>

#include "view/panels.h"

// Of a paragraph: one line.
#define TUTOR_WIDTH 100000

static bool stops(const lesson_item *item);
static void take_item(app_tutor *tutor, const lesson_item *item);
static bool show_run(app_tutor *tutor, uint32_t run);
static void show_step(app_tutor *tutor, const lesson_item *item);
static void ask(app_tutor *tutor, const lesson_item *item);
static void begin_exercise(app_tutor *tutor);
static void keep(app_tutor *tutor, bool is_passed);
static void judge(app_tutor *tutor);

bool app_tutor_begin(app_tutor *tutor, const app_tutor_desc *desc)
{
    app_learner *learner = desc->learner;
    // A window wraps for itself.
    const lesson_script unwrapped = { .width = TUTOR_WIDTH };
    *tutor = (app_tutor){ .learner = learner,
                          .app = desc->app,
                          .teach = desc->teach,
                          .page = unwrapped,
                          .program = unwrapped,
                          .reply = unwrapped,
                          .run = LESSON_RUN_MAX };
    const char *slug = learner->stage.lesson->slug;
    const progress_row *known = lesson_progress_of(&learner->progress, slug);
    if (learner->stage.lesson->run_count == 0 || !show_run(tutor, 0))
        return false;
    tutor->is_known = false;
    const bool is_at_top = desc->is_again || desc->teach != NULL;
    if (known != NULL && known->at > 0 && !is_at_top)
        lesson_session_seek(&learner->session, known->at);
    tutor->is_at_title = learner->session.at == 0;
    if (!tutor->is_at_title)
        app__tutor_turn_page(tutor);
    else
        lesson_show_title(&learner->show, &tutor->page);
    return true;
}

void app_tutor_end(app_tutor *tutor)
{
    if (!tutor->is_over) keep(tutor, false);
    app__tutor_game_end(tutor);
    lesson_script_free(&tutor->page);
    lesson_script_free(&tutor->program);
    lesson_script_free(&tutor->reply);
    ant_arena_deinit(&tutor->arena);
    if (tutor->practice.learner != NULL) app_practice_end(&tutor->practice);
}

bool app_tutor_is_locked(const app_tutor *tutor)
{
    return !tutor->has_game &&
           lesson_session_is_locked(&tutor->learner->session);
}

bool app_tutor_next(app_tutor *tutor)
{
    lesson_session *session = &tutor->learner->session;
    if (lesson_session_is_locked(session) || tutor->is_practising ||
        tutor->is_over)
        return false;
    if (!tutor->is_at_title) lesson_session_next(session);
    tutor->is_at_title = false;
    lesson_script_free(&tutor->page);
    keep(tutor, false);
    if (tutor->is_at_last)
        begin_exercise(tutor);
    else
        app__tutor_turn_page(tutor);
    return true;
}

// ---- A page: everything up to the next place to stop ----

void app__tutor_turn_page(app_tutor *tutor)
{
    lesson_session *session = &tutor->learner->session;
    tutor->scroll = 0;
    tutor->has_question = false;
    app__tutor_game_end(tutor);
    tutor->typed[0] = '\0';
    lesson_script_free(&tutor->reply);
    const lesson_item *item;
    const uint32_t at = session->at;
    while ((item = lesson_session_item(session)) != NULL) {
        take_item(tutor, item);
        if (stops(item)) break;
        lesson_session_next(session);
    }
    app__tutor_teach_page(tutor, at);
    if (item != NULL) return;
    tutor->is_at_last = tutor->learner->stage.lesson->exercise != NULL;
    tutor->is_over = !tutor->is_at_last;
}

static bool stops(const lesson_item *item)
{
    return item->kind == LESSON_STEP || item->kind == LESSON_PREDICT ||
           item->kind == LESSON_SCHEDULE;
}

static void take_item(app_tutor *tutor, const lesson_item *item)
{
    const ant_lesson *lesson = tutor->learner->stage.lesson;
    if (item->run < lesson->run_count) show_run(tutor, item->run);
    if (item->kind == LESSON_PREDICT) {
        ask(tutor, item);
        return;
    }
    if (item->kind == LESSON_SCHEDULE) {
        app__tutor_game_begin(tutor, item);
        return;
    }
    if (item->kind == LESSON_RUN) {
        lesson_script_free(&tutor->program);
        lesson_show_item(&tutor->learner->show, item, &tutor->program);
        return;
    }
    lesson_show_item(&tutor->learner->show, item, &tutor->page);
    if (item->kind == LESSON_STEP) show_step(tutor, item);
}

// False when there is no such recording.
static bool show_run(app_tutor *tutor, uint32_t run)
{
    if (run == tutor->run) return true;
    ant_model *model = lesson_stage_model(&tutor->learner->stage, run,
                                          tutor->learner->session.problems);
    if (model == NULL || app_show(tutor->app, model) < 0) return false;
    model_source_beside(model, tutor->learner->stage.lesson->folder);
    tutor->run = run;
    tutor->is_known = false;
    return true;
}

static void show_step(app_tutor *tutor, const lesson_item *item)
{
    ant_app *app = tutor->app;
    const char *at = lesson_field_of(&item->fields, "at");
    const char *panel = lesson_field_of(&item->fields, "view");
    tutor->is_known = true;
    if (at == NULL) return;
    uint32_t event = lesson_stage_event(&tutor->learner->stage, at,
                                        (stage_place){ item->run, item->line },
                                        tutor->learner->session.problems);
    if (event == MODEL_NONE) return;
    replay_play(&app->replay, false);
    replay_seek_event(&app->replay, event);
    view_panel_id id =
        panel != NULL ? view_panel_find(panel) : VIEW_PANEL_COUNT;
    if (id != VIEW_PANEL_COUNT) view_panel_show(app->view, VIEW_AT_MAIN, id);
}

// ---- Questions ----

static void ask(app_tutor *tutor, const lesson_item *item)
{
    lesson_session *session = &tutor->learner->session;
    ant_arena_deinit(&tutor->arena);
    tutor->arena = (ant_arena){ 0 };
    tutor->has_question =
        lesson_session_question_of(&tutor->learner->stage, item, &tutor->arena,
                                   &tutor->question, session->problems);
    if (!tutor->has_question) lesson_session_skip(session);
    replay_play(&tutor->app->replay, false);
    if (tutor->has_question && tutor->question.event != MODEL_NONE)
        replay_seek_event(&tutor->app->replay, tutor->question.event);
    if (tutor->has_question)
        lesson_show_moment(&tutor->learner->show, &tutor->question,
                           &tutor->page);
}

// What was drawn on paper is compared with the replay.
static void reveal(app_tutor *tutor)
{
    lesson_session_reveal(&tutor->learner->session);
    lesson_script_free(&tutor->reply);
    lesson_show_drawn(&tutor->learner->show, &tutor->question, &tutor->reply);
    tutor->is_known = true;
}

void app__tutor_answer(app_tutor *tutor, const char *text)
{
    app_learner *learner = tutor->learner;
    session_reply reply = { 0 };
    if (text == NULL)
        lesson_session_skip(&learner->session);
    else
        reply =
            lesson_session_answer(&learner->session, &tutor->question, text);
    if (text != NULL && !reply.is_clear) {
        app_say(tutor->app, "That is no answer to this question.");
        tutor->typed[0] = '\0';
        return;
    }
    tutor->is_known = true;
    lesson_script_free(&tutor->reply);
    lesson_show_reply(&learner->show, &tutor->question,
                      text == NULL ? NULL : &reply, &tutor->reply);
    if (app_learn_log(learner, &tutor->question, text, &reply) < 0)
        app_say(tutor->app, "Your answer could not be written down.");
    keep(tutor, false);
}

static void type(app_tutor *tutor, char letter)
{
    const size_t len = strlen(tutor->typed);
    if (len + 1 >= sizeof tutor->typed) return;
    tutor->typed[len] = letter;
    tutor->typed[len + 1] = '\0';
}

// A letter of an option: the whole answer to a choice, the next one of an
// order.
static void choose(app_tutor *tutor, unsigned option)
{
    type(tutor, (char)('a' + option));
    const bool is_order = tutor->question.kind == SESSION_ORDER;
    if (!is_order || strlen(tutor->typed) == tutor->question.option_count)
        app__tutor_answer(tutor, tutor->typed);
}

static bool is_drawn(const app_tutor *tutor)
{
    return tutor->learner->session.is_revealed;
}

static bool key_of_question(app_tutor *tutor, ui_key_press press)
{
    const session_question *question = &tutor->question;
    const uint16_t key = press.key;
    const size_t len = strlen(tutor->typed);
    if (press.mods == UI_CTRL) return false;
    if (key == 's') {
        app__tutor_answer(tutor, NULL);
    } else if (key == UI_KEY_BACKSPACE) {
        if (len > 0) tutor->typed[len - 1] = '\0';
    } else if (key == UI_KEY_ENTER) {
        if (question->kind == SESSION_DRAWN && !is_drawn(tutor)) reveal(tutor);
        if (len > 0) app__tutor_answer(tutor, tutor->typed);
    } else if (question->kind == SESSION_DRAWN && !is_drawn(tutor)) {
        return false;
    } else if (question->kind == SESSION_DRAWN) {
        if (key == 'y' || key == 'n')
            app__tutor_answer(tutor, key == 'y' ? "y" : "n");
        return key == 'y' || key == 'n';
    } else if (question->kind == SESSION_NUMBER ||
               question->kind == SESSION_POINT) {
        const bool is_digit = (key >= '0' && key <= '9') || key == '.';
        if (is_digit) type(tutor, (char)key);
        return is_digit;
    } else if (key >= 'a' && key < 'a' + question->option_count) {
        choose(tutor, key - 'a');
    } else {
        return false;
    }
    return true;
}

bool app_tutor_key(app_tutor *tutor, ui_key_press press)
{
    if (tutor->teach != NULL && app__tutor_teach_key(tutor, press)) return true;
    if (tutor->has_game && app__tutor_game_key(tutor, press)) return true;
    if (app_tutor_is_locked(tutor) && key_of_question(tutor, press))
        return true;
    if (press.key == UI_KEY_ENTER) {
        if (tutor->is_practising) tutor->wants_judge = true;
        app_tutor_next(tutor);
        return true;
    }
    if (!tutor->is_practising || press.mods != UI_CTRL) return false;
    lesson_script_free(&tutor->reply);
    switch (press.key) {
    case 'h':
        app_practice_hint(&tutor->practice, &tutor->reply);
        return true;
    case 'n':
        app_practice_reset(&tutor->practice, &tutor->reply);
        return true;
    case 's':
        app_practice_reveal(&tutor->practice, &tutor->reply);
        return true;
    default:
        return false;
    }
}

// ---- The exercise ----

static void begin_exercise(app_tutor *tutor)
{
    tutor->is_at_last = false;
    tutor->is_known = true;
    tutor->scroll = 0;
    int err =
        app_practice_begin(&tutor->practice, tutor->learner, &tutor->page);
    tutor->is_practising = err == 0;
    tutor->is_over = err < 0;
    if (err < 0) return;
    lesson_script_print(&tutor->page,
                        "Your file is exercise.c in this folder. It is judged "
                        "each time you save it.\n    %s\n\n",
                        tutor->practice.attempt.folder);
    lesson_show_exercise(&tutor->learner->show, &tutor->page);
    tutor->wants_judge = true;
}

void app_tutor_tick(app_tutor *tutor, double seconds)
{
    if (tutor->wants_next) app_tutor_next(tutor);
    tutor->wants_next = false;
    app__tutor_game_tick(tutor);
    if (tutor->teach != NULL) tutor->teach->seconds += seconds;
    if (!tutor->is_practising) return;
    tutor->look_seconds -= seconds;
    if (tutor->look_seconds <= 0) {
        tutor->look_seconds = PRACTICE_LOOK_MS / 1e3;
        if (app_practice_has_changed(&tutor->practice))
            tutor->wants_judge = true;
    }
    if (tutor->wants_judge) judge(tutor);
    tutor->wants_judge = false;
}

// The recording of the attempt takes the place of the lesson's.
static void judge(app_tutor *tutor)
{
    app_practice *practice = &tutor->practice;
    lesson_script_free(&tutor->reply);
    app_practice_judge(practice);
    tutor->has_verdict = true;
    const char *trace = practice->verdict.take.trace;
    if (trace != NULL && app_show_file(tutor->app, trace) == 0) {
        tutor->run = LESSON_RUN_MAX;
        model_source_beside(tutor->app->model, practice->attempt.folder);
        for (uint32_t i = 0; i < practice->verdict.must_count; i++) {
            const verdict_must *must = &practice->verdict.must[i];
            if (must->is_kept || must->event == MODEL_NONE) continue;
            replay_seek_event(&tutor->app->replay, must->event);
            break;
        }
    }
    if (!practice->is_passed) return;
    app_practice_tell_end(practice, &tutor->reply);
    tutor->is_practising = false;
    tutor->is_over = true;
    tutor->learner->session.at = 0; // the next time from the top
    keep(tutor, true);
}

static void keep(app_tutor *tutor, bool is_passed)
{
    if (tutor->teach != NULL) return; // it is not the teacher who learns
    app_learner *learner = tutor->learner;
    if (lesson_progress_set(&learner->progress, learner->stage.lesson->slug,
                            learner->session.at, is_passed) < 0)
        app_say(tutor->app, "Your progress could not be written.");
}
