// SPDX-License-Identifier: MIT
//
// Immediate mode: a widget is a function that draws itself and says what the
// user just did to it. The only memory between frames is which widget the mouse
// is on (hot) and which one it holds (active); widgets are known by an id that
// the caller makes. One thread.
//
// The hard thing is size. All lengths come from the base font, which follows
// the window, so that a picture looks the same on a laptop and on a wall:
// `font` and `small` are text sizes, `unit` is half of a small step of the
// spacing grid, `line` the height of a row of text.

#ifndef ANT_UI_CORE_H
#define ANT_UI_CORE_H

#include "draw/color.h"
#include "draw/draw.h"
#include "ui/input.h"

typedef uint32_t ui_id; // 0 is none

typedef struct ant_ui {
    draw_list *draw;
    const draw_palette *palette;
    const ui_input *input;
    draw_theme theme;
    int font;  // text, pixels
    int small; // secondary text
    int unit;  // the spacing grid: 8 pixels at 1280x720
    int line;  // the height of a row of text
    ui_id hot; // under the mouse, as of the frame before
    ui_id hot_next;
    ui_id active;    // held by the mouse
    bool is_covered; // something lies over the widgets: they take no input
    draw_rect tip_at;
    char tip[256]; // drawn last, over everything
} ant_ui;

// Begins a frame: sizes from the window, colours from the theme, the ground
// painted.
void ui_begin(ant_ui *ui, draw_list *draw, const ui_input *input,
              draw_theme theme);

// Draws what lies over everything: the tooltip.
void ui_end(ant_ui *ui);

// An id for the `index`-th thing called `name`.
ui_id ui_id_of(const char *name, uint32_t index);

// The mouse is over it, and nothing lies in between.
bool ui_is_hovered(const ant_ui *ui, draw_rect rect);

// The rectangle as something to click. True when it was clicked in this frame:
// pressed and released over it.
bool ui_click(ant_ui *ui, ui_id id, draw_rect rect);

// The rectangle as something to hold: true in each frame in which the button is
// held since it went down over it, and in the frame of its release.
bool ui_hold(ant_ui *ui, ui_id id, draw_rect rect);

// While the mouse is over `rect`, says this beside it.
void ui_tip(ant_ui *ui, draw_rect rect, const char *format, ...)
    ANT_PRINTF(3, 4);

// Texts in the three usual voices. Return the width drawn.
int ui_text(ant_ui *ui, draw_rect rect, draw_align align, const char *text);
int ui_text_dim(ant_ui *ui, draw_rect rect, draw_align align, const char *text);
int ui_text_bold(ant_ui *ui, draw_rect rect, draw_align align,
                 const char *text);

// Any style, one call.
int ui_text_as(ant_ui *ui, draw_rect rect, draw_font font, int size,
               draw_color color, draw_align align, const char *text);

// Text over several lines, broken at spaces. Returns the height used.
int ui_paragraph(ant_ui *ui, draw_rect rect, draw_color color,
                 const char *text);

// One line of it: how many bytes of `text` stand in `width` pixels.
size_t ui_line_end(const ant_ui *ui, const char *text, int width);
int ui_paragraph_line_height(const ant_ui *ui);

#endif
