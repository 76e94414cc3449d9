// SPDX-License-Identifier: MIT
//
// The commands with pictures: `antfarm view` and `antfarm render`. Each takes
// its own arguments (argv[0] is the command's name), prints its own messages
// and returns the program's exit status. Main thread.

#ifndef ANT_APP_APP_H
#define ANT_APP_APP_H

// Opens a trace in a window.
int app_view(int argc, char **argv);

// Draws one moment of a trace into a PNG file; needs no display.
int app_render(int argc, char **argv);

#endif
