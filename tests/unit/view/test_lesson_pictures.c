// SPDX-License-Identifier: MIT
//
// Tests of the pictures on recordings of lesson programs (tests/golden/traces,
// made by `make traces` and kept, so that a change of the runtime is no change
// here): at many moments, on every theme, no text covers another or is outside.

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
    };
    return cmocka_run_group_tests_name("lesson pictures", tests, NULL, NULL);
}
