// SPDX-License-Identifier: MIT
//
// Tests of sched/inject.

#include "sched/inject.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/task_block.h"

static ant_task tasks[8];
static ant_inject inject;

static int set_up(void **state)
{
    (void)state;
    ant_inject_init(&inject);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ant_inject_deinit(&inject);
    return 0;
}

static void push(int first, int count)
{
    for (int i = 0; i < count; i++)
        ant_inject_push(&inject, &tasks[first + i]);
}

// Pops up to `max` and expects `count` from number `first` on.
static void expect_chain(uint32_t max, int first, uint32_t count)
{
    uint32_t got;
    const ant_task *task = ant_inject_pop_chain(&inject, max, &got);
    assert_int_equal(got, count);
    for (uint32_t i = 0; i < count; i++) {
        assert_ptr_equal(task, &tasks[first + (int)i]);
        task = task->link.next;
    }
    assert_null(task);
}

static void is_a_fifo_that_is_taken_in_chains(void **state)
{
    (void)state;
    expect_chain(3, 0, 0);
    push(0, 5);
    assert_int_equal(ant_inject_len(&inject), 5);
    expect_chain(0, 0, 0);
    expect_chain(2, 0, 2);
    expect_chain(1, 2, 1);
    push(5, 1);
    assert_int_equal(ant_inject_len(&inject), 3);
    expect_chain(100, 3, 3);
    assert_int_equal(ant_inject_len(&inject), 0);
    push(0, 1);
    expect_chain(1, 0, 1);
}

static void takes_a_whole_chain_at_once(void **state)
{
    (void)state;
    push(0, 1);
    tasks[1].link.next = &tasks[2];
    tasks[2].link.next = &tasks[3];
    tasks[3].link.next = NULL;
    ant_inject_push_chain(&inject, &tasks[1], &tasks[3], 3);
    push(4, 1);
    expect_chain(8, 0, 5);
}

static void closed_it_forgets_and_ignores(void **state)
{
    (void)state;
    push(0, 3);
    ant_inject_close(&inject);
    assert_int_equal(ant_inject_len(&inject), 0);
    expect_chain(8, 0, 0);
    ant_failure failure;
    tasks[5].link.failure = &failure; // it is over, and not to be touched
    ant_inject_push(&inject, &tasks[5]);
    assert_ptr_equal(tasks[5].link.failure, &failure);
    expect_chain(8, 0, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(is_a_fifo_that_is_taken_in_chains),
        TEST(takes_a_whole_chain_at_once),
        TEST(closed_it_forgets_and_ignores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
