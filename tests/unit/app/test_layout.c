// SPDX-License-Identifier: MIT
//
// Tests of app/layout: the looks of the window come back, whatever the file
// holds.

#include "app/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/trace_script.h"
#include "view/panels.h"

static ant_app app;
static char dir[] = "/tmp/antfarm-layout-XXXXXX";

static int set_up_all(void **state)
{
    (void)state;
    return mkdtemp(dir) == NULL ? -1 : setenv("XDG_STATE_HOME", dir, 1);
}

static int tear_down_all(void **state)
{
    (void)state;
    char path[200];
    app_layout_path(path, sizeof(path));
    unlink(path);
    *strrchr(path, '/') = '\0';
    rmdir(path);
    return rmdir(dir);
}

static int set_up(void **state)
{
    (void)state;
    return app_open(&app, script_story_join());
}

static int tear_down(void **state)
{
    (void)state;
    app_close(&app);
    script_remove();
    return ant_mem_live_count() == 0 ? 0 : -1;
}

// As if the window had been closed and another one opened.
static void reopen(void)
{
    app_layout_save(&app);
    app_close(&app);
    assert_int_equal(app_open(&app, script_path()), 0);
    app_layout_load(&app);
}

static void write_file(const char *text)
{
    char path[200];
    app_layout_path(path, sizeof(path));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void brings_back_what_was_shown_where(void **state)
{
    (void)state;
    view_panel_show(app.view, VIEW_AT_MAIN, VIEW_PANEL_queues);
    view_panel_show(app.view, VIEW_AT_SIDE, VIEW_PANEL_why);
    app.theme = DRAW_THEME_LIGHT;
    app_side_set(app.view, 52);
    app.view->hides_side = true;
    reopen();
    assert_int_equal(view_panel_at(app.view, VIEW_AT_MAIN), VIEW_PANEL_queues);
    assert_int_equal(view_panel_at(app.view, VIEW_AT_SIDE), VIEW_PANEL_why);
    assert_int_equal(view_panel_at(app.view, VIEW_AT_TOP), VIEW_PANEL_source);
    assert_int_equal(app.theme, DRAW_THEME_LIGHT);
    assert_int_equal(app.view->side_percent, 52);
    assert_true(app.view->hides_side);
}

static void brings_back_an_axis_only_if_it_was_chosen(void **state)
{
    (void)state;
    write_file("");
    reopen();
    assert_false(app.has_axis);
    replay_axis_set(&app.replay, MODEL_AXIS_TIME);
    app.axis = MODEL_AXIS_STEP;
    reopen();
    assert_true(app.has_axis);
    assert_int_equal(app.axis, MODEL_AXIS_TIME);
}

static void passes_over_what_it_does_not_know(void **state)
{
    (void)state;
    write_file("main holodeck\nside tracks\nside_percent 99\n"
               "theme\n\n\xFF\xFE\n"
               "a-word-that-is-longer-than-any-line-of-this-file-could-"
               "reasonably-be-and-then-some-more-and-more-and-more-and-more-"
               "and-more-and-more-and-more-and-more 7\nside why\n");
    app_layout_load(&app);
    assert_int_equal(view_panel_at(app.view, VIEW_AT_MAIN), VIEW_PANEL_tracks);
    assert_int_equal(view_panel_at(app.view, VIEW_AT_SIDE), VIEW_PANEL_why);
    assert_true(app.view->side_percent <= 70);
}

static void lives_without_a_home(void **state)
{
    (void)state;
    char *home = strdup(getenv("HOME") != NULL ? getenv("HOME") : "/");
    setenv("XDG_STATE_HOME", "not/absolute", 1);
    unsetenv("HOME");
    app_layout_save(&app);
    app_layout_load(&app);
    setenv("XDG_STATE_HOME", "/proc/nobody/writes/here", 1);
    app_layout_save(&app);
    app_layout_load(&app);
    setenv("HOME", home, 1);
    setenv("XDG_STATE_HOME", dir, 1);
    free(home);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(brings_back_what_was_shown_where),
        TEST(brings_back_an_axis_only_if_it_was_chosen),
        TEST(passes_over_what_it_does_not_know),
        TEST(lives_without_a_home),
    };
    return cmocka_run_group_tests_name("layout", tests, set_up_all,
                                       tear_down_all);
}
