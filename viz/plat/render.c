// SPDX-License-Identifier: MIT

#include "plat/render.h"

#include <stdlib.h>
#include <string.h>

// The tile of a plain colour is as large as that of a pattern of this period.
#define PLAIN_PERIOD 16

static void paint(plat_painter *painter, const draw_list *list,
                  const draw_cmd *cmd);
static void paint_frame(plat_painter *painter, const draw_cmd *cmd);
static void paint_tiled(plat_painter *painter, const draw_cmd *cmd);
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
    painter->atlases.renderer = renderer;
    return plat_fonts_open(&painter->fonts, error, error_size);
}

void plat_painter_close(plat_painter *painter)
{
    for (unsigned i = 0; i < painter->tile_count; i++) {
        SDL_DestroyTexture(painter->tile[i].texture);
    }
    plat_atlases_close(&painter->atlases);
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
        if (cmd->color >> 24 == 255) {
            fill(painter, r.x, r.y, r.w, r.h);
        } else {
            paint_tiled(painter, cmd);
        }
        break;
    case DRAW_OP_FRAME:
        paint_frame(painter, cmd);
        break;
    case DRAW_OP_PATTERN:
        paint_tiled(painter, cmd);
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

static const plat_tile *find_tile(plat_painter *painter, const draw_cmd *cmd,
                                  int period)
{
    plat_tile wanted = { (draw_pattern)cmd->style, period, cmd->color, cmd->ink,
                         NULL };
    for (unsigned i = 0; i < painter->tile_count; i++) {
        const plat_tile *tile = &painter->tile[i];
        if (tile->pattern == wanted.pattern && tile->period == period &&
            tile->color == cmd->color && tile->ink == cmd->ink) {
            return tile;
        }
    }
    if (painter->tile_count == PLAT_TILE_COUNT_MAX) {
        // A resized window leaves tiles behind; start anew.
        SDL_RenderFlush(painter->renderer);
        while (painter->tile_count > 0) {
            SDL_DestroyTexture(painter->tile[--painter->tile_count].texture);
        }
    }
    if (!plat_tile_make(painter->renderer, &wanted)) return NULL;
    painter->tile[painter->tile_count] = wanted;
    return &painter->tile[painter->tile_count++];
}

// Covers a rectangle with copies of a tile. The pattern stands still on the
// screen from left to right and begins at the bar's top edge, so that bars in
// one row look alike.
static void paint_tiled(plat_painter *painter, const draw_cmd *cmd)
{
    int period = cmd->size > 0 ? cmd->size : PLAIN_PERIOD;
    const plat_tile *tile = find_tile(painter, cmd, period);
    if (tile == NULL) return;
    int tile_h = plat_tile_height(period);
    draw_rect r = cmd->rect;
    for (int y = 0; y < r.h; y += tile_h) {
        int h = r.h - y < tile_h ? r.h - y : tile_h;
        for (int x = 0; x < r.w;) {
            int phase = ((r.x + x) % period + period) % period;
            int w = plat_tile_width(period) - phase;
            if (w > r.w - x) w = r.w - x;
            SDL_RenderCopy(painter->renderer, tile->texture,
                           &(SDL_Rect){ phase, 0, w, h },
                           &(SDL_Rect){ r.x + x, r.y + y, w, h });
            x += w;
        }
    }
}

static void paint_text(plat_painter *painter, const draw_list *list,
                       const draw_cmd *cmd)
{
    plat_face *face =
        plat_fonts_face(&painter->fonts, (draw_font)cmd->style, cmd->size);
    plat_atlas *atlas =
        face == NULL ? NULL
                     : plat_atlas_of(&painter->atlases, face, cmd->color);
    if (atlas == NULL) return;
    int x = cmd->rect.x;
    int y = cmd->rect.y + (cmd->rect.h - TTF_FontHeight(face->ttf)) / 2;
    const char *at = list->text + cmd->text;
    const char *end = at + cmd->text_len;
    uint32_t before = 0;
    while (at < end) {
        uint32_t letter = plat_letter_next(&at, end);
        plat_glyph *glyph = plat_face_glyph(face, letter);
        if (glyph == NULL) continue;
        SDL_Rect from = plat_atlas_letter(&painter->atlases, atlas, glyph);
        x += plat_face_kerning(face, before, letter);
        if (from.w > 0) {
            SDL_RenderCopy(painter->renderer, atlas->texture, &from,
                           &(SDL_Rect){ x + glyph->left, y, from.w, from.h });
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
