// SPDX-License-Identifier: MIT
//
// Tests of the panels that are pictures: the stage, the wait-for graph, the
// states of a future, the tree of futures. What they say, what a click does,
// that no text covers another at any size, and how they look
// (tests/golden/picture_*.txt).

#include "view/panels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/versus.h"
#include "support/screen.h"
#include "support/trace_script.h"

#define THIS "tests/unit/view/test_pictures"

static void show(const char *path, view_panel_id panel)
{
    screen_show(path);
    view_panel_show(screen_app.view, VIEW_AT_MAIN, panel);
    screen_frame();
}

static void go_to(ant_event_kind kind)
{
    const ant_model *model = screen_app.model;
    for (uint32_t i = 0; i < model->event_count; i++) {
        if (model->kind[i] != kind) continue;
        replay_seek_event(&screen_app.replay, i);
        break;
    }
    screen_frame();
}

// --- The stage -------------------------------------------------------------

static void stage_shows_holders_and_waiters_by_name(void **state)
{
    (void)state;
    show(script_story_deadlock(), VIEW_PANEL_stage);
    screen_press('x');
    assert_non_null(screen_find("held by 1 left"));
    assert_non_null(screen_find("held by 2 right"));
    screen_click_on("2 right");
    assert_int_equal(replay_selected_task(&screen_app.replay), 2);
    screen_done();
}

static void stage_says_wake_when_a_waker_is_used(void **state)
{
    (void)state;
    show(script_story_mutex(), VIEW_PANEL_stage);
    assert_null(screen_find("wake"));
    go_to(ANT_EV_wake);
    assert_non_null(screen_find("wake"));
    screen_done();
}

// Where the card of task 1 is drawn.
static draw_rect card_rect(void)
{
    const draw_cmd *cmd = screen_find("1 boss");
    assert_non_null(cmd);
    return cmd == NULL ? (draw_rect){ 0 } : cmd->rect;
}

static void stage_moves_cards_only_when_asked_to(void **state)
{
    (void)state;
    show(script_story_steal(), VIEW_PANEL_stage);
    view_panel_show(screen_app.view, VIEW_AT_SIDE, VIEW_PANEL_stats);
    go_to(ANT_EV_poll_begin);
    draw_rect after = card_rect();
    screen_press(UI_KEY_LEFT);
    draw_rect before = card_rect();
    assert_true(before.x != after.x || before.y != after.y);
    assert_false(screen_app.view->is_moving);

    screen_app.view->has_motion = true;
    screen_input.seconds = 0.1;
    screen_press(UI_KEY_RIGHT);
    draw_rect between = card_rect();
    assert_true(screen_app.view->is_moving);
    assert_true(between.y > before.y && between.y < after.y);
    for (int i = 0; i < 10; i++)
        screen_frame();
    assert_false(screen_app.view->is_moving);
    assert_int_equal(card_rect().y, after.y);
    screen_input.seconds = 0;
    screen_done();
}

static void stage_draws_a_share_of_the_way_for_films(void **state)
{
    (void)state;
    show(script_story_steal(), VIEW_PANEL_stage);
    view_panel_show(screen_app.view, VIEW_AT_SIDE, VIEW_PANEL_stats);
    go_to(ANT_EV_poll_begin);
    int there = card_rect().y;
    int last = 0;
    for (int percent = 1; percent < 100; percent += 14) {
        screen_app.view->motion_share = percent / 100.0;
        screen_frame();
        assert_true(card_rect().y >= last && card_rect().y < there);
        last = card_rect().y;
    }
    screen_done();
}

// --- The wait-for graph ----------------------------------------------------

static void graph_says_how_many_can_never_go_on(void **state)
{
    (void)state;
    show(script_story_deadlock(), VIEW_PANEL_graph);
    assert_null(screen_find("deadlock: 2 tasks"));
    screen_press('x');
    assert_non_null(screen_find("deadlock: 2 tasks can never go on"));
    screen_done();
}

static void graph_selects_what_is_clicked(void **state)
{
    (void)state;
    show(script_story_deadlock(), VIEW_PANEL_graph);
    view_panel_show(screen_app.view, VIEW_AT_SIDE, VIEW_PANEL_stats);
    screen_press('x');
    screen_click_on("2 right");
    assert_int_equal(replay_selected_task(&screen_app.replay), 2);
    screen_click_on("a");
    assert_int_equal(screen_app.replay.selection.kind, REPLAY_RES);
    screen_done();
}

// --- Two runs --------------------------------------------------------------

static void show_both(void)
{
    show(script_story_deadlock(), VIEW_PANEL_compare);
    script_remove();
    assert_int_equal(app_versus_open(&screen_app, script_story_mutex()), 0);
    screen_frame();
}

static void compare_asks_for_a_second_trace(void **state)
{
    (void)state;
    show(script_story_join(), VIEW_PANEL_compare);
    assert_non_null(screen_find("Open two recordings"));
    screen_press(UI_KEY_TAB);
    assert_non_null(screen_find("There is no second trace"));
    screen_done();
}

static void compare_says_which_run_is_better(void **state)
{
    (void)state;
    show_both();
    assert_non_null(screen_find("none, better"));
    assert_non_null(screen_find("only in B"));
    assert_non_null(screen_find("only in A"));
    screen_done();
}

static void tab_goes_to_the_same_step_of_the_other_run(void **state)
{
    (void)state;
    show(script_story_join(), VIEW_PANEL_compare);
    script_remove();
    assert_int_equal(app_versus_open(&screen_app, script_story_join()), 0);
    const ant_model *a = screen_app.model;
    go_to(ANT_EV_poll_end);
    uint32_t event = screen_app.replay.event;
    screen_press('v');
    screen_press(UI_KEY_TAB);
    assert_ptr_not_equal(screen_app.model, a);
    assert_ptr_equal(screen_app.view->model, screen_app.model);
    assert_ptr_equal(screen_app.replay.model, screen_app.model);
    assert_int_equal(screen_app.view->side_of_versus, 1);
    // At the poll that was going on, in the same panel.
    assert_int_equal(screen_app.model->kind[screen_app.replay.event],
                     ANT_EV_poll_begin);
    assert_true(screen_app.replay.event < event);
    assert_int_equal(view_panel_at(screen_app.view, VIEW_AT_MAIN),
                     VIEW_PANEL_graph);
    screen_press(UI_KEY_TAB);
    assert_ptr_equal(screen_app.model, a);
    screen_done();
}

static void a_click_goes_to_a_step(void **state)
{
    (void)state;
    show_both();
    screen_press('x');
    screen_click_on("2 right #1");
    const ant_model *model = screen_app.model;
    uint32_t event = screen_app.replay.event;
    assert_int_equal(model->kind[event], ANT_EV_poll_begin);
    assert_int_equal(model_subject(model, event), 2);
    screen_done();
}

// --- States and futures ----------------------------------------------------

static void states_show_the_root_of_the_selected_task(void **state)
{
    (void)state;
    show(script_story_join(), VIEW_PANEL_machine);
    replay_select(&screen_app.replay, REPLAY_TASK, 1);
    screen_press(UI_KEY_END);
    assert_non_null(screen_find("STATES"));
    assert_non_null(screen_find("ready"));
    screen_done();
}

static void futures_say_how_each_ended(void **state)
{
    (void)state;
    show(script_story_join(), VIEW_PANEL_tree);
    replay_select(&screen_app.replay, REPLAY_TASK, 1);
    screen_press(UI_KEY_HOME);
    assert_non_null(screen_find("not yet polled"));
    screen_press(UI_KEY_END);
    assert_null(screen_find("not yet polled"));
    assert_non_null(screen_find("ready"));
    screen_done();
}

// --- That it fits ----------------------------------------------------------

static void texts_of_pictures_never_overlap(void **state)
{
    (void)state;
    static const int size[][2] = {
        { 1024, 700 }, { 1280, 720 }, { 1600, 900 }, { 1920, 1080 }
    };
    static const view_panel_id panel[] = {
        VIEW_PANEL_stage, VIEW_PANEL_graph,   VIEW_PANEL_machine,
        VIEW_PANEL_tree,  VIEW_PANEL_compare,
    };
    const char *(*const story[])(
        void) = { script_story_join, script_story_mutex, script_story_steal,
                  script_story_deadlock };
    for (unsigned s = 0; s < ANT_ARRAY_LEN(story); s++) {
        for (unsigned i = 0; i < ANT_ARRAY_LEN(size); i++) {
            screen_size(size[i][0], size[i][1]);
            screen_show(story[s]());
            script_remove();
            const char *other = script_story_mutex();
            assert_int_equal(app_versus_open(&screen_app, other), 0);
            replay_select(&screen_app.replay, REPLAY_TASK, 1);
            for (unsigned p = 0; p < ANT_ARRAY_LEN(panel); p++) {
                view_panel_show(screen_app.view, VIEW_AT_MAIN, panel[p]);
                for (unsigned step = 0; step < 60; step += 4) {
                    replay_seek_step(&screen_app.replay, step);
                    screen_frame();
                    screen_assert_texts_apart(view_panels[panel[p]].name);
                }
                screen_press('p');
                screen_assert_texts_apart("projector");
                screen_press('i');
                screen_assert_texts_apart("projector, alone");
                screen_press('i');
                screen_press('p');
            }
            screen_done();
        }
    }
}

static void pictures_of_an_empty_trace_say_so(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_end();
    show(script_path(), VIEW_PANEL_stage);
    static const view_panel_id panel[] = { VIEW_PANEL_stage, VIEW_PANEL_graph,
                                           VIEW_PANEL_machine,
                                           VIEW_PANEL_tree };
    static const char *const says[] = { "new, woken", "WAITS FOR",
                                        "This trace has no futures",
                                        "Select a task" };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(panel); i++) {
        view_panel_show(screen_app.view, VIEW_AT_MAIN, panel[i]);
        screen_press(UI_KEY_RIGHT);
        screen_press(UI_KEY_END);
        assert_non_null(screen_find(says[i]));
        screen_assert_texts_apart("an empty trace");
    }
    screen_done();
}

// --- How it looks ----------------------------------------------------------

static void draws_pictures_as_before(void **state)
{
    (void)state;
    show(script_story_deadlock(), VIEW_PANEL_stage);
    screen_press('x');
    screen_assert_golden(THIS, "picture_stage.txt");
    screen_press('v');
    screen_assert_golden(THIS, "picture_graph.txt");
    screen_press('k');
    screen_press(UI_KEY_DOWN);
    screen_assert_golden(THIS, "picture_machine.txt");
    screen_done();
    show(script_story_join(), VIEW_PANEL_tree);
    replay_seek_step(&screen_app.replay, 20);
    screen_frame();
    screen_assert_golden(THIS, "picture_tree.txt");
    screen_done();
    show_both();
    screen_press(UI_KEY_TAB);
    screen_app.model->path = "other.ant";
    screen_press(UI_KEY_TAB);
    screen_input.seconds = 10; // what Tab said is gone
    screen_frame();
    screen_input.seconds = 0;
    screen_assert_golden(THIS, "picture_compare.txt");
    screen_done();
}

#define TEST(name) cmocka_unit_test_setup(name, screen_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(stage_shows_holders_and_waiters_by_name),
        TEST(stage_says_wake_when_a_waker_is_used),
        TEST(stage_moves_cards_only_when_asked_to),
        TEST(stage_draws_a_share_of_the_way_for_films),
        TEST(graph_says_how_many_can_never_go_on),
        TEST(graph_selects_what_is_clicked),
        TEST(compare_asks_for_a_second_trace),
        TEST(compare_says_which_run_is_better),
        TEST(tab_goes_to_the_same_step_of_the_other_run),
        TEST(a_click_goes_to_a_step),
        TEST(states_show_the_root_of_the_selected_task),
        TEST(futures_say_how_each_ended),
        TEST(texts_of_pictures_never_overlap),
        TEST(pictures_of_an_empty_trace_say_so),
        TEST(draws_pictures_as_before),
    };
    return cmocka_run_group_tests_name("pictures", tests, NULL, NULL);
}
