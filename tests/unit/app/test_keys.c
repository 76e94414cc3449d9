// SPDX-License-Identifier: MIT
//
// Tests of finding one's way by keys: search, places, bookmarks, commands by
// name, and which rows are shown.

#include "app/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/screen.h"
#include "support/trace_script.h"
#include "view/panels.h"
#include "view/rows.h"

static const replay_bookmark *mark_here(void)
{
    return replay_marks_at(&screen_app.marks, screen_app.replay.event);
}

// Bookmarks stand beside the trace; the test gives it a path of its own.
static void show_with_marks(const char *path)
{
    screen_show(path);
    screen_app.model->path = "/tmp/antfarm-test-keys";
    unlink("/tmp/antfarm-test-keys.marks");
}

static void done_with_marks(void)
{
    unlink("/tmp/antfarm-test-keys.marks");
    screen_done();
}

// --- Search ----------------------------------------------------------------

static void search_selects_the_task_that_is_picked(void **state)
{
    (void)state;
    screen_show(script_story_deadlock());
    screen_press('/');
    screen_type("RIG");
    assert_non_null(screen_find("task 2 right"));
    screen_press(UI_KEY_ENTER);
    assert_false(screen_app.picker.is_open);
    assert_int_equal(replay_selected_task(&screen_app.replay), 2);
    screen_done();
}

static void search_finds_locks_workers_and_files(void **state)
{
    (void)state;
    screen_show(script_story_mutex());
    screen_press_with('f', UI_CTRL);
    screen_type("db");
    screen_press(UI_KEY_ENTER);
    assert_int_equal(screen_app.replay.selection.kind, REPLAY_RES);
    screen_press('/');
    screen_type("worker 1");
    screen_press(UI_KEY_ENTER);
    assert_int_equal(screen_app.replay.selection.kind, REPLAY_LANE);
    screen_press('/');
    screen_type(".c");
    assert_non_null(screen_find("source file"));
    screen_press(UI_KEY_ESCAPE);
    assert_false(screen_app.picker.is_open);
    screen_done();
}

static void letters_are_letters_while_the_picker_is_open(void **state)
{
    (void)state;
    screen_show(script_story_join());
    uint32_t event = screen_app.replay.event;
    screen_press('/');
    screen_type("q x?");
    assert_false(screen_app.wants_quit);
    assert_int_equal(screen_app.replay.event, event);
    assert_string_equal(screen_app.picker.field.text, "q x?");
    screen_press(0xE9);
    screen_press(UI_KEY_BACKSPACE);
    screen_press(UI_KEY_BACKSPACE);
    assert_string_equal(screen_app.picker.field.text, "q x");
    screen_press_with('u', UI_CTRL);
    assert_string_equal(screen_app.picker.field.text, "");
    screen_done();
}

static void keys_after_enter_in_the_same_frame_are_commands(void **state)
{
    (void)state;
    screen_show(script_story_join());
    screen_press('g');
    static const uint16_t keys[] = { 's', '9', UI_KEY_ENTER, 'b' };
    screen_input.key_count = ANT_ARRAY_LEN(keys);
    for (unsigned i = 0; i < ANT_ARRAY_LEN(keys); i++)
        screen_input.key[i] = (ui_key_press){ keys[i], 0 };
    screen_frame();
    screen_input.key_count = 0;
    assert_int_equal(replay_step_now(&screen_app.replay), 8);
    assert_int_equal(screen_app.theme, DRAW_THEME_LIGHT);
    screen_done();
}

static bool says(uint32_t event, const char *text)
{
    return app_search_matches(screen_app.model, event, text);
}

static void n_goes_from_event_to_event_that_says_so(void **state)
{
    (void)state;
    screen_show(script_story_mutex());
    screen_press('/');
    screen_type("PENDING");
    screen_press(UI_KEY_ENTER);
    uint32_t first = screen_app.replay.event;
    assert_true(says(first, "pending"));
    screen_press('n');
    uint32_t second = screen_app.replay.event;
    assert_true(second > first && says(second, "pending"));
    for (uint32_t i = first + 1; i < second; i++)
        assert_false(says(i, "pending"));
    screen_press('N');
    assert_int_equal(screen_app.replay.event, first);
    for (unsigned i = 0; i < 200; i++)
        screen_press('n');
    assert_non_null(screen_find("No event after this one says"));
    screen_done();
}

static void a_long_search_takes_many_frames_and_can_be_stopped(void **state)
{
    (void)state;
    screen_show(script_story_busy(30000));
    assert_true(screen_app.model->event_count > 60000);
    snprintf(screen_app.search.text, UI_FIELD_MAX, "nothing says this");
    uint32_t event = screen_app.replay.event;
    app_search_begin(&screen_app.search, 0, 1);
    screen_frame();
    assert_true(screen_app.search.is_on);
    screen_frame();
    assert_non_null(screen_find("Looking for"));
    screen_press(UI_KEY_ESCAPE);
    assert_false(screen_app.search.is_on);
    assert_int_equal(screen_app.replay.event, event);
    screen_done();
}

// --- Places ----------------------------------------------------------------

static void g_goes_to_a_time_a_step_and_a_task(void **state)
{
    (void)state;
    screen_show(script_story_join());
    screen_press('g');
    screen_type("s12");
    screen_press(UI_KEY_ENTER);
    assert_int_equal(replay_step_now(&screen_app.replay), 11);
    screen_press('g');
    screen_type("10.5 ms");
    screen_press(UI_KEY_ENTER);
    const ant_model *model = screen_app.model;
    assert_int_equal(screen_app.replay.event,
                     model_event_before(model, 10500000));
    screen_press('g');
    screen_type("task:1");
    screen_press(UI_KEY_ENTER);
    assert_int_equal(replay_selected_task(&screen_app.replay), 1);
    screen_press('g');
    screen_type("s99999");
    screen_press(UI_KEY_ENTER);
    assert_non_null(screen_find("There is no such place in this run."));
    screen_done();
}

// --- Bookmarks -------------------------------------------------------------

static void m_sets_a_bookmark_and_takes_it_away(void **state)
{
    (void)state;
    show_with_marks(script_story_join());
    screen_press('m');
    assert_non_null(mark_here());
    screen_press('m');
    assert_null(mark_here());
    done_with_marks();
}

static void bookmarks_lead_back_by_keys_and_by_their_list(void **state)
{
    (void)state;
    show_with_marks(script_story_join());
    screen_press('g');
    screen_type("s5");
    screen_press(UI_KEY_ENTER);
    uint32_t event = screen_app.replay.event;
    screen_press('"');
    screen_type("the first sleep");
    screen_press(UI_KEY_ENTER);
    screen_press(UI_KEY_END);
    screen_press_with(UI_KEY_LEFT, UI_CTRL);
    assert_int_equal(screen_app.replay.event, event);
    screen_press(UI_KEY_HOME);
    screen_press_with(UI_KEY_RIGHT, UI_CTRL);
    assert_int_equal(screen_app.replay.event, event);
    screen_press(UI_KEY_END);
    screen_press('\'');
    assert_non_null(screen_find("the first sleep"));
    screen_press(UI_KEY_ENTER);
    assert_int_equal(screen_app.replay.event, event);
    done_with_marks();
}

// --- Commands --------------------------------------------------------------

static void every_command_has_a_name_in_the_palette(void **state)
{
    (void)state;
    screen_show(script_story_join());
    const view_key_help *keys = NULL;
    unsigned count = app_key_help(&keys);
    for (unsigned i = 0; i < count; i++) {
        screen_press_with('p', UI_CTRL);
        screen_type(keys[i].text);
        assert_true(screen_app.picker.count >= 1);
        assert_int_equal(screen_app.picker.pick[0].what, keys[i].action);
        screen_press(UI_KEY_ESCAPE);
    }
    screen_done();
}

static void a_command_is_done_when_it_is_clicked(void **state)
{
    (void)state;
    screen_show(script_story_join());
    screen_click_on("menu");
    screen_type("dark or");
    screen_click_on("dark or light");
    assert_int_equal(screen_app.theme, DRAW_THEME_LIGHT);
    assert_false(screen_app.picker.is_open);
    screen_click_on("menu");
    screen_click(3, 700);
    assert_false(screen_app.picker.is_open);
    screen_done();
}

static void no_key_is_bound_twice(void **state)
{
    (void)state;
    static const struct {
        unsigned key;
        unsigned mods;
        const char *action;
    } row[] = {
#define ROW(key, mods, action, name, text) { key, mods, #action },
        APP_KEYS(ROW)
#undef ROW
    };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(row); i++) {
        for (unsigned k = 0; k < i; k++) {
            if (row[i].key != row[k].key || row[i].mods != row[k].mods) {
                continue;
            }
            fail_msg("%s and %s have the same key", row[i].action,
                     row[k].action);
        }
        for (unsigned k = 0; k < VIEW_PANEL_COUNT; k++) {
            bool is_same = row[i].mods == 0 && view_panels[k].key != 0 &&
                           row[i].key == view_panels[k].key;
            if (is_same) {
                fail_msg("%s and the panel %s have the same key", row[i].action,
                         view_panels[k].name);
            }
        }
    }
    for (unsigned i = 0; i < VIEW_PANEL_COUNT; i++) {
        for (unsigned k = 0; k < i; k++) {
            bool is_same = view_panels[i].key != 0 &&
                           view_panels[i].key == view_panels[k].key;
            assert_false(is_same);
        }
    }
}

// --- Rows ------------------------------------------------------------------

static uint32_t rows_of(view_section section)
{
    return view_order_count(screen_app.view, section);
}

static void a_filter_leaves_only_what_passes(void **state)
{
    (void)state;
    screen_show(script_story_deadlock());
    assert_int_equal(rows_of(VIEW_TASKS), 2);
    screen_press('&');
    screen_type("right");
    screen_press(UI_KEY_ENTER);
    assert_int_equal(rows_of(VIEW_TASKS), 1);
    screen_press('U');
    assert_int_equal(rows_of(VIEW_TASKS), 2);
    screen_done();
}

static void a_pinned_row_stands_on_top(void **state)
{
    (void)state;
    screen_show(script_story_deadlock());
    screen_click_on("right");
    screen_press('P');
    assert_int_equal(rows_of(VIEW_PINNED), 1);
    assert_int_equal(rows_of(VIEW_TASKS), 1);
    assert_int_equal(screen_app.view->row[0].kind, REPLAY_TASK);
    assert_int_equal(screen_app.view->row[0].row, 2);
    screen_press('P');
    assert_int_equal(rows_of(VIEW_PINNED), 0);
    assert_int_equal(rows_of(VIEW_TASKS), 2);
    screen_done();
}

static void a_hidden_row_is_gone_until_all_are_shown(void **state)
{
    (void)state;
    screen_show(script_story_deadlock());
    uint32_t lanes = rows_of(VIEW_LANES);
    screen_click_on("worker 0");
    screen_press('H');
    assert_int_equal(rows_of(VIEW_LANES), lanes - 1);
    assert_null(view_row_find(screen_app.view, REPLAY_LANE, 1));
    screen_press('U');
    assert_int_equal(rows_of(VIEW_LANES), lanes);
    screen_press(UI_KEY_ESCAPE);
    screen_press('H');
    assert_non_null(screen_find("Select a task, a worker or a lock first."));
    screen_done();
}

static void following_keeps_the_cursor_in_the_middle(void **state)
{
    (void)state;
    screen_show(script_story_busy(200));
    screen_click_on("worker 0");
    for (unsigned i = 0; i < 6; i++)
        screen_press('w');
    replay_seek_step(&screen_app.replay, screen_app.model->step_count / 2);
    screen_press('F');
    for (unsigned i = 0; i < 10; i++)
        screen_press('.');
    const ant_replay *replay = &screen_app.replay;
    double middle = (replay->x0 + replay->x1) / 2;
    double width = replay->x1 - replay->x0;
    assert_true(replay->x - middle < width / 100 &&
                middle - replay->x < width / 100);
    screen_press('F');
    assert_false(replay->is_centered);
    screen_done();
}

static unsigned triangles(void)
{
    unsigned count = 0;
    for (uint32_t i = 0; i < screen_app.list.count; i++) {
        if (screen_app.list.cmd[i].op == DRAW_OP_TRIANGLE) count++;
    }
    return count;
}

static void the_chain_has_more_arrows_than_one_hop(void **state)
{
    (void)state;
    screen_show(script_story_mutex());
    screen_press(UI_KEY_END);
    const ant_model *model = screen_app.model;
    unsigned more = 0;
    for (uint32_t task = 1; task < model->task_count; task++) {
        replay_select(&screen_app.replay, REPLAY_TASK, task);
        screen_frame();
        unsigned before = triangles();
        screen_press('{');
        if (triangles() > before) more++;
        screen_press('{');
        assert_int_equal(triangles(), before);
    }
    assert_true(more > 0);
    screen_done();
}

static void enter_opens_what_is_selected(void **state)
{
    (void)state;
    screen_show(script_story_deadlock());
    screen_press('j');
    screen_press(UI_KEY_DOWN);
    screen_press(UI_KEY_ENTER);
    assert_int_equal(view_panel_at(screen_app.view, VIEW_AT_MAIN),
                     VIEW_PANEL_tracks);
    assert_int_equal(view_panel_at(screen_app.view, VIEW_AT_SIDE),
                     VIEW_PANEL_why);
    screen_done();
}

#define TEST(name) cmocka_unit_test_setup(name, screen_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(search_selects_the_task_that_is_picked),
        TEST(search_finds_locks_workers_and_files),
        TEST(letters_are_letters_while_the_picker_is_open),
        TEST(keys_after_enter_in_the_same_frame_are_commands),
        TEST(n_goes_from_event_to_event_that_says_so),
        TEST(a_long_search_takes_many_frames_and_can_be_stopped),
        TEST(g_goes_to_a_time_a_step_and_a_task),
        TEST(m_sets_a_bookmark_and_takes_it_away),
        TEST(bookmarks_lead_back_by_keys_and_by_their_list),
        TEST(every_command_has_a_name_in_the_palette),
        TEST(a_command_is_done_when_it_is_clicked),
        TEST(no_key_is_bound_twice),
        TEST(a_filter_leaves_only_what_passes),
        TEST(a_pinned_row_stands_on_top),
        TEST(a_hidden_row_is_gone_until_all_are_shown),
        TEST(following_keeps_the_cursor_in_the_middle),
        TEST(the_chain_has_more_arrows_than_one_hop),
        TEST(enter_opens_what_is_selected),
    };
    return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
