// SPDX-License-Identifier: MIT
//
// The tasks that have yielded come back in the order in which they did.

#include "sched/deferred.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TASKS 100

static ant_task block[TASKS];

static uint32_t number_of(const ant_task *task)
{
    return (uint32_t)(task - block);
}

// Takes so many and expects them from `first` on; returns the next number.
static uint32_t expect(ant_deferred *deferred, uint32_t max, uint32_t first,
                       uint32_t count)
{
    ant_task *task = ant_deferred_take(deferred, max);
    for (uint32_t i = 0; i < count; i++, task = task->link.next) {
        assert_non_null(task);
        assert_int_equal(number_of(task), first + i);
    }
    assert_null(task);
    return first + count;
}

static void tasks_come_out_as_they_went_in(void **state)
{
    (void)state;
    ant_deferred deferred = { 0 };
    for (uint32_t i = 0; i < TASKS; i++)
        ant_deferred_push(&deferred, &block[i]);
    assert_int_equal(ant_deferred_len(&deferred), TASKS);
    uint32_t next = expect(&deferred, 1, 0, 1);
    next =
        expect(&deferred, ANT_DEFERRED_LISTS + 3, next, ANT_DEFERRED_LISTS + 3);
    next = expect(&deferred, 0, next, 0);
    next = expect(&deferred, UINT32_MAX, next, TASKS - next);
    assert_int_equal(ant_deferred_len(&deferred), 0);
    (void)expect(&deferred, 1, next, 0);
}

// The one that is taken goes to the end again, as one that yields each time.
static void whoever_yields_again_goes_to_the_end(void **state)
{
    (void)state;
    ant_deferred deferred = { .in = UINT32_MAX - 20, .out = UINT32_MAX - 20 };
    const uint32_t count = ANT_DEFERRED_LISTS + 5;
    for (uint32_t i = 0; i < count; i++)
        ant_deferred_push(&deferred, &block[i]);
    for (uint32_t i = 0; i < 5 * count; i++) { // the numbers wrap around
        ant_task *task = ant_deferred_take(&deferred, 1);
        assert_int_equal(number_of(task), i % count);
        assert_null(task->link.next);
        ant_deferred_push(&deferred, task);
        assert_int_equal(ant_deferred_len(&deferred), count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_come_out_as_they_went_in),
        cmocka_unit_test(whoever_yields_again_goes_to_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
