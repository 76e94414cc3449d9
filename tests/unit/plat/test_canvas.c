// SPDX-License-Identifier: MIT
//
// Tests of plat: pictures are made without a display, and the same list gives
// the same file.

#include "plat/canvas.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "draw/color.h"
#include "plat/font.h"

#define FILE_BYTES_MAX 200000

// Everything the painter can do, in one picture, saved to `path`.
static void paint_all(const char *path)
{
    plat_canvas *canvas = NULL;
    char error[256];
    assert_int_equal(plat_canvas_open(320, 200, &canvas, error, sizeof(error)),
                     0);
    draw_list list;
    draw_init(&list, plat_canvas_metrics(canvas));
    draw_fill(&list, (draw_rect){ 0, 0, 320, 200 }, 0xFF14171A);
    for (int i = 0; i < DRAW_PATTERN_COUNT; i++) {
        draw_patterned(&list, (draw_rect){ 10, 10 + i * 18, 100, 16 },
                       (draw_pattern)i, 0xFFD55E00, 0x80000000);
    }
    draw_clip(&list, (draw_rect){ 150, 0, 100, 200 });
    draw_arrow(&list,
               &(draw_arrow_desc){ 160, 20, 300, 90, 2, 9, 6, 0xFFFFFFFF });
    draw_unclip(&list);
    draw_text(&list, (draw_rect){ 150, 120, 150, 20 },
              &(draw_text_style){ DRAW_FONT_UI, 16, 0xFFFFFFFF, DRAW_LEFT },
              "AVATAR, Wärter");
    plat_canvas_paint(canvas, &list);
    assert_int_equal(plat_canvas_save(canvas, path), 0);
    draw_deinit(&list);
    plat_canvas_close(canvas);
}

static size_t read_all(const char *path, unsigned char *bytes)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t n = fread(bytes, 1, FILE_BYTES_MAX, file);
    fclose(file);
    unlink(path);
    return n;
}

static void paints_without_a_display(void **state)
{
    (void)state;
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    static unsigned char bytes[FILE_BYTES_MAX];
    char path[] = "/tmp/ant-canvas-XXXXXX";
    assert_true(close(mkstemp(path)) == 0);
    paint_all(path);
    size_t n = read_all(path, bytes);
    assert_true(n > 100);
    assert_memory_equal(bytes, "\x89PNG\r\n\x1a\n", 8);
}

static void paints_the_same_twice(void **state)
{
    (void)state;
    static unsigned char one[FILE_BYTES_MAX];
    static unsigned char two[FILE_BYTES_MAX];
    char path[] = "/tmp/ant-canvas-XXXXXX";
    assert_true(close(mkstemp(path)) == 0);
    paint_all(path);
    size_t one_len = read_all(path, one);
    paint_all(path);
    size_t two_len = read_all(path, two);
    assert_int_equal(one_len, two_len);
    assert_memory_equal(one, two, one_len);
}

static void says_when_a_file_cannot_be_written(void **state)
{
    (void)state;
    plat_canvas *canvas = NULL;
    char error[256];
    assert_int_equal(plat_canvas_open(32, 32, &canvas, error, sizeof(error)),
                     0);
    assert_int_equal(plat_canvas_save(canvas, "/nowhere/at/all.png"), -ENOENT);
    plat_canvas_close(canvas);
}

static void gives_all_memory_back(void **state)
{
    (void)state;
    uint64_t before = ant_mem_live_count();
    char path[] = "/tmp/ant-canvas-XXXXXX";
    assert_true(close(mkstemp(path)) == 0);
    paint_all(path);
    unlink(path);
    assert_int_equal(ant_mem_live_count(), before);
}

static void measures_what_it_will_paint(void **state)
{
    (void)state;
    plat_canvas *canvas = NULL;
    char error[256];
    assert_int_equal(plat_canvas_open(32, 32, &canvas, error, sizeof(error)),
                     0);
    draw_metrics m = plat_canvas_metrics(canvas);
    int i = m.text_width(m.arg, DRAW_FONT_UI, 16, "i", 1);
    int w = m.text_width(m.arg, DRAW_FONT_UI, 16, "w", 1);
    assert_true(0 < i && i < w);
    i = m.text_width(m.arg, DRAW_FONT_MONO, 16, "i", 1);
    w = m.text_width(m.arg, DRAW_FONT_MONO, 16, "w", 1);
    assert_int_equal(i, w);
    plat_canvas_close(canvas);
}

static uint32_t only_letter(const char *text)
{
    const char *at = text;
    return plat_letter_next(&at, text + strlen(text));
}

static void reads_letters_of_one_to_four_bytes(void **state)
{
    (void)state;
    assert_int_equal(only_letter("a"), 'a');
    assert_int_equal(only_letter("\xC3\xA4"), 0xE4);
    assert_int_equal(only_letter("\xE2\x80\xA6"), 0x2026);
    assert_int_equal(only_letter("\xF0\x9F\x90\x9C"), 0x1F41C);
}

static void survives_bytes_that_are_no_letter(void **state)
{
    (void)state;
    assert_int_equal(only_letter("\xFF"), 0xFFFD);
    assert_int_equal(only_letter("\x80"), 0xFFFD);
    assert_int_equal(only_letter("\xE2\x80"), 0xFFFD);
    assert_int_equal(only_letter("\xE2zz"), 0xFFFD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paints_without_a_display),
        cmocka_unit_test(paints_the_same_twice),
        cmocka_unit_test(says_when_a_file_cannot_be_written),
        cmocka_unit_test(gives_all_memory_back),
        cmocka_unit_test(measures_what_it_will_paint),
        cmocka_unit_test(reads_letters_of_one_to_four_bytes),
        cmocka_unit_test(survives_bytes_that_are_no_letter),
    };
    return cmocka_run_group_tests_name("canvas", tests, NULL, NULL);
}
