// SPDX-License-Identifier: MIT
//
// A line of text that the user writes. It takes key presses one by one from
// whoever owns the keyboard at the moment.

#ifndef ANT_UI_FIELD_H
#define ANT_UI_FIELD_H

#include "ui/core.h"

#define UI_FIELD_MAX 96 // bytes

typedef struct ui_field {
    char text[UI_FIELD_MAX]; // UTF-8
} ui_field;

// A character is added, Backspace takes the last one away, Ctrl+U all. True
// when the text has changed.
bool ui_field_key(ui_field *field, ui_key_press press);

// Draws it with a cursor behind the text; the hint while it is empty.
void ui_field_draw(ant_ui *ui, draw_rect rect, const ui_field *field,
                   const char *hint);

#endif
