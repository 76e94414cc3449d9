// SPDX-License-Identifier: MIT
//
// Tests of the panels that can be switched to: what each says, what keys and
// clicks do in it, that its texts keep apart at every size, and how it looks
// (tests/golden/panel_*.txt).

#include "view/panels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/screen.h"
#include "support/trace_script.h"

static void show(const char *path, view_panel_id panel)
{
    screen_show(path);
    view_panel_show(screen_app.view, VIEW_AT_MAIN, panel);
    screen_frame();
}

// --- The table -------------------------------------------------------------

static void table_sorts_by_the_title_that_is_clicked(void **state)
{
    (void)state;
    show(script_story_busy(50), VIEW_PANEL_table);
    const view_table_state *table = &screen_app.view->table;
    assert_int_equal(table->order[0], 1);
    screen_click_on("polls");
    const model_task *tasks = screen_app.model->tasks;
    for (uint32_t i = 0; i + 1 < table->count; i++) {
        uint32_t upper = tasks[table->order[i]].poll_count;
        assert_true(upper >= tasks[table->order[i + 1]].poll_count);
    }
    uint32_t most = tasks[table->order[0]].poll_count;
    screen_click_on("polls");
    uint32_t last = table->order[table->count - 1];
    assert_int_equal(tasks[last].poll_count, most);
    assert_true(tasks[table->order[0]].poll_count < most);
    screen_done();
}

static void table_selects_what_is_clicked(void **state)
{
    (void)state;
    show(script_story_deadlock(), VIEW_PANEL_table);
    screen_click_on("right");
    assert_int_equal(replay_selected_task(&screen_app.replay), 2);
    screen_done();
}

static void table_moves_the_selection_by_keys_in_its_order(void **state)
{
    (void)state;
    show(script_story_steal(), VIEW_PANEL_table);
    view_table_sort(screen_app.view, 0);
    const view_table_state *table = &screen_app.view->table;
    screen_press(UI_KEY_DOWN);
    assert_int_equal(replay_selected_task(&screen_app.replay), table->order[0]);
    assert_true(table->order[0] > table->order[1]);
    screen_press(UI_KEY_DOWN);
    assert_int_equal(replay_selected_task(&screen_app.replay), table->order[1]);
    screen_done();
}

static void table_shows_what_passes_the_filter(void **state)
{
    (void)state;
    show(script_story_deadlock(), VIEW_PANEL_table);
    snprintf(screen_app.view->filter, VIEW_FILTER_MAX, "RIG");
    screen_frame();
    assert_int_equal(screen_app.view->table.count, 1);
    snprintf(screen_app.view->filter, VIEW_FILTER_MAX, "nobody");
    screen_frame();
    assert_non_null(screen_find("No task passes the filter."));
    screen_done();
}

static void table_filters_by_the_state_of_now(void **state)
{
    (void)state;
    show(script_story_deadlock(), VIEW_PANEL_table);
    snprintf(screen_app.view->filter, VIEW_FILTER_MAX, "lock");
    screen_press(UI_KEY_HOME);
    assert_int_equal(screen_app.view->table.count, 0);
    screen_press('x');
    assert_int_equal(screen_app.view->table.count, 2);
    screen_done();
}

// --- The log ---------------------------------------------------------------

static void log_goes_where_it_is_clicked(void **state)
{
    (void)state;
    show(script_story_join(), VIEW_PANEL_log);
    screen_press(UI_KEY_END);
    screen_press(UI_KEY_HOME);
    screen_click_on("worker 0 polls task");
    const ant_model *model = screen_app.model;
    assert_int_equal(model->kind[screen_app.replay.event], ANT_EV_poll_begin);
    uint32_t event = screen_app.replay.event;
    screen_press(UI_KEY_DOWN);
    assert_true(screen_app.replay.event > event);
    screen_press(UI_KEY_UP);
    assert_int_equal(screen_app.replay.event, event);
    screen_done();
}

static void log_has_more_lines_with_details_and_fewer_for_a_task(void **state)
{
    (void)state;
    show(script_story_join(), VIEW_PANEL_log);
    const view_log_state *log = &screen_app.view->log;
    uint32_t steps = log->made_count;
    assert_int_equal(steps, screen_app.model->step_count);
    screen_click_on("every event");
    assert_int_equal(log->made_count, screen_app.model->event_count);
    replay_select(&screen_app.replay, REPLAY_TASK, 1);
    screen_app.view->log.scope = VIEW_LOG_OF_TASK;
    screen_frame();
    assert_int_equal(log->made_count, screen_app.model->tasks[1].events.count);
    replay_select(&screen_app.replay, REPLAY_NOTHING, 0);
    screen_frame();
    assert_int_equal(log->made_count, steps);
    screen_done();
}

static void log_keeps_the_current_line_in_sight(void **state)
{
    (void)state;
    show(script_story_busy(500), VIEW_PANEL_log);
    screen_press(UI_KEY_END);
    uint32_t step = replay_step_now(&screen_app.replay);
    assert_true(step >= screen_app.view->log.first);
    assert_true(screen_app.view->log.first > 0);
    screen_input.mouse_x = 300;
    screen_input.mouse_y = 300;
    screen_input.wheel_y = 10;
    uint32_t before = screen_app.view->log.first;
    screen_frame();
    assert_int_equal(screen_app.view->log.first, before - 30);
    screen_done();
}

// --- Statistics ------------------------------------------------------------

static void stats_are_those_of_the_selected_task_or_of_the_run(void **state)
{
    (void)state;
    show(script_story_busy(100), VIEW_PANEL_stats);
    const text_measure *m = &screen_app.view->stats.measure;
    uint64_t all = m->polls.count;
    uint64_t sum = 0;
    for (uint32_t i = 1; i < screen_app.model->task_count; i++) {
        replay_select(&screen_app.replay, REPLAY_TASK, i);
        screen_frame();
        assert_int_equal(m->polls.count, screen_app.model->tasks[i].poll_count);
        assert_int_equal(m->polls.max_ns,
                         screen_app.model->tasks[i].poll_max_ns);
        sum += m->polls.count;
    }
    assert_int_equal(sum, all);
    screen_done();
}

static void stats_go_to_the_longest_poll(void **state)
{
    (void)state;
    show(script_story_busy(100), VIEW_PANEL_stats);
    screen_click_on("longest ");
    const ant_model *model = screen_app.model;
    uint32_t event = screen_app.replay.event;
    assert_int_equal(model->kind[event], ANT_EV_poll_begin);
    uint32_t end = model_link_of(model, event);
    assert_int_equal(model_t_ns(model, end) - model_t_ns(model, event),
                     screen_app.view->stats.measure.polls.max_ns);
    screen_done();
}

// --- All of them -----------------------------------------------------------

static void every_panel_fits_at_every_size_on_every_story(void **state)
{
    (void)state;
    static const int size[][2] = { { 1024, 700 },
                                   { 1280, 720 },
                                   { 1600, 900 } };
    const char *(*const story[])(void) = { script_story_join,
                                           script_story_steal,
                                           script_story_deadlock };
    for (unsigned s = 0; s < ANT_ARRAY_LEN(story); s++) {
        screen_show(story[s]());
        screen_press(UI_KEY_END);
        for (unsigned i = 0; i < ANT_ARRAY_LEN(size) * 2; i++) {
            screen_size(size[i / 2][0], size[i / 2][1]);
            bool is_projector = i % 2 == 1;
            screen_app.theme =
                is_projector ? DRAW_THEME_PROJECTOR : DRAW_THEME_DARK;
            for (unsigned p = 0; p < VIEW_PANEL_COUNT; p++) {
                view_panel_show(screen_app.view, VIEW_AT_MAIN,
                                (view_panel_id)p);
                view_panel_show(screen_app.view, VIEW_AT_SIDE,
                                (view_panel_id)p);
                screen_frame();
                screen_assert_texts_apart(view_panels[p].name);
            }
        }
        screen_done();
    }
}

static void tabs_without_room_are_counted_and_found_by_name(void **state)
{
    (void)state;
    screen_size(1024, 600);
    screen_show(script_story_mutex());
    screen_app.theme = DRAW_THEME_PROJECTOR;
    screen_frame();
    assert_non_null(screen_find("Tracks"));
    assert_null(screen_find("Compare"));
    char text[] = "+1";
    while (text[1] < '9' && screen_find(text) == NULL)
        text[1]++;
    screen_click_on(text);
    assert_true(screen_app.picker.is_open);
    screen_done();
}

static void every_panel_lives_with_an_empty_trace(void **state)
{
    (void)state;
    const char *path = script_begin(ANT_LEVEL_FULL);
    script_end();
    screen_show(path);
    for (unsigned p = 0; p < VIEW_PANEL_COUNT; p++) {
        view_panel_show(screen_app.view, VIEW_AT_MAIN, (view_panel_id)p);
        screen_press(UI_KEY_DOWN);
        screen_press(UI_KEY_RIGHT);
        screen_press(UI_KEY_END);
        screen_assert_texts_apart(view_panels[p].name);
    }
    screen_done();
}

static void panels_look_as_before(void **state)
{
    (void)state;
    static const view_panel_id panel[] = { VIEW_PANEL_table, VIEW_PANEL_log,
                                           VIEW_PANEL_stats, VIEW_PANEL_queues,
                                           VIEW_PANEL_source };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(panel); i++) {
        show(i == 2 ? script_story_busy(60) : script_story_steal(), panel[i]);
        screen_app.view->hides_side = true;
        replay_seek_event(&screen_app.replay,
                          screen_app.model->event_count / 2);
        screen_frame();
        char name[64];
        snprintf(name, sizeof(name), "panel_%s.txt",
                 view_panels[panel[i]].name);
        screen_assert_golden("tests/unit/view/test_panels", name);
        screen_done();
    }
}

#define TEST(name) cmocka_unit_test_setup(name, screen_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(table_sorts_by_the_title_that_is_clicked),
        TEST(table_selects_what_is_clicked),
        TEST(table_moves_the_selection_by_keys_in_its_order),
        TEST(table_shows_what_passes_the_filter),
        TEST(table_filters_by_the_state_of_now),
        TEST(log_goes_where_it_is_clicked),
        TEST(log_has_more_lines_with_details_and_fewer_for_a_task),
        TEST(log_keeps_the_current_line_in_sight),
        TEST(stats_are_those_of_the_selected_task_or_of_the_run),
        TEST(stats_go_to_the_longest_poll),
        TEST(every_panel_fits_at_every_size_on_every_story),
        TEST(tabs_without_room_are_counted_and_found_by_name),
        TEST(every_panel_lives_with_an_empty_trace),
        TEST(panels_look_as_before),
    };
    return cmocka_run_group_tests_name("panels", tests, NULL, NULL);
}
