// SPDX-License-Identifier: MIT
//
// Tests of the pictures on recordings of lesson programs and of a server
// (tests/golden/traces, made by `make traces` and kept, so that a change of the
// runtime is no change here): at many moments, on every theme, no text covers
// another or is outside; and every view at one moment, as it was before.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "app/versus.h"
#include "support/screen.h"
#include "view/panels.h"

#define TRACES "tests/golden/traces/"

// Moments of each trace that are looked at.
#define MOMENTS 7

static const view_panel_id panels[] = {
    VIEW_PANEL_stage, VIEW_PANEL_graph,   VIEW_PANEL_machine,
    VIEW_PANEL_tree,  VIEW_PANEL_compare,
};

static void look(const char *name, uint32_t task)
{
    ant_replay *replay = &screen_app.replay;
    uint32_t count = screen_app.model->step_count;
    for (unsigned p = 0; p < ANT_ARRAY_LEN(panels); p++) {
        char what[96];
        view_panel_show(screen_app.view, VIEW_AT_MAIN, panels[p]);
        replay_select(replay, task == 0 ? REPLAY_NOTHING : REPLAY_TASK, task);
        for (uint32_t i = 0; i <= MOMENTS; i++) {
            replay_seek_step(replay, count * i / MOMENTS);
            screen_frame();
            snprintf(what, sizeof(what), "%s, %s, moment %u", name,
                     view_panels[panels[p]].name, i);
            screen_assert_texts_apart(what);
        }
    }
}

static void look_at(const char *path)
{
    static const int size[][2] = { { 1280, 720 }, { 1600, 900 } };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(size); i++) {
        screen_size(size[i][0], size[i][1]);
        for (unsigned t = 0; t < DRAW_THEME_COUNT; t++) {
            screen_show(path);
            assert_int_equal(
                app_versus_open(&screen_app, TRACES "39-fixed.ant"), 0);
            screen_app.theme = (draw_theme)t;
            look(path, 0);
            look(path, 1);
            screen_done();
        }
    }
}

#define LESSON(name, file)                                                     \
    static void texts_keep_apart_in_##name(void **state)                       \
    {                                                                          \
        (void)state;                                                           \
        look_at(TRACES file);                                                  \
    }

LESSON(blocking_the_runtime, "13-bad.ant")
LESSON(spawn_blocking, "13-spawn_blocking.ant")
LESSON(work_stealing, "18-fanout.ant")
LESSON(join, "20-join.ant")
LESSON(select, "24-select.ant")
LESSON(a_lock_across_an_await, "35-bad.ant")
LESSON(an_async_mutex, "35-async_mutex.ant")
LESSON(a_deadlock, "39-bad.ant")
LESSON(an_order_of_locks, "39-fixed.ant")
LESSON(a_server, "http-server.ant")

// Every view at a moment of a lesson; the source only where the test has
// written it (panel_source.txt), for lessons are edited.
static const struct golden_view {
    view_panel_id panel;
    unsigned place;
    const char *trace;
    uint32_t step;
    uint32_t task; // selected, 0 for none
    const char *golden;
} golden[] = {
#define MAIN(name) VIEW_PANEL_##name, VIEW_AT_MAIN
#define SIDE(name) VIEW_PANEL_##name, VIEW_AT_SIDE
    { MAIN(tracks), "13-bad.ant", 40, 0, "view_tracks_blocking.txt" },
    { MAIN(tracks), "http-server.ant", 250, 0, "view_tracks_sockets.txt" },
    { MAIN(stage), "35-async_mutex.ant", 60, 0, "view_stage_lock.txt" },
    { MAIN(stage), "http-server.ant", 250, 0, "view_stage_sockets.txt" },
    { MAIN(graph), "39-bad.ant", 98, 0, "view_graph_knot.txt" },
    { MAIN(graph), "http-server.ant", 250, 0, "view_graph_sockets.txt" },
    { MAIN(machine), "39-fixed.ant", 60, 2, "view_machine.txt" },
    { MAIN(tree), "24-select.ant", 50, 1, "view_tree.txt" },
    { MAIN(queues), "18-fanout.ant", 2250, 0, "view_queues.txt" },
    { MAIN(table), "35-async_mutex.ant", 60, 0, "view_table.txt" },
    { MAIN(stats), "13-bad.ant", 40, 0, "view_stats.txt" },
    { MAIN(log), "20-join.ant", 40, 0, "view_log.txt" },
    { MAIN(compare), "39-bad.ant", 98, 0, "view_compare.txt" },
    { SIDE(now), "39-bad.ant", 98, 0, "view_now.txt" },
    { SIDE(why), "35-async_mutex.ant", 60, 0, "view_why.txt" },
    { SIDE(lints), "13-bad.ant", 40, 0, "view_lints.txt" },
    { SIDE(waits), "http-server.ant", 250, 0, "view_waits_sockets.txt" },
#undef MAIN
#undef SIDE
};

// A view in the main place has the window for itself; beside one at the side
// stand the statistics, which say little.
static void draw_golden(const struct golden_view *row)
{
    char path[96];
    snprintf(path, sizeof(path), TRACES "%s", row->trace);
    screen_show(path);
    if (row->panel == VIEW_PANEL_compare) {
        assert_int_equal(app_versus_open(&screen_app, TRACES "39-fixed.ant"),
                         0);
    }
    ant_view *view = screen_app.view;
    bool is_main = row->place == VIEW_AT_MAIN;
    if (is_main) screen_press('i');
    if (!is_main) view_panel_show(view, VIEW_AT_MAIN, VIEW_PANEL_stats);
    view_panel_show(view, VIEW_AT_TOP, VIEW_PANEL_tree);
    view_panel_show(view, row->place, row->panel);
    replay_seek_step(&screen_app.replay, row->step);
    if (row->task != 0) {
        replay_select(&screen_app.replay, REPLAY_TASK, row->task);
    }
    screen_frame();
    screen_frame();
    screen_assert_golden("tests/unit/view/test_lesson_pictures", row->golden);
    screen_done();
}

static void every_view_is_drawn_as_before(void **state)
{
    (void)state;
    bool is_drawn[VIEW_PANEL_COUNT] = { [VIEW_PANEL_source] = true };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(golden); i++) {
        draw_golden(&golden[i]);
        is_drawn[golden[i].panel] = true;
    }
    for (unsigned i = 0; i < VIEW_PANEL_COUNT; i++) {
        if (!is_drawn[i]) fail_msg("no picture of %s", view_panels[i].name);
    }
}

#define TEST(name) cmocka_unit_test_setup(name, screen_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(texts_keep_apart_in_blocking_the_runtime),
        TEST(texts_keep_apart_in_spawn_blocking),
        TEST(texts_keep_apart_in_work_stealing),
        TEST(texts_keep_apart_in_join),
        TEST(texts_keep_apart_in_select),
        TEST(texts_keep_apart_in_a_lock_across_an_await),
        TEST(texts_keep_apart_in_an_async_mutex),
        TEST(texts_keep_apart_in_a_deadlock),
        TEST(texts_keep_apart_in_an_order_of_locks),
        TEST(texts_keep_apart_in_a_server),
        TEST(every_view_is_drawn_as_before),
    };
    return cmocka_run_group_tests_name("lesson pictures", tests, NULL, NULL);
}
