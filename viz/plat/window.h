// SPDX-License-Identifier: MIT
//
// A window on the screen: shows a draw list, and turns what the user does into
// one ui_input a frame. Main thread only.

#ifndef ANT_PLAT_WINDOW_H
#define ANT_PLAT_WINDOW_H

#include "draw/draw.h"
#include "ui/input.h"

typedef struct plat_window plat_window;

typedef struct plat_window_desc {
    const char *title;
    int width; // 0: as large as fits well
    int height;
    bool is_hidden; // no display needed: for benchmarks
} plat_window_desc;

// 0, or -errno with one line for people in `error`: -ENODEV no display,
// -ENOENT no fonts.
ANT_MUST_USE int plat_window_open(const plat_window_desc *desc,
                                  plat_window **ret_window, char *error,
                                  size_t error_size);
void plat_window_close(plat_window *window);

// Lent to draw_init; valid while the window is open.
draw_metrics plat_window_metrics(plat_window *window);

// What happened since the last call. Sleeps for at most `wait_ms` until
// something does.
void plat_window_input(plat_window *window, int wait_ms, ui_input *ret_input);

// Paints the list and shows it, at most as often as the screen does.
void plat_window_paint(plat_window *window, const draw_list *list);
void plat_window_full_screen_toggle(plat_window *window);

#endif
