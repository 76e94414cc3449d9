// SPDX-License-Identifier: MIT
//
// Tests of `antfarm render` from its command line: exit statuses, the moment
// that is drawn, one line for each mistake.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/app.h"
#include "app/options.h"
#include "support/trace_script.h"

#define ARG_COUNT_MAX 16

static char out_path[] = "/tmp/ant-render-test.txt";

// Runs `antfarm render TRACE -o out_path ...` and returns its status.
static int render(const char *trace, const char *const *more)
{
    char *argv[ARG_COUNT_MAX] = { 0 };
    char *mine[ARG_COUNT_MAX]; // argv is put into another order
    int argc = 0;
    argv[argc++] = strdup("render");
    argv[argc++] = strdup(trace);
    argv[argc++] = strdup("-o");
    argv[argc++] = strdup(out_path);
    for (; *more != NULL; more++)
        argv[argc++] = strdup(*more);
    memcpy(mine, argv, sizeof(mine));
    int status = app_render(argc, argv);
    for (int i = 0; i < argc; i++)
        free(mine[i]);
    return status;
}

#define RENDER(trace, ...)                                                     \
    render(trace, (const char *const[]){ __VA_ARGS__, NULL })

static bool picture_says(const char *text)
{
    static char all[1 << 20];
    FILE *file = fopen(out_path, "r");
    assert_non_null(file);
    size_t n = fread(all, 1, sizeof(all) - 1, file);
    all[n] = '\0';
    fclose(file);
    return strstr(all, text) != NULL;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(out_path);
    script_remove();
    return 0;
}

static void draws_the_step_it_is_told(void **state)
{
    (void)state;
    const char *trace = script_story_join();
    assert_int_equal(RENDER(trace, "--step", "5", "--axis", "step"), 0);
    assert_true(picture_says("\"step 5\""));
}

static void draws_the_moment_it_is_told(void **state)
{
    (void)state;
    const char *trace = script_story_join();
    assert_int_equal(RENDER(trace, "--at", "7.5"), 0);
    assert_true(picture_says("\"7.500 ms\""));
}

static void draws_the_stall_unless_told_otherwise(void **state)
{
    (void)state;
    const char *trace = script_story_deadlock();
    assert_int_equal(RENDER(trace, "--theme", "light"), 0);
    assert_true(picture_says("nothing can ever wake again"));
}

static void selects_a_task_by_name_or_number(void **state)
{
    (void)state;
    const char *trace = script_story_deadlock();
    assert_int_equal(RENDER(trace, "--select", "right"), 0);
    assert_true(picture_says("\"2 right\""));
    assert_int_equal(RENDER(trace, "--select", "2"), 0);
    assert_int_equal(RENDER(trace, "--select", "nobody"), 2);
}

static void draws_the_panel_it_is_told(void **state)
{
    (void)state;
    const char *trace = script_story_deadlock();
    assert_int_equal(RENDER(trace, "--panel", "queues"), 0);
    assert_true(picture_says("\"LIFO slot\""));
    assert_false(picture_says("\"WORKERS\""));
    assert_int_equal(RENDER(trace, "--panel", "holodeck"), 2);
}

static void has_the_size_it_is_told(void **state)
{
    (void)state;
    const char *trace = script_story_join();
    assert_int_equal(RENDER(trace, "--size", "1024x700"), 0);
    assert_true(picture_says("rect     0,0 1024x700"));
}

static void refuses_what_it_does_not_understand(void **state)
{
    (void)state;
    const char *trace = script_story_join();
    assert_int_equal(RENDER(trace, "--size", "10x10"), 2);
    assert_int_equal(RENDER(trace, "--size", "big"), 2);
    assert_int_equal(RENDER(trace, "--at", "-1"), 2);
    assert_int_equal(RENDER(trace, "--step", "1x"), 2);
    assert_int_equal(RENDER(trace, "--theme", "pink"), 2);
    assert_int_equal(RENDER(trace, "--axis"), 2);
    assert_int_equal(RENDER(trace, "--frobnicate"), 2);
    assert_int_equal(RENDER(trace, "a second trace"), 2);
}

static void refuses_what_is_no_trace(void **state)
{
    (void)state;
    assert_int_equal(RENDER("/nowhere/at/all.ant", "--step", "1"), 2);
    assert_int_equal(RENDER("/etc/passwd", "--step", "1"), 2);
}

static void explains_itself(void **state)
{
    (void)state;
    char name[] = "render";
    char help[] = "--help";
    char *argv[] = { name, help, NULL };
    assert_int_equal(app_render(2, argv), 0);
}

static void views_nothing_without_a_display(void **state)
{
    (void)state;
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    unsetenv("SDL_VIDEODRIVER");
    char *trace = strdup(script_story_join());
    char name[] = "view";
    char *argv[] = { name, trace, NULL };
    assert_int_equal(app_view(2, argv), 2);
    free(trace);
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(draws_the_step_it_is_told),
        TEST(draws_the_moment_it_is_told),
        TEST(draws_the_stall_unless_told_otherwise),
        TEST(selects_a_task_by_name_or_number),
        TEST(draws_the_panel_it_is_told),
        TEST(has_the_size_it_is_told),
        TEST(refuses_what_it_does_not_understand),
        TEST(refuses_what_is_no_trace),
        TEST(explains_itself),
        TEST(views_nothing_without_a_display),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
