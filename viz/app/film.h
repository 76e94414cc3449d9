// SPDX-License-Identifier: MIT
//
// A part of a trace as a film: an MP4 or a GIF, by ffmpeg, which has to be
// there. The frames are those of the window, drawn without one.

#ifndef ANT_APP_FILM_H
#define ANT_APP_FILM_H

#include "app/frame.h"
#include "app/options.h"

typedef struct app_film {
    const char *path;
    double from_ms;   // negative: from the start
    double to_ms;     // negative: to the end
    uint64_t fps;     // 0: what suits the format
    uint64_t seconds; // how long it lasts; 0: 10
} app_film;

// True when the name of the file ends like that of a film.
bool app_film_is_one(const char *path);

// Makes the film of an open trace, to which the options have been applied.
// Returns an exit status, after one line on stderr unless it is 0.
int app_film_make(ant_app *app, args_size size, const app_film *film);

#endif
