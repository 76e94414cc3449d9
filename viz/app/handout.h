// SPDX-License-Identifier: MIT
//
// `antfarm course handout`: a lesson as a page to print, or as PDF.

#ifndef ANT_APP_HANDOUT_H
#define ANT_APP_HANDOUT_H

#include "app/classroom.h"
#include "lesson/stage.h"

typedef struct app_handout {
    const char *path; // X.html or X.pdf
    bool has_answers;
} app_handout;

// Writes it. An exit status; it has said why when it is not TEXT_FINE.
int app_handout_write(const app_handout *handout, app_classroom *room,
                      lesson_stage *stage);

#endif
