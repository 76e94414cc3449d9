// SPDX-License-Identifier: MIT
//
// The painter: takes a draw list and an SDL_Renderer, and paints the one with
// the other. It serves the window and the canvas alike, so both show the same.
// It keeps what is expensive: atlases of letters, tiles of patterns. One
// thread, the renderer's.

#ifndef ANT_PLAT_RENDER_H
#define ANT_PLAT_RENDER_H

#include <SDL.h>

#include "draw/draw.h"
#include "plat/atlas.h"
#include "plat/font.h"

#define PLAT_CLIP_DEPTH_MAX 16
#define PLAT_TILE_COUNT_MAX 96

// A pattern in its colours, ready to be copied. DRAW_SOLID stands for a plain
// colour that is laid over what is there.
typedef struct plat_tile {
    draw_pattern pattern;
    int period;
    draw_color color;
    draw_color ink;
    SDL_Texture *texture;
} plat_tile;

typedef struct plat_painter {
    SDL_Renderer *renderer;
    plat_fonts fonts;
    plat_atlases atlases;
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

// Paints the whole list; whoever owns the renderer then presents or flushes.
void plat_painter_paint(plat_painter *painter, const draw_list *list);

// A texture whose pixels have an alpha of their own.
SDL_Texture *plat_texture_new(SDL_Renderer *renderer, int w, int h);

// Fills in the texture of a tile (see pattern.c). False when there is no
// memory.
bool plat_tile_make(SDL_Renderer *renderer, plat_tile *tile);

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
