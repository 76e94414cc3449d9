// SPDX-License-Identifier: MIT
//
// Tests of core/join_handle: awaiting, aborting, detaching, outputs (J1 to
// J10).

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/task.h"
#include "support/joiner.h"
#include "support/probe.h"

// ---- Awaiting ----

static void the_end_of_the_task_wakes_who_awaits_it(void **state)
{
    (void)state;
    probe_watch watch = { .script = "R" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    const uint32_t id = ant_task_id(&handle);
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_PENDING);
    assert_false(ant_task_is_finished(&handle));

    executor_run(&ex);
    assert_int_equal(hand_take_wakes(&waiter), 1);
    assert_int_equal(ant_atomic_load(&waiter.via, ANT_RELAXED), ANT_VIA_JOIN);
    assert_int_equal(ant_atomic_load(&waiter.res, ANT_RELAXED), id);
    assert_true(ant_task_is_finished(&handle));
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_READY);
    assert_int_equal(handle.base.result, 0);
    assert_null(ant_task_failure(&handle));
    assert_int_equal(ant_task_id(&handle), 0);
}

static void a_task_that_is_over_is_joined_at_once(void **state)
{
    (void)state;
    probe_watch watch = { .script = "R" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    executor_run(&ex);
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_READY);
    assert_int_equal(hand_take_wakes(&waiter), 0);
}

static void polling_again_keeps_one_waker(void **state)
{
    (void)state;
    probe_watch watch = { .script = "R" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    for (int i = 0; i < 3; i++)
        assert_int_equal(hand_poll(&waiter, &handle.base), ANT_PENDING);
    assert_int_equal(hand_refs(&waiter), 1);
    executor_run(&ex);
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_READY);
}

// W8: only the waker of the last poll counts.
static void a_handle_may_move_to_another_task(void **state)
{
    (void)state;
    probe_watch watch = { .script = "R" };
    hand_task other;
    hand_task_init(&other, 98);
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    assert_int_equal(hand_poll(&other, &handle.base), ANT_PENDING);
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_PENDING);
    assert_int_equal(hand_refs(&other), 0);
    executor_run(&ex);
    assert_int_equal(hand_take_wakes(&other), 0);
    assert_int_equal(hand_take_wakes(&waiter), 1);
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_READY);
}

// S12.
static void joining_takes_one_of_the_budget(void **state)
{
    (void)state;
    probe_watch watch = { .script = "R" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    executor_run(&ex);
    waiter.budget = 0;
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_PENDING);
    assert_true(waiter.has_yielded);
    assert_int_equal(hand_take_wakes(&waiter), 1);
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_READY);
    assert_int_equal(waiter.budget_left, ANT_BUDGET - 1);
}

static void the_output_is_where_it_was_asked_for(void **state)
{
    (void)state;
    probe_watch watch = { .script = "k.R" };
    struct probe finished = { .answer = 0 };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    handle.out = &finished;
    executor_run(&ex);
    assert_int_equal(finished.answer, 0);
    ant_waker_wake(&watch.kept);
    executor_run(&ex);
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_READY);
    assert_int_equal(finished.answer, 42);
}

static void after_a_failure_there_is_no_output(void **state)
{
    (void)state;
    probe_watch watch = { .script = "F" };
    struct probe finished = { .answer = 7 };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    handle.out = &finished;
    executor_run(&ex);
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_READY);
    assert_int_equal(finished.answer, 7);
    assert_int_equal(handle.base.result, -EIO);
    const ant_failure *failure = ant_task_failure(&handle);
    assert_non_null(failure);
    assert_false(failure->is_panic);
    assert_int_equal(failure->err, -EIO);
    assert_non_null(strstr(failure->file, "probe.c"));
    assert_int_not_equal(failure->line, 0);
    ant_task_detach(&handle);
}

static void a_panic_reaches_the_handle(void **state)
{
    (void)state;
    probe_watch watch = { .script = "!" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    executor_run(&ex);
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_READY);
    assert_int_equal(handle.base.result, -ENOTRECOVERABLE);
    assert_true(ant_task_failure(&handle)->is_panic);
    assert_string_equal(ant_task_failure(&handle)->text, "boom");
    ant_task_detach(&handle);
}

static void poll_handle(void *arg)
{
    (void)!hand_poll(&waiter, arg);
}

// W10.
static void traps_when_it_is_polled_after_its_end(void **state)
{
    (void)state;
    probe_watch watch = { .script = "R" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    executor_run(&ex);
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_READY);
    assert_true(hand_traps(poll_handle, &handle.base));
}

// ---- Giving up ----

// J1.
static void a_detached_task_runs_on(void **state)
{
    (void)state;
    probe_watch watch = { .script = "k.R" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_PENDING);
    ant_task_detach(&handle);
    ant_task_detach(&handle);
    assert_int_equal(hand_refs(&waiter), 0);
    executor_run(&ex);
    ant_waker_wake(&watch.kept);
    executor_run(&ex);
    assert_int_equal(watch.poll_count, 2);
    assert_int_equal(hand_take_wakes(&waiter), 0);
}

// J2: dropped, as by a select that it lost.
static void a_dropped_handle_detaches(void **state)
{
    (void)state;
    probe_watch watch = { .script = "R" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_PENDING);
    ant_future_drop(&handle.base);
    assert_int_equal(hand_refs(&waiter), 0);
    assert_null(handle.task);
    executor_run(&ex);
    assert_int_equal(watch.poll_count, 1);
}

// A handle that was never awaited is a new future; dropping it must not leak.
static void a_handle_that_was_never_polled_detaches_when_dropped(void **state)
{
    (void)state;
    probe_watch watch = { .script = "R" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    ant_future_drop(&handle.base);
    executor_run(&ex);
    assert_int_equal(watch.poll_count, 1);
}

// ---- Aborting ----

// J5.
static void an_aborted_idle_task_is_destroyed_by_its_scheduler(void **state)
{
    (void)state;
    probe_watch watch = { .script = "k.R" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    watch.handle = &handle;
    executor_run(&ex);
    ant_task_abort(&handle);
    assert_int_equal(watch.drop_count, 0);
    ant_task_abort(&handle);
    executor_run(&ex);
    assert_int_equal(watch.drop_count, 1);
    assert_int_equal(watch.poll_count, 1);
    // J3: while it was destroyed nobody saw it finished.
    assert_false(watch.was_finished_on_drop);
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_READY);
    assert_int_equal(handle.base.result, -ECANCELED);
    ant_task_detach(&handle);
    ant_waker_drop(&watch.kept);
}

static void a_task_aborted_before_its_first_poll_is_never_polled(void **state)
{
    (void)state;
    probe_watch watch = { .script = "R" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    ant_task_abort(&handle);
    executor_run(&ex);
    assert_int_equal(watch.poll_count, 0);
    assert_int_equal(watch.drop_count, 0); // a new future holds nothing
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_READY);
    assert_int_equal(handle.base.result, -ECANCELED);
    ant_task_detach(&handle);
}

static void a_task_aborted_while_it_runs_ends_when_it_is_pending(void **state)
{
    (void)state;
    probe_watch watch = { .script = "ka.R" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    watch.handle = &handle;
    executor_run(&ex);
    assert_int_equal(watch.poll_count, 1);
    assert_int_equal(watch.drop_count, 1);
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_READY);
    assert_int_equal(handle.base.result, -ECANCELED);
    ant_task_detach(&handle);
    ant_waker_drop(&watch.kept);
}

static void a_task_aborted_while_it_runs_may_still_be_ready(void **state)
{
    (void)state;
    probe_watch watch = { .script = "aR" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    watch.handle = &handle;
    executor_run(&ex);
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_READY);
    assert_int_equal(handle.base.result, 0);
}

static void an_abort_after_the_end_does_nothing(void **state)
{
    (void)state;
    probe_watch watch = { .script = "R" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    executor_run(&ex);
    ant_task_abort(&handle);
    assert_null(ex.first);
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_READY);
    assert_int_equal(handle.base.result, 0);
    ant_task_abort(&handle);
}

// J6.
static void a_panic_during_an_abort_is_the_result(void **state)
{
    (void)state;
    probe_watch watch = { .script = "k.", .panics_on_drop = true };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    executor_run(&ex);
    ant_task_abort(&handle);
    executor_run(&ex);
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_READY);
    assert_int_equal(handle.base.result, -ENOTRECOVERABLE);
    assert_string_equal(ant_task_failure(&handle)->text, "boom on drop");
    ant_task_detach(&handle);
    ant_waker_drop(&watch.kept);
}

// D10: two tasks that await each other; the cycle ends with one of them.
struct partner {
    ant_future base;
    enum { PARTNER_START, PARTNER_JOINING } state;
    struct ant_join_handle *other;
};

ANT_ASYNC(partner)
{
    switch (self->state) {
    case PARTNER_START:
        return ANT_NEXT(PARTNER_JOINING);

    case PARTNER_JOINING:
        ANT_AWAIT(*self->other);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct partner partner(struct ant_join_handle *other)
{
    return (struct partner){ ANT_INIT(partner), .other = other };
}

static void tasks_that_await_each_other_are_freed_when_one_ends(void **state)
{
    (void)state;
    struct ant_join_handle a;
    struct ant_join_handle b;
    a = executor_spawn(&ex, partner(&b));
    b = executor_spawn(&ex, partner(&a));
    executor_run(&ex);
    assert_false(ant_task_is_finished(&a));
    assert_false(ant_task_is_finished(&b));
    ant_task_abort(&b); // its drop gives up the handle of a
    executor_run(&ex);
    assert_int_equal(ex.release_count, 2);
    ant_task_detach(&a);
    ant_task_detach(&b);
}

// W9: what waits for a task keeps nothing of it once it has given up.
static void an_aborted_waiter_lets_go_of_its_waker(void **state)
{
    (void)state;
    probe_watch watch = { .script = "k.R" };
    struct ant_join_handle long_one = executor_spawn(&ex, probe(&watch));
    struct ant_join_handle waits = executor_spawn(&ex, partner(&long_one));
    executor_run(&ex);
    const uint64_t with_both = ant_mem_live_count();
    ant_task_abort(&waits);
    executor_run(&ex);
    ant_task_detach(&waits);
    // The task's block; that it was cancelled took no memory to say.
    assert_int_equal(ant_mem_live_count(), with_both - 1);
    ant_waker_wake(&watch.kept);
    executor_run(&ex);
}

// J10.
static void ids_are_never_used_twice(void **state)
{
    (void)state;
    uint32_t last = 0;
    for (int i = 0; i < 3; i++) {
        probe_watch watch = { .script = "R" };
        struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
        assert_true(ant_task_id(&handle) > last);
        last = ant_task_id(&handle);
        ant_task_detach(&handle);
        executor_run(&ex);
    }
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, joiner_set_up, joiner_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_end_of_the_task_wakes_who_awaits_it),
        TEST(a_task_that_is_over_is_joined_at_once),
        TEST(polling_again_keeps_one_waker),
        TEST(a_handle_may_move_to_another_task),
        TEST(joining_takes_one_of_the_budget),
        TEST(the_output_is_where_it_was_asked_for),
        TEST(after_a_failure_there_is_no_output),
        TEST(a_panic_reaches_the_handle),
        TEST(traps_when_it_is_polled_after_its_end),
        TEST(a_detached_task_runs_on),
        TEST(a_dropped_handle_detaches),
        TEST(a_handle_that_was_never_polled_detaches_when_dropped),
        TEST(an_aborted_idle_task_is_destroyed_by_its_scheduler),
        TEST(a_task_aborted_before_its_first_poll_is_never_polled),
        TEST(a_task_aborted_while_it_runs_ends_when_it_is_pending),
        TEST(a_task_aborted_while_it_runs_may_still_be_ready),
        TEST(an_abort_after_the_end_does_nothing),
        TEST(a_panic_during_an_abort_is_the_result),
        TEST(tasks_that_await_each_other_are_freed_when_one_ends),
        TEST(an_aborted_waiter_lets_go_of_its_waker),
        TEST(ids_are_never_used_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
