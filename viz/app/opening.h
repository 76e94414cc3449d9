// SPDX-License-Identifier: MIT
//
// The window while a long trace is opened: it is there at once, with the
// trace's outline and a bar, and keeps the keys that come too early. Main
// thread.

#ifndef ANT_APP_OPENING_H
#define ANT_APP_OPENING_H

#include "model/model.h"
#include "model/outline.h"
#include "plat/window.h"
#include "ui/core.h"

typedef struct app_opening {
    // Opens the window when it is needed. 0, or a status after a line on
    // stderr.
    int (*open_window)(void *arg, plat_window **ret_window);
    void *arg; // of open_window
    const char *path;
    draw_theme theme;

    plat_window *window; // NULL until it is needed
    bool has_failed;     // to open it
    bool has_outline;    // was tried
    unsigned percent;
    uint64_t drawn_ns; // when
    ui_input early;    // keys for the first frame
    model_outline outline;
    draw_list list;
    ant_ui ui;
} app_opening;

// For model_progress: `arg` is the app_opening.
bool app_opening_tell(void *arg, const ant_reader *reader, unsigned percent);

// Frees all but the window.
void app_opening_end(app_opening *opening);

#endif
