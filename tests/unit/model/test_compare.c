// SPDX-License-Identifier: MIT
//
// Tests of model/compare and text/verdict: which polls of two runs belong
// together, how they differ, and what is said about it.

#include "model/compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/trace_script.h"
#include "support/trace_story.h"
#include "text/verdict.h"

static ant_model *model[2];
static model_compare compare;

// A run in which `count` tasks of the same names are polled in `order`, task by
// task and letter by letter: 'a' is task "a". A capital ends its task.
static ant_model *run_of(const char *names, const char *order)
{
    script_begin(ANT_LEVEL_FULL);
    script_on(0);
    uint32_t task = 0;
    for (const char *name = names; *name != '\0'; name++) {
        char text[2] = { *name, '\0' };
        script_spawn(++task, 0, text, 1);
        script_push(task, ANT_QUEUE_LOCAL);
    }
    for (const char *at = order; *at != '\0'; at++) {
        bool is_last = *at >= 'A' && *at <= 'Z';
        char name = is_last ? (char)(*at - 'A' + 'a') : *at;
        uint32_t who = (uint32_t)(strchr(names, name) - names) + 1;
        if (is_last) {
            script_poll_ready(who, ANT_QUEUE_LOCAL);
        } else {
            script_poll_pending(who, ANT_QUEUE_LOCAL);
        }
    }
    script_end();
    ant_model *made = story_open(script_path());
    script_remove();
    return made;
}

static void compare_runs(ant_model *a, ant_model *b)
{
    model[0] = a;
    model[1] = b;
    assert_int_equal(model_compare_init(&compare, a, b), 0);
}

static void done(void)
{
    model_compare_deinit(&compare);
    model_close(model[0]);
    model_close(model[1]);
}

// The steps as text: the letter of the task, then a sign for how it differs.
static const char *steps(void)
{
    static char text[256];
    size_t n = 0;
    for (uint32_t i = 0; i < compare.count && n + 3 < sizeof(text); i++) {
        const compare_step *step = &compare.steps[i];
        unsigned side = step->poll[0] != MODEL_NONE ? 0 : 1;
        text[n++] = model[side]->tasks[step->task[side]].name[0];
        if ((step->differs & COMPARE_MISSING) != 0) {
            text[n++] = side == 0 ? '<' : '>';
        }
        if ((step->differs & COMPARE_ORDER) != 0) text[n++] = '~';
        if ((step->differs & COMPARE_RESULT) != 0) text[n++] = '!';
    }
    text[n] = '\0';
    return text;
}

static void a_run_is_like_itself(void **state)
{
    (void)state;
    compare_runs(run_of("abc", "abcabABC"), run_of("abc", "abcabABC"));
    assert_string_equal(steps(), "abcababc");
    assert_int_equal(compare.differing, 0);
    assert_int_equal(model_compare_next(&compare, 0), compare.count);
    done();
}

static void finds_the_polls_that_changed_places(void **state)
{
    (void)state;
    compare_runs(run_of("abc", "abcabc"), run_of("abc", "bcaabc"));
    assert_string_equal(steps(), "a~bcabc");
    assert_int_equal(compare.differing, 1);
    assert_int_equal(model_compare_next(&compare, 0), 0);
    assert_int_equal(model_compare_next(&compare, 1), compare.count);
    done();
}

static void polls_of_one_run_alone_stand_where_they_happened(void **state)
{
    (void)state;
    compare_runs(run_of("ab", "abaab"), run_of("abc", "abcabbb"));
    // The third of a is in the first run only; c and two of b in the second.
    assert_string_equal(steps(), "abc>aa<bb>b>");
    done();
}

static void tells_what_a_poll_returns(void **state)
{
    (void)state;
    compare_runs(run_of("ab", "aBa"), run_of("ab", "ABa"));
    assert_int_equal(compare.steps[0].differs & COMPARE_RESULT, COMPARE_RESULT);
    char text[128];
    text_verdict_step(&compare, 0, text, sizeof(text));
    assert_string_equal(text, "returns PENDING, in B READY");
    done();
}

static void tasks_of_one_name_are_told_apart_by_their_number(void **state)
{
    (void)state;
    compare_runs(run_of("aab", "ab"), run_of("baa", "ba"));
    for (uint32_t i = 0; i < compare.count; i++) {
        const compare_step *step = &compare.steps[i];
        assert_string_equal(model[0]->tasks[step->task[0]].name,
                            model[1]->tasks[step->task[1]].name);
    }
    assert_int_equal(compare.count, 2);
    done();
}

static void an_empty_run_has_nothing_in_common(void **state)
{
    (void)state;
    compare_runs(run_of("a", ""), run_of("ab", "ab"));
    assert_string_equal(steps(), "a>b>");
    assert_int_equal(model_compare_step_at(&compare, 0, UINT32_MAX - 1),
                     compare.count);
    done();
    compare_runs(run_of("", ""), run_of("", ""));
    assert_int_equal(compare.count, 0);
    done();
}

static void knows_the_step_of_a_moment_in_both_runs(void **state)
{
    (void)state;
    compare_runs(run_of("abc", "abcabc"), run_of("abc", "bcaabc"));
    for (unsigned side = 0; side < 2; side++) {
        uint32_t first = story_event(model[side], ANT_EV_poll_begin, 0);
        assert_int_equal(model_compare_step_at(&compare, side, first - 1),
                         compare.count);
        for (unsigned n = 0; n < 6; n++) {
            uint32_t poll = story_event(model[side], ANT_EV_poll_begin, n);
            uint32_t step = model_compare_step_at(&compare, side, poll);
            assert_int_equal(compare.steps[step].poll[side], poll);
            uint32_t later = model_compare_step_at(&compare, side, poll + 1);
            assert_int_equal(later, step);
        }
    }
    done();
}

static void a_deadlock_is_never_the_better_run(void **state)
{
    (void)state;
    script_story_deadlock();
    ant_model *bad = story_open(script_path());
    script_remove();
    compare_runs(bad, run_of("ab", "abAB"));
    text_verdict verdict;
    text_verdict_make(&verdict, model[0], model[1]);
    assert_int_equal(text_verdict_better(&verdict, VERDICT_DEADLOCK), 1);
    assert_int_equal(text_verdict_better(&verdict, VERDICT_MAKESPAN), -1);
    char value[64];
    text_verdict_value(&verdict, VERDICT_DEADLOCK, 0, value, sizeof(value));
    assert_memory_equal(value, "at ", 3);
    text_verdict_value(&verdict, VERDICT_DEADLOCK, 1, value, sizeof(value));
    assert_string_equal(value, "none");
    done();
}

#define TEST(name) cmocka_unit_test_teardown(name, nothing_is_left)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_run_is_like_itself),
        TEST(finds_the_polls_that_changed_places),
        TEST(polls_of_one_run_alone_stand_where_they_happened),
        TEST(tells_what_a_poll_returns),
        TEST(tasks_of_one_name_are_told_apart_by_their_number),
        TEST(an_empty_run_has_nothing_in_common),
        TEST(knows_the_step_of_a_moment_in_both_runs),
        TEST(a_deadlock_is_never_the_better_run),
    };
    return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
