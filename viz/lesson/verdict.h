// SPDX-License-Identifier: MIT
//
// Judging an attempt at an exercise: it is built, recorded, and asked what the
// lesson demands. The verdict says in words what happened, whatever it was, and
// names the events. One thread.

#ifndef VIZ_LESSON_VERDICT_H
#define VIZ_LESSON_VERDICT_H

#include "lesson/lesson.h"
#include "lesson/studio.h"
#include "query/query.h"

#define VERDICT_MUST_MAX 12u

// One demand of the exercise.
typedef struct verdict_must {
    const char *query;
    const char *message; // what to tell when it is not so
    bool is_kept;
    const char *facts; // what was found, a line each
    uint32_t event;    // one that shows it, MODEL_NONE for none
} verdict_must;

typedef struct lesson_verdict {
    bool is_passed;
    const char *headline; // one sentence
    const char *details;  // lines to show below it; "" for none
    verdict_must must[VERDICT_MUST_MAX];
    uint32_t must_count;
    studio_take take;
} lesson_verdict;

// Judges `file` of `folder`. `trace` is where to leave the recording, or NULL.
// All texts live in the studio's arena. Problems are those of the lesson
// itself: a demand that is no query.
void lesson_judge(const ant_lesson *lesson, lesson_studio *studio,
                  const char *folder, const char *file, const char *trace,
                  lesson_verdict *ret_verdict, lesson_problems *problems);

#endif
