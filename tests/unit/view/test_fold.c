// SPDX-License-Identifier: MIT
//
// Tests of view/fold: which futures share a row.

#include "view/fold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/trace_script.h"
#include "support/trace_story.h"

static uint64_t type;

// A task is being polled; future 1 is its root.
static void begin(void)
{
    static const char *const states[] = { "START" };
    script_begin(ANT_LEVEL_FULL);
    type = script_type("nap", states, 1);
    script_on(0);
    script_spawn(1, 0, "main", 1);
    script_push(1, ANT_QUEUE_LOCAL);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_future(1, 0, type, "main", 1);
}

static ant_model *end(void)
{
    script_future_end(1, ANT_RESULT_READY, 9);
    script_poll_end(1, ANT_RESULT_READY);
    script_task_end(1, ANT_RESULT_READY);
    script_end();
    return story_open(script_path());
}

static void a_loop_takes_one_row(void **state)
{
    (void)state;
    begin();
    for (uint32_t i = 2; i <= 9; i++) {
        script_future(i, 1, type, "rest", 2);
        script_future_end(i, ANT_RESULT_READY, 2);
    }
    ant_model *model = end();
    view_fold fold;
    assert_int_equal(view_fold_init(&fold, model), 0);
    assert_int_equal(view_fold_count(&fold, 1), 2);
    assert_int_equal(fold.rows[1], 2);
    assert_int_equal(fold.leader[9], 2);
    assert_int_equal(fold.next[2], 3);
    assert_int_equal(fold.next[9], 0);
    view_fold_deinit(&fold);
    story_close(model);
}

static void what_lives_together_takes_two_rows(void **state)
{
    (void)state;
    begin();
    script_future(2, 1, type, "rest", 2);
    script_future(3, 1, type, "rest", 2);
    script_future_end(2, ANT_RESULT_READY, 2);
    script_future_end(3, ANT_RESULT_READY, 2);
    ant_model *model = end();
    view_fold fold;
    assert_int_equal(view_fold_init(&fold, model), 0);
    assert_int_equal(view_fold_count(&fold, 1), 3);
    view_fold_deinit(&fold);
    story_close(model);
}

static void what_has_another_name_takes_two_rows(void **state)
{
    (void)state;
    begin();
    script_future(2, 1, type, "rest", 2);
    script_future_end(2, ANT_RESULT_READY, 2);
    script_future(3, 1, type, "sleep", 2);
    script_future_end(3, ANT_RESULT_READY, 2);
    ant_model *model = end();
    view_fold fold;
    assert_int_equal(view_fold_init(&fold, model), 0);
    assert_int_equal(view_fold_count(&fold, 1), 3);
    view_fold_deinit(&fold);
    story_close(model);
}

static void children_stand_under_the_row_of_their_parent(void **state)
{
    (void)state;
    begin();
    script_future(2, 1, type, "turn", 2);
    script_future_end(2, ANT_RESULT_READY, 2);
    script_future(3, 1, type, "other", 3);
    script_future_end(3, ANT_RESULT_READY, 3);
    script_future(4, 1, type, "turn", 2);
    script_future(5, 4, type, "inner", 4);
    script_future_end(5, ANT_RESULT_READY, 4);
    script_future_end(4, ANT_RESULT_READY, 2);
    ant_model *model = end();
    view_fold fold;
    assert_int_equal(view_fold_init(&fold, model), 0);
    static const uint32_t expected[] = { 1, 2, 5, 3 };
    assert_int_equal(view_fold_count(&fold, 1), ANT_ARRAY_LEN(expected));
    for (unsigned i = 0; i < ANT_ARRAY_LEN(expected); i++) {
        assert_int_equal(fold.rows[fold.first[1] + i], expected[i]);
    }
    view_fold_deinit(&fold);
    story_close(model);
}

#define TEST(name) cmocka_unit_test_teardown(name, nothing_is_left)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_loop_takes_one_row),
        TEST(what_lives_together_takes_two_rows),
        TEST(what_has_another_name_takes_two_rows),
        TEST(children_stand_under_the_row_of_their_parent),
    };
    return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
