// SPDX-License-Identifier: MIT
//
// What the window looked like when it was last closed: which panels, theme,
// axis, how wide the side is. Kept as readable lines in
// $XDG_STATE_HOME/antfarm/view (else ~/.local/state/antfarm/view). It is only
// about looks: when it cannot be read or written, nothing is said.

#ifndef ANT_APP_LAYOUT_H
#define ANT_APP_LAYOUT_H

#include "app/frame.h"

// Brings the looks back. Lines that mean nothing are passed over.
void app_layout_load(ant_app *app);

// Writes them down.
void app_layout_save(const ant_app *app);

// The file, "" when there is no home for it.
void app_layout_path(char *buf, size_t size);

#endif
