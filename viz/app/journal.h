// SPDX-License-Identifier: MIT
//
// The journal of a window (`antfarm view --log FILE`): a line after each frame
// in which something changed, with what was asked for and where the replay
// stands now. Tests read it to see what keys and clicks did; so can whoever
// wants to know what happened in a demonstration. The form is in docs/VIZ.md.

#ifndef ANT_APP_JOURNAL_H
#define ANT_APP_JOURNAL_H

#include "app/frame.h"
#include "app/keys.h"

// Begins to write. 0 or -errno.
ANT_MUST_USE int app_journal_open(ant_app *app, const char *path);
void app_journal_close(ant_app *app);

// Notes that an action was asked for in this frame.
void app_journal_note(ant_app *app, app_action action);

// To be called after each frame.
void app_journal_write(ant_app *app);

#endif
