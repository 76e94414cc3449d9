// SPDX-License-Identifier: MIT

#include "draw/color.h"

// Zero as text means: on the background, so the theme's own text colour.
#define LOOK(name, letter, pattern, color, ink, text, meaning)                 \
    [DRAW_STATE_##name] = { letter, meaning, DRAW_##pattern, color, ink, text },
#define LOOKS                                                                  \
    {                                                                          \
        DRAW_STATES(LOOK)                                                      \
    }

static const draw_palette palette[DRAW_THEME_COUNT] = {
    [DRAW_THEME_DARK] =
        {
            .background = 0xFF14171A,
            .panel = 0xFF1B1F24,
            .row = 0xFF181B1F,
            .rule = 0xFF2C3238,
            .text = 0xFFE6E8EA,
            .text_dim = 0xFF9AA3AC,
            .accent = 0xFF7FC8F8,
        .string = 0xFFE8C08A,
            .hover = 0xFF262C33,
            .cursor = 0xFFFFFFFF,
            .outside = 0xFF000000,
            .inside = 0xFFFFFFFF,
            .current_line = 0xFF2F3B2F,
            .alert = 0xFFFF8A5C,
            .hatch = 0xFF23282E,
            .border = 0,
            .state = LOOKS,
        },
    [DRAW_THEME_LIGHT] =
        {
            .background = 0xFFFFFFFF,
            .panel = 0xFFF4F5F7,
            .row = 0xFFFAFAFB,
            .rule = 0xFFD9DDE1,
            .text = 0xFF16191C,
            .text_dim = 0xFF59626B,
            .accent = 0xFF005A9C,
        .string = 0xFF8A4B00,
            .hover = 0xFFE4E8EC,
            .cursor = 0xFF000000,
            .outside = 0xFFFFFFFF,
            .inside = 0xFF000000,
            .current_line = 0xFFDDF2DF,
            .alert = 0xFFB33A00,
            .hatch = 0xFFE6E9EC,
            .border = 0xFF6B6B6B,
            .has_borders = true,
            .state = LOOKS,
        },
    [DRAW_THEME_PROJECTOR] =
        {
            .background = 0xFFFFFFFF,
            .panel = 0xFFF0F1F3,
            .row = 0xFFF8F8F9,
            .rule = 0xFFB4BAC0,
            .text = 0xFF000000,
            .text_dim = 0xFF3C444B,
            .accent = 0xFF004C84,
        .string = 0xFF6E3A00,
            .hover = 0xFFDCE1E6,
            .cursor = 0xFF000000,
            .outside = 0xFFFFFFFF,
            .inside = 0xFF000000,
            .current_line = 0xFFC9ECCD,
            .alert = 0xFF9C3200,
            .hatch = 0xFFD2D7DB,
            .border = 0xFF000000,
            .has_borders = true,
            .state = LOOKS,
        },
};

const draw_palette *draw_palette_of(draw_theme theme)
{
    return &palette[theme < DRAW_THEME_COUNT ? theme : DRAW_THEME_DARK];
}

const char *draw_theme_name(draw_theme theme)
{
    static const char *const name[DRAW_THEME_COUNT] = { "dark", "light",
                                                        "projector" };
    return theme < DRAW_THEME_COUNT ? name[theme] : "?";
}

static draw_color mix_channel(draw_color a, draw_color b, unsigned shift,
                              unsigned percent)
{
    unsigned from = (a >> shift) & 0xFF;
    unsigned to = (b >> shift) & 0xFF;
    return ((from * (100 - percent) + to * percent + 50) / 100) << shift;
}

draw_color draw_mix(draw_color a, draw_color b, unsigned percent)
{
    return 0xFF000000u | mix_channel(a, b, 16, percent) |
           mix_channel(a, b, 8, percent) | mix_channel(a, b, 0, percent);
}
