// SPDX-License-Identifier: MIT

#include "draw/draw.h"

#include <string.h>

#include "base/assert.h"
#include "base/mem.h"

#define CMD_COUNT_MIN  1024u
#define TEXT_BYTES_MIN 16384u
#define ELLIPSIS       "\xE2\x80\xA6"

static draw_cmd *append(draw_list *list, draw_op op, draw_rect rect);
static bool reserve_text(draw_list *list, size_t bytes);
static size_t fit(const draw_list *list, const draw_text_style *style,
                  const char *text, size_t len, int width);
static void append_text(draw_list *list, draw_rect rect,
                        const draw_text_style *style, const char *text,
                        size_t len, bool with_ellipsis);

void draw_init(draw_list *list, draw_metrics metrics)
{
    ANT_ASSERT(metrics.text_width != NULL);
    *list = (draw_list){ .metrics = metrics };
}

void draw_deinit(draw_list *list)
{
    ant_mem_free(list->cmd);
    ant_mem_free(list->text);
    *list = (draw_list){ 0 };
}

void draw_begin(draw_list *list)
{
    list->count = 0;
    list->text_len = 0;
    list->clip_depth = 0;
    list->is_full = false;
}

// A command has no bytes that mean nothing.
_Static_assert(sizeof(draw_cmd) == 4 + sizeof(draw_rect) + 4 * sizeof(uint32_t),
               "commands are compared byte by byte");

bool draw_is_same(const draw_list *a, const draw_list *b)
{
    return a->count == b->count && a->text_len == b->text_len &&
           memcmp(a->cmd, b->cmd, a->count * sizeof(draw_cmd)) == 0 &&
           memcmp(a->text, b->text, a->text_len) == 0;
}

void draw_fill(draw_list *list, draw_rect rect, draw_color color)
{
    if (rect.w <= 0 || rect.h <= 0) return;
    draw_cmd *cmd = append(list, DRAW_OP_RECT, rect);
    if (cmd != NULL) cmd->color = color;
}

void draw_frame(draw_list *list, draw_rect rect, int thick, draw_color color)
{
    if (rect.w <= 0 || rect.h <= 0) return;
    draw_cmd *cmd = append(list, DRAW_OP_FRAME, rect);
    if (cmd == NULL) return;
    cmd->color = color;
    cmd->size = (uint8_t)thick;
}

void draw_patterned(draw_list *list, draw_rect rect, draw_pattern pattern,
                    draw_color color, draw_color ink)
{
    if (rect.w <= 0 || rect.h <= 0) return;
    if (pattern == DRAW_SOLID) {
        draw_fill(list, rect, color);
        return;
    }
    if (pattern == DRAW_OUTLINE) {
        draw_frame(list, rect, 2, color);
        return;
    }
    draw_cmd *cmd = append(list, DRAW_OP_PATTERN, rect);
    if (cmd == NULL) return;
    cmd->style = (uint8_t)pattern;
    cmd->size = (uint8_t)list->pattern_px;
    cmd->color = color;
    cmd->ink = ink;
}

void draw_line(draw_list *list, int x0, int y0, int x1, int y1, int thick,
               draw_color color)
{
    draw_cmd *cmd =
        append(list, DRAW_OP_LINE, (draw_rect){ x0, y0, x1 - x0, y1 - y0 });
    if (cmd == NULL) return;
    cmd->color = color;
    cmd->size = (uint8_t)thick;
}

void draw_triangle(draw_list *list, draw_rect rect, draw_direction direction,
                   draw_color color)
{
    if (rect.w <= 0 || rect.h <= 0) return;
    draw_cmd *cmd = append(list, DRAW_OP_TRIANGLE, rect);
    if (cmd == NULL) return;
    cmd->style = (uint8_t)direction;
    cmd->color = color;
}

static void arrow_line(draw_list *list, const draw_arrow_desc *arrow, int x0,
                       int y0, int x1, int y1)
{
    draw_line(list, x0, y0, x1, y1, arrow->thick, arrow->color);
    if (list->count == 0) return;
    list->cmd[list->count - 1].dash = (uint8_t)arrow->dash;
}

void draw_arrow(draw_list *list, const draw_arrow_desc *arrow)
{
    int head = arrow->head;
    int half = head / 2;
    int x1 = arrow->x1;
    int y1 = arrow->y1;
    bool is_down = y1 > arrow->y0;
    // A head needs room: an arrow that hardly moves along has it at the bend.
    if (x1 - arrow->x0 <= head) {
        int tip = is_down ? y1 - head : y1 + head;
        arrow_line(list, arrow, arrow->x0, arrow->y0, arrow->x0, tip);
        draw_triangle(
            list,
            (draw_rect){ arrow->x0 - half, is_down ? tip : y1, head, head },
            is_down ? DRAW_DOWN : DRAW_UP, arrow->color);
        return;
    }
    if (y1 != arrow->y0) {
        arrow_line(list, arrow, arrow->x0, arrow->y0, arrow->x0, y1);
    }
    arrow_line(list, arrow, arrow->x0, y1, x1 - head, y1);
    draw_triangle(list, (draw_rect){ x1 - head, y1 - half, head, head },
                  DRAW_TO_RIGHT, arrow->color);
}

int draw_text(draw_list *list, draw_rect rect, const draw_text_style *style,
              const char *text)
{
    return draw_text_n(list, rect, style, text, strlen(text));
}

int draw_text_n(draw_list *list, draw_rect rect, const draw_text_style *style,
                const char *text, size_t len)
{
    if (len == 0 || rect.w <= 0) return 0;
    const draw_metrics *m = &list->metrics;
    int width = m->text_width(m->arg, style->font, style->size, text, len);
    bool is_cut = width > rect.w;
    if (is_cut) {
        int dots = draw_text_width(list, style->font, style->size, ELLIPSIS);
        if (dots > rect.w) return 0;
        len = fit(list, style, text, len, rect.w - dots);
        width =
            dots + m->text_width(m->arg, style->font, style->size, text, len);
    }
    int x = rect.x;
    if (style->align == DRAW_CENTER) x += (rect.w - width) / 2;
    if (style->align == DRAW_RIGHT) x += rect.w - width;
    append_text(list, (draw_rect){ x, rect.y, width, rect.h }, style, text, len,
                is_cut);
    return width;
}

int draw_text_width(const draw_list *list, draw_font font, int size,
                    const char *text)
{
    return list->metrics.text_width(list->metrics.arg, font, size, text,
                                    strlen(text));
}

void draw_clip(draw_list *list, draw_rect rect)
{
    list->clip_depth++;
    append(list, DRAW_OP_CLIP, rect);
}

void draw_unclip(draw_list *list)
{
    ANT_ASSERT(list->clip_depth > 0);
    list->clip_depth--;
    append(list, DRAW_OP_UNCLIP, (draw_rect){ 0 });
}

// --- Rectangles ------------------------------------------------------------

static int at_most(int wanted, int available)
{
    if (wanted < 0) return 0;
    return wanted < available ? wanted : available;
}

draw_rect draw_cut_top(draw_rect *rect, int h)
{
    h = at_most(h, rect->h);
    draw_rect slice = { rect->x, rect->y, rect->w, h };
    rect->y += h;
    rect->h -= h;
    return slice;
}

draw_rect draw_cut_bottom(draw_rect *rect, int h)
{
    h = at_most(h, rect->h);
    rect->h -= h;
    return (draw_rect){ rect->x, rect->y + rect->h, rect->w, h };
}

draw_rect draw_cut_left(draw_rect *rect, int w)
{
    w = at_most(w, rect->w);
    draw_rect slice = { rect->x, rect->y, w, rect->h };
    rect->x += w;
    rect->w -= w;
    return slice;
}

draw_rect draw_cut_right(draw_rect *rect, int w)
{
    w = at_most(w, rect->w);
    rect->w -= w;
    return (draw_rect){ rect->x + rect->w, rect->y, w, rect->h };
}

draw_rect draw_intersect(draw_rect a, draw_rect b)
{
    int x0 = a.x > b.x ? a.x : b.x;
    int y0 = a.y > b.y ? a.y : b.y;
    int x1 = a.x + a.w < b.x + b.w ? a.x + a.w : b.x + b.w;
    int y1 = a.y + a.h < b.y + b.h ? a.y + a.h : b.y + b.h;
    return draw_rect_make(x0, y0, x1 - x0, y1 - y0);
}

// --- Helpers ---------------------------------------------------------------

static draw_cmd *append(draw_list *list, draw_op op, draw_rect rect)
{
    if (list->count == list->max) {
        uint32_t max = list->max == 0 ? CMD_COUNT_MIN : 2 * list->max;
        draw_cmd *grown = ant_mem_resize(list->cmd, max * sizeof(*grown));
        if (grown == NULL) {
            list->is_full = true;
            return NULL;
        }
        list->cmd = grown;
        list->max = max;
    }
    draw_cmd *cmd = &list->cmd[list->count++];
    *cmd = (draw_cmd){ .op = (uint8_t)op, .rect = rect };
    return cmd;
}

static bool reserve_text(draw_list *list, size_t bytes)
{
    size_t need = list->text_len + bytes;
    size_t max = list->text_max == 0 ? TEXT_BYTES_MIN : list->text_max;
    while (max < need)
        max *= 2;
    if (max == list->text_max) return true;
    char *grown = ant_mem_resize(list->text, max);
    if (grown == NULL) {
        list->is_full = true;
        return false;
    }
    list->text = grown;
    list->text_max = (uint32_t)max;
    return true;
}

static void append_text(draw_list *list, draw_rect rect,
                        const draw_text_style *style, const char *text,
                        size_t len, bool with_ellipsis)
{
    if (!reserve_text(list, len + sizeof(ELLIPSIS))) return;
    draw_cmd *cmd = append(list, DRAW_OP_TEXT, rect);
    if (cmd == NULL) return;
    cmd->style = (uint8_t)style->font;
    cmd->size = (uint8_t)style->size;
    cmd->color = style->color;
    cmd->text = list->text_len;
    memcpy(list->text + list->text_len, text, len);
    if (with_ellipsis) {
        memcpy(list->text + list->text_len + len, ELLIPSIS,
               sizeof(ELLIPSIS) - 1);
        len += sizeof(ELLIPSIS) - 1;
    }
    cmd->text_len = (uint32_t)len;
    list->text_len += (uint32_t)len;
}

// The start of the letter that byte `n` of `text` belongs to.
static size_t letter_start(const char *text, size_t len, size_t n)
{
    while (n > 0 && n < len && ((unsigned char)text[n] & 0xC0) == 0x80)
        n--;
    return n;
}

// How many bytes of `text` fit into `width`, never ending inside a letter.
static size_t fit(const draw_list *list, const draw_text_style *style,
                  const char *text, size_t len, int width)
{
    const draw_metrics *m = &list->metrics;
    size_t low = 0;    // so many bytes fit,
    size_t high = len; // and not more than so many
    while (low < high) {
        size_t middle = low + (high - low + 1) / 2;
        size_t cut = letter_start(text, len, middle);
        if (m->text_width(m->arg, style->font, style->size, text, cut) <=
            width) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low = letter_start(text, len, low);
    while (low > 0 && text[low - 1] == ' ')
        low--;
    return low;
}
