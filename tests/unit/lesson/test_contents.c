// SPDX-License-Identifier: MIT
//
// The table of contents: what is there, what is planned, who breaks what.

#include "lesson/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/lesson_rig.h"

static lesson_rig rig;

static void expect_line(const char *line)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    assert_int_equal(lesson_contents_write(rig.course, out, &rig.problems), 0);
    assert_int_equal(fclose(out), 0);
    if (strstr(text, line) == NULL)
        fail_msg("there is no line\n%sin\n%s", line, text);
    free(text);
}

static void a_lesson_that_is_planned_has_its_number_and_no_link(void **state)
{
    (void)state;
    rig_open(&rig);
    expect_line("| A All | [**01 naps**](01-naps/lesson.md), 02 later |\n");
}

static void a_belief_names_who_breaks_it(void **state)
{
    (void)state;
    rig_open(&rig);
    expect_line("| MC01 | Sleep is work. | [01](01-naps/lesson.md) |\n");
}

static void a_belief_that_nobody_breaks_has_no_lesson(void **state)
{
    (void)state;
    rig_plant(&rig, "../course.md", "MC01: Sleep is work.\n",
              "MC01: Sleep is work.\nMC02: Naps are long.\n");
    rig_open(&rig);
    expect_line("| MC02 | Naps are long. |  |\n");
}

static void what_is_wrong_with_a_lesson_is_said(void **state)
{
    (void)state;
    rig_open(&rig);
    rig_plant(&rig, "lesson.md", "---\ntitle", "title");
    FILE *out = fopen("/dev/null", "w");
    assert_non_null(out);
    assert_int_equal(lesson_contents_write(rig.course, out, &rig.problems), 0);
    assert_int_equal(fclose(out), 0);
    rig_expect(&rig, "the page begins without its head");
}

#define TEST(name)                                                             \
    cmocka_unit_test_prestate_setup_teardown(name, rig_setup, rig_teardown,    \
                                             &rig)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_lesson_that_is_planned_has_its_number_and_no_link),
        TEST(a_belief_names_who_breaks_it),
        TEST(a_belief_that_nobody_breaks_has_no_lesson),
        TEST(what_is_wrong_with_a_lesson_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
