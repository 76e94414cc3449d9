// SPDX-License-Identifier: MIT
//
// The few widgets that panels share. Each returns what the user did.

#ifndef ANT_UI_WIDGETS_H
#define ANT_UI_WIDGETS_H

#include "ui/core.h"

// What a button shows.
typedef enum ui_icon {
    UI_ICON_NONE,
    UI_ICON_PLAY,
    UI_ICON_PAUSE,
    UI_ICON_NEXT,
    UI_ICON_PREVIOUS,
    UI_ICON_FIRST,
    UI_ICON_LAST,
} ui_icon;

// A button with a text. True when clicked.
bool ui_button(ant_ui *ui, ui_id id, draw_rect rect, const char *text);

// A button with a picture.
bool ui_icon_button(ant_ui *ui, ui_id id, draw_rect rect, ui_icon icon);

// How wide ui_button needs to be for `text`.
int ui_button_width(const ant_ui *ui, const char *text);

// One of several buttons of which one is on. True when clicked.
bool ui_tab(ant_ui *ui, ui_id id, draw_rect rect, const char *text, bool is_on);

// A horizontal slider from 0 to `max`. True while it is moved; then *ret_value
// has changed.
bool ui_slider(ant_ui *ui, ui_id id, draw_rect rect, uint64_t max,
               uint64_t *ret_value);

// The heading of a panel, cut from the top of *rect. The detail (or NULL) is
// left out where it does not fit.
void ui_heading(ant_ui *ui, draw_rect *rect, const char *text,
                const char *detail);

// A row of a list. True when clicked.
bool ui_row(ant_ui *ui, ui_id id, draw_rect rect, bool is_selected);

// The outline of whatever is selected: two lines, so that it shows on every
// colour.
void ui_selection(ant_ui *ui, draw_rect rect);

// A rectangle in the look of a state, with its letter or `text` on it when
// there is room. `text` may be NULL.
void ui_bar(ant_ui *ui, draw_rect rect, draw_state state, const char *text);

// How wide the text of a bar may be, to be there as a whole.
int ui_bar_room(const ant_ui *ui, draw_rect bar);

// A card: a small named thing in a queue. Returns its width.
int ui_card_width(const ant_ui *ui, const char *text);
bool ui_card(ant_ui *ui, ui_id id, draw_rect rect, draw_state state,
             const char *text);

#endif
