// SPDX-License-Identifier: MIT
//
// The learner's own copy of an exercise: a folder with exercise.c, which is
// never overwritten. Beginning again keeps what was there under another name.

#ifndef VIZ_LESSON_ATTEMPT_H
#define VIZ_LESSON_ATTEMPT_H

#include "lesson/lesson.h"

typedef struct lesson_attempt {
    const char *folder;
    const char *file;  // whole path of exercise.c
    const char *trace; // where its recording goes
} lesson_attempt;

// Finds or makes the copy below `data`, the learner's folder. Texts live in
// `arena`. 0 or -errno.
ANT_MUST_USE int lesson_attempt_open(const ant_lesson *lesson, const char *data,
                                     ant_arena *arena,
                                     lesson_attempt *ret_attempt);

// Puts the starter there again; what was there becomes exercise.c.1, .2 …, and
// *ret_kept is its path, NULL when there was nothing. 0 or -errno.
ANT_MUST_USE int lesson_attempt_reset(const ant_lesson *lesson,
                                      const lesson_attempt *attempt,
                                      ant_arena *arena, const char **ret_kept);

// Puts the solution beside it, as solution.c; returns its path, or NULL.
const char *lesson_attempt_reveal(const ant_lesson *lesson,
                                  const lesson_attempt *attempt,
                                  ant_arena *arena);

#endif
