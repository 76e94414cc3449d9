// SPDX-License-Identifier: MIT
//
// A lesson in words: each of its items, a question, what is said to an answer,
// a verdict. The terminal and the transcript show the same text.

#ifndef VIZ_LESSON_SHOW_H
#define VIZ_LESSON_SHOW_H

#include "lesson/course.h"
#include "lesson/game.h"
#include "lesson/script.h"
#include "lesson/session.h"
#include "lesson/verdict.h"

typedef struct lesson_show {
    const ant_course *course; // for the words of misconceptions
    lesson_stage *stage;
    lesson_problems *problems;
    bool has_pictures;
} lesson_show;

// The title, and what one will be able to do.
void lesson_show_title(const lesson_show *show, lesson_script *script);

// An item that is no question.
void lesson_show_item(const lesson_show *show, const lesson_item *item,
                      lesson_script *script);

// The question with its options, before anything is answered.
void lesson_show_question(const lesson_show *show,
                          const session_question *question,
                          lesson_script *script);

// The moment that a question asks about; nothing when it names none.
void lesson_show_moment(const lesson_show *show,
                        const session_question *question,
                        lesson_script *script);

// What was to be drawn, for comparison.
void lesson_show_drawn(const lesson_show *show,
                       const session_question *question, lesson_script *script);

// What is said after an answer; `reply` is NULL after a skip.
void lesson_show_reply(const lesson_show *show,
                       const session_question *question,
                       const session_reply *reply, lesson_script *script);

// The answer, and why.
void lesson_show_solution(const lesson_show *show,
                          const session_question *question,
                          lesson_script *script);

// What a game asks for; and where it stands, which is what happened since the
// last choice, and the tasks.
void lesson_show_schedule(const lesson_show *show, const lesson_item *item,
                          lesson_script *script);
void lesson_show_game(const lesson_game *game, lesson_script *script);

// "one | two" as a list.
void lesson_show_list(const char *list, lesson_script *script);

// The words of one field, filled, after `first`.
void lesson_show_filled(const lesson_show *show, const lesson_item *item,
                        const char *key, const char *first,
                        lesson_script *script);

// Task and demands of the exercise.
void lesson_show_exercise(const lesson_show *show, lesson_script *script);

// What happened to an attempt, and which demands are not kept, and why.
void lesson_show_verdict(const lesson_verdict *verdict, lesson_script *script);

// The whole lesson with all answers, for print, for who cannot see the window,
// and as the file that tests compare.
void lesson_show_transcript(const lesson_show *show, lesson_script *script);

#endif
