// SPDX-License-Identifier: MIT
//
// Tests of time/sleep.

#include "time/sleep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/here.h"
#include "core/resource.h"
#include "support/timed.h"

// Ti1: never early, not even by a nanosecond; the deadline is rounded up.
static void is_never_early(void **state)
{
    (void)state;
    struct ant_sleep nap = ant_sleep_ns(2 * ANT_NS_PER_MS + 1);
    assert_int_equal(hand_poll(&task, &nap.base), ANT_PENDING);
    hand_clock_advance_ms(&hands, 2);
    assert_int_equal(hand_take_wakes(&task), 0);
    assert_int_equal(hand_poll(&task, &nap.base), ANT_PENDING);
    hand_clock_advance_ms(&hands, 1);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_int_equal(ant_atomic_load(&task.via, ANT_RELAXED), ANT_VIA_TIMER);
    assert_int_equal(hand_poll(&task, &nap.base), ANT_READY);
    assert_int_equal(nap.base.result, 0);
}

static void of_nothing_is_ready_at_once(void **state)
{
    (void)state;
    struct ant_sleep nap = ant_sleep(0);
    assert_int_equal(hand_poll(&task, &nap.base), ANT_READY);
    struct ant_sleep past = ant_sleep_until(0);
    assert_int_equal(hand_poll(&task, &past.base), ANT_READY);
    assert_int_equal(ant_atomic_load(&task.clone_count, ANT_RELAXED), 0);
}

// Outside of a poll a sleep cannot know the time; inside it does.
static void counts_from_the_call_or_else_from_the_first_poll(void **state)
{
    (void)state;
    struct ant_sleep outside = ant_sleep(10);
    ant_cx cx = { .clock = &hands.timers.clock };
    ant__here()->cx = &cx;
    struct ant_sleep inside = ant_sleep(10);
    ant__here()->cx = NULL;

    hand_clock_advance_ms(&hands, 4);
    assert_int_equal(hand_poll(&task, &inside.base), ANT_PENDING);
    assert_int_equal(hand_poll(&task, &outside.base), ANT_PENDING);
    hand_clock_advance_ms(&hands, 6);
    assert_int_equal(hand_poll(&task, &inside.base), ANT_READY);
    assert_int_equal(hand_poll(&task, &outside.base), ANT_PENDING);
    hand_clock_advance_ms(&hands, 4);
    assert_int_equal(hand_poll(&task, &outside.base), ANT_READY);
}

// W8: only the waker of the latest poll counts; the older one is given back.
static void wakes_the_task_that_polled_last(void **state)
{
    (void)state;
    hand_task other;
    hand_task_init(&other, 2);
    other.clock = &hands;
    struct ant_sleep nap = ant_sleep(5);
    assert_int_equal(hand_poll(&other, &nap.base), ANT_PENDING);
    assert_int_equal(hand_poll(&task, &nap.base), ANT_PENDING);
    assert_int_equal(hand_poll(&task, &nap.base), ANT_PENDING);
    assert_int_equal(ant_atomic_load(&task.clone_count, ANT_RELAXED), 1);
    assert_int_equal(hand_refs(&other), 0);
    hand_clock_advance_ms(&hands, 5);
    assert_int_equal(hand_take_wakes(&other), 0);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_int_equal(hand_poll(&task, &nap.base), ANT_READY);
}

// A reset moves the deadline of the pending poll; it need not be polled again.
static void keeps_its_waker_when_it_is_reset(void **state)
{
    (void)state;
    struct ant_sleep nap = ant_sleep(10);
    ant_sleep_reset(&nap, 20 * ANT_NS_PER_MS);
    assert_int_equal(hand_poll(&task, &nap.base), ANT_PENDING);
    ant_sleep_reset(&nap, 30 * ANT_NS_PER_MS);
    hand_clock_advance_ms(&hands, 29);
    assert_int_equal(hand_take_wakes(&task), 0);
    ant_sleep_reset(&nap, 30 * ANT_NS_PER_MS);
    hand_clock_advance_ms(&hands, 1);
    assert_int_equal(hand_take_wakes(&task), 1);

    // It went off, but nobody has looked yet: it can be set once more.
    ant_sleep_reset(&nap, 40 * ANT_NS_PER_MS);
    assert_int_equal(hand_poll(&task, &nap.base), ANT_PENDING);
    hand_clock_advance_ms(&hands, 10);
    assert_int_equal(hand_poll(&task, &nap.base), ANT_READY);
}

// K21: the end of time is a deadline like any other.
static void clamps_at_the_end_of_time(void **state)
{
    (void)state;
    hand_clock_advance_ms(&hands, 1000);
    const uint64_t far[] = { UINT64_MAX,
                             UINT64_MAX - 1,
                             UINT64_MAX / 2,
                             UINT64_C(1) << 36,
                             UINT64_MAX / ANT_NS_PER_MS,
                             UINT64_MAX / ANT_NS_PER_MS + 1 };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(far); i++) {
        struct ant_sleep ms = ant_sleep(far[i]);
        struct ant_sleep ns = ant_sleep_until(far[i]);
        assert_int_equal(hand_poll(&task, &ms.base), ANT_PENDING);
        assert_int_equal(hand_poll(&task, &ns.base), ANT_PENDING);
        hand_clock_advance_ms(&hands, 1);
        assert_int_equal(hand_take_wakes(&task), 0);
        ant_future_drop(&ms.base);
        ant_future_drop(&ns.base);
    }
}

// S12: without budget nothing is lost, it is ready in the next poll.
static void yields_when_the_budget_is_used_up(void **state)
{
    (void)state;
    struct ant_sleep nap = ant_sleep(1);
    assert_int_equal(hand_poll(&task, &nap.base), ANT_PENDING);
    assert_int_equal(task.budget_left, ANT_BUDGET);
    hand_clock_advance_ms(&hands, 1);
    (void)hand_take_wakes(&task);
    task.budget = 0;
    assert_int_equal(hand_poll(&task, &nap.base), ANT_PENDING);
    assert_true(task.has_yielded);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_int_equal(hand_poll(&task, &nap.base), ANT_READY);
    assert_int_equal(task.budget_left, ANT_BUDGET - 1);
}

static void says_what_it_waits_for(void **state)
{
    (void)state;
    ant_wait wait;
    struct ant_sleep nap = ant_sleep(8);
    assert_false(nap.base.ops->waits_on(&nap.base, &wait));
    assert_int_equal(hand_poll(&task, &nap.base), ANT_PENDING);
    assert_true(nap.base.ops->waits_on(&nap.base, &wait));
    assert_int_equal(wait.kind, ANT_RES_TIMER);
    assert_int_equal(wait.deadline_ns, 8 * ANT_NS_PER_MS);
    ant_future_drop(&nap.base);
    assert_false(nap.base.ops->waits_on(&nap.base, &wait));
}

static void poll_without_a_clock(void *arg)
{
    hand_task *clockless = arg;
    struct ant_sleep nap = ant_sleep(1);
    (void)!hand_poll(clockless, &nap.base);
}

static void traps_without_a_clock(void **state)
{
    (void)state;
    hand_task clockless;
    hand_task_init(&clockless, 3);
    assert_true(hand_traps(poll_without_a_clock, &clockless));
    assert_non_null(strstr(hand_trap_text(), "needs a runtime with a clock"));
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, timed_set_up, timed_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(is_never_early),
        TEST(of_nothing_is_ready_at_once),
        TEST(counts_from_the_call_or_else_from_the_first_poll),
        TEST(wakes_the_task_that_polled_last),
        TEST(keeps_its_waker_when_it_is_reset),
        TEST(clamps_at_the_end_of_time),
        TEST(yields_when_the_budget_is_used_up),
        TEST(says_what_it_waits_for),
        TEST(traps_without_a_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
