// SPDX-License-Identifier: MIT
//
// The options of the commands with pictures.

#ifndef ANT_APP_OPTIONS_H
#define ANT_APP_OPTIONS_H

#include "app/frame.h"

typedef struct app_options {
    const char *trace;
    const char *output; // NULL unless said
    const char *select; // a task's number or name
    int width;          // of the window or picture; 0 unless said
    int height;
    draw_theme theme;
    model_axis axis;
    bool has_axis;
    bool has_at;
    bool has_step;
    bool has_event;
    double at_ms;
    uint32_t step;   // from 1
    uint32_t event;  // from 0
    uint32_t frames; // draw so many and stop; 0 unless said
    bool is_bench;
} app_options;

// Reads the command line. -1 to go on, else the exit status: after --help, or
// after one line on stderr.
int app_options_read(app_options *options, int argc, char **argv,
                     const char *usage);

// Goes to the moment, selects, sets theme and axis. False after one line on
// stderr.
bool app_options_apply(const app_options *options, ant_app *app);

#endif
