// SPDX-License-Identifier: MIT
//
// A folder for files that nobody needs when this program is over. Whoever opens
// it closes it. A program that was killed could not: as long as it lives it
// holds a lock on its folder, and the next one that opens a folder takes away
// those that nobody holds any more. One thread.

#ifndef VIZ_LESSON_SCRATCH_H
#define VIZ_LESSON_SCRATCH_H

#include "base/arena.h"

typedef struct lesson_scratch {
    const char *path; // NULL: none
    int lock;         // the folder itself, open and locked
} lesson_scratch;

// Makes a folder in $TMPDIR, else /tmp; its name lives in `arena`. 0 or -errno.
ANT_MUST_USE int lesson_scratch_open(ant_arena *arena,
                                     lesson_scratch *ret_scratch);

// Takes it away with the files in it.
void lesson_scratch_close(lesson_scratch *scratch);

#endif
