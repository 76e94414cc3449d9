// SPDX-License-Identifier: MIT
//
// Tests of combine/try_join.

#include "combine/try_join.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/hand.h"
#include "support/stub.h"

static stub_log diary;
static hand_task task;
static struct stub a, b, c;

static int set_up(void **state)
{
    (void)state;
    diary = (stub_log){ .len = 0 };
    hand_task_init(&task, 1);
    a = stub('a', &diary);
    b = stub('b', &diary);
    c = stub('c', &diary);
    return 0;
}

static void is_ready_when_all_have_ended(void **state)
{
    (void)state;
    struct ant_try_join join = ant_try_join(&a.base, &b.base, &c.base);
    a.may_end = b.may_end = true;
    a.result = 3; // no error
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    c.may_end = true;
    assert_int_equal(hand_poll(&task, &join.base), ANT_READY);
    assert_string_equal(diary.text, "aAbBccC");
    assert_int_equal(join.base.result, 0);
    assert_int_equal(join.failed, -1);
}

// M7: the others are dropped in the same poll, those behind it unpolled.
static void ends_at_the_first_error(void **state)
{
    (void)state;
    struct ant_try_join join = ant_try_join(&a.base, &b.base, &c.base);
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    b.may_end = true;
    b.result = -EIO;
    assert_int_equal(hand_poll(&task, &join.base), ANT_READY);
    assert_string_equal(diary.text, "abcabB-a-c");
    assert_int_equal(join.base.result, -EIO);
    assert_int_equal(join.failed, 1);
}

static void of_two_errors_takes_the_one_that_it_meets_first(void **state)
{
    (void)state;
    b.may_end = c.may_end = true;
    b.result = -EIO;
    c.result = -EPIPE;
    struct ant_try_join join = ant_try_join(&a.base, &b.base, &c.base);
    assert_int_equal(hand_poll(&task, &join.base), ANT_READY);
    assert_int_equal(join.base.result, -EIO);
    assert_int_equal(c.poll_count, 0);
    assert_int_equal(c.base.phase, ANT_PHASE_ENDED);
}

// More than these: test_crowd.c.
static void joins_an_array(void **state)
{
    (void)state;
    struct stub stubs[16];
    ant_future *list[16];
    for (unsigned i = 0; i < 16; i++) {
        stubs[i] = stub('a', &diary);
        list[i] = &stubs[i].base;
    }
    struct ant_try_join join = ant_try_join_all(list, 16);
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    stubs[9].may_end = true;
    stubs[9].result = -EIO;
    assert_int_equal(hand_poll(&task, &join.base), ANT_READY);
    assert_int_equal(join.failed, 9);
    for (unsigned i = 0; i < 16; i++) {
        assert_int_equal(stubs[i].drop_count, i == 9 ? 0 : 1);
    }

    struct ant_try_join none = ant_try_join_all(NULL, 0);
    assert_int_equal(hand_poll(&task, &none.base), ANT_READY);
    assert_int_equal(none.base.result, 0);
}

static void drops_those_that_have_not_ended(void **state)
{
    (void)state;
    struct ant_try_join join = ant_try_join(&a.base, NULL, &c.base);
    a.may_end = true;
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    ant_future_drop(&join.base);
    ant_future_drop(&join.base);
    assert_string_equal(diary.text, "aAc-c");
}

// K37: who takes the whole budget does not starve those behind it.
static void every_child_gets_the_budget_in_its_turn(void **state)
{
    (void)state;
    a.appetite = b.appetite = c.appetite = ANT_BUDGET;
    a.may_end = b.may_end = c.may_end = true;
    struct ant_try_join join = ant_try_join(&a.base, &b.base, &c.base);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
        assert_true(task.has_yielded);
    }
    assert_int_equal(hand_poll(&task, &join.base), ANT_READY);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(is_ready_when_all_have_ended),
        TEST(ends_at_the_first_error),
        TEST(of_two_errors_takes_the_one_that_it_meets_first),
        TEST(joins_an_array),
        TEST(drops_those_that_have_not_ended),
        TEST(every_child_gets_the_budget_in_its_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
