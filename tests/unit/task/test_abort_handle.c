// SPDX-License-Identifier: MIT
//
// Tests of task/abort_handle.

#include "task/abort_handle.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/executor.h"
#include "support/probe.h"

static executor ex;
static uint64_t blocks_before;

static int set_up(void **state)
{
    (void)state;
    executor_init(&ex);
    blocks_before = ant_mem_live_count();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return ant_mem_live_count() == blocks_before ? 0 : -1;
}

static void stops_a_task_whose_join_handle_is_gone(void **state)
{
    (void)state;
    probe_watch watch = { .script = "k.R" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    ant_abort_handle stop = ant_task_abort_handle(&handle);
    assert_int_equal(ant_abort_handle_id(&stop), ant_task_id(&handle));
    ant_task_detach(&handle);
    executor_run(&ex);
    assert_false(ant_abort_handle_is_finished(&stop));
    ant_abort_handle_abort(&stop);
    ant_abort_handle_abort(&stop);
    executor_run(&ex);
    assert_int_equal(watch.drop_count, 1);
    assert_true(ant_abort_handle_is_finished(&stop));
    ant_abort_handle_abort(&stop); // too late
    ant_waker_drop(&watch.kept);
    ant_abort_handle_drop(&stop);
    ant_abort_handle_drop(&stop);
}

static void dropping_it_stops_nothing(void **state)
{
    (void)state;
    probe_watch watch = { .script = "k.R" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    ant_abort_handle stop = ant_task_abort_handle(&handle);
    ant_abort_handle second = ant_abort_handle_clone(&stop);
    ant_abort_handle_drop(&stop);
    executor_run(&ex);
    ant_waker_wake(&watch.kept);
    executor_run(&ex);
    assert_int_equal(watch.poll_count, 2);
    assert_true(ant_abort_handle_is_finished(&second));
    ant_abort_handle_drop(&second);
    ant_task_detach(&handle);
}

static void a_zeroed_handle_is_of_no_task(void **state)
{
    (void)state;
    ant_abort_handle none = { 0 };
    ant_abort_handle_abort(&none);
    assert_true(ant_abort_handle_is_finished(&none));
    assert_int_equal(ant_abort_handle_id(&none), 0);
    ant_abort_handle clone = ant_abort_handle_clone(&none);
    ant_abort_handle_drop(&clone);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(stops_a_task_whose_join_handle_is_gone),
        TEST(dropping_it_stops_nothing),
        TEST(a_zeroed_handle_is_of_no_task),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
