// SPDX-License-Identifier: MIT
//
// Tests of whole frames: what they say, that they fit, and how they look as a
// list of commands (tests/golden/frame_*.txt).

#include "app/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "draw/dump.h"
#include "support/golden.h"
#include "support/trace_script.h"
#include "view/panels.h"

static ant_app app;
static ui_input input;

static int set_up(void **state)
{
    (void)state;
    input = (ui_input){
        .width = 1280, .height = 720, .mouse_x = -1, .mouse_y = -1
    };
    return 0;
}

// Opens a story and shows its first frame.
static void show(const char *path)
{
    assert_int_equal(app_open(&app, path), 0);
    app.model->path = "story.ant";
    draw_init(&app.list, draw_dump_metrics());
    app_frame(&app, &input);
}

static void done(void)
{
    app_close(&app);
    script_remove();
    assert_int_equal(ant_mem_live_count(), 0);
}

static void press(int key)
{
    input.key[0] = (ui_key_press){ (uint16_t)key, 0 };
    input.key_count = 1;
    app_frame(&app, &input);
    input.key_count = 0;
    app_frame(&app, &input);
}

static void click(int x, int y)
{
    input.mouse_x = x;
    input.mouse_y = y;
    input.was_pressed = input.was_released = true;
    app_frame(&app, &input);
    input.was_pressed = input.was_released = false;
    app_frame(&app, &input);
}

// The first text of the frame that begins with `text`, or NULL.
static const draw_cmd *find(const char *text)
{
    for (uint32_t i = 0; i < app.list.count; i++) {
        const draw_cmd *cmd = &app.list.cmd[i];
        if (cmd->op != DRAW_OP_TEXT || cmd->text_len < strlen(text)) continue;
        if (memcmp(app.list.text + cmd->text, text, strlen(text)) == 0) {
            return cmd;
        }
    }
    return NULL;
}

static void click_on(const char *text)
{
    const draw_cmd *cmd = find(text);
    assert_non_null(cmd);
    click(cmd->rect.x + 2, cmd->rect.y + cmd->rect.h / 2);
}

// --- What a frame says -----------------------------------------------------

static void names_workers_tasks_and_locks(void **state)
{
    (void)state;
    show(script_story_mutex());
    assert_non_null(find("WORKERS"));
    assert_non_null(find("worker 0"));
    assert_non_null(find("writer"));
    assert_non_null(find("db"));
    done();
}

static void shows_the_waiters_of_a_lock_by_name(void **state)
{
    (void)state;
    show(script_story_deadlock());
    press('x');
    assert_non_null(find("1 waiting"));
    assert_non_null(find("1 left"));
    assert_non_null(find("2 right"));
    assert_non_null(find("1 left waits for mutex `b`"));
    done();
}

static void opens_all_futures_where_there_is_room(void **state)
{
    (void)state;
    show(script_story_join());
    assert_true(app.view->opens_all);
    done();
}

static void says_when_there_is_no_deadlock(void **state)
{
    (void)state;
    show(script_story_join());
    press('x');
    assert_non_null(find("This run has no deadlock."));
    done();
}

static void shows_a_trace_without_events(void **state)
{
    (void)state;
    const char *path = script_begin(ANT_LEVEL_FULL);
    script_end();
    show(path);
    press(UI_KEY_RIGHT);
    press(UI_KEY_DOWN);
    press('f');
    press(' ');
    done();
}

// --- What keys and mouse do ------------------------------------------------

static void steps_with_the_arrow_keys(void **state)
{
    (void)state;
    show(script_story_join());
    uint32_t step = replay_step_now(&app.replay);
    press(UI_KEY_RIGHT);
    press(UI_KEY_RIGHT);
    assert_int_equal(replay_step_now(&app.replay), step + 2);
    press(UI_KEY_LEFT);
    assert_int_equal(replay_step_now(&app.replay), step + 1);
    done();
}

static void selects_a_task_by_a_click_on_its_name(void **state)
{
    (void)state;
    show(script_story_mutex());
    click_on("writer");
    assert_int_equal(app.replay.selection.kind, REPLAY_TASK);
    press(UI_KEY_ESCAPE);
    assert_int_equal(app.replay.selection.kind, REPLAY_NOTHING);
    done();
}

static void goes_where_the_minimap_is_clicked(void **state)
{
    (void)state;
    show(script_story_join());
    click(1270, 60);
    uint32_t late = app.replay.event;
    click(12, 60);
    assert_true(app.replay.event < late);
    done();
}

static void walks_over_all_rows_and_stops_at_the_ends(void **state)
{
    (void)state;
    show(script_story_deadlock());
    for (int i = 0; i < 50; i++)
        press(UI_KEY_DOWN);
    assert_int_equal(app.replay.selection.kind, REPLAY_RES);
    for (int i = 0; i < 50; i++)
        press(UI_KEY_UP);
    assert_int_equal(app.replay.selection.kind, REPLAY_LANE);
    assert_int_equal(app.replay.selection.row, 1);
    done();
}

static void shows_a_panel_by_its_key_and_undoes_that(void **state)
{
    (void)state;
    show(script_story_steal());
    press('Q');
    assert_int_equal(view_panel_at(app.view, VIEW_AT_MAIN), VIEW_PANEL_queues);
    assert_null(find("WORKERS"));
    press('z');
    assert_int_equal(view_panel_at(app.view, VIEW_AT_MAIN), VIEW_PANEL_tracks);
    press('Z');
    assert_int_equal(view_panel_at(app.view, VIEW_AT_MAIN), VIEW_PANEL_queues);
    press('Q');
    assert_int_equal(view_panel_at(app.view, VIEW_AT_MAIN), VIEW_PANEL_tracks);
    done();
}

static void shows_a_panel_by_its_tab(void **state)
{
    (void)state;
    show(script_story_deadlock());
    click_on("Why");
    assert_int_equal(view_panel_at(app.view, VIEW_AT_SIDE), VIEW_PANEL_why);
    assert_null(find("LOCKS AND TIMERS"));
    click_on("Source");
    assert_int_equal(view_panel_at(app.view, VIEW_AT_MAIN), VIEW_PANEL_source);
    done();
}

static void gives_the_side_the_width_it_is_dragged_to(void **state)
{
    (void)state;
    show(script_story_join());
    const draw_cmd *source = find("SOURCE");
    assert_non_null(source);
    input.mouse_x = source->rect.x - 4;
    input.mouse_y = 300;
    input.is_down = input.was_pressed = true;
    app_frame(&app, &input);
    input.was_pressed = false;
    input.mouse_x = 640;
    app_frame(&app, &input);
    input.is_down = false;
    assert_in_range(app.view->side_percent, 48, 52);
    press('i');
    assert_null(find("SOURCE"));
    done();
}

static void help_lists_every_key_and_closes_again(void **state)
{
    (void)state;
    show(script_story_join());
    press('?');
    const view_key_help *keys = NULL;
    unsigned count = app_key_help(&keys);
    assert_true(count > 20);
    for (unsigned i = 0; i < count; i++) {
        assert_non_null(find(keys[i].key));
        assert_non_null(find(keys[i].text));
    }
    press(UI_KEY_ESCAPE);
    assert_null(find("Keys and states"));
    done();
}

static void does_not_act_behind_the_help_page(void **state)
{
    (void)state;
    show(script_story_join());
    press('?');
    uint32_t event = app.replay.event;
    press(UI_KEY_RIGHT);
    click(640, 400);
    assert_int_equal(app.replay.event, event);
    done();
}

// --- That it fits ----------------------------------------------------------

static draw_rect ink_of(const draw_cmd *cmd)
{
    int margin = (cmd->rect.h - cmd->size) / 2;
    return draw_inset(cmd->rect, 0, margin > 0 ? margin : 0);
}

// Fails when a text leaves the window or covers another one.
static void assert_texts_apart(const char *what)
{
    const draw_list *list = &app.list;
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->cmd[i].op != DRAW_OP_TEXT) continue;
        draw_rect a = ink_of(&list->cmd[i]);
        bool is_inside = a.x >= 0 && a.y >= 0 && a.x + a.w <= input.width &&
                         a.y + a.h <= input.height;
        for (uint32_t k = 0; k < i && is_inside; k++) {
            if (list->cmd[k].op != DRAW_OP_TEXT) continue;
            draw_rect both = draw_intersect(a, ink_of(&list->cmd[k]));
            is_inside = both.w == 0 || both.h == 0;
        }
        if (is_inside) continue;
        fail_msg("%s, %dx%d: \"%.*s\" is not where it should be", what,
                 input.width, input.height, (int)list->cmd[i].text_len,
                 list->text + list->cmd[i].text);
    }
}

static void texts_never_overlap(void **state)
{
    (void)state;
    static const int size[][2] = {
        { 1024, 700 }, { 1280, 720 }, { 1600, 900 }, { 1920, 1080 }
    };
    const char *(*const story[])(
        void) = { script_story_join, script_story_mutex, script_story_steal,
                  script_story_deadlock };
    for (unsigned s = 0; s < ANT_ARRAY_LEN(story); s++) {
        for (unsigned i = 0; i < ANT_ARRAY_LEN(size); i++) {
            input.width = size[i][0];
            input.height = size[i][1];
            show(story[s]());
            press(UI_KEY_DOWN);
            press(UI_KEY_END);
            assert_texts_apart("time axis");
            press('t');
            assert_texts_apart("step axis");
            press('p');
            assert_texts_apart("projector");
            press('?');
            done();
        }
    }
}

// --- How it looks ----------------------------------------------------------

static void assert_golden(const char *name)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    draw_dump(&app.list, out);
    fclose(out);
    golden_assert("tests/unit/app/test_frame", name, text, size);
    free(text);
}

static void draws_the_deadlock_as_before(void **state)
{
    (void)state;
    show(script_story_deadlock());
    press('x');
    assert_golden("frame_deadlock.txt");
    done();
}

static void draws_a_selected_task_as_before(void **state)
{
    (void)state;
    show(script_story_join());
    press('t');
    press(UI_KEY_DOWN);
    for (int i = 0; i < 12; i++)
        press(UI_KEY_RIGHT);
    press('b');
    assert_golden("frame_join.txt");
    done();
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_workers_tasks_and_locks),
        TEST(shows_the_waiters_of_a_lock_by_name),
        TEST(opens_all_futures_where_there_is_room),
        TEST(says_when_there_is_no_deadlock),
        TEST(shows_a_trace_without_events),
        TEST(steps_with_the_arrow_keys),
        TEST(selects_a_task_by_a_click_on_its_name),
        TEST(goes_where_the_minimap_is_clicked),
        TEST(walks_over_all_rows_and_stops_at_the_ends),
        TEST(shows_a_panel_by_its_key_and_undoes_that),
        TEST(shows_a_panel_by_its_tab),
        TEST(gives_the_side_the_width_it_is_dragged_to),
        TEST(help_lists_every_key_and_closes_again),
        TEST(does_not_act_behind_the_help_page),
        TEST(texts_never_overlap),
        TEST(draws_the_deadlock_as_before),
        TEST(draws_a_selected_task_as_before),
    };
    return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
