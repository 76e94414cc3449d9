// SPDX-License-Identifier: MIT
//
// Tests of draw/color: that everybody can read the palettes. Colours are looked
// at as people without red, green or blue cones see them (Machado and others,
// 2009), and in grey; texts are measured as WCAG 2 measures contrast.

#include "draw/color.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

// A difference that is seen side by side (CIE 1976).
#define DIFFERENCE_MIN 14.0

#define CONTRAST_TEXT  4.5
#define CONTRAST_LARGE 3.0

typedef struct rgb {
    double c[3]; // linear light, 0 to 1
} rgb;

typedef enum eye {
    EYE_TYPICAL,
    EYE_NO_RED,
    EYE_NO_GREEN,
    EYE_NO_BLUE,
    EYE_GREY,
    EYE_COUNT
} eye;

static const char *const eye_name[EYE_COUNT] = { "typical", "protanope",
                                                 "deuteranope", "tritanope",
                                                 "in grey" };

static const double eye_matrix[EYE_COUNT][3][3] = {
    [EYE_TYPICAL] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } },
    [EYE_NO_RED] = { { 0.152286, 1.052583, -0.204868 },
                     { 0.114503, 0.786281, 0.099216 },
                     { -0.003882, -0.048116, 1.051998 } },
    [EYE_NO_GREEN] = { { 0.367322, 0.860646, -0.227968 },
                       { 0.280085, 0.672501, 0.047413 },
                       { -0.011820, 0.042940, 0.968881 } },
    [EYE_NO_BLUE] = { { 1.255528, -0.076749, -0.178779 },
                      { -0.078411, 0.930809, 0.147602 },
                      { 0.004733, 0.691367, 0.303900 } },
    [EYE_GREY] = { { 0.2126, 0.7152, 0.0722 },
                   { 0.2126, 0.7152, 0.0722 },
                   { 0.2126, 0.7152, 0.0722 } },
};

static double to_linear(unsigned byte)
{
    double v = byte / 255.0;
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static rgb seen_by(draw_color color, eye who)
{
    double in[3] = { to_linear(color >> 16 & 0xFF),
                     to_linear(color >> 8 & 0xFF), to_linear(color & 0xFF) };
    rgb out = { { 0 } };
    for (unsigned i = 0; i < 3; i++) {
        for (unsigned k = 0; k < 3; k++)
            out.c[i] += eye_matrix[who][i][k] * in[k];
        out.c[i] = fmin(fmax(out.c[i], 0), 1);
    }
    return out;
}

static double luminance(draw_color color)
{
    return seen_by(color, EYE_GREY).c[0];
}

static double contrast(draw_color a, draw_color b)
{
    double x = luminance(a) + 0.05;
    double y = luminance(b) + 0.05;
    return x > y ? x / y : y / x;
}

static double lab_curve(double v)
{
    return v > 216.0 / 24389 ? cbrt(v) : (24389.0 / 27 * v + 16) / 116;
}

static void to_lab(rgb color, double *lab)
{
    const double *c = color.c;
    double x = (0.4124 * c[0] + 0.3576 * c[1] + 0.1805 * c[2]) / 0.9505;
    double y = 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
    double z = (0.0193 * c[0] + 0.1192 * c[1] + 0.9505 * c[2]) / 1.089;
    lab[0] = 116 * lab_curve(y) - 16;
    lab[1] = 500 * (lab_curve(x) - lab_curve(y));
    lab[2] = 200 * (lab_curve(y) - lab_curve(z));
}

static double difference(draw_color a, draw_color b, eye who)
{
    double p[3];
    double q[3];
    to_lab(seen_by(a, who), p);
    to_lab(seen_by(b, who), q);
    return sqrt(pow(p[0] - q[0], 2) + pow(p[1] - q[1], 2) +
                pow(p[2] - q[2], 2));
}

static void no_two_states_have_one_pattern_and_one_letter(void **state)
{
    (void)state;
    const draw_state_look *look = draw_palette_of(DRAW_THEME_DARK)->state;
    for (unsigned i = 0; i < DRAW_STATE_COUNT; i++) {
        for (unsigned k = 0; k < i; k++) {
            bool is_same = look[i].pattern == look[k].pattern &&
                           strcmp(look[i].letter, look[k].letter) == 0;
            assert_false(is_same);
        }
    }
}

// Where a bar is too narrow for its letter, the pattern or the colour has to
// do. Those that share a pattern must differ for every eye, and in print.
static void states_of_one_pattern_differ_for_every_eye(void **state)
{
    (void)state;
    for (unsigned theme = 0; theme < DRAW_THEME_COUNT; theme++) {
        const draw_state_look *look = draw_palette_of((draw_theme)theme)->state;
        for (unsigned i = 0; i < DRAW_STATE_COUNT; i++) {
            for (unsigned k = 0; k < i; k++) {
                if (look[i].pattern != look[k].pattern) continue;
                for (unsigned who = 0; who < EYE_COUNT; who++) {
                    double d =
                        difference(look[i].color, look[k].color, (eye)who);
                    if (d >= DIFFERENCE_MIN) continue;
                    fail_msg("%s: \"%s\" and \"%s\" differ by %.1f",
                             eye_name[who], look[i].meaning, look[k].meaning,
                             d);
                }
            }
        }
    }
}

// What is written on a bar stands on its plain colour.
static void letters_can_be_read_on_their_bars(void **state)
{
    (void)state;
    for (unsigned theme = 0; theme < DRAW_THEME_COUNT; theme++) {
        const draw_palette *palette = draw_palette_of((draw_theme)theme);
        for (unsigned i = 0; i < DRAW_STATE_COUNT; i++) {
            const draw_state_look *look = &palette->state[i];
            bool is_outline = look->pattern == DRAW_OUTLINE;
            draw_color ground = is_outline ? palette->background : look->color;
            draw_color text = is_outline ? palette->text : look->text;
            double c = contrast(ground, text);
            if (c >= CONTRAST_TEXT) continue;
            fail_msg("%s: text on \"%s\" has a contrast of %.1f",
                     draw_theme_name((draw_theme)theme), look->meaning, c);
        }
    }
}

static void assert_contrast(draw_theme theme, const char *what, draw_color a,
                            draw_color b, double least)
{
    double c = contrast(a, b);
    if (c >= least) return;
    fail_msg("%s: %s has a contrast of %.2f, wanted %.1f",
             draw_theme_name(theme), what, c, least);
}

static void texts_can_be_read_on_every_ground(void **state)
{
    (void)state;
    for (unsigned i = 0; i < DRAW_THEME_COUNT; i++) {
        draw_theme theme = (draw_theme)i;
        const draw_palette *p = draw_palette_of(theme);
        const draw_color ground[] = { p->background, p->panel, p->row, p->hover,
                                      p->current_line };
        for (unsigned k = 0; k < ANT_ARRAY_LEN(ground); k++) {
            assert_contrast(theme, "text", p->text, ground[k], 7);
            assert_contrast(theme, "dim text", p->text_dim, ground[k],
                            CONTRAST_TEXT);
            assert_contrast(theme, "accent", p->accent, ground[k],
                            CONTRAST_LARGE);
            assert_contrast(theme, "alert", p->alert, ground[k],
                            CONTRAST_LARGE);
        }
        assert_contrast(theme, "cursor", p->cursor, p->background, 7);
        assert_contrast(theme, "selection", p->inside, p->outside, 7);
    }
}

// A bar that is pale on this ground has a border that is not.
static void bars_stand_out_or_have_a_border(void **state)
{
    (void)state;
    for (unsigned i = 0; i < DRAW_THEME_COUNT; i++) {
        draw_theme theme = (draw_theme)i;
        const draw_palette *p = draw_palette_of(theme);
        for (unsigned k = 0; k < DRAW_STATE_COUNT; k++) {
            draw_color edge = p->state[k].color;
            bool is_dark_on_dark =
                theme == DRAW_THEME_DARK &&
                (k == DRAW_STATE_DONE || k == DRAW_STATE_CANCELLED);
            if (is_dark_on_dark) continue; // a cap with a frame of dim text
            if (p->has_borders && contrast(edge, p->background) < 3) {
                edge = p->border;
            }
            assert_contrast(theme, p->state[k].meaning, edge, p->background,
                            CONTRAST_LARGE);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_two_states_have_one_pattern_and_one_letter),
        cmocka_unit_test(states_of_one_pattern_differ_for_every_eye),
        cmocka_unit_test(letters_can_be_read_on_their_bars),
        cmocka_unit_test(texts_can_be_read_on_every_ground),
        cmocka_unit_test(bars_stand_out_or_have_a_border),
    };
    return cmocka_run_group_tests_name("color", tests, NULL, NULL);
}
