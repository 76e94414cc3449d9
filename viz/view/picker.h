// SPDX-License-Identifier: MIT
//
// The picker: a line to write in and under it a list that gets shorter with
// each letter. Commands, search, bookmarks and places all use this one. It
// knows nothing of what it offers: whoever opens it fills in the items and acts
// on what was picked.

#ifndef ANT_VIEW_PICKER_H
#define ANT_VIEW_PICKER_H

#include "ui/field.h"

#define VIEW_PICK_MAX      64
#define VIEW_PICK_TEXT_MAX 160

typedef struct view_pick {
    char text[VIEW_PICK_TEXT_MAX];
    char detail[48];
    uint32_t what; // what it means is between the filler and the taker
    uint32_t row;
} view_pick;

typedef struct view_picker {
    bool is_open;
    const char *title;
    const char *hint; // what may be written
    ui_field field;
    view_pick pick[VIEW_PICK_MAX];
    uint32_t count;
    uint32_t selected;
    uint32_t first; // the topmost one on the screen
    uint32_t shown; // as many fit
    bool is_stale;  // the text has changed: the items are to be made anew
    bool is_taken;  // Enter, or a click: to be acted upon, once
} view_picker;

// Opens it with an empty line.
void view_picker_open(view_picker *picker, const char *title, const char *hint);

// One key press; the picker owns the keyboard while it is open.
void view_picker_key(view_picker *picker, ui_key_press press);

// Draws it over the panels and takes clicks. Closes when clicked beside.
void view_picker_draw(ant_ui *ui, draw_rect window, view_picker *picker);

#endif
