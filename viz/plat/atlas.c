// SPDX-License-Identifier: MIT

#include "plat/atlas.h"

#include <string.h>

#include "base/mem.h"
#include "plat/render.h"

#define ATLAS_SIDE 512

static plat_atlas *new_atlas(plat_atlases *atlases, const plat_face *face,
                             draw_color color);
static void paint_letter(plat_atlases *atlases, plat_atlas *atlas,
                         const plat_glyph *glyph, unsigned slot);

plat_atlas *plat_atlas_of(plat_atlases *atlases, const plat_face *face,
                          draw_color color)
{
    plat_atlas *last = atlases->last;
    if (last != NULL && last->face == face && last->color == color) {
        return last;
    }
    for (unsigned i = 0; i < atlases->count; i++) {
        plat_atlas *atlas = atlases->atlas[i];
        if (atlas->face != face || atlas->color != color) continue;
        atlases->last = atlas;
        return atlas;
    }
    // A resized window leaves atlases behind; start anew.
    if (atlases->count == PLAT_ATLAS_COUNT_MAX) plat_atlases_close(atlases);
    atlases->last = new_atlas(atlases, face, color);
    return atlases->last;
}

SDL_Rect plat_atlas_letter(plat_atlases *atlases, plat_atlas *atlas,
                           const plat_glyph *glyph)
{
    unsigned slot = (unsigned)(glyph - atlas->face->glyph);
    if (!atlas->is_painted[slot]) {
        paint_letter(atlases, atlas, glyph, slot);
    }
    return atlas->at[slot];
}

void plat_atlases_close(plat_atlases *atlases)
{
    // What is queued for painting still needs the textures.
    SDL_RenderFlush(atlases->renderer);
    for (unsigned i = 0; i < atlases->count; i++) {
        SDL_DestroyTexture(atlases->atlas[i]->texture);
        ant_mem_free(atlases->atlas[i]);
    }
    atlases->count = 0;
    atlases->last = NULL;
}

// --- Helpers ---------------------------------------------------------------

static plat_atlas *new_atlas(plat_atlases *atlases, const plat_face *face,
                             draw_color color)
{
    plat_atlas *atlas = ant_mem_alloc(sizeof(*atlas));
    if (atlas == NULL) return NULL;
    atlas->face = face;
    atlas->color = color;
    atlas->texture =
        plat_texture_new(atlases->renderer, ATLAS_SIDE, ATLAS_SIDE);
    if (atlas->texture == NULL) {
        ant_mem_free(atlas);
        return NULL;
    }
    SDL_SetTextureAlphaMod(atlas->texture, (Uint8)(color >> 24));
    atlases->atlas[atlases->count++] = atlas;
    return atlas;
}

// Finds room for a picture of this size; forgets everything when there is none.
static void make_room(plat_atlases *atlases, plat_atlas *atlas, int w, int h)
{
    if (atlas->x + w > ATLAS_SIDE) {
        atlas->x = 0;
        atlas->y += atlas->line + 1;
        atlas->line = 0;
    }
    if (atlas->y + h <= ATLAS_SIDE) return;
    SDL_RenderFlush(atlases->renderer);
    memset(atlas->is_painted, 0, sizeof(atlas->is_painted));
    atlas->x = 0;
    atlas->y = 0;
    atlas->line = 0;
}

static void paint_letter(plat_atlases *atlases, plat_atlas *atlas,
                         const plat_glyph *glyph, unsigned slot)
{
    SDL_Color color = { (Uint8)(atlas->color >> 16), (Uint8)(atlas->color >> 8),
                        (Uint8)atlas->color, 255 };
    SDL_Surface *picture =
        TTF_RenderGlyph32_Blended(atlas->face->ttf, glyph->letter, color);
    SDL_Rect at = { 0 };
    if (picture != NULL && picture->w <= ATLAS_SIDE &&
        picture->h <= ATLAS_SIDE) {
        make_room(atlases, atlas, picture->w, picture->h);
        at = (SDL_Rect){ atlas->x, atlas->y, picture->w, picture->h };
        SDL_UpdateTexture(atlas->texture, &at, picture->pixels, picture->pitch);
        atlas->x += at.w + 1;
        if (at.h > atlas->line) atlas->line = at.h;
    }
    SDL_FreeSurface(picture);
    atlas->at[slot] = at;
    atlas->is_painted[slot] = true;
}
