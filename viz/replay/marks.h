// SPDX-License-Identifier: MIT
//
// Bookmarks: moments of a trace with a few words, kept beside it in TRACE.marks
// so that they can be handed on with it. One readable line each:
//
//   event 512  step 118, 12.400 ms  the lock is taken here
//
// Only the first two words are read back; what stands after the second double
// space is the text. Lines that are no bookmarks are left as they are. Whoever
// adds or removes one reads the file again first, so that two windows, or a
// person with an editor, do not undo each other's work.

#ifndef VIZ_REPLAY_MARKS_H
#define VIZ_REPLAY_MARKS_H

#include "model/model.h"

#define REPLAY_MARK_TEXT_MAX 120 // bytes
#define REPLAY_MARK_MAX      256 // more than anybody finds again

typedef struct replay_bookmark {
    uint32_t event;
    char text[REPLAY_MARK_TEXT_MAX];
} replay_bookmark;

typedef struct replay_marks {
    const ant_model *model;
    uint32_t count; // in the order of events
    replay_bookmark mark[REPLAY_MARK_MAX];
} replay_marks;

// Reads the file again. 0, also when there is none; else -errno.
int replay_marks_load(replay_marks *marks, const ant_model *model);

// The bookmark at this event, or NULL.
const replay_bookmark *replay_marks_at(const replay_marks *marks,
                                       uint32_t event);

// The nearest one after (by 1) or before (by -1) the event, or NULL.
const replay_bookmark *replay_marks_next(const replay_marks *marks,
                                         uint32_t event, int by);

// Writes one into the file, in the place of the one at the same event. 0 or
// -errno; -EOVERFLOW when there are too many.
int replay_marks_put(replay_marks *marks, uint32_t event, const char *text);

// Takes it out of the file. 0 or -errno.
int replay_marks_remove(replay_marks *marks, uint32_t event);

#endif
