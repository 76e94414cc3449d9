// SPDX-License-Identifier: MIT
//
// Tests of combine/join and combine/children.

#include "combine/join.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

// M6: to the end with all of them, in declared order, none twice.
static void polls_in_declared_order_until_all_have_ended(void **state)
{
    (void)state;
    struct ant_join join = ant_join(&a.base, &b.base, &c.base);
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    b.may_end = true;
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    c.may_end = true;
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    a.may_end = true;
    assert_int_equal(hand_poll(&task, &join.base), ANT_READY);
    assert_string_equal(diary.text, "abcabBcacCaA");
    assert_int_equal(join.base.result, 0);
}

static void fails_as_the_first_that_failed_but_waits_for_all(void **state)
{
    (void)state;
    struct ant_join join = ant_join(&a.base, &b.base, &c.base);
    c.may_end = b.may_end = true;
    b.result = -EIO;
    c.result = -ENOMEM;
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    a.may_end = true;
    assert_int_equal(hand_poll(&task, &join.base), ANT_READY);
    assert_int_equal(join.base.result, -EIO);
}

// M6: zero children are ready at once; a NULL or finished one is none.
static void of_nothing_is_ready_at_once(void **state)
{
    (void)state;
    struct ant_join none = ant_join_all(NULL, 0);
    assert_int_equal(hand_poll(&task, &none.base), ANT_READY);

    a.may_end = true;
    assert_int_equal(hand_poll(&task, &a.base), ANT_READY);
    ant_future *const list[] = { NULL, &a.base, NULL };
    struct ant_join some = ant_join_all(list, ANT_ARRAY_LEN(list));
    assert_int_equal(hand_poll(&task, &some.base), ANT_READY);
    assert_int_equal(a.poll_count, 1);
}

// More than these: test_crowd.c.
static void joins_an_array(void **state)
{
    (void)state;
    struct stub stubs[16];
    ant_future *list[16];
    for (unsigned i = 0; i < 16; i++) {
        stubs[i] = stub('a', &diary);
        stubs[i].may_end = i % 2 == 0;
        list[i] = &stubs[i].base;
    }
    struct ant_join join = ant_join_all(list, 16);
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    for (unsigned i = 0; i < 16; i++) {
        stubs[i].may_end = true;
    }
    assert_int_equal(hand_poll(&task, &join.base), ANT_READY);
    assert_int_equal(stubs[0].poll_count, 1);
    assert_int_equal(stubs[15].poll_count, 2);
}

static void drops_those_that_have_not_ended(void **state)
{
    (void)state;
    struct ant_join join = ant_join(&a.base, &b.base, &c.base);
    b.may_end = true;
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    ant_future_drop(&join.base);
    assert_string_equal(diary.text, "abBc-a-c");
    ant_future_drop(&join.base);
    assert_string_equal(diary.text, "abBc-a-c");
}

static void of_new_futures_may_be_dropped(void **state)
{
    (void)state;
    struct ant_join join = ant_join(&a.base, &b.base);
    ant_future_drop(&join.base);
    assert_string_equal(diary.text, "");
}

// K37: who takes the whole budget does not starve those behind it.
static void starts_behind_the_child_that_took_the_last_budget(void **state)
{
    (void)state;
    a.appetite = b.appetite = ANT_BUDGET;
    struct ant_join join = ant_join(&a.base, &b.base, &c.base);
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    assert_true(task.has_yielded);
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    assert_string_equal(diary.text, "abcbcacab");
    a.appetite = b.appetite = 0;
    a.may_end = b.may_end = c.may_end = true;
    diary.len = 0;
    assert_int_equal(hand_poll(&task, &join.base), ANT_READY);
}

static void every_child_gets_the_budget_in_its_turn(void **state)
{
    (void)state;
    a.appetite = b.appetite = c.appetite = ANT_BUDGET;
    a.may_end = b.may_end = c.may_end = true;
    struct ant_join join = ant_join(&a.base, &b.base, &c.base);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    }
    assert_int_equal(hand_poll(&task, &join.base), ANT_READY);
}

// The debugger and the visualizer walk the tree.
static void lists_its_children(void **state)
{
    (void)state;
    struct ant_join join = ant_join(&a.base, NULL, &c.base);
    ant_future *(*child)(const ant_future *, unsigned) = join.base.ops->child;
    assert_ptr_equal(child(&join.base, 0), &a.base);
    assert_ptr_equal(child(&join.base, 1), &c.base);
    assert_null(child(&join.base, 2));
}

static void names_children_as_the_source_does(void **state)
{
    (void)state;
    char name[ANT_CHILD_NAME_MAX];
    struct stub row[2] = { a, b };
    struct ant_join join = ant_join(&a.base, &(row[0 ? 0 : 1].base), &c.base);
    ant__children_name(&join.children, 0, name);
    assert_string_equal(name, "&a.base");
    ant__children_name(&join.children, 1, name);
    assert_string_equal(name, "&(row[0 ? 0 : 1].base)");
    ant__children_name(&join.children, 2, name);
    assert_string_equal(name, "&c.base");

    ant_future *const users[] = { &a.base, &b.base };
    struct ant_join all = ant_join_all(users, 2);
    ant__children_name(&all.children, 1, name);
    assert_string_equal(name, "users[1]");
}

static void poll_again(void *arg)
{
    (void)!hand_poll(&task, arg);
}

// W10.
static void traps_when_it_is_polled_after_its_end(void **state)
{
    (void)state;
    struct ant_join none = ant_join_all(NULL, 0);
    assert_int_equal(hand_poll(&task, &none.base), ANT_READY);
    assert_true(hand_traps(poll_again, &none.base));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(polls_in_declared_order_until_all_have_ended),
        TEST(fails_as_the_first_that_failed_but_waits_for_all),
        TEST(of_nothing_is_ready_at_once),
        TEST(joins_an_array),
        TEST(drops_those_that_have_not_ended),
        TEST(of_new_futures_may_be_dropped),
        TEST(starts_behind_the_child_that_took_the_last_budget),
        TEST(every_child_gets_the_budget_in_its_turn),
        TEST(lists_its_children),
        TEST(names_children_as_the_source_does),
        TEST(traps_when_it_is_polled_after_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
