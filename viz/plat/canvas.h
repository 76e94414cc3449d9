// SPDX-License-Identifier: MIT
//
// A window's twin in memory: paints a draw list without any display and saves
// it as PNG. The same list gives the same pixels on every machine that has the
// same fonts. One thread.

#ifndef ANT_PLAT_CANVAS_H
#define ANT_PLAT_CANVAS_H

#include "draw/draw.h"
#include "plat/png.h"

typedef struct plat_canvas plat_canvas;

// 0, or -errno with one line for people in `error`.
ANT_MUST_USE int plat_canvas_open(int width, int height,
                                  plat_canvas **ret_canvas, char *error,
                                  size_t error_size);
void plat_canvas_close(plat_canvas *canvas);

// Lent to draw_init; valid while the canvas is open.
draw_metrics plat_canvas_metrics(plat_canvas *canvas);
void plat_canvas_paint(plat_canvas *canvas, const draw_list *list);

// What it shows: lent until the next painting.
plat_image plat_canvas_image(const plat_canvas *canvas);

// 0 or -errno.
ANT_MUST_USE int plat_canvas_save(plat_canvas *canvas, const char *path);

#endif
