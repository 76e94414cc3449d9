// SPDX-License-Identifier: MIT
//
// Words of a lesson in a window: paragraphs, listings and headings as a script
// has them, rows to choose from, and buttons. All cut what they draw into from
// the top or the left of the caller's rectangle.

#ifndef ANT_APP_WORDS_H
#define ANT_APP_WORDS_H

#include "ui/core.h"

// Text as it is written for a terminal, but not wrapped: a line is a paragraph,
// what is indented is code, what is underlined is a heading.
void app_words(ant_ui *ui, draw_rect *rect, const char *text);

// How high a paragraph is.
int app_words_height(const ant_ui *ui, const char *text, int width);

// Something to choose, with a mark before it. True when it was clicked.
typedef struct app_choice {
    ui_id id;
    const char *mark; // "a)"
    const char *text;
    bool is_taken;
} app_choice;
bool app_words_choice(ant_ui *ui, draw_rect *rect, const app_choice *choice);

// A button from the left of *line. True when it was clicked.
bool app_words_button(ant_ui *ui, draw_rect *line, const char *text);

#endif
