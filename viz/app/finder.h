// SPDX-License-Identifier: MIT
//
// What the picker is opened for: commands, search, places, bookmarks, the
// filter. Each is a row of one table: what it offers for a text, and what it
// does with what was picked.

#ifndef ANT_APP_FINDER_H
#define ANT_APP_FINDER_H

#include "app/frame.h"

typedef enum app_find {
    APP_FIND_COMMAND, // everything that a key does
    APP_FIND_THING,   // tasks, locks, workers, files, texts of events
    APP_FIND_PLACE,   // a time, a step, an event, a task by its number
    APP_FIND_MARK,    // the bookmarks
    APP_FIND_NOTE,    // the text of the bookmark here
    APP_FIND_FILTER,  // which tasks are shown
    APP_FIND_COUNT
} app_find;

// Opens the picker for it.
void app_find_open(ant_app *app, app_find find);

// While the picker is open, it gets the keys and is drawn last.
void app_find_key(ant_app *app, ui_key_press press);
void app_find_draw(ant_app *app, draw_rect window);

// Sets or removes the bookmark at the current event.
void app_mark_toggle(ant_app *app);

// To the next (1) or previous (-1) bookmark.
void app_mark_step(ant_app *app, int by);

#endif
