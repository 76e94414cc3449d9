// SPDX-License-Identifier: MIT
//
// Fonts: finds them on the system, measures text, and lays it out letter by
// letter with kerning. A face is one font in one size; it is opened at its
// first use and stays open. Whole pixels only: crisp, and the same everywhere.
// One thread.

#ifndef ANT_PLAT_FONT_H
#define ANT_PLAT_FONT_H

#include <SDL_ttf.h>

#include "draw/draw.h"

#define PLAT_FACE_COUNT_MAX 24
#define PLAT_ASCII_FIRST    32
#define PLAT_ASCII_COUNT    95

// Letters beyond ASCII that one face remembers.
#define PLAT_GLYPH_COUNT_MAX 512 // a power of two

typedef struct plat_glyph {
    uint32_t letter; // 0: not asked for yet
    int16_t advance;
    int16_t left; // where its picture begins, from the pen
} plat_glyph;

typedef struct plat_face {
    draw_font font;
    int size;
    TTF_Font *ttf;
    plat_glyph glyph[PLAT_GLYPH_COUNT_MAX];             // hashed by letter
    int8_t kerning[PLAT_ASCII_COUNT][PLAT_ASCII_COUNT]; // + 100; 0: not asked
} plat_face;

typedef struct plat_fonts {
    char path[DRAW_FONT_COUNT][512];
    plat_face *face[PLAT_FACE_COUNT_MAX];
    unsigned face_count;
    plat_face *last[DRAW_FONT_COUNT]; // the face used last, most often the next
} plat_fonts;

// 0, or -errno with one line for people that says what to install.
ANT_MUST_USE int plat_fonts_open(plat_fonts *fonts, char *error,
                                 size_t error_size);
void plat_fonts_close(plat_fonts *fonts);

// NULL when the font cannot be opened in that size.
plat_face *plat_fonts_face(plat_fonts *fonts, draw_font font, int size);

// Measures of `letter`, made at the first call. NULL when a face is full.
plat_glyph *plat_face_glyph(plat_face *face, uint32_t letter);

// What to add between two letters that follow each other.
int plat_face_kerning(plat_face *face, uint32_t left, uint32_t right);

// The letter that begins at *at, which moves behind it. Bad bytes give U+FFFD.
uint32_t plat_letter_next(const char **at, const char *end);

// For draw_metrics; `arg` is the plat_fonts.
int plat_fonts_text_width(void *arg, draw_font font, int size, const char *text,
                          size_t len);

#endif
