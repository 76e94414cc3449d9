// SPDX-License-Identifier: MIT
//
// Lines that somebody types, or that a script pipes in, with a way to wait for
// something else meanwhile. One console, on the standard input; one thread.

#ifndef VIZ_APP_CONSOLE_H
#define VIZ_APP_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct app_console {
    char line[500];
    size_t len;     // read so far
    bool is_over;   // the input has ended
    char rest[500]; // read, but behind the line's end
    size_t rest_len;
} app_console;

// The next line without its end, blanks around it taken away; valid until the
// next call. NULL when the input ends first, or when `wait_ms` (-1: for ever)
// have passed without a whole line.
const char *app_console_line(app_console *console, int wait_ms);

#endif
