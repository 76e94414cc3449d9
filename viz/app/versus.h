// SPDX-License-Identifier: MIT
//
// A second trace beside the first. Each has its own replay, view and bookmarks;
// one of the two is in front, and all that the application does concerns it.

#ifndef ANT_APP_VERSUS_H
#define ANT_APP_VERSUS_H

#include "app/frame.h"

// Opens a second trace, which stays behind. 0, or -errno after one line on
// stderr. app_close closes it, too.
ANT_MUST_USE int app_versus_open(ant_app *app, const char *path);
void app_versus_close(ant_app *app);

// Brings the other one to the front, at the same step. Says so; or that there
// is none.
void app_versus_swap(ant_app *app);

#endif
