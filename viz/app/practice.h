// SPDX-License-Identifier: MIT
//
// A learner at an exercise, without a face: their file, whether it has changed,
// what became of it. The terminal and the window drive the same practice. The
// file is looked at a few times a second, which works on every file system.

#ifndef VIZ_APP_PRACTICE_H
#define VIZ_APP_PRACTICE_H

#include <time.h>

#include "app/learn.h"
#include "lesson/attempt.h"

// How often to look at the file.
#define PRACTICE_LOOK_MS 300

// The solution is shown to who has tried so often, or has passed.
#define PRACTICE_TRIES_MIN 3u

typedef struct app_practice {
    app_learner *learner;
    lesson_attempt attempt;
    ant_arena arena;
    struct timespec seen; // the file, when it was judged
    bool was_there;
    bool is_passed;
    bool is_noted; // that it is passed
    uint32_t tries;
    lesson_verdict verdict; // of the last try
} app_practice;

// Finds or makes the learner's copy. 0 or -errno, with a sentence in `script`.
ANT_MUST_USE int app_practice_begin(app_practice *practice,
                                    app_learner *learner,
                                    lesson_script *script);
void app_practice_end(app_practice *practice);

// Was the file changed, made or taken away since it was judged?
bool app_practice_has_changed(const app_practice *practice);

// Builds, records and judges it: see `verdict`. Takes as long as a compiler
// takes. A pass is noted in the learner's progress.
void app_practice_judge(app_practice *practice);

// The verdict in words; and what there is to say after a pass.
void app_practice_tell(app_practice *practice, lesson_script *script);
void app_practice_tell_end(app_practice *practice, lesson_script *script);

// The next hint; the starter again, with the old file kept; our solution. Each
// says in `script` what it did.
void app_practice_hint(app_practice *practice, lesson_script *script);
void app_practice_reset(app_practice *practice, lesson_script *script);
void app_practice_reveal(app_practice *practice, lesson_script *script);

#endif
