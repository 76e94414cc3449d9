// SPDX-License-Identifier: MIT
//
// A lesson on paper, as one page of HTML that needs nothing else: its text, its
// programs, and its questions with room to answer. What one sees stands on a
// sheet of its own at the end, so that it can be held back. The teacher's sheet
// has the answers and the notes, too.

#ifndef VIZ_LESSON_HANDOUT_H
#define VIZ_LESSON_HANDOUT_H

#include <stdio.h>

#include "lesson/show.h"

// Draws event `event` of a recording as PNG. The bytes are lent until the next
// call; NULL when that cannot be done.
typedef const uint8_t *(*handout_draw_fn)(void *arg, ant_model *model,
                                          uint32_t event, size_t *ret_len);

typedef struct handout_desc {
    bool has_answers;
    handout_draw_fn draw; // key frames
    void *arg;
} handout_desc;

// Writes it. Whether the file took it is for the file to say.
void lesson_handout_write(const lesson_show *show, const handout_desc *desc,
                          FILE *out);

#endif
