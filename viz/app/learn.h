// SPDX-License-Identifier: MIT
//
// Private to `antfarm learn`: one lesson in a terminal, and its exercise.

#ifndef VIZ_APP_LEARN_H
#define VIZ_APP_LEARN_H

#include "app/classroom.h"
#include "app/console.h"
#include "lesson/progress.h"
#include "lesson/session.h"
#include "lesson/show.h"

typedef struct app_learner {
    app_classroom room;
    lesson_progress progress;
    app_console console;
    bool has_pictures;
    bool is_teaching;   // a class looks on
    const char *lang;   // of the words of lessons; NULL: English
    ant_lesson *lesson; // that is open; NULL for none
    lesson_stage stage; // of it
    lesson_session session;
    lesson_show show;
} app_learner;

// What came of a line that was typed.
typedef enum learn_reply {
    LEARN_ON,
    LEARN_QUIT, // the learner leaves, or the input has ended
} learn_reply;

// A question, until it is answered or skipped; a game, until it is won or
// skipped; and a page, until it is read.
learn_reply app_learn_ask(app_learner *learner, const lesson_item *item);
learn_reply app_learn_game(app_learner *learner, const lesson_item *item);
learn_reply app_learn_wait(app_learner *learner);

// Notes where the learner is.
void app_learn_keep(app_learner *learner, bool is_passed);

// The exercise of the open lesson, until it is passed or left. *ret_is_passed
// says which.
learn_reply app_learn_exercise(app_learner *learner, bool *ret_is_passed);

// Judges the learner's file once; TEXT_FINE when it passes.
int app_learn_judge(app_learner *learner);

// Opens a lesson of the course; false after a complaint. And shuts it again:
// TEXT_FINE when nothing was wrong with it.
bool app_learn_open(app_learner *learner, const course_lesson *row);
int app_learn_shut(app_learner *learner);

// The list in a window, and the lessons that are chosen there. -1 when there is
// no display, else an exit status.
int app_learn_list(app_learner *learner);

// One lesson in a window, beside its replay. -1 when there is no display, and
// nothing has happened yet; else an exit status.
int app_learn_window(app_learner *learner, bool is_again);

// Writes an answer down for the learner; `text` is NULL when it was skipped.
// 0 or -errno.
int app_learn_log(app_learner *learner, const session_question *question,
                  const char *text, const session_reply *reply);

// Prints a script and empties it.
void app_learn_say(lesson_script *script);

#endif
