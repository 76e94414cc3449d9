// SPDX-License-Identifier: MIT
//
// Tests of combine/race.

#include "combine/race.h"

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

// M9: also when the first one has failed.
static void is_won_by_the_first_that_ends(void **state)
{
    (void)state;
    struct ant_race race = ant_race(&a.base, &b.base, &c.base);
    assert_int_equal(hand_poll(&task, &race.base), ANT_PENDING);
    b.may_end = true;
    b.result = -EIO;
    assert_int_equal(hand_poll(&task, &race.base), ANT_READY);
    assert_string_equal(diary.text, "abcabB-a-c");
    assert_int_equal(race.winner, 1);
    assert_int_equal(race.base.result, -EIO);
}

static void is_fair(void **state)
{
    (void)state;
    ant_rng rng = ant_rng_init(7);
    task.rng = &rng;
    unsigned wins[2] = { 0 };
    for (unsigned i = 0; i < 100; i++) {
        a = stub('a', &diary);
        b = stub('b', &diary);
        a.may_end = b.may_end = true;
        ant_future *list[] = { &a.base, &b.base };
        struct ant_race race = ant_race_all(list, 2);
        assert_int_equal(hand_poll(&task, &race.base), ANT_READY);
        wins[race.winner]++;
    }
    assert_in_range(wins[0], 30, 70);
}

static void of_nobody_fails(void **state)
{
    (void)state;
    struct ant_race race = ant_race_all(NULL, 0);
    assert_int_equal(hand_poll(&task, &race.base), ANT_READY);
    assert_int_equal(race.base.result, -EINVAL);
    assert_int_equal(race.winner, -1);
    struct ant_select_ok any = ant_select_ok(NULL, 0);
    assert_int_equal(hand_poll(&task, &any.base), ANT_READY);
    assert_int_equal(any.base.result, -EINVAL);
}

static void can_be_won_by_success_only(void **state)
{
    (void)state;
    ant_future *list[] = { &a.base, &b.base, &c.base };
    struct ant_select_ok any = ant_select_ok(list, 3);
    a.may_end = true;
    a.result = -EIO;
    assert_int_equal(hand_poll(&task, &any.base), ANT_PENDING);
    assert_int_equal(any.winner, -1);
    b.may_end = true;
    b.result = 5;
    assert_int_equal(hand_poll(&task, &any.base), ANT_READY);
    assert_string_equal(diary.text, "aAbcbB-c");
    assert_int_equal(any.winner, 1);
    assert_int_equal(any.base.result, 5);
}

static void fails_as_the_last_that_failed(void **state)
{
    (void)state;
    ant_future *list[] = { &a.base, &b.base, &c.base };
    struct ant_select_ok any = ant_select_ok(list, 3);
    a.may_end = c.may_end = true;
    a.result = -EIO;
    c.result = -EPIPE;
    assert_int_equal(hand_poll(&task, &any.base), ANT_PENDING);
    b.may_end = true;
    b.result = -ETIMEDOUT;
    assert_int_equal(hand_poll(&task, &any.base), ANT_READY);
    assert_int_equal(any.base.result, -ETIMEDOUT);
    assert_int_equal(any.winner, -1);
}

static void drops_all_when_it_is_dropped(void **state)
{
    (void)state;
    struct ant_race race = ant_race(&a.base, &b.base);
    assert_int_equal(hand_poll(&task, &race.base), ANT_PENDING);
    ant_future_drop(&race.base);
    assert_string_equal(diary.text, "ab-a-b");
    ant_future *list[] = { &c.base };
    struct ant_select_ok any = ant_select_ok(list, 1);
    assert_int_equal(hand_poll(&task, &any.base), ANT_PENDING);
    ant_future_drop(&any.base);
    assert_string_equal(diary.text, "ab-a-bc-c");
}

// K37.
static void yields_when_the_budget_is_used_up(void **state)
{
    (void)state;
    a.may_end = true;
    struct ant_race race = ant_race(&a.base, &b.base);
    task.budget = 0;
    assert_int_equal(hand_poll(&task, &race.base), ANT_PENDING);
    assert_true(task.has_yielded);
    assert_string_equal(diary.text, "");
    assert_int_equal(hand_poll(&task, &race.base), ANT_READY);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(is_won_by_the_first_that_ends),
        TEST(is_fair),
        TEST(of_nobody_fails),
        TEST(can_be_won_by_success_only),
        TEST(fails_as_the_last_that_failed),
        TEST(drops_all_when_it_is_dropped),
        TEST(yields_when_the_budget_is_used_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
