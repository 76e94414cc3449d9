// SPDX-License-Identifier: MIT
//
// Tests of task/join_set, with tasks of the smallest executor; tasks of real
// runtimes are in tests/conformance/test_join.c (J9).

#include "task/join_set.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/executor.h"
#include "support/hand.h"
#include "support/probe.h"

static executor ex;
static hand_task waiter;
static hand_task other;
static ant_join_set set;
static uint64_t blocks_before;

static int set_up(void **state)
{
    (void)state;
    executor_init(&ex);
    hand_task_init(&waiter, 98);
    hand_task_init(&other, 99);
    blocks_before = ant_mem_live_count();
    ant_join_set_init(&set, "crew");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ant_join_set_deinit(&set);
    executor_run(&ex); // those that were aborted
    if (hand_refs(&waiter) != 0 || hand_refs(&other) != 0) return -1;
    return ant_mem_live_count() == blocks_before ? 0 : -1;
}

static void add(probe_watch *watch)
{
    const int err =
        ant_join_set_add(&set, watch, executor_spawn(&ex, probe(watch)));
    assert_int_equal(err, 0);
}

// Two tasks of which the second ends first.
static probe_watch slow, fast;

static void add_slow_and_fast(void)
{
    slow = (probe_watch){ .script = "k.R" };
    fast = (probe_watch){ .script = "k.R" };
    add(&slow);
    add(&fast);
    executor_run(&ex);
}

static void end(probe_watch *watch)
{
    ant_waker_wake(&watch->kept);
    executor_run(&ex);
}

static void hands_out_in_the_order_of_the_ends(void **state)
{
    (void)state;
    add_slow_and_fast();
    struct ant_join_set_next next = ant_join_set_next(&set);
    assert_int_equal(hand_poll(&waiter, &next.base), ANT_PENDING);
    end(&fast);
    end(&slow);
    assert_int_equal(hand_take_wakes(&waiter), 1);
    assert_int_equal(ant_atomic_load(&waiter.via, ANT_RELAXED), ANT_VIA_JOIN);
    assert_int_equal(hand_poll(&waiter, &next.base), ANT_READY);
    assert_ptr_equal(next.joined.key, &fast);
    assert_int_equal(ant_join_set_len(&set), 1);

    next = ant_join_set_next(&set);
    assert_int_equal(hand_poll(&waiter, &next.base), ANT_READY);
    assert_ptr_equal(next.joined.key, &slow);
    assert_false(next.is_empty);

    next = ant_join_set_next(&set);
    assert_int_equal(hand_poll(&waiter, &next.base), ANT_READY);
    assert_true(next.is_empty);
}

static void is_empty_before_the_first_task(void **state)
{
    (void)state;
    ant_joined joined;
    assert_true(ant_join_set_is_empty(&set));
    assert_int_equal(ant_join_set_try_next(&set, &joined), -EPIPE);
    struct ant_join_set_next next = ant_join_set_next(&set);
    assert_int_equal(hand_poll(&waiter, &next.base), ANT_READY);
    assert_true(next.is_empty);
    assert_int_equal(next.base.result, 0);
    ant_join_set zeroed = { 0 };
    ant_join_set_abort_all(&zeroed);
    ant_join_set_deinit(&zeroed);
}

static void try_next_takes_what_is_there(void **state)
{
    (void)state;
    add_slow_and_fast();
    ant_joined joined;
    assert_int_equal(ant_join_set_try_next(&set, &joined), -EAGAIN);
    end(&slow);
    assert_int_equal(ant_join_set_try_next(&set, &joined), 0);
    assert_ptr_equal(joined.key, &slow);
    assert_int_not_equal(joined.task, 0);
    assert_null(joined.failure);
    end(&fast);
}

static void a_failure_tells_why_until_the_next(void **state)
{
    (void)state;
    probe_watch failing = { .script = "F" };
    probe_watch panicking = { .script = "!" };
    add(&failing);
    add(&panicking);
    executor_run(&ex);
    ant_joined joined;
    assert_int_equal(ant_join_set_try_next(&set, &joined), 0);
    assert_int_equal(joined.result, -EIO);
    assert_int_equal(joined.failure->err, -EIO);
    assert_int_equal(ant_join_set_try_next(&set, &joined), 0);
    assert_int_equal(joined.result, -ENOTRECOVERABLE);
    assert_true(joined.failure->is_panic);
    assert_string_equal(joined.failure->text, "boom");
}

// The output of a task is where it was asked for when its end is handed out.
static void copies_the_finished_future(void **state)
{
    (void)state;
    probe_watch watch = { .script = "R" };
    struct probe finished = { .answer = 0 };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    handle.out = &finished;
    assert_int_equal(ant_join_set_add(&set, &finished, handle), 0);
    executor_run(&ex);
    ant_joined joined;
    assert_int_equal(ant_join_set_try_next(&set, &joined), 0);
    assert_int_equal(finished.answer, 42);
}

static void takes_a_task_that_is_over(void **state)
{
    (void)state;
    probe_watch watch = { .script = "R" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    executor_run(&ex);
    assert_int_equal(ant_join_set_add(&set, &watch, handle), 0);
    struct ant_join_set_next next = ant_join_set_next(&set);
    assert_int_equal(hand_poll(&waiter, &next.base), ANT_READY);
    assert_ptr_equal(next.joined.key, &watch);
}

static void deinit_aborts_all(void **state)
{
    (void)state;
    add_slow_and_fast();
    probe_watch over = { .script = "F" };
    add(&over);
    executor_run(&ex);
    ant_join_set_deinit(&set);
    executor_run(&ex);
    assert_int_equal(slow.drop_count, 1);
    assert_int_equal(fast.drop_count, 1);
    ant_waker_drop(&slow.kept);
    ant_waker_drop(&fast.kept);
}

// The task ends while its set is gone and its waker was taken already.
static void an_end_after_deinit_is_not_heard(void **state)
{
    (void)state;
    add_slow_and_fast();
    ant_join_set_detach_all(&set);
    assert_true(ant_join_set_is_empty(&set));
    ant_join_set_deinit(&set);
    end(&slow);
    end(&fast);
    assert_int_equal(slow.poll_count, 2);
    assert_int_equal(fast.poll_count, 2);
}

static void aborted_tasks_can_be_joined(void **state)
{
    (void)state;
    add_slow_and_fast();
    ant_join_set_abort(&set, &fast);
    executor_run(&ex);
    ant_joined joined;
    assert_int_equal(ant_join_set_try_next(&set, &joined), 0);
    assert_ptr_equal(joined.key, &fast);
    assert_int_equal(joined.result, -ECANCELED);
    ant_join_set_abort_all(&set);
    executor_run(&ex);
    assert_int_equal(ant_join_set_try_next(&set, &joined), 0);
    assert_int_equal(joined.result, -ECANCELED);
    ant_waker_drop(&slow.kept);
    ant_waker_drop(&fast.kept);
}

static void join_all_waits_for_all(void **state)
{
    (void)state;
    add_slow_and_fast();
    struct ant_join_set_join_all all = ant_join_set_join_all(&set);
    assert_int_equal(hand_poll(&waiter, &all.base), ANT_PENDING);
    end(&fast);
    assert_int_equal(hand_poll(&waiter, &all.base), ANT_PENDING);
    end(&slow);
    assert_int_equal(hand_poll(&waiter, &all.base), ANT_READY);
    assert_int_equal(all.base.result, 0);
    assert_true(ant_join_set_is_empty(&set));
}

static void join_all_fails_with_the_first(void **state)
{
    (void)state;
    add_slow_and_fast();
    fast.script = "F";
    struct ant_join_set_join_all all = ant_join_set_join_all(&set);
    assert_int_equal(hand_poll(&waiter, &all.base), ANT_PENDING);
    end(&fast);
    assert_int_equal(hand_poll(&waiter, &all.base), ANT_READY);
    assert_int_equal(all.base.result, -EIO);
    executor_run(&ex);
    assert_int_equal(slow.drop_count, 1);
    assert_int_equal(ant_join_set_len(&set), 1);
    ant_waker_drop(&slow.kept);
}

static void shutdown_stops_and_waits(void **state)
{
    (void)state;
    add_slow_and_fast();
    struct ant_join_set_shutdown stop = ant_join_set_shutdown(&set);
    assert_int_equal(hand_poll(&waiter, &stop.base), ANT_PENDING);
    executor_run(&ex);
    assert_int_equal(slow.drop_count + fast.drop_count, 2);
    assert_int_equal(hand_poll(&waiter, &stop.base), ANT_READY);
    assert_int_equal(stop.base.result, 0);
    assert_true(ant_join_set_is_empty(&set));
    ant_waker_drop(&slow.kept);
    ant_waker_drop(&fast.kept);
}

// ---- Cancelling ----

static void a_dropped_next_loses_nothing(void **state)
{
    (void)state;
    for (int point = 0; point < 3; point++) { // new, waiting, woken
        add_slow_and_fast();
        struct ant_join_set_next next = ant_join_set_next(&set);
        if (point > 0)
            assert_int_equal(hand_poll(&waiter, &next.base), ANT_PENDING);
        if (point > 1) end(&fast);
        ant_future_drop(&next.base);
        assert_int_equal(hand_refs(&waiter), 0);
        if (point < 2) end(&fast);
        end(&slow);
        ant_joined joined;
        assert_int_equal(ant_join_set_try_next(&set, &joined), 0);
        assert_ptr_equal(joined.key, &fast);
        assert_int_equal(ant_join_set_try_next(&set, &joined), 0);
        assert_ptr_equal(joined.key, &slow);
        (void)hand_take_wakes(&waiter);
    }
}

static void a_dropped_next_passes_its_wake_on(void **state)
{
    (void)state;
    add_slow_and_fast();
    struct ant_join_set_next first = ant_join_set_next(&set);
    struct ant_join_set_next second = ant_join_set_next(&set);
    assert_int_equal(hand_poll(&waiter, &first.base), ANT_PENDING);
    assert_int_equal(hand_poll(&other, &second.base), ANT_PENDING);
    end(&fast);
    assert_int_equal(hand_take_wakes(&other), 0);
    ant_future_drop(&first.base);
    assert_int_equal(hand_take_wakes(&other), 1);
    assert_int_equal(hand_poll(&other, &second.base), ANT_READY);
    end(&slow);
}

static void only_the_latest_waker_counts(void **state)
{
    (void)state;
    add_slow_and_fast();
    struct ant_join_set_next next = ant_join_set_next(&set);
    assert_int_equal(hand_poll(&waiter, &next.base), ANT_PENDING);
    assert_int_equal(hand_poll(&other, &next.base), ANT_PENDING);
    assert_int_equal(hand_refs(&waiter), 0);
    end(&fast);
    assert_int_equal(hand_take_wakes(&waiter), 0);
    assert_int_equal(hand_take_wakes(&other), 1);
    assert_int_equal(hand_poll(&other, &next.base), ANT_READY);
    end(&slow);
}

static void poke(void *arg)
{
    ant_joined joined;
    (void)arg;
    if (ant_join_set_try_next(&set, &joined) < 0)
        assert_int_not_equal(ant_join_set_len(&set), 0);
    struct ant_join_set_next next = ant_join_set_next(&set);
    (void)hand_poll(&other, &next.base);
    ant_future_drop(&next.base);
}

static void stands_an_evil_waker(void **state)
{
    (void)state;
    add_slow_and_fast();
    waiter.evil = poke;
    struct ant_join_set_next next = ant_join_set_next(&set);
    assert_int_equal(hand_poll(&waiter, &next.base), ANT_PENDING);
    end(&fast); // its wake takes the end away
    assert_int_equal(ant_join_set_len(&set), 1);
    assert_int_equal(hand_poll(&waiter, &next.base), ANT_PENDING);
    ant_future_drop(&next.base);
    waiter.evil = NULL;
    end(&slow);
}

static void says_what_it_waits_for(void **state)
{
    (void)state;
    add_slow_and_fast();
    end(&slow);
    ant_joined joined;
    assert_int_equal(ant_join_set_try_next(&set, &joined), 0);
    struct ant_join_set_next next = ant_join_set_next(&set);
    ant_wait wait;
    assert_false(next.base.ops->waits_on(&next.base, &wait));
    assert_int_equal(hand_poll(&waiter, &next.base), ANT_PENDING);
    assert_true(next.base.ops->waits_on(&next.base, &wait));
    assert_int_equal(wait.kind, ANT_RES_JOIN_SET);
    assert_string_equal(wait.name, "crew");
    assert_int_equal(wait.holder, joined.task + 1);
    ant_future_drop(&next.base);
    end(&fast);
}

static void survives_every_failing_allocation(void **state)
{
    (void)state;
    for (uint64_t nth = 1; nth <= 2; nth++) {
        probe_watch watch = { .script = "k.R" };
        struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
        ant_join_set fresh;
        ant_join_set_init(&fresh, "fresh");
        ant_mem_fail_nth(nth, 0);
        assert_int_equal(ant_join_set_add(&fresh, NULL, handle), -ENOMEM);
        ant_mem_fail_nth(0, 0);
        assert_true(ant_join_set_is_empty(&fresh));
        ant_join_set_deinit(&fresh);
        executor_run(&ex);
        assert_int_equal(watch.poll_count, 0);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(hands_out_in_the_order_of_the_ends),
        TEST(is_empty_before_the_first_task),
        TEST(try_next_takes_what_is_there),
        TEST(a_failure_tells_why_until_the_next),
        TEST(copies_the_finished_future),
        TEST(takes_a_task_that_is_over),
        TEST(deinit_aborts_all),
        TEST(an_end_after_deinit_is_not_heard),
        TEST(aborted_tasks_can_be_joined),
        TEST(join_all_waits_for_all),
        TEST(join_all_fails_with_the_first),
        TEST(shutdown_stops_and_waits),
        TEST(a_dropped_next_loses_nothing),
        TEST(a_dropped_next_passes_its_wake_on),
        TEST(only_the_latest_waker_counts),
        TEST(stands_an_evil_waker),
        TEST(says_what_it_waits_for),
        TEST(survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
