// SPDX-License-Identifier: MIT
//
// What a lesson must not be, found by reading it, by running its programs and
// by judging attempts that are known to be right or wrong. Each refusal says
// where, and what to write. docs/LESSONS.md lists them.

#ifndef VIZ_LESSON_CHECK_H
#define VIZ_LESSON_CHECK_H

#include "lesson/course.h"
#include "lesson/stage.h"

// What belongs together: the order, the minutes of a part, needs in a circle,
// beliefs that no lesson breaks.
void lesson_check_course(const ant_course *course, lesson_problems *problems);

// One lesson by itself: its text, then its programs and its exercise.
void lesson_check_lesson(const ant_course *course, lesson_stage *stage,
                         lesson_problems *problems);

// The parts of lesson_check_lesson.
void lesson_check_text(const ant_course *course, const ant_lesson *lesson,
                       lesson_problems *problems);
void lesson_check_runs(lesson_stage *stage, lesson_problems *problems);
void lesson_check_options(lesson_stage *stage, lesson_problems *problems);
void lesson_check_games(lesson_stage *stage, lesson_problems *problems);
void lesson_check_exercise(lesson_stage *stage, lesson_problems *problems);
void lesson_check_lock(lesson_stage *stage, lesson_problems *problems);
void lesson_check_shipped(lesson_stage *stage, lesson_problems *problems);

// Leaves the recordings beside the lesson, for who has no compiler. 0 or
// -errno.
ANT_MUST_USE int lesson_ship(lesson_stage *stage, lesson_problems *problems);

#endif
