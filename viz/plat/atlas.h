// SPDX-License-Identifier: MIT
//
// An atlas: the letters of one face in one colour, as one texture. The colour
// is painted in because a software renderer copies ready pixels ten times as
// fast as it tints them. Letters are painted at their first use; when the
// texture is full it begins anew. One thread, the renderer's.

#ifndef ANT_PLAT_ATLAS_H
#define ANT_PLAT_ATLAS_H

#include <SDL.h>

#include "plat/font.h"

#define PLAT_ATLAS_COUNT_MAX 64

typedef struct plat_atlas {
    const plat_face *face;
    draw_color color;
    SDL_Texture *texture;
    int x; // where the next letter goes
    int y;
    int line; // the height of the current line of letters
    bool is_painted[PLAT_GLYPH_COUNT_MAX]; // by the glyph's place in its face
    SDL_Rect at[PLAT_GLYPH_COUNT_MAX];
} plat_atlas;

typedef struct plat_atlases {
    SDL_Renderer *renderer;
    plat_atlas *atlas[PLAT_ATLAS_COUNT_MAX];
    unsigned count;
    plat_atlas *last;
} plat_atlases;

// NULL when there is no memory.
plat_atlas *plat_atlas_of(plat_atlases *atlases, const plat_face *face,
                          draw_color color);

// Where the letter is in the texture; of no width when it is a blank.
SDL_Rect plat_atlas_letter(plat_atlases *atlases, plat_atlas *atlas,
                           const plat_glyph *glyph);

// Forgets all atlases; the struct may be used again.
void plat_atlases_close(plat_atlases *atlases);

#endif
