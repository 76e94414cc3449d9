// SPDX-License-Identifier: MIT
//
// A lesson on paper: what the class gets, and what only the teacher gets.

#include "lesson/handout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/lesson_rig.h"

static lesson_rig rig;
static char *text;

static int teardown(void **state)
{
    (void)state;
    free(text);
    rig_deinit(&rig);
    return 0;
}

static const uint8_t *draw_four_bytes(void *arg, ant_model *model,
                                      uint32_t event, size_t *ret_len)
{
    (void)arg;
    assert_true(event < model->event_count);
    *ret_len = 4;
    return (const uint8_t *)"\x89PNG";
}

static void print_with(bool has_answers)
{
    size_t len = 0;
    const handout_desc desc = { .has_answers = has_answers,
                                .draw = draw_four_bytes };
    rig_open(&rig);
    const lesson_show show = { .course = rig.course,
                               .stage = &rig.stage,
                               .problems = &rig.problems };
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    lesson_handout_write(&show, &desc, out);
    assert_int_equal(fclose(out), 0);
    rig_expect_none(&rig);
}

static void the_class_gets_questions_and_no_answers(void **state)
{
    (void)state;
    print_with(false);
    assert_non_null(strstr(text, "A nap of 100 ms"));
    assert_non_null(strstr(text, "When is it over?"));
    assert_non_null(strstr(text, "After 101 ms"));
    assert_non_null(strstr(text, "class=\"line\"")); // for the number
    assert_null(strstr(text, "Answer"));
    assert_null(strstr(text, "Why it is not."));
    assert_null(strstr(text, "Sleep is work."));
    assert_null(strstr(text, "Think."));
}

static void the_teacher_gets_all(void **state)
{
    (void)state;
    print_with(true);
    assert_non_null(strstr(text, "Answer:</b> After 100 ms"));
    assert_non_null(strstr(text, "Sleep is work. Why it is not."));
    assert_non_null(strstr(text, "<h2>Hints</h2>"));
    assert_non_null(strstr(text, "<p>Ask.</p>"));
}

static void key_frames_stand_behind_the_questions_in_the_page(void **state)
{
    (void)state;
    print_with(false);
    const char *frame = strstr(text, "data:image/png;base64,iVBORw==");
    assert_non_null(frame);
    assert_null(strstr(frame, "class=\"ask\""));
    assert_non_null(strstr(text, "It is 100 ms."));
}

static void what_would_be_html_is_words(void **state)
{
    (void)state;
    rig_plant(&rig, "lesson.md", "After {end()} ms\nwrong",
              "After {end()} ms < & >\nwrong");
    print_with(false);
    assert_non_null(strstr(text, "After 100 ms &lt; &amp; &gt;"));
}

int main(void)
{
#define TEST(test)                                                             \
    cmocka_unit_test_prestate_setup_teardown(test, rig_setup, teardown, &rig)
    const struct CMUnitTest tests[] = {
        TEST(the_class_gets_questions_and_no_answers),
        TEST(the_teacher_gets_all),
        TEST(key_frames_stand_behind_the_questions_in_the_page),
        TEST(what_would_be_html_is_words),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
