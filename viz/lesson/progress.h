// SPDX-License-Identifier: MIT
//
// How far a learner is, in a text file that people can read, edit and merge:
// one line for each lesson, "select: at 7" or "select: passed". Of two lines
// for one lesson the one that is further counts. Beside it stands a log of
// answers, for the learner alone. One thread; two programs at once may lose a
// line, never the file.

#ifndef VIZ_LESSON_PROGRESS_H
#define VIZ_LESSON_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/buf.h"

typedef struct progress_row {
    const char *slug;
    uint32_t at; // the item where to go on
    bool is_passed;
} progress_row;

typedef struct lesson_progress {
    ant_arena arena;
    const char *folder; // of the learner's things
    const char *path;
    model_buf rows; // of progress_row
} lesson_progress;

// Reads it from the learner's folder, $XDG_DATA_HOME/antfarm, which is made
// when it is not there. 0 or -errno.
ANT_MUST_USE int lesson_progress_open(lesson_progress *ret_progress);
void lesson_progress_close(lesson_progress *progress);

// NULL for a lesson that was not begun.
const progress_row *lesson_progress_of(const lesson_progress *progress,
                                       const char *slug);

// Notes where the learner is, and writes the file. Passed stays passed. 0 or
// -errno.
ANT_MUST_USE int lesson_progress_set(lesson_progress *progress,
                                     const char *slug, uint32_t at,
                                     bool is_passed);

// One line more for answers.csv: date, lesson, question, answer, and right,
// wrong or skipped with the tag of the belief. 0 or -errno.
ANT_MUST_USE int lesson_progress_log(const lesson_progress *progress,
                                     const char *slug, const char *question,
                                     const char *answer, const char *result,
                                     const char *belief);

#endif
