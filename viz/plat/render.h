// SPDX-License-Identifier: MIT
//
// The painter: takes a draw list and an SDL_Renderer, and paints the one with
// the other. It serves the window and the canvas alike, so both show the same.
// It keeps what is expensive: an atlas of letters for each face, a tile for
// each pattern. One thread, the renderer's.

#ifndef ANT_PLAT_RENDER_H
#define ANT_PLAT_RENDER_H

#include <SDL.h>

#include "draw/draw.h"
#include "plat/font.h"

#define PLAT_CLIP_DEPTH_MAX 16
#define PLAT_TILE_COUNT_MAX 24

typedef struct plat_tile {
    draw_pattern pattern;
    int period;
    SDL_Texture *texture;
} plat_tile;

typedef struct plat_painter {
    SDL_Renderer *renderer;
    plat_fonts fonts;
    plat_tile tile[PLAT_TILE_COUNT_MAX];
    unsigned tile_count;
    SDL_Rect clip[PLAT_CLIP_DEPTH_MAX];
    int clip_depth;
} plat_painter;

// 0, or -errno with one line for people. The renderer stays the caller's and
// must outlive the painter.
ANT_MUST_USE int plat_painter_open(plat_painter *painter,
                                   SDL_Renderer *renderer, char *error,
                                   size_t error_size);
void plat_painter_close(plat_painter *painter);

void plat_painter_paint(plat_painter *painter, const draw_list *list);

// A texture of w x h transparent white pixels, to be filled by the caller.
SDL_Texture *plat_texture_new(SDL_Renderer *renderer, int w, int h);

// The tile of a pattern whose period is `period` pixels: white where the ink
// goes. NULL when there is no memory. See pattern.c.
SDL_Texture *plat_tile_new(SDL_Renderer *renderer, draw_pattern pattern,
                           int period);

// How large a tile is: whole periods, wide, so that bars take few copies.
static inline int plat_tile_width(int period)
{
    return 32 * period;
}

static inline int plat_tile_height(int period)
{
    return 6 * period;
}

#endif
