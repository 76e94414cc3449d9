// SPDX-License-Identifier: MIT
//
// Tests of trace/check, timers, futures and locks: for each rule a trace that
// breaks it, and traces that break none.

#include "trace/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/recording.h"
#include "trace/trace.h"

static void begin(void)
{
    ANT_TRACE(task_spawn, .task = 1, .seq = 1,
              .name = ant_trace_string("cook"));
    ANT_TRACE(poll_begin, .task = 1, .seq = 2);
}

static void end(enum ant_trace_RESULT result)
{
    ANT_TRACE(poll_end, .task = 1, .seq = 3, .result = result, .wakers = 1);
}

static void finds_an_early_timer(void **state)
{
    (void)state;
    ANT_TRACE(timer_arm, .timer = 1, .task = 1, .deadline = 1000);
    recording_ns = 1000;
    ANT_TRACE(timer_fire, .timer = 1, .task = 1, .deadline = 1000);
    ANT_TRACE(timer_arm, .timer = 2, .task = 1, .deadline = 1001);
    ANT_TRACE(timer_fire, .timer = 2, .task = 1, .deadline = 1001);
    recording_expect_finding("timer-early",
                             "timer 2 of task 1 fires 1 ns too early");
}

static void finds_a_timer_that_fires_twice(void **state)
{
    (void)state;
    ANT_TRACE(timer_arm, .timer = 1, .task = 1, .deadline = 0);
    ANT_TRACE(timer_fire, .timer = 1, .task = 1, .deadline = 0);
    ANT_TRACE(timer_fire, .timer = 1, .task = 1, .deadline = 0);
    recording_expect_finding("timer-once",
                             "timer 1 of task 1 fires but was not armed");
}

static void start_future(uint32_t fut, uint32_t parent)
{
    ANT_TRACE(future_start, .fut = fut, .parent = parent,
              .name = ant_trace_string(parent == 0 ? "root" : "nap"));
}

static void poll_future(uint32_t fut, enum ant_trace_RESULT result)
{
    ANT_TRACE(future_poll, .fut = fut);
    ANT_TRACE(future_result, .fut = fut, .result = result);
}

static void accepts_nested_futures(void **state)
{
    (void)state;
    begin();
    start_future(1, 0);
    ANT_TRACE(future_poll, .fut = 1);
    start_future(2, 1);
    poll_future(2, ANT_RESULT_PENDING);
    poll_future(2, ANT_RESULT_READY);
    start_future(3, 1);
    ANT_TRACE(future_drop, .fut = 3, .why = ANT_DROP_UNPOLLED);
    ANT_TRACE(future_result, .fut = 1, .result = ANT_RESULT_PENDING);
    end(ANT_RESULT_PENDING);
    recording_expect_fine();
}

static void accepts_a_panic_inside_polls(void **state)
{
    (void)state;
    begin();
    ANT_TRACE(future_poll, .fut = 1);
    end(ANT_RESULT_PANICKED);
    recording_expect_fine();
}

static void finds_a_future_polled_after_its_end(void **state)
{
    (void)state;
    begin();
    start_future(1, 0);
    poll_future(1, ANT_RESULT_READY);
    poll_future(1, ANT_RESULT_READY);
    recording_expect_finding(
        "future-end",
        "future 1 `root` is polled after its end, in task 1 cook");
}

static void finds_a_future_outside_of_its_parent(void **state)
{
    (void)state;
    begin();
    start_future(1, 0);
    poll_future(1, ANT_RESULT_PENDING);
    start_future(2, 1);
    poll_future(2, ANT_RESULT_PENDING);
    recording_expect_finding(
        "future-nesting",
        "future 2 `nap` is polled outside of its parent future 1 "
        "`root`, in task 1 cook");
}

static void make_lock(void)
{
    ANT_TRACE(res_new, .res = 1, .kind = ANT_RES_MUTEX,
              .name = ant_trace_string("db"));
    ANT_TRACE(acquire, .res = 1, .task = 1);
    ANT_TRACE(wait_begin, .res = 1, .task = 2, .waiters = 1);
    ANT_TRACE(wait_begin, .res = 1, .task = 3, .waiters = 2);
}

static void grant(uint32_t task)
{
    ANT_TRACE(wait_end, .res = 1, .task = task, .why = ANT_WAIT_GRANTED);
}

static void accepts_a_fair_lock(void **state)
{
    (void)state;
    make_lock();
    ANT_TRACE(release, .res = 1, .task = 1);
    grant(2);
    ANT_TRACE(acquire, .res = 1, .task = 2);
    ANT_TRACE(wait_end, .res = 1, .task = 3, .why = ANT_WAIT_CANCELLED);
    ANT_TRACE(release, .res = 1, .task = 2);
    recording_expect_fine();
}

static void finds_a_lock_with_two_holders(void **state)
{
    (void)state;
    make_lock();
    ANT_TRACE(acquire, .res = 1, .task = 4);
    recording_expect_finding("lock-holder",
                             "task 4 takes lock 1 `db` while task 1 holds it");
}

static void finds_a_stranger_that_unlocks(void **state)
{
    (void)state;
    make_lock();
    ANT_TRACE(release, .res = 1, .task = 4);
    recording_expect_finding(
        "lock-holder", "task 4 gives back lock 1 `db`, which task 1 holds");
}

static void finds_an_unfair_lock(void **state)
{
    (void)state;
    make_lock();
    ANT_TRACE(release, .res = 1, .task = 1);
    grant(3);
    recording_expect_finding("lock-fair",
                             "task 3 gets lock 1 `db` before task 2, which "
                             "has waited longer");
}

static void finds_a_thief_of_a_granted_lock(void **state)
{
    (void)state;
    make_lock();
    ANT_TRACE(release, .res = 1, .task = 1);
    grant(2);
    ANT_TRACE(acquire, .res = 1, .task = 4);
    recording_expect_finding(
        "lock-fair", "task 4 takes lock 1 `db`, which was given to task 2");
}

static void finds_one_that_leaves_a_queue_it_never_entered(void **state)
{
    (void)state;
    make_lock();
    ANT_TRACE(wait_end, .res = 1, .task = 9, .why = ANT_WAIT_CANCELLED);
    recording_expect_finding(
        "wait-queue",
        "task 9 leaves the queue of lock 1 `db` but was not in it");
}

// A semaphore with three permits, of which task 1 holds two.
static void make_semaphore(void)
{
    ANT_TRACE(res_new, .res = 1, .kind = ANT_RES_SEMAPHORE, .capacity = 3,
              .name = ant_trace_string("db"));
    ANT_TRACE(acquire, .res = 1, .task = 1, .amount = 2);
}

static void accepts_permits_that_are_there(void **state)
{
    (void)state;
    make_semaphore();
    ANT_TRACE(acquire, .res = 1, .task = 2, .amount = 1);
    ANT_TRACE(release, .res = 1, .task = 1, .amount = 1);
    ANT_TRACE(acquire, .res = 1, .task = 2, .amount = 1);
    ANT_TRACE(permits, .res = 1, .change = 2);
    ANT_TRACE(acquire, .res = 1, .task = 3, .amount = 2);
    ANT_TRACE(release, .res = 1, .task = 4, .amount = 5);
    ANT_TRACE(release, .res = 1, .task = 4, .amount = 1); // a new one
    ANT_TRACE(acquire, .res = 1, .task = 3, .amount = 6);
    recording_expect_fine();
}

static void finds_permits_out_of_nothing(void **state)
{
    (void)state;
    make_semaphore();
    ANT_TRACE(permits, .res = 1, .change = (uint64_t)-1);
    ANT_TRACE(acquire, .res = 1, .task = 2, .amount = 1);
    recording_expect_finding("permits",
                             "task 2 takes 1 of lock 1 `db`, of which then 3 "
                             "are held and only 2 exist");
}

static void finds_an_unfair_semaphore(void **state)
{
    (void)state;
    make_semaphore();
    ANT_TRACE(wait_begin, .res = 1, .task = 2, .waiters = 1);
    ANT_TRACE(wait_begin, .res = 1, .task = 3, .waiters = 2);
    grant(3);
    recording_expect_finding("lock-fair",
                             "task 3 gets lock 1 `db` before task 2, which "
                             "has waited longer");
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, recording_setup, recording_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finds_an_early_timer),
        TEST(finds_a_timer_that_fires_twice),
        TEST(accepts_nested_futures),
        TEST(accepts_a_panic_inside_polls),
        TEST(finds_a_future_polled_after_its_end),
        TEST(finds_a_future_outside_of_its_parent),
        TEST(accepts_a_fair_lock),
        TEST(finds_a_lock_with_two_holders),
        TEST(finds_a_stranger_that_unlocks),
        TEST(finds_an_unfair_lock),
        TEST(finds_a_thief_of_a_granted_lock),
        TEST(finds_one_that_leaves_a_queue_it_never_entered),
        TEST(accepts_permits_that_are_there),
        TEST(finds_permits_out_of_nothing),
        TEST(finds_an_unfair_semaphore),
    };
    return cmocka_run_group_tests_name("trace/check_leaves", tests, NULL, NULL);
}
