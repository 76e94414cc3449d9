// SPDX-License-Identifier: MIT
//
// Tests of ui/core and ui/widgets: what counts as a click, how text breaks,
// how large things are.

#include "ui/core.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "draw/dump.h"
#include "ui/widgets.h"

typedef struct desk {
    ant_ui ui;
    draw_list list;
    ui_input input;
} desk;

static const draw_rect button = { 100, 100, 50, 20 };

static int set_up(void **state)
{
    static desk d;
    d = (desk){ .input = { .width = 1280, .height = 720 } };
    draw_init(&d.list, draw_dump_metrics());
    *state = &d;
    return 0;
}

static int tear_down(void **state)
{
    desk *d = *state;
    draw_deinit(&d->list);
    return 0;
}

static void begin(desk *d)
{
    ui_begin(&d->ui, &d->list, &d->input, DRAW_THEME_DARK);
}

// One frame in which the mouse does this at x, y. True when `button` says that
// it was clicked.
static bool frame(desk *d, int x, int y, bool goes_down, bool goes_up)
{
    d->input.mouse_x = x;
    d->input.mouse_y = y;
    d->input.was_pressed = goes_down;
    d->input.was_released = goes_up;
    if (goes_down) d->input.is_down = true;
    if (goes_up) d->input.is_down = false;
    begin(d);
    bool is_clicked = ui_button(&d->ui, 1, button, "go");
    ui_end(&d->ui);
    return is_clicked;
}

static void clicks_when_pressed_and_released_over_it(void **state)
{
    desk *d = *state;
    assert_false(frame(d, 110, 110, false, false));
    assert_false(frame(d, 110, 110, true, false));
    assert_true(frame(d, 110, 110, false, true));
    assert_false(frame(d, 110, 110, false, false));
}

static void clicks_when_both_fall_into_one_frame(void **state)
{
    desk *d = *state;
    assert_true(frame(d, 110, 110, true, true));
}

static void does_not_click_when_released_elsewhere(void **state)
{
    desk *d = *state;
    assert_false(frame(d, 110, 110, true, false));
    assert_false(frame(d, 10, 10, false, true));
    assert_false(frame(d, 110, 110, false, true));
}

static void does_not_click_when_pressed_elsewhere(void **state)
{
    desk *d = *state;
    assert_false(frame(d, 10, 10, true, false));
    assert_false(frame(d, 110, 110, false, true));
}

static void does_not_click_through_what_covers_it(void **state)
{
    desk *d = *state;
    d->input.mouse_x = d->input.mouse_y = 110;
    d->input.was_pressed = d->input.was_released = true;
    begin(d);
    d->ui.is_covered = true;
    assert_false(ui_button(&d->ui, 1, button, "go"));
}

static void holds_outside_once_it_was_pressed_inside(void **state)
{
    desk *d = *state;
    uint64_t value = 0;
    d->input.mouse_x = 110;
    d->input.mouse_y = 110;
    d->input.was_pressed = d->input.is_down = true;
    begin(d);
    ui_slider(&d->ui, 7, button, 100, &value);
    ui_end(&d->ui);
    d->input.mouse_x = 5000;
    d->input.mouse_y = 5000;
    d->input.was_pressed = false;
    begin(d);
    assert_true(ui_slider(&d->ui, 7, button, 100, &value));
    ui_end(&d->ui);
    assert_int_equal(value, 100);
}

static void text_grows_with_the_window(void **state)
{
    desk *d = *state;
    begin(d);
    assert_int_equal(d->ui.font, 16);
    d->input.width = 1920;
    d->input.height = 1080;
    begin(d);
    assert_int_equal(d->ui.font, 24);
}

static void text_never_gets_too_small_to_read(void **state)
{
    desk *d = *state;
    d->input.width = 640;
    d->input.height = 400;
    begin(d);
    assert_int_equal(d->ui.font, 14);
    assert_int_equal(d->ui.small, 14);
    ui_begin(&d->ui, &d->list, &d->input, DRAW_THEME_PROJECTOR);
    assert_int_equal(d->ui.small, 22);
}

static void breaks_paragraphs_at_spaces(void **state)
{
    desk *d = *state;
    begin(d);
    uint32_t before = d->list.count;
    // Eight pixels a letter: eleven letters a line.
    int h = ui_paragraph(&d->ui, (draw_rect){ 0, 0, 90, 200 }, 0xFFFFFFFF,
                         "task 3 waits for task 4");
    assert_int_equal(h, 3 * 22);
    assert_int_equal(d->list.count - before, 3);
    const draw_cmd *second = &d->list.cmd[before + 1];
    assert_memory_equal(d->list.text + second->text, "waits for",
                        second->text_len);
}

static void ends_a_full_paragraph_with_an_ellipsis(void **state)
{
    desk *d = *state;
    begin(d);
    ui_paragraph(&d->ui, (draw_rect){ 0, 0, 90, 30 }, 0xFFFFFFFF,
                 "task 3 waits for task 4");
    const draw_cmd *last = &d->list.cmd[d->list.count - 1];
    const char *end = d->list.text + last->text + last->text_len - 3;
    assert_memory_equal(end, "\xE2\x80\xA6", 3);
}

static void says_in_words_what_the_mouse_is_on(void **state)
{
    desk *d = *state;
    d->input.mouse_x = d->input.mouse_y = 110;
    begin(d);
    ui_tip(&d->ui, button, "%u stretches", 7u);
    ui_end(&d->ui);
    const draw_cmd *last = &d->list.cmd[d->list.count - 1];
    assert_memory_equal(d->list.text + last->text, "7 stretches",
                        last->text_len);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(clicks_when_pressed_and_released_over_it),
        TEST(clicks_when_both_fall_into_one_frame),
        TEST(does_not_click_when_released_elsewhere),
        TEST(does_not_click_when_pressed_elsewhere),
        TEST(does_not_click_through_what_covers_it),
        TEST(holds_outside_once_it_was_pressed_inside),
        TEST(text_grows_with_the_window),
        TEST(text_never_gets_too_small_to_read),
        TEST(breaks_paragraphs_at_spaces),
        TEST(ends_a_full_paragraph_with_an_ellipsis),
        TEST(says_in_words_what_the_mouse_is_on),
    };
    return cmocka_run_group_tests_name("ui", tests, NULL, NULL);
}
