// SPDX-License-Identifier: MIT
//
// The draw list: everything that one frame shows, as a flat list of commands
// in painting order. Views append, a platform paints, a test prints it. There
// is no renderer in here and no state between frames: draw_begin() forgets the
// frame before and keeps its memory. One thread.
//
// The hard thing is text: views must know how wide a text will be before it is
// painted, so whoever paints lends its measuring function (draw_metrics).
//
// Coordinates are whole pixels from the top left corner. When memory runs out
// the list stays valid and the rest of the frame is missing.

#ifndef ANT_DRAW_DRAW_H
#define ANT_DRAW_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

typedef struct draw_rect {
    int x, y, w, h;
} draw_rect;

// 0xAARRGGBB.
typedef uint32_t draw_color;

typedef enum draw_op {
    DRAW_OP_RECT,     // filled
    DRAW_OP_FRAME,    // its outline, drawn inside
    DRAW_OP_PATTERN,  // filled, with a pattern on it
    DRAW_OP_LINE,     // from (x, y) by (w, h)
    DRAW_OP_TRIANGLE, // an isosceles one that fills the rectangle
    DRAW_OP_TEXT,     // one line, the rectangle is its extent
    DRAW_OP_CLIP,     // until the matching UNCLIP paint inside only
    DRAW_OP_UNCLIP,
    DRAW_OP_COUNT
} draw_op;

typedef enum draw_pattern {
    DRAW_SOLID,
    DRAW_OUTLINE,
    DRAW_DOTS,
    DRAW_STRIPES, // bold diagonals
    DRAW_VERTICAL,
    DRAW_HORIZONTAL,
    DRAW_CROSS,    // cross-hatch
    DRAW_DIAGONAL, // thin diagonals, the other way
    DRAW_GRID,     // horizontal and vertical lines
    DRAW_HATCH,    // faint background hatch
    DRAW_ZIGZAG,
    DRAW_PATTERN_COUNT
} draw_pattern;

typedef enum draw_font {
    DRAW_FONT_UI,
    DRAW_FONT_BOLD,
    DRAW_FONT_MONO,
    DRAW_FONT_COUNT
} draw_font;

typedef enum draw_align {
    DRAW_LEFT,
    DRAW_CENTER,
    DRAW_RIGHT,
} draw_align;

// Where a triangle or an arrow points.
typedef enum draw_direction {
    DRAW_UP,
    DRAW_DOWN,
    DRAW_TO_LEFT,
    DRAW_TO_RIGHT,
} draw_direction;

typedef struct draw_cmd {
    uint8_t op;    // draw_op
    uint8_t style; // draw_pattern, draw_font or draw_direction
    uint8_t size;  // of a font, or the thickness of a line, in pixels
    uint8_t dash;  // of a line, length of a dash in pixels; 0 is solid
    draw_rect rect;
    draw_color color;
    draw_color ink;    // of a pattern
    uint32_t text;     // where the text begins in the list's text, and
    uint32_t text_len; // how long it is
} draw_cmd;

// How wide `len` bytes of UTF-8 are. Lent by whoever paints.
typedef struct draw_metrics {
    int (*text_width)(void *arg, draw_font font, int size, const char *text,
                      size_t len);
    void *arg;
} draw_metrics;

// What a text looks like.
typedef struct draw_text_style {
    draw_font font;
    int size;
    draw_color color;
    draw_align align;
} draw_text_style;

typedef struct draw_list {
    draw_cmd *cmd;
    uint32_t count;
    uint32_t max;
    char *text;
    uint32_t text_len;
    uint32_t text_max;
    draw_metrics metrics;
    int clip_depth;
    int pattern_px; // a pattern repeats after so many pixels
    bool is_full;   // memory ran out, something is missing
} draw_list;

// Begins and ends a list's life. The metrics have to outlive it.
void draw_init(draw_list *list, draw_metrics metrics);
void draw_deinit(draw_list *list);

// Forgets what was drawn and keeps the memory.
void draw_begin(draw_list *list);

// True when both lists paint the same.
bool draw_is_same(const draw_list *a, const draw_list *b);

// What has no area is left out. A frame is drawn inside its rectangle; a
// triangle fills it, from its base to its tip.
void draw_fill(draw_list *list, draw_rect rect, draw_color color);
void draw_frame(draw_list *list, draw_rect rect, int thick, draw_color color);
void draw_patterned(draw_list *list, draw_rect rect, draw_pattern pattern,
                    draw_color color, draw_color ink);
void draw_line(draw_list *list, int x0, int y0, int x1, int y1, int thick,
               draw_color color);
void draw_triangle(draw_list *list, draw_rect rect, draw_direction direction,
                   draw_color color);

// From (x0, y0) up or down to y1, then along to x1, with a head at the end.
typedef struct draw_arrow_desc {
    int x0, y0, x1, y1;
    int thick;
    int head; // length and width of the head
    int dash; // 0 is a solid line
    draw_color color;
} draw_arrow_desc;
void draw_arrow(draw_list *list, const draw_arrow_desc *arrow);

// One line of text in `rect`: centred from top to bottom, aligned from left to
// right, cut with an ellipsis between letters when it does not fit. Returns the
// width drawn, 0 when not even the ellipsis fits.
int draw_text(draw_list *list, draw_rect rect, const draw_text_style *style,
              const char *text);
int draw_text_n(draw_list *list, draw_rect rect, const draw_text_style *style,
                const char *text, size_t len);
int draw_text_width(const draw_list *list, draw_font font, int size,
                    const char *text);

// Only what is inside `rect` and inside the clip before it is painted.
void draw_clip(draw_list *list, draw_rect rect);
void draw_unclip(draw_list *list);

// --- Rectangles ------------------------------------------------------------

static inline draw_rect draw_rect_make(int x, int y, int w, int h)
{
    return (draw_rect){ x, y, w < 0 ? 0 : w, h < 0 ? 0 : h };
}

// What is left when every side moves in by dx or dy.
static inline draw_rect draw_inset(draw_rect r, int dx, int dy)
{
    return draw_rect_make(r.x + dx, r.y + dy, r.w - 2 * dx, r.h - 2 * dy);
}

// These cut a slice off one side of *rect and return it.
draw_rect draw_cut_top(draw_rect *rect, int h);
draw_rect draw_cut_bottom(draw_rect *rect, int h);
draw_rect draw_cut_left(draw_rect *rect, int w);
draw_rect draw_cut_right(draw_rect *rect, int w);

// What two rectangles have in common.
draw_rect draw_intersect(draw_rect a, draw_rect b);

static inline bool draw_contains(draw_rect r, int x, int y)
{
    return x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
}

#endif
