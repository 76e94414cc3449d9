// SPDX-License-Identifier: MIT
//
// The tutor: a lesson as a column beside the replay. It turns the pages of a
// session, moves the replay to what a page is about, asks, and says what an
// answer means; an exercise is judged whenever the learner's file is saved.
// While a question is open the replay stands still, and a recording that has
// not been talked about yet is not shown at all. Main thread.

#ifndef VIZ_APP_TUTOR_H
#define VIZ_APP_TUTOR_H

#include "app/frame.h"
#include "app/practice.h"
#include "app/teach.h"

#define TUTOR_TYPED_MAX 64

typedef struct app_tutor {
    app_learner *learner;
    ant_app *app;
    app_teach *teach;      // a class looks on; NULL: a learner
    lesson_script page;    // the words of this page
    lesson_script program; // the listing that it is about
    lesson_script reply;   // what was said last: to an answer, to an attempt
    ant_arena arena;       // of the question
    session_question question;
    bool has_question;
    char typed[TUTOR_TYPED_MAX]; // the answer so far
    lesson_game game;
    bool has_game;
    bool wants_show; // of what was chosen, after this frame
    uint32_t run;    // whose recording it is
    bool is_known;   // that recording has been talked about
    app_practice practice;
    bool is_at_title; // before the first item
    bool is_at_last;  // behind the last one, and before the exercise
    bool has_verdict; // the exercise was judged
    bool is_practising;
    bool wants_next;     // after this frame, which is still of this page
    bool wants_judge;    // after this frame, which says so
    double look_seconds; // until the file is looked at again
    bool is_over;
    // In pixels; heights are those of the last frame.
    int scroll;       // of the words
    int words_height; // all of them
    int reply_height; // of question and reply together
} app_tutor;

// Begins the learner's lesson, where they were the last time unless `is_again`,
// or, with `teach`, at the top for a class. `app` shows nothing yet; the tutor
// opens recordings in it. All outlive the tutor. False when there is nothing to
// show; problems has more.
typedef struct app_tutor_desc {
    app_learner *learner;
    ant_app *app;
    app_teach *teach;
    bool is_again;
} app_tutor_desc;
bool app_tutor_begin(app_tutor *tutor, const app_tutor_desc *desc);
void app_tutor_end(app_tutor *tutor);

// Between two frames: looks after the exercise.
void app_tutor_tick(app_tutor *tutor, double seconds);

// Draws the column into a rectangle, and does what is clicked there.
void app_tutor_draw(app_tutor *tutor, draw_rect rect);

// A key. True when it was for the lesson.
bool app_tutor_key(app_tutor *tutor, ui_key_press press);

// While the recording is not to be seen: draws the program in its place, and
// returns true.
bool app_tutor_cover(app_tutor *tutor, draw_rect rect);

// May the replay not be moved?
bool app_tutor_is_locked(const app_tutor *tutor);

// Goes on, as Enter does. False when it is locked or at the end.
bool app_tutor_next(app_tutor *tutor);

// Private to the tutor's files: a game, from its block to the next page.
void app__tutor_game_begin(app_tutor *tutor, const lesson_item *item);
void app__tutor_game_end(app_tutor *tutor);
void app__tutor_game_tick(app_tutor *tutor);
bool app__tutor_game_key(app_tutor *tutor, ui_key_press press);
void app__tutor_game_draw(app_tutor *tutor, draw_rect *rect);

// Private, too: what a class adds. A page began at item `at`.
void app__tutor_teach_page(app_tutor *tutor, uint32_t at);
bool app__tutor_teach_key(app_tutor *tutor, ui_key_press press);

// Everything from the session's item up to the next place to stop.
void app__tutor_turn_page(app_tutor *tutor);

// An answer to the question that is open; NULL: it is skipped.
void app__tutor_answer(app_tutor *tutor, const char *text);

#endif
