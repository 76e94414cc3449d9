// SPDX-License-Identifier: MIT
//
// Tests of sched/owned: the books of all tasks.

#include "sched/owned.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/task_block.h"
#include "support/executor.h"
#include "support/probe.h"

static bool count_two(ant_task *task, void *arg)
{
    (void)task;
    return ++*(int *)arg < 2;
}

static void the_books_know_every_task_that_is_not_over(void **state)
{
    (void)state;
    executor ex;
    executor_init(&ex);
    probe_watch watch[3] = { { .script = "R" },
                             { .script = "R" },
                             { .script = "R" } };
    struct ant_join_handle handle[3];
    ant_owned owned;
    ant_owned_init(&owned);
    for (int i = 0; i < 3; i++) {
        handle[i] = executor_spawn(&ex, probe(&watch[i]));
        assert_true(ant_owned_add(&owned, handle[i].task, (uint32_t)i % 2));
    }
    assert_int_equal(ant_owned_count(&owned), 3);
    int looked = 0;
    ant_owned_each(&owned, count_two, &looked);
    assert_int_equal(looked, 2);

    ant_owned_remove(&owned, handle[1].task);
    ant_owned_remove(&owned, handle[1].task);
    assert_int_equal(ant_owned_count(&owned), 2);

    ant_owned_close(&owned);
    assert_false(ant_owned_add(&owned, handle[1].task, 1));

    // Oldest first, each with a reference.
    ant_task *first = ant_owned_pop(&owned);
    assert_ptr_equal(first, handle[0].task);
    ant_task *second = ant_owned_pop(&owned);
    assert_ptr_equal(second, handle[2].task);
    assert_null(ant_owned_pop(&owned));
    ant_owned_deinit(&owned);

    executor_run(&ex);
    for (int i = 0; i < 3; i++)
        ant_task_detach(&handle[i]);
    ant__task_unref(first);
    ant__task_unref(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_books_know_every_task_that_is_not_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
