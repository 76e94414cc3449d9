// SPDX-License-Identifier: MIT
//
// One learner in one lesson, as a machine without a face: where they are, what
// is locked, what an answer means. The terminal and a window drive the same
// machine; it prints nothing and waits for nobody. It belongs to whoever
// embeds it; one thread.

#ifndef VIZ_LESSON_SESSION_H
#define VIZ_LESSON_SESSION_H

#include "lesson/stage.h"

#define SESSION_OPTION_MAX 12u

// How a question wants to be answered.
typedef enum session_kind {
    SESSION_CHOICE, // one of the options, by its letter
    SESSION_NUMBER, // a number
    SESSION_ORDER,  // all options, by their letters
    SESSION_POINT,  // one of the tasks of a moment, by its number or name
    SESSION_DRAWN,  // on paper; who drew it says whether it was right
} session_kind;

typedef struct session_option {
    const char *text;    // filled
    const char *belief;  // tag of the misconception; NULL for none
    const char *because; // filled; what to say to it
    bool is_right;
    uint32_t task; // of a point: the task's number
    uint8_t state; // and its model_task_state
} session_option;

typedef struct session_question {
    session_kind kind;
    const lesson_item *item;
    uint32_t event; // the moment that it is about; MODEL_NONE for none
    const char *id;
    const char *ask;
    const char *why;
    const char *answer;                        // in words
    session_option option[SESSION_OPTION_MAX]; // in the order to show them
    uint32_t option_count;
} session_question;

typedef struct session_reply {
    bool is_clear; // it was an answer to this kind of question
    bool is_right;
    const session_option *chosen; // NULL when it is none of the options
} session_reply;

typedef struct lesson_session {
    lesson_stage *stage;
    lesson_problems *problems;
    ant_arena arena;
    uint32_t at;      // the current item; item_count at the end
    bool is_answered; // the question there, or it was skipped; a game is won
    bool is_revealed; // what was to be drawn can be seen
    uint32_t hint;    // the next one
    uint32_t asked;   // questions answered
    uint32_t right;
} lesson_session;

// At the first station. The stage and the problems outlive the session.
void lesson_session_init(lesson_session *session, lesson_stage *stage,
                         lesson_problems *problems);
void lesson_session_deinit(lesson_session *session);

// The current item; NULL at the end. Hints, the exercise and the teacher's
// notes are no stations on the way.
const lesson_item *lesson_session_item(const lesson_session *session);

// A question that was neither answered nor skipped, a game that is not won.
bool lesson_session_is_locked(const lesson_session *session);

// Goes on, unless it is locked or at the end: false then.
bool lesson_session_next(lesson_session *session);

// Goes to the first station that is item `at` or a later one, as when a lesson
// is resumed. Questions before it count as skipped.
void lesson_session_seek(lesson_session *session, uint32_t at);

// The question of an item; texts live in `arena`. False when it cannot be
// asked: problems has more.
bool lesson_session_question_of(lesson_stage *stage, const lesson_item *item,
                                ant_arena *arena,
                                session_question *ret_question,
                                lesson_problems *problems);

// What `text` means as an answer: "b", "300", "b a c".
session_reply lesson_session_read(const session_question *question,
                                  const char *text);

// The learner's answer to the current question. One that is clear unlocks it.
session_reply lesson_session_answer(lesson_session *session,
                                    const session_question *question,
                                    const char *text);
// Nobody has to answer it any more: it is skipped, or a game that is over.
void lesson_session_skip(lesson_session *session);

// The drawing is done: now its question wants to know whether it was right.
void lesson_session_reveal(lesson_session *session);

// The next hint, more helpful each time; the last one again after it. NULL when
// the lesson has none.
const lesson_item *lesson_session_hint(lesson_session *session);

#endif
