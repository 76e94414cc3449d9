// SPDX-License-Identifier: MIT

#include "plat/render.h"

#include <stdlib.h>
#include <string.h>

#define ATLAS_SIDE 512

static void paint(plat_painter *painter, const draw_list *list,
                  const draw_cmd *cmd);
static void paint_frame(plat_painter *painter, const draw_cmd *cmd);
static void paint_pattern(plat_painter *painter, const draw_cmd *cmd);
static void paint_line(plat_painter *painter, const draw_cmd *cmd);
static void paint_triangle(plat_painter *painter, const draw_cmd *cmd);
static void paint_text(plat_painter *painter, const draw_list *list,
                       const draw_cmd *cmd);
static void push_clip(plat_painter *painter, draw_rect rect);
static void pop_clip(plat_painter *painter);

int plat_painter_open(plat_painter *painter, SDL_Renderer *renderer,
                      char *error, size_t error_size)
{
    *painter = (plat_painter){ .renderer = renderer };
    SDL_SetRenderDrawBlendMode(renderer, SDL_BLENDMODE_BLEND);
    return plat_fonts_open(&painter->fonts, error, error_size);
}

void plat_painter_close(plat_painter *painter)
{
    for (unsigned i = 0; i < painter->tile_count; i++) {
        SDL_DestroyTexture(painter->tile[i].texture);
    }
    plat_fonts_close(&painter->fonts);
    *painter = (plat_painter){ 0 };
}

void plat_painter_paint(plat_painter *painter, const draw_list *list)
{
    painter->clip_depth = 0;
    SDL_RenderSetClipRect(painter->renderer, NULL);
    for (uint32_t i = 0; i < list->count; i++) {
        paint(painter, list, &list->cmd[i]);
    }
}

// --- Helpers ---------------------------------------------------------------

static void set_color(plat_painter *painter, draw_color color)
{
    SDL_SetRenderDrawColor(painter->renderer, (color >> 16) & 0xFF,
                           (color >> 8) & 0xFF, color & 0xFF,
                           (Uint8)(color >> 24));
}

static void fill(plat_painter *painter, int x, int y, int w, int h)
{
    SDL_RenderFillRect(painter->renderer, &(SDL_Rect){ x, y, w, h });
}

static void paint(plat_painter *painter, const draw_list *list,
                  const draw_cmd *cmd)
{
    draw_rect r = cmd->rect;
    set_color(painter, cmd->color);
    switch ((draw_op)cmd->op) {
    case DRAW_OP_RECT:
        fill(painter, r.x, r.y, r.w, r.h);
        break;
    case DRAW_OP_FRAME:
        paint_frame(painter, cmd);
        break;
    case DRAW_OP_PATTERN:
        fill(painter, r.x, r.y, r.w, r.h);
        paint_pattern(painter, cmd);
        break;
    case DRAW_OP_LINE:
        paint_line(painter, cmd);
        break;
    case DRAW_OP_TRIANGLE:
        paint_triangle(painter, cmd);
        break;
    case DRAW_OP_TEXT:
        paint_text(painter, list, cmd);
        break;
    case DRAW_OP_CLIP:
        push_clip(painter, r);
        break;
    case DRAW_OP_UNCLIP:
        pop_clip(painter);
        break;
    case DRAW_OP_COUNT:
        break;
    }
}

static void paint_frame(plat_painter *painter, const draw_cmd *cmd)
{
    draw_rect r = cmd->rect;
    int thick = cmd->size;
    if (2 * thick >= r.w || 2 * thick >= r.h) {
        fill(painter, r.x, r.y, r.w, r.h);
        return;
    }
    fill(painter, r.x, r.y, r.w, thick);
    fill(painter, r.x, r.y + r.h - thick, r.w, thick);
    fill(painter, r.x, r.y + thick, thick, r.h - 2 * thick);
    fill(painter, r.x + r.w - thick, r.y + thick, thick, r.h - 2 * thick);
}

// Straight lines are rectangles; only their dashes need thought. A slanted one
// is drawn as `thick` parallel thin ones.
static void paint_line(plat_painter *painter, const draw_cmd *cmd)
{
    draw_rect r = cmd->rect;
    int thick = cmd->size;
    if (r.w != 0 && r.h != 0) {
        for (int i = 0; i < thick; i++) {
            int dx = abs(r.h) > abs(r.w) ? i - thick / 2 : 0;
            int dy = dx == 0 && abs(r.h) <= abs(r.w) ? i - thick / 2 : 0;
            SDL_RenderDrawLine(painter->renderer, r.x + dx, r.y + dy,
                               r.x + r.w + dx, r.y + r.h + dy);
        }
        return;
    }
    int x = r.w < 0 ? r.x + r.w : r.x;
    int y = r.h < 0 ? r.y + r.h : r.y;
    int len = r.w != 0 ? abs(r.w) : abs(r.h);
    int dash = cmd->dash > 0 ? cmd->dash : len;
    for (int at = 0; at < len; at += 2 * dash) {
        int piece = len - at < dash ? len - at : dash;
        if (r.w != 0) fill(painter, x + at, y - thick / 2, piece, thick);
        if (r.w == 0) fill(painter, x - thick / 2, y + at, thick, piece);
    }
}

// A triangle is a stack of lines that grow from its tip to its base.
static void paint_triangle(plat_painter *painter, const draw_cmd *cmd)
{
    draw_rect r = cmd->rect;
    bool is_upright = cmd->style == DRAW_UP || cmd->style == DRAW_DOWN;
    int steps = is_upright ? r.h : r.w;
    int base = is_upright ? r.w : r.h;
    for (int i = 0; i < steps; i++) {
        bool is_from_tip = cmd->style == DRAW_UP || cmd->style == DRAW_TO_LEFT;
        int nth = is_from_tip ? i + 1 : steps - i;
        int len = base * nth / steps;
        if ((base - len) % 2 != 0) len++;
        int skip = (base - len) / 2;
        if (is_upright) fill(painter, r.x + skip, r.y + i, len, 1);
        if (!is_upright) fill(painter, r.x + i, r.y + skip, 1, len);
    }
}

static SDL_Texture *find_tile(plat_painter *painter, draw_pattern pattern,
                              int period)
{
    for (unsigned i = 0; i < painter->tile_count; i++) {
        const plat_tile *tile = &painter->tile[i];
        if (tile->pattern == pattern && tile->period == period) {
            return tile->texture;
        }
    }
    if (painter->tile_count == PLAT_TILE_COUNT_MAX) {
        // A resized window leaves tiles behind; start anew.
        while (painter->tile_count > 0) {
            SDL_DestroyTexture(painter->tile[--painter->tile_count].texture);
        }
    }
    SDL_Texture *texture = plat_tile_new(painter->renderer, pattern, period);
    if (texture != NULL) {
        painter->tile[painter->tile_count++] =
            (plat_tile){ pattern, period, texture };
    }
    return texture;
}

// The pattern stands still on the screen from left to right and begins at the
// bar's top edge, so that bars in one row look alike.
static void paint_pattern(plat_painter *painter, const draw_cmd *cmd)
{
    int period = cmd->size;
    SDL_Texture *tile = find_tile(painter, (draw_pattern)cmd->style, period);
    if (tile == NULL) return;
    SDL_SetTextureColorMod(tile, (cmd->ink >> 16) & 0xFF,
                           (cmd->ink >> 8) & 0xFF, cmd->ink & 0xFF);
    SDL_SetTextureAlphaMod(tile, (Uint8)(cmd->ink >> 24));
    int tile_h = plat_tile_height(period);
    draw_rect r = cmd->rect;
    for (int y = 0; y < r.h; y += tile_h) {
        int h = r.h - y < tile_h ? r.h - y : tile_h;
        for (int x = 0; x < r.w;) {
            int phase = ((r.x + x) % period + period) % period;
            int w = plat_tile_width(period) - phase;
            if (w > r.w - x) w = r.w - x;
            SDL_RenderCopy(painter->renderer, tile,
                           &(SDL_Rect){ phase, 0, w, h },
                           &(SDL_Rect){ r.x + x, r.y + y, w, h });
            x += w;
        }
    }
}

// Puts the picture of a letter into the face's atlas. When that is full it
// begins anew: the letters of this frame come back at their next use.
static void paint_glyph(plat_painter *painter, plat_face *face,
                        plat_glyph *glyph)
{
    glyph->is_painted = true;
    if (face->atlas == NULL) {
        face->atlas =
            plat_texture_new(painter->renderer, ATLAS_SIDE, ATLAS_SIDE);
    }
    SDL_Surface *picture = TTF_RenderGlyph32_Blended(
        face->ttf, glyph->letter, (SDL_Color){ 255, 255, 255, 255 });
    if (picture == NULL) return; // a blank
    if (face->atlas_x + picture->w > ATLAS_SIDE) {
        face->atlas_x = 0;
        face->atlas_y += face->atlas_line + 1;
        face->atlas_line = 0;
    }
    if (face->atlas_y + picture->h > ATLAS_SIDE) {
        for (unsigned i = 0; i < PLAT_GLYPH_COUNT_MAX; i++) {
            face->glyph[i].is_painted = false;
        }
        face->atlas_x = face->atlas_y = face->atlas_line = 0;
        SDL_RenderFlush(painter->renderer);
        glyph->is_painted = true;
    }
    glyph->at =
        (SDL_Rect){ face->atlas_x, face->atlas_y, picture->w, picture->h };
    SDL_UpdateTexture(face->atlas, &glyph->at, picture->pixels, picture->pitch);
    face->atlas_x += picture->w + 1;
    if (picture->h > face->atlas_line) face->atlas_line = picture->h;
    SDL_FreeSurface(picture);
}

static void paint_text(plat_painter *painter, const draw_list *list,
                       const draw_cmd *cmd)
{
    plat_face *face =
        plat_fonts_face(&painter->fonts, (draw_font)cmd->style, cmd->size);
    if (face == NULL) return;
    int x = cmd->rect.x;
    int y = cmd->rect.y + (cmd->rect.h - TTF_FontHeight(face->ttf)) / 2;
    const char *at = list->text + cmd->text;
    const char *end = at + cmd->text_len;
    uint32_t before = 0;
    while (at < end) {
        uint32_t letter = plat_letter_next(&at, end);
        plat_glyph *glyph = plat_face_glyph(face, letter);
        if (glyph == NULL) continue;
        if (!glyph->is_painted) paint_glyph(painter, face, glyph);
        x += plat_face_kerning(face, before, letter);
        if (glyph->at.w > 0 && face->atlas != NULL) {
            SDL_SetTextureColorMod(face->atlas, (cmd->color >> 16) & 0xFF,
                                   (cmd->color >> 8) & 0xFF, cmd->color & 0xFF);
            SDL_SetTextureAlphaMod(face->atlas, (Uint8)(cmd->color >> 24));
            SDL_RenderCopy(
                painter->renderer, face->atlas, &glyph->at,
                &(SDL_Rect){ x + glyph->left, y, glyph->at.w, glyph->at.h });
        }
        x += glyph->advance;
        before = letter;
    }
}

static void use_clip(plat_painter *painter)
{
    int depth = painter->clip_depth;
    SDL_RenderSetClipRect(painter->renderer,
                          depth == 0 ? NULL : &painter->clip[depth - 1]);
}

static void push_clip(plat_painter *painter, draw_rect rect)
{
    if (painter->clip_depth == PLAT_CLIP_DEPTH_MAX) return;
    SDL_Rect wanted = { rect.x, rect.y, rect.w, rect.h };
    SDL_Rect clip = wanted;
    if (painter->clip_depth > 0) {
        const SDL_Rect *outer = &painter->clip[painter->clip_depth - 1];
        // SDL leaves garbage when there is nothing in common.
        if (!SDL_IntersectRect(&wanted, outer, &clip)) {
            clip = (SDL_Rect){ -1, -1, 1, 1 };
        }
    }
    painter->clip[painter->clip_depth++] = clip;
    use_clip(painter);
}

static void pop_clip(plat_painter *painter)
{
    if (painter->clip_depth > 0) painter->clip_depth--;
    use_clip(painter);
}
