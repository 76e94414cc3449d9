// SPDX-License-Identifier: MIT
//
// Colours by meaning. A view never names a hue: it asks for the palette of the
// theme and takes what a thing *means* from it. States are told apart by
// pattern and letter first and by colour third, so that a colour-blind reader
// and a grey print see them all (Okabe and Ito's set; all about it in
// docs/VIZ.md).

#ifndef ANT_DRAW_COLOR_H
#define ANT_DRAW_COLOR_H

#include "draw/draw.h"

// S(NAME, letter, pattern, colour, ink of the pattern, text on it, meaning)
#define DRAW_STATES(S)                                                         \
    S(NEW, "n", OUTLINE, 0xFFBBBBBB, 0xFFBBBBBB, 0, "new: never polled")       \
    S(READY, "r", DOTS, 0xFFF0E442, 0x8C000000, 0xFF000000,                    \
      "ready: in a run queue")                                                 \
    S(POLLING, "P", SOLID, 0xFF009E73, 0, 0xFF000000,                          \
      "polled: a worker is in it")                                             \
    S(BLOCKING, "B", STRIPES, 0xFFE69F00, 0xB4000000, 0xFF000000,              \
      "blocks: holds up its thread")                                           \
    S(WAIT_IO, "i", VERTICAL, 0xFF56B4E9, 0x5A000000, 0xFF000000,              \
      "I/O wait: for a socket or file")                                        \
    S(WAIT_TIMER, "t", HORIZONTAL, 0xFF0072B2, 0x46FFFFFF, 0xFFFFFFFF,         \
      "timer wait: until a moment")                                            \
    S(WAIT_LOCK, "L", CROSS, 0xFFD55E00, 0x5A000000, 0xFF000000,               \
      "lock wait: for its holder")                                             \
    S(WAIT_TASK, "j", DIAGONAL, 0xFFCC79A7, 0x5A000000, 0xFF000000,            \
      "task wait: for other tasks")                                            \
    S(WAIT_CHANNEL, "c", GRID, 0xFFB39DDB, 0x5A000000, 0xFF000000,             \
      "channel wait: for a value or room")                                     \
    S(WAIT_OTHER, "w", HATCH, 0xFF9AA0A6, 0x46000000, 0xFF000000,              \
      "other wait: nobody said for what")                                      \
    S(DONE, "", SOLID, 0xFF5C6166, 0, 0xFFFFFFFF,                              \
      "done: its result can be had")                                           \
    S(CANCELLED, "x", SOLID, 0xFF2B2F33, 0, 0xFFFFFFFF, "cancelled: or dropped")

typedef enum draw_state {
#define DRAW_STATE(name, ...) DRAW_STATE_##name,
    DRAW_STATES(DRAW_STATE)
#undef DRAW_STATE
        DRAW_STATE_COUNT
} draw_state;

typedef struct draw_state_look {
    const char *letter;
    const char *meaning;
    draw_pattern pattern;
    draw_color color;
    draw_color ink;
    draw_color text;
} draw_state_look;

typedef enum draw_theme {
    DRAW_THEME_DARK,
    DRAW_THEME_LIGHT,
    DRAW_THEME_PROJECTOR,
    DRAW_THEME_COUNT
} draw_theme;

// Everything that is no state of a task.
typedef struct draw_palette {
    draw_color background;
    draw_color panel; // a surface that stands out a little
    draw_color row;   // every second row
    draw_color rule;  // thin lines between things
    draw_color text;
    draw_color text_dim;
    draw_color accent; // keywords, active control
    draw_color string; // in source text
    draw_color hover;
    draw_color cursor;  // the line of now
    draw_color outside; // the two lines of the selection's outline
    draw_color inside;
    draw_color current_line; // behind the source line of now
    draw_color alert;        // a stall, a deadlock, damage
    draw_color hatch;        // on a parked worker
    draw_color border;       // around bars that are pale on this background
    bool has_borders;
    draw_state_look state[DRAW_STATE_COUNT];
} draw_palette;

// The palette of a theme; that of the dark one when there is no such theme.
const draw_palette *draw_palette_of(draw_theme theme);

// "dark", "light", "projector".
const char *draw_theme_name(draw_theme theme);

// `color` with `alpha` (0 to 255) instead of its own.
static inline draw_color draw_alpha(draw_color color, unsigned alpha)
{
    return (color & 0x00FFFFFFu) | ((draw_color)alpha << 24);
}

// `percent` of `b` and the rest of `a`, opaque.
draw_color draw_mix(draw_color a, draw_color b, unsigned percent);

#endif
