// SPDX-License-Identifier: MIT
//
// Tests of draw: what a list holds, how text is cut, how rectangles are.

#include "draw/draw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "draw/color.h"
#include "draw/dump.h"

static const draw_text_style plain = { DRAW_FONT_UI, 10, 0xFFFFFFFF,
                                       DRAW_LEFT };

static int set_up(void **state)
{
    static draw_list list;
    draw_init(&list, draw_dump_metrics());
    *state = &list;
    return 0;
}

static int tear_down(void **state)
{
    draw_deinit(*state);
    return 0;
}

// The list as draw_dump prints it. The caller frees it.
static char *dumped(const draw_list *list)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    draw_dump(list, out);
    fclose(out);
    return text;
}

static void assert_dump(const draw_list *list, const char *expected)
{
    char *text = dumped(list);
    assert_string_equal(text, expected);
    free(text);
}

static void prints_every_command(void **state)
{
    draw_list *list = *state;
    draw_clip(list, (draw_rect){ 0, 0, 100, 50 });
    draw_fill(list, (draw_rect){ 1, 2, 3, 4 }, 0xFF112233);
    draw_frame(list, (draw_rect){ 1, 2, 3, 4 }, 2, 0xFF445566);
    draw_patterned(list, (draw_rect){ 5, 6, 7, 8 }, DRAW_DOTS, 0xFFAABBCC,
                   0x80000000);
    draw_line(list, 10, 20, 10, 40, 1, 0xFF000000);
    draw_triangle(list, (draw_rect){ 0, 0, 5, 5 }, DRAW_DOWN, 0xFF0000FF);
    draw_text(list, (draw_rect){ 0, 0, 50, 20 }, &plain, "wake");
    draw_unclip(list);
    assert_dump(list, "clip     0,0 100x50\n"
                      "rect     1,2 3x4 #FF112233\n"
                      "frame    1,2 3x4 #FF445566 2 px\n"
                      "pattern  5,6 7x8 #FFAABBCC dots #80000000\n"
                      "line     10,20 0x20 #FF000000 1 px\n"
                      "triangle 0,0 5x5 #FF0000FF down\n"
                      "text     0,0 20x20 #FFFFFFFF ui 10 \"wake\"\n"
                      "unclip  \n");
}

static void leaves_out_what_has_no_area(void **state)
{
    draw_list *list = *state;
    draw_fill(list, (draw_rect){ 1, 2, 0, 4 }, 0xFF112233);
    draw_frame(list, (draw_rect){ 1, 2, 3, -4 }, 2, 0xFF445566);
    draw_text(list, (draw_rect){ 0, 0, 0, 20 }, &plain, "wake");
    draw_text(list, (draw_rect){ 0, 0, 50, 20 }, &plain, "");
    assert_int_equal(list->count, 0);
}

static void cuts_text_between_letters(void **state)
{
    draw_list *list = *state;
    // Five pixels a letter: six letters fit, one of them the ellipsis.
    draw_text(list, (draw_rect){ 0, 0, 30, 20 }, &plain, "worker one");
    assert_dump(list, "text     0,0 30x20 #FFFFFFFF ui 10 \"worke…\"\n");
}

static void never_cuts_inside_a_letter(void **state)
{
    draw_list *list = *state;
    draw_text(list, (draw_rect){ 0, 0, 15, 20 }, &plain, "äöüß");
    assert_dump(list, "text     0,0 15x20 #FFFFFFFF ui 10 \"äö…\"\n");
}

static void draws_nothing_where_no_letter_fits(void **state)
{
    draw_list *list = *state;
    int w = draw_text(list, (draw_rect){ 0, 0, 4, 20 }, &plain, "task");
    assert_int_equal(w, 0);
    assert_int_equal(list->count, 0);
}

static void aligns_text(void **state)
{
    draw_list *list = *state;
    draw_text_style style = plain;
    style.align = DRAW_CENTER;
    draw_text(list, (draw_rect){ 0, 0, 100, 20 }, &style, "ab");
    style.align = DRAW_RIGHT;
    draw_text(list, (draw_rect){ 0, 0, 100, 20 }, &style, "ab");
    assert_int_equal(list->cmd[0].rect.x, 45);
    assert_int_equal(list->cmd[1].rect.x, 90);
}

static void bends_an_arrow_once(void **state)
{
    draw_list *list = *state;
    draw_arrow(list, &(draw_arrow_desc){ .x0 = 10,
                                         .y0 = 10,
                                         .x1 = 60,
                                         .y1 = 50,
                                         .thick = 2,
                                         .head = 9,
                                         .color = 0xFFFFFFFF });
    assert_dump(list, "line     10,10 0x40 #FFFFFFFF 2 px\n"
                      "line     10,50 41x0 #FFFFFFFF 2 px\n"
                      "triangle 51,46 9x9 #FFFFFFFF right\n");
}

static void begins_each_frame_empty(void **state)
{
    draw_list *list = *state;
    draw_fill(list, (draw_rect){ 0, 0, 10, 10 }, 0xFFFFFFFF);
    draw_text(list, (draw_rect){ 0, 0, 50, 20 }, &plain, "gone");
    draw_begin(list);
    assert_int_equal(list->count, 0);
    assert_int_equal(list->text_len, 0);
}

static void grows_as_long_as_there_is_memory(void **state)
{
    draw_list *list = *state;
    for (int i = 0; i < 10000; i++) {
        draw_fill(list, (draw_rect){ i, 0, 1, 1 }, 0xFFFFFFFF);
        draw_text(list, (draw_rect){ 0, 0, 50, 20 }, &plain, "text");
    }
    assert_int_equal(list->count, 20000);
    assert_int_equal(list->cmd[19998].rect.x, 9999);
}

static void stays_valid_without_memory(void **state)
{
    draw_list *list = *state;
    ant_mem_fail_nth(1, 1);
    draw_fill(list, (draw_rect){ 0, 0, 1, 1 }, 0xFFFFFFFF);
    draw_text(list, (draw_rect){ 0, 0, 50, 20 }, &plain, "text");
    ant_mem_fail_nth(0, 0);
    assert_true(list->is_full);
    assert_int_equal(list->count, 0);
}

static void cuts_rectangles(void **state)
{
    (void)state;
    draw_rect rest = { 0, 0, 100, 50 };
    draw_rect top = draw_cut_top(&rest, 10);
    draw_rect right = draw_cut_right(&rest, 30);
    draw_rect too_much = draw_cut_left(&rest, 1000);
    assert_int_equal(top.h, 10);
    assert_int_equal(right.x, 70);
    assert_int_equal(right.y, 10);
    assert_int_equal(too_much.w, 70);
    assert_int_equal(rest.w, 0);
}

static void has_a_letter_for_every_state_but_done(void **state)
{
    (void)state;
    const draw_palette *palette = draw_palette_of(DRAW_THEME_DARK);
    for (unsigned i = 0; i < DRAW_STATE_COUNT; i++) {
        assert_true(palette->state[i].meaning[0] != '\0');
        if (i == DRAW_STATE_DONE) continue;
        assert_int_equal(strlen(palette->state[i].letter), 1);
        for (unsigned k = 0; k < i; k++) {
            assert_string_not_equal(palette->state[i].letter,
                                    palette->state[k].letter);
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(prints_every_command),
        TEST(leaves_out_what_has_no_area),
        TEST(cuts_text_between_letters),
        TEST(never_cuts_inside_a_letter),
        TEST(draws_nothing_where_no_letter_fits),
        TEST(aligns_text),
        TEST(bends_an_arrow_once),
        TEST(begins_each_frame_empty),
        TEST(grows_as_long_as_there_is_memory),
        TEST(stays_valid_without_memory),
        TEST(cuts_rectangles),
        TEST(has_a_letter_for_every_state_but_done),
    };
    return cmocka_run_group_tests_name("draw", tests, NULL, NULL);
}
