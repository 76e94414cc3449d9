// SPDX-License-Identifier: MIT
//
// A list of any length, of which a page is on the screen: the wheel and a bar
// at the right move it. The caller keeps the number of the first row that is
// shown and draws the rows.

#ifndef ANT_UI_LIST_H
#define ANT_UI_LIST_H

#include "ui/core.h"

// The page of a list of `count` rows, each `row_h` high, in *rect. Takes the
// wheel and the bar, which it cuts from the right of *rect when not all fits,
// and brings *first into range. Returns how many rows to draw from *first on.
uint32_t ui_list(ant_ui *ui, ui_id id, draw_rect *rect, int row_h,
                 uint32_t count, uint32_t *first);

// Moves *first so that `row` is among the `shown`, with some rows around it
// where that can be had.
void ui_list_reveal(uint32_t *first, uint32_t shown, uint32_t row);

#endif
