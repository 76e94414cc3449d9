// SPDX-License-Identifier: MIT
//
// The patterns, one small question each: is there ink at (x, y), both counted
// within one period? Lines get a soft edge where they run diagonally.

#include "base/mem.h"
#include "draw/color.h"
#include "plat/render.h"

static unsigned ink_at(draw_pattern pattern, int x, int y, int period);
static uint32_t blend(draw_color color, draw_color ink, unsigned strength);

SDL_Texture *plat_texture_new(SDL_Renderer *renderer, int w, int h)
{
    SDL_Texture *texture = SDL_CreateTexture(renderer, SDL_PIXELFORMAT_ARGB8888,
                                             SDL_TEXTUREACCESS_STATIC, w, h);
    if (texture == NULL) return NULL;
    SDL_SetTextureBlendMode(texture, SDL_BLENDMODE_BLEND);
    SDL_SetTextureScaleMode(texture, SDL_ScaleModeNearest);
    return texture;
}

bool plat_tile_make(SDL_Renderer *renderer, plat_tile *tile)
{
    int w = plat_tile_width(tile->period);
    int h = plat_tile_height(tile->period);
    uint32_t *pixels = ant_mem_alloc((size_t)w * (size_t)h * sizeof(*pixels));
    if (pixels == NULL) return false;
    for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
            unsigned ink = ink_at(tile->pattern, x % tile->period,
                                  y % tile->period, tile->period);
            pixels[y * w + x] = blend(tile->color, tile->ink, ink);
        }
    }
    // Without alpha in the pixels SDL copies, or lays the whole over, fast.
    tile->texture = SDL_CreateTexture(renderer, SDL_PIXELFORMAT_RGB888,
                                      SDL_TEXTUREACCESS_STATIC, w, h);
    if (tile->texture != NULL) {
        SDL_UpdateTexture(tile->texture, NULL, pixels,
                          w * (int)sizeof(*pixels));
        bool is_laid_over = tile->pattern == DRAW_SOLID;
        SDL_SetTextureBlendMode(tile->texture, is_laid_over
                                                   ? SDL_BLENDMODE_BLEND
                                                   : SDL_BLENDMODE_NONE);
        if (is_laid_over) {
            SDL_SetTextureAlphaMod(tile->texture, (Uint8)(tile->color >> 24));
        }
    }
    ant_mem_free(pixels);
    return tile->texture != NULL;
}

// `strength` (0 to 255) of the ink, which has an alpha too, over the colour.
static uint32_t blend(draw_color color, draw_color ink, unsigned strength)
{
    unsigned percent = strength * (ink >> 24) * 100 / (255 * 255);
    return draw_mix(color, ink, percent);
}

// Full ink inside a line `thick` wide, half of it one pixel further out.
static unsigned diagonal(int at, int thick, int period)
{
    at %= period;
    if (at < thick) return 255;
    return at == thick || at == period - 1 ? 110 : 0;
}

static unsigned dot(int x, int y, int period)
{
    // Distances from the middle of the cell, in half pixels.
    int dx = 2 * x + 1 - period;
    int dy = 2 * y + 1 - period;
    int far = dx * dx + dy * dy;
    int radius = period / 2;
    if (far <= (radius - 1) * (radius - 1)) return 255;
    return far <= (radius + 1) * (radius + 1) ? 110 : 0;
}

static unsigned zigzag(int x, int y, int period)
{
    int half = period / 2;
    int tooth = x < half ? x : period - 1 - x;
    return y < tooth ? 255 : 0;
}

static unsigned ink_at(draw_pattern pattern, int x, int y, int period)
{
    int thin = period / 8 > 0 ? period / 8 : 1;
    switch (pattern) {
    case DRAW_DOTS:
        return dot(x, y, period);
    case DRAW_STRIPES:
        return diagonal(x + y, 3 * thin, period);
    case DRAW_DIAGONAL:
        return diagonal(x + period - y, thin, period);
    case DRAW_HATCH:
        return diagonal(x + y, thin, period);
    case DRAW_VERTICAL:
        return x < thin ? 255 : 0;
    case DRAW_HORIZONTAL:
        return y < thin ? 255 : 0;
    case DRAW_GRID:
        return x < thin || y < thin ? 255 : 0;
    case DRAW_CROSS: {
        unsigned one = diagonal(x + y, thin, period);
        unsigned other = diagonal(x + period - y, thin, period);
        return one > other ? one : other;
    }
    case DRAW_ZIGZAG:
        return zigzag(x, y, period);
    case DRAW_SOLID:
    case DRAW_OUTLINE:
    case DRAW_PATTERN_COUNT:
        break;
    }
    return 0;
}
