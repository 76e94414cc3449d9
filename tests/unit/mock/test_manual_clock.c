// SPDX-License-Identifier: MIT
//
// Tests of mock/manual_clock: the hands stop at each deadline on their way.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mock/manual_clock.h"
#include "mock/mock_task.h"
#include "time/sleep.h"

static ant_mock_clock hands;
static ant_mock_task task;

static int set_up(void **state)
{
    (void)state;
    ant_mock_clock_init(&hands);
    ant_mock_task_init(&task, 1);
    task.clock = &hands;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ant_mock_clock_deinit(&hands);
    return 0;
}

static void stands_still_until_it_is_moved(void **state)
{
    (void)state;
    struct ant_sleep nap = ant_sleep(10);
    assert_int_equal(ant_mock_task_poll(&task, &nap.base), ANT_PENDING);
    assert_int_equal(ant_mock_clock_ms(&hands), 0);
    ant_mock_clock_advance_ms(&hands, 9);
    assert_false(ant_mock_task_is_woken(&task));
    ant_mock_clock_advance_ms(&hands, 5);
    assert_true(ant_mock_task_is_woken(&task));
    assert_int_equal(ant_mock_clock_ms(&hands), 14);
    assert_int_equal(ant_mock_task_poll(&task, &nap.base), ANT_READY);
}

// A waker that arms the next sleep, as a program would, until five are done.
typedef struct chain {
    struct ant_sleep nap;
    uint64_t woken_at[5];
    unsigned count;
} chain;

static void sleep_on(void *arg)
{
    chain *self = arg;
    self->woken_at[self->count++] = ant_mock_clock_ms(&hands);
    assert_int_equal(ant_mock_task_poll(&task, &self->nap.base), ANT_READY);
    if (self->count == 5) return;
    self->nap = ant_sleep(10);
    assert_int_equal(ant_mock_task_poll(&task, &self->nap.base), ANT_PENDING);
}

static void stops_at_each_deadline_on_its_way(void **state)
{
    (void)state;
    chain self = { .nap = ant_sleep(10) };
    ant_mock_task_set_evil(&task, ANT_MOCK_ON_WAKE, sleep_on, &self);
    assert_int_equal(ant_mock_task_poll(&task, &self.nap.base), ANT_PENDING);
    ant_mock_clock_advance_ms(&hands, 1000);
    assert_int_equal(self.count, 5);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(self.woken_at[i], 10 * (i + 1));
}

static void may_jump_back(void **state)
{
    (void)state;
    ant_mock_clock_advance_ms(&hands, 100);
    struct ant_sleep nap = ant_sleep(10);
    assert_int_equal(ant_mock_task_poll(&task, &nap.base), ANT_PENDING);
    ant_mock_clock_set_ns(&hands, 0);
    assert_false(ant_mock_task_is_woken(&task));
    ant_mock_clock_advance_ms(&hands, 110);
    assert_int_equal(ant_mock_task_poll(&task, &nap.base), ANT_READY);
}

static void has_an_end_of_time(void **state)
{
    (void)state;
    struct ant_sleep nap = ant_sleep(UINT64_MAX);
    assert_int_equal(ant_mock_task_poll(&task, &nap.base), ANT_PENDING);
    ant_mock_clock_advance_ms(&hands, UINT64_MAX);
    ant_future_drop(&nap.base);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(stands_still_until_it_is_moved),
        TEST(stops_at_each_deadline_on_its_way),
        TEST(may_jump_back),
        TEST(has_an_end_of_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
