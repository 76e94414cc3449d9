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

#include "support/screen.h"
#include "support/trace_script.h"
#include "support/trace_story.h"
#include "view/panels.h"

// --- What a frame says -----------------------------------------------------

static void names_workers_tasks_and_locks(void **state)
{
    (void)state;
    screen_show(script_story_mutex());
    assert_non_null(screen_find("WORKERS"));
    assert_non_null(screen_find("worker 0"));
    assert_non_null(screen_find("writer"));
    assert_non_null(screen_find("db"));
    screen_done();
}

static void shows_the_waiters_of_a_lock_by_name(void **state)
{
    (void)state;
    screen_show(script_story_deadlock());
    screen_press('x');
    assert_non_null(screen_find("1 waiting"));
    assert_non_null(screen_find("1 left"));
    assert_non_null(screen_find("2 right"));
    assert_non_null(screen_find(" waits for "));
    assert_non_null(screen_find("mutex `b`"));
    assert_non_null(screen_find("deadlock"));
    screen_done();
}

static void the_sentence_leads_to_what_it_names(void **state)
{
    (void)state;
    screen_show(script_story_mutex());
    replay_seek_event(&screen_app.replay,
                      story_event(screen_app.model, ANT_EV_park, 0));
    replay_select(&screen_app.replay, REPLAY_TASK, 2);
    screen_frame();
    screen_click_on("line 31");
    assert_int_equal(screen_app.replay.event,
                     story_event(screen_app.model, ANT_EV_acquire, 0));
    screen_done();
}

static void lists_the_lints_and_goes_to_them(void **state)
{
    (void)state;
    screen_show(script_story_deadlock());
    assert_non_null(screen_find("lints 1"));
    screen_press('l');
    assert_non_null(screen_find("deadlock-cycle"));
    assert_non_null(screen_find("take locks in the same order"));
    screen_click_on("deadlock-cycle");
    uint32_t event = screen_app.view->lint.finding[0].event;
    assert_int_equal(screen_app.replay.event, event);
    screen_press(UI_KEY_HOME);
    screen_press('!');
    assert_int_equal(screen_app.replay.event, event);
    assert_int_equal(replay_selected_task(&screen_app.replay), 2);
    screen_done();
}

static void says_when_the_lints_find_nothing(void **state)
{
    (void)state;
    screen_show(script_story_join());
    assert_null(screen_find("lints "));
    screen_press('l');
    assert_non_null(screen_find("Nothing looks like a mistake."));
    screen_done();
}

static void lints_of_a_long_run_come_in_a_later_frame(void **state)
{
    (void)state;
    screen_show(script_story_busy(10000));
    assert_true(screen_app.view->has_lints); // of a picture, in the first frame
    screen_done();

    screen_show(script_story_busy(10000));
    lint_report_free(&screen_app.view->lint);
    screen_app.view->has_lints = false;
    screen_app.view->may_lint_later = true;
    screen_press('l');
    assert_non_null(screen_find("LINTS"));
    while (!screen_app.view->has_lints) // ends when the lints do
        screen_frame();
    screen_frame();
    assert_null(screen_find("Still looking"));
    screen_done();
}

static void on_a_projector_a_picture_has_all_the_room(void **state)
{
    (void)state;
    screen_show(script_story_mutex());
    screen_press('h');
    assert_true(app_has_side(&screen_app));
    screen_press('p');
    assert_false(app_has_side(&screen_app)); // the stage needs it
    screen_press('i');
    assert_true(app_has_side(&screen_app)); // the user insists
    screen_press('i');
    screen_press('p');
    assert_false(app_has_side(&screen_app)); // hidden is hidden
    screen_press('i');
    screen_press('p');
    screen_press('r');
    assert_true(app_has_side(&screen_app));
    screen_done();
}

static void goes_to_the_deadlock_and_to_what_began_it(void **state)
{
    (void)state;
    screen_show(script_story_deadlock());
    screen_press('x');
    assert_int_equal(screen_app.model->kind[screen_app.replay.event],
                     ANT_EV_poll_end);
    screen_press('X');
    assert_int_equal(screen_app.replay.event,
                     story_event(screen_app.model, ANT_EV_acquire, 0));
    screen_press('X');
    assert_int_equal(screen_app.replay.event,
                     story_event(screen_app.model, ANT_EV_acquire, 1));
    screen_press('X');
    assert_int_equal(screen_app.replay.event,
                     story_event(screen_app.model, ANT_EV_acquire, 0));
    screen_done();
}

static void opens_all_futures_where_there_is_room(void **state)
{
    (void)state;
    screen_show(script_story_join());
    assert_true(screen_app.view->opens_all);
    screen_done();
}

static void says_when_there_is_no_deadlock(void **state)
{
    (void)state;
    screen_show(script_story_join());
    screen_press('x');
    assert_non_null(screen_find("This run has no deadlock."));
    screen_done();
}

static void shows_a_trace_without_events(void **state)
{
    (void)state;
    const char *path = script_begin(ANT_LEVEL_FULL);
    script_end();
    screen_show(path);
    screen_press(UI_KEY_RIGHT);
    screen_press(UI_KEY_DOWN);
    screen_press('f');
    screen_press(' ');
    screen_done();
}

// --- What keys and mouse do ------------------------------------------------

static void steps_with_the_arrow_keys(void **state)
{
    (void)state;
    screen_show(script_story_join());
    uint32_t step = replay_step_now(&screen_app.replay);
    screen_press(UI_KEY_RIGHT);
    screen_press(UI_KEY_RIGHT);
    assert_int_equal(replay_step_now(&screen_app.replay), step + 2);
    screen_press(UI_KEY_LEFT);
    assert_int_equal(replay_step_now(&screen_app.replay), step + 1);
    screen_done();
}

static void selects_a_task_by_a_click_on_its_name(void **state)
{
    (void)state;
    screen_show(script_story_mutex());
    screen_click_on("writer");
    assert_int_equal(screen_app.replay.selection.kind, REPLAY_TASK);
    screen_press(UI_KEY_ESCAPE);
    assert_int_equal(screen_app.replay.selection.kind, REPLAY_NOTHING);
    screen_done();
}

static void goes_where_the_minimap_is_clicked(void **state)
{
    (void)state;
    screen_show(script_story_join());
    screen_click(1270, 60);
    uint32_t late = screen_app.replay.event;
    screen_click(12, 60);
    assert_true(screen_app.replay.event < late);
    screen_done();
}

static void walks_over_all_rows_and_stops_at_the_ends(void **state)
{
    (void)state;
    screen_show(script_story_deadlock());
    for (int i = 0; i < 50; i++)
        screen_press(UI_KEY_DOWN);
    assert_int_equal(screen_app.replay.selection.kind, REPLAY_RES);
    for (int i = 0; i < 50; i++)
        screen_press(UI_KEY_UP);
    assert_int_equal(screen_app.replay.selection.kind, REPLAY_LANE);
    assert_int_equal(screen_app.replay.selection.row, 1);
    screen_done();
}

static void shows_a_panel_by_its_key_and_undoes_that(void **state)
{
    (void)state;
    screen_show(script_story_steal());
    screen_press('Q');
    assert_int_equal(view_panel_at(screen_app.view, VIEW_AT_MAIN),
                     VIEW_PANEL_queues);
    assert_null(screen_find("WORKERS"));
    screen_press('z');
    assert_int_equal(view_panel_at(screen_app.view, VIEW_AT_MAIN),
                     VIEW_PANEL_tracks);
    screen_press('Z');
    assert_int_equal(view_panel_at(screen_app.view, VIEW_AT_MAIN),
                     VIEW_PANEL_queues);
    screen_press('Q');
    assert_int_equal(view_panel_at(screen_app.view, VIEW_AT_MAIN),
                     VIEW_PANEL_tracks);
    screen_done();
}

static void shows_a_panel_by_its_tab(void **state)
{
    (void)state;
    screen_show(script_story_deadlock());
    screen_click_on("Why");
    assert_int_equal(view_panel_at(screen_app.view, VIEW_AT_SIDE),
                     VIEW_PANEL_why);
    assert_null(screen_find("LOCKS AND TIMERS"));
    screen_click_on("Stage");
    assert_int_equal(view_panel_at(screen_app.view, VIEW_AT_MAIN),
                     VIEW_PANEL_stage);
    screen_done();
}

static void gives_the_side_the_width_it_is_dragged_to(void **state)
{
    (void)state;
    screen_show(script_story_join());
    const draw_cmd *source = screen_find("SOURCE");
    assert_non_null(source);
    screen_input.mouse_x = source->rect.x - 4;
    screen_input.mouse_y = 300;
    screen_input.is_down = screen_input.was_pressed = true;
    screen_frame();
    screen_input.was_pressed = false;
    screen_input.mouse_x = 640;
    screen_frame();
    screen_input.is_down = false;
    assert_in_range(screen_app.view->side_percent, 48, 52);
    screen_press('i');
    assert_null(screen_find("SOURCE"));
    screen_done();
}

static void shows_where_events_are_missing(void **state)
{
    (void)state;
    screen_show(script_story_join());
    assert_null(screen_find("40 events missing"));
    const model_loss losses[] = { { screen_app.model->event_count / 2, 40 } };
    screen_app.model->losses = losses;
    screen_app.model->loss_count = 1;
    screen_frame();
    assert_non_null(screen_find("40 events missing"));
    screen_done();
}

static void help_lists_every_key_and_closes_again(void **state)
{
    (void)state;
    screen_show(script_story_join());
    screen_press('?');
    const view_key_help *keys = NULL;
    unsigned count = app_key_help(&keys);
    assert_true(count > 20);
    for (unsigned i = 0; i < count; i++) {
        assert_non_null(screen_find(keys[i].key));
        assert_non_null(screen_find(keys[i].text));
    }
    screen_press(UI_KEY_ESCAPE);
    assert_null(screen_find("Keys and states"));
    screen_done();
}

static void does_not_act_behind_the_help_page(void **state)
{
    (void)state;
    screen_show(script_story_join());
    screen_press('?');
    uint32_t event = screen_app.replay.event;
    screen_press(UI_KEY_RIGHT);
    screen_click(640, 400);
    assert_int_equal(screen_app.replay.event, event);
    screen_done();
}

// --- That it fits ----------------------------------------------------------

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
            screen_input.width = size[i][0];
            screen_input.height = size[i][1];
            screen_show(story[s]());
            screen_press(UI_KEY_DOWN);
            screen_press(UI_KEY_END);
            screen_assert_texts_apart("time axis");
            screen_press('t');
            screen_assert_texts_apart("step axis");
            screen_press('p');
            screen_assert_texts_apart("projector");
            screen_press('?');
            screen_done();
        }
    }
}

// --- How it looks ----------------------------------------------------------

static void draws_the_deadlock_as_before(void **state)
{
    (void)state;
    screen_show(script_story_deadlock());
    screen_press('x');
    screen_assert_golden("tests/unit/app/test_frame", "frame_deadlock.txt");
    screen_done();
}

static void draws_a_selected_task_as_before(void **state)
{
    (void)state;
    screen_show(script_story_join());
    screen_press('t');
    screen_press(UI_KEY_DOWN);
    for (int i = 0; i < 12; i++)
        screen_press(UI_KEY_RIGHT);
    screen_press('b');
    screen_assert_golden("tests/unit/app/test_frame", "frame_join.txt");
    screen_done();
}

#define TEST(name) cmocka_unit_test_setup(name, screen_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_workers_tasks_and_locks),
        TEST(shows_the_waiters_of_a_lock_by_name),
        TEST(the_sentence_leads_to_what_it_names),
        TEST(goes_to_the_deadlock_and_to_what_began_it),
        TEST(lists_the_lints_and_goes_to_them),
        TEST(says_when_the_lints_find_nothing),
        TEST(lints_of_a_long_run_come_in_a_later_frame),
        TEST(on_a_projector_a_picture_has_all_the_room),
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
        TEST(shows_where_events_are_missing),
        TEST(help_lists_every_key_and_closes_again),
        TEST(does_not_act_behind_the_help_page),
        TEST(texts_never_overlap),
        TEST(draws_the_deadlock_as_before),
        TEST(draws_a_selected_task_as_before),
    };
    return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
