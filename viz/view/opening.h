// SPDX-License-Identifier: MIT
//
// What is on the screen while a long trace is opened: its outline, how far the
// opening is, and which keys wait for its end. It needs no model.

#ifndef VIZ_VIEW_OPENING_H
#define VIZ_VIEW_OPENING_H

#include "model/outline.h"
#include "ui/core.h"

typedef struct view_opening {
    const char *path;
    const model_outline *outline; // NULL: not known yet
    unsigned percent;
    unsigned waiting; // keys that were pressed too early
} view_opening;

// Draws it over the whole window.
void view_opening_draw(ant_ui *ui, const view_opening *opening);

#endif
