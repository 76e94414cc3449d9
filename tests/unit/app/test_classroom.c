// SPDX-License-Identifier: MIT
//
// What the program refuses in a lesson beside what the lesson's layer does.

#include "app/classroom.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/lesson_rig.h"

static lesson_rig rig;

static void a_step_may_open_any_panel(void **state)
{
    (void)state;
    rig_plant(&rig, "lesson.md", "```step\n", "```step\nview: graph\n");
    rig_open(&rig);
    app_classroom_check_views(rig.lesson, &rig.problems);
    rig_expect_none(&rig);
}

static void a_panel_that_is_not_there_is_refused(void **state)
{
    (void)state;
    rig_plant(&rig, "lesson.md", "```step\n", "```step\nview: grph\n");
    rig_open(&rig);
    app_classroom_check_views(rig.lesson, &rig.problems);
    rig_expect(&rig, "there is no view grph: write one of ");
    rig_expect(&rig, "graph");
}

#define TEST(name)                                                             \
    cmocka_unit_test_prestate_setup_teardown(name, rig_setup, rig_teardown,    \
                                             &rig)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_step_may_open_any_panel),
        TEST(a_panel_that_is_not_there_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
