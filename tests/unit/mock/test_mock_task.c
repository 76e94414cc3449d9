// SPDX-License-Identifier: MIT
//
// Tests of mock/mock_task: what it counts is what happened.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mock/mock_task.h"
#include "support/stub.h"

static ant_mock_task task;

static int set_up(void **state)
{
    (void)state;
    ant_mock_task_init(&task, 7);
    return 0;
}

static ant_waker waker_of(ant_mock_task *mock)
{
    return (ant_waker){ &mock->wakeable };
}

static void counts_wakes_and_references(void **state)
{
    (void)state;
    ant_waker waker = waker_of(&task);
    ant_waker kept = ant_waker_clone(&waker);
    assert_int_equal(ant_mock_task_waker_refs(&task), 1);
    ant_waker_wake_ref(&kept);
    ant_waker_wake_ref(&kept);
    assert_int_equal(ant_mock_task_take_wakes(&task), 2);
    assert_int_equal(ant_mock_task_take_wakes(&task), 0);
    ant_waker_wake(&kept);
    assert_int_equal(ant_mock_task_take_wakes(&task), 1);
    assert_int_equal(ant_mock_task_waker_refs(&task), 0);
}

static void is_woken_until_the_next_poll(void **state)
{
    (void)state;
    stub_log log = { .len = 0 };
    struct stub child = stub('a', &log);
    ant_waker waker = waker_of(&task);
    assert_false(ant_mock_task_is_woken(&task));
    ant_waker_wake_ref(&waker);
    assert_true(ant_mock_task_is_woken(&task));
    assert_int_equal(ant_mock_task_poll(&task, &child.base), ANT_PENDING);
    assert_false(ant_mock_task_is_woken(&task));
    ant_future_drop(&child.base);
}

static void remembers_why_it_was_woken(void **state)
{
    (void)state;
    ant_waker waker = waker_of(&task);
    ant__waker_wake_ref_for(&waker, (ant_why){ .via = ANT_VIA_LOCK, .res = 3 });
    assert_int_equal(ant_atomic_load(&task.via, ANT_RELAXED), ANT_VIA_LOCK);
    assert_int_equal(ant_atomic_load(&task.res, ANT_RELAXED), 3);
}

static void gives_a_budget_to_one_poll(void **state)
{
    (void)state;
    stub_log log = { .len = 0 };
    struct stub child = stub('a', &log);
    child.appetite = 3;
    assert_int_equal(ant_mock_task_poll(&task, &child.base), ANT_PENDING);
    assert_int_equal(task.budget_left, ANT_BUDGET - 3);
    assert_false(task.has_yielded);
    task.budget = 2;
    assert_int_equal(ant_mock_task_poll(&task, &child.base), ANT_PENDING);
    assert_int_equal(task.budget_left, 0);
    assert_true(task.has_yielded);
    assert_int_equal(task.budget, ANT_BUDGET);
    ant_future_drop(&child.base);
}

static void note_evil(void *arg)
{
    ant_waker waker = waker_of(&task);
    ant_waker_wake_ref(&waker); // evil does not wake evil
    (*(unsigned *)arg)++;
}

static void is_evil_where_it_was_told_to_be(void **state)
{
    (void)state;
    static const unsigned all[] = { ANT_MOCK_ON_CLONE, ANT_MOCK_ON_WAKE,
                                    ANT_MOCK_ON_DROP, ANT_MOCK_ON_ALL };
    for (unsigned i = 0; i < 4; i++) {
        unsigned count = 0;
        ant_mock_task_set_evil(&task, all[i], note_evil, &count);
        ant_waker waker = waker_of(&task);
        ant_waker kept = ant_waker_clone(&waker);
        ant_waker_wake(&kept);
        assert_int_equal(count, i < 3 ? 1 : 3);
    }
    ant_mock_task_set_evil(&task, ANT_MOCK_ON_ALL, NULL, NULL);
    ant_waker waker = waker_of(&task);
    ant_waker_wake_ref(&waker);
}

static void poll_twice(void *arg)
{
    (void)arg;
    stub_log log = { .len = 0 };
    struct stub child = stub('a', &log);
    child.may_end = true;
    assert_int_equal(ant_mock_task_poll(&task, &child.base), ANT_READY);
    (void)ant_mock_task_poll(&task, &child.base);
}

static void do_nothing(void *arg)
{
    (void)arg;
}

static void catches_a_trap(void **state)
{
    (void)state;
    assert_true(ant_mock_traps(poll_twice, NULL));
    assert_non_null(strstr(ant_mock_trap_text(), "stub"));
    assert_false(ant_mock_traps(do_nothing, NULL));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(counts_wakes_and_references),
        TEST(is_woken_until_the_next_poll),
        TEST(remembers_why_it_was_woken),
        TEST(gives_a_budget_to_one_poll),
        TEST(is_evil_where_it_was_told_to_be),
        TEST(catches_a_trap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
