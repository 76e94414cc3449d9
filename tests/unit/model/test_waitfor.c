// SPDX-License-Identifier: MIT
//
// The wait-for graph: who can go on, and who never can.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/waitfor.h"
#include "support/trace_script.h"
#include "support/trace_story.h"

#define TEST(name) cmocka_unit_test_teardown(name, nothing_is_left)

static bool is_stuck(const story_moment *r, uint32_t task)
{
    return r->graph.nodes[model_waitfor_task(&r->graph, task)].is_stuck;
}

// ---- Programs ----

// A type that awaits several futures.
static uint64_t group_type(const char *name, enum ant_trace_NEEDS needs)
{
    uint64_t type = script_type(name, NULL, 0);
    ANT_TRACE(type_needs, .type = type, .needs = needs);
    return type;
}

static void begin_with_locks(unsigned locks, unsigned tasks)
{
    script_begin(ANT_LEVEL_FULL);
    for (unsigned i = 1; i <= locks; i++)
        script_res(i, ANT_RES_MUTEX, i == 1 ? "a" : "b", i);
    for (unsigned i = 1; i <= tasks; i++)
        script_spawn(i, 0, "ant", i);
}

// A future that is polled once, waits for `res`, and stays pending.
static void lock_pending(uint32_t fut, uint32_t parent, uint64_t type,
                         uint32_t task, uint32_t res)
{
    script_future(fut, parent, type, "lock", 1);
    script_wait(res, task, 1);
    script_future_end(fut, ANT_RESULT_PENDING, 0);
}

static void sleep_pending(uint32_t fut, uint32_t parent, uint64_t type,
                          uint32_t task)
{
    script_future(fut, parent, type, "nap", 1);
    script_sleep(fut, task, 50);
    script_future_end(fut, ANT_RESULT_PENDING, 0);
}

// Task 2 holds `b` and waits for `a`. Task 1 holds `a` and, inside a group,
// waits for `b` and for a timer.
static void two_tasks_with_a_group(enum ant_trace_NEEDS needs)
{
    begin_with_locks(2, 2);
    uint64_t body = script_type("body", NULL, 0);
    uint64_t leaf = script_type("leaf", NULL, 0);
    uint64_t group = group_type("group", needs);
    script_poll(2, ANT_QUEUE_LOCAL);
    script_acquire(2, 2, 5);
    script_poll_end(2, ANT_RESULT_PENDING);

    script_poll(1, ANT_QUEUE_LOCAL);
    script_acquire(1, 1, 7);
    script_future(1, 0, body, "body", 1);
    script_future(2, 1, group, "group", 1);
    lock_pending(3, 2, leaf, 1, 2);
    sleep_pending(4, 2, leaf, 1);
    script_future_end(2, ANT_RESULT_PENDING, 0);
    script_future_end(1, ANT_RESULT_PENDING, 0);
    script_poll_end(1, ANT_RESULT_PENDING);

    script_poll(2, ANT_QUEUE_LOCAL);
    script_future(5, 0, body, "body", 1);
    lock_pending(6, 5, leaf, 2, 1);
    script_future_end(5, ANT_RESULT_PENDING, 0);
    script_poll_end(2, ANT_RESULT_PENDING);
}

// ---- Tests ----

static void two_locks_in_opposite_order_are_a_knot(void **state)
{
    (void)state;
    story_moment r;
    story_look(&r, script_story_deadlock(), MODEL_NONE);
    assert_true(is_stuck(&r, 1));
    assert_true(story_is_core(&r, 1));
    assert_true(story_is_core(&r, 2));
    assert_int_equal(r.graph.core_count, 2);
    assert_int_equal(r.graph.closed_by,
                     story_event(r.model, ANT_EV_wait_begin, 1));
    story_look_away(&r);
}

static void before_it_is_closed_there_is_no_knot(void **state)
{
    (void)state;
    story_moment r;
    story_look(&r, script_story_deadlock(), 0);
    uint32_t before = story_event(r.model, ANT_EV_wait_begin, 1) - 1;
    story_look_away(&r);
    story_look(&r, script_story_deadlock(), before);
    assert_int_equal(r.graph.stuck_count, 0);
    assert_int_equal(r.graph.closed_by, MODEL_NONE);
    story_look_away(&r);
}

static void a_select_with_one_live_way_out_is_no_deadlock(void **state)
{
    (void)state;
    story_moment r;
    two_tasks_with_a_group(ANT_NEEDS_ANY);
    story_look_at_end(&r);
    assert_false(is_stuck(&r, 1));
    assert_false(is_stuck(&r, 2));
    story_look_away(&r);
}

static void a_join_with_one_stuck_child_is_a_deadlock(void **state)
{
    (void)state;
    story_moment r;
    two_tasks_with_a_group(ANT_NEEDS_ALL);
    story_look_at_end(&r);
    assert_true(story_is_core(&r, 1));
    assert_true(story_is_core(&r, 2));
    story_look_away(&r);
}

static void without_nested_futures_any_wait_is_a_way_out(void **state)
{
    (void)state;
    story_moment r;
    begin_with_locks(1, 1);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_acquire(1, 1, 7);
    script_wait(1, 1, 1);
    script_sleep(1, 1, 50);
    script_poll_end(1, ANT_RESULT_PENDING);
    story_look_at_end(&r);
    assert_false(is_stuck(&r, 1));
    story_look_away(&r);
}

static void a_task_that_locks_twice_waits_for_itself(void **state)
{
    (void)state;
    story_moment r;
    begin_with_locks(1, 1);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_acquire(1, 1, 7);
    script_wait(1, 1, 1);
    script_poll_end(1, ANT_RESULT_PENDING);
    story_look_at_end(&r);
    assert_true(story_is_core(&r, 1));
    assert_int_equal(r.graph.core_count, 1);
    story_look_away(&r);
}

static void who_waits_for_the_stuck_is_stuck_but_no_cause(void **state)
{
    (void)state;
    story_moment r;
    begin_with_locks(1, 2);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_acquire(1, 1, 7);
    script_wait(1, 1, 1);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_poll(2, ANT_QUEUE_LOCAL);
    script_join(2, 1);
    script_poll_end(2, ANT_RESULT_PENDING);
    story_look_at_end(&r);
    assert_true(is_stuck(&r, 2));
    assert_false(story_is_core(&r, 2));
    assert_int_equal(r.graph.stuck_count, 2);
    uint32_t next =
        model_waitfor_next_stuck(&r.graph, model_waitfor_task(&r.graph, 2));
    assert_int_equal(next, model_waitfor_task(&r.graph, 1));
    story_look_away(&r);
}

// A join polls one lock that it holds the other side of, and one that is free
// to come: what the live child took will be given back.
static void a_live_child_of_a_stuck_task_gives_its_lock_back(void **state)
{
    (void)state;
    story_moment r;
    begin_with_locks(2, 2);
    uint64_t body = script_type("body", NULL, 0);
    uint64_t leaf = script_type("leaf", NULL, 0);
    uint64_t all = group_type("join", ANT_NEEDS_ALL);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_future(1, 0, all, "join", 1);
    // One child takes `b` and sleeps, the other takes `a` twice.
    script_future(2, 1, body, "sleeper", 1);
    script_future(3, 2, leaf, "lock", 1);
    script_acquire(2, 1, 8);
    script_future_end(3, ANT_RESULT_READY, 0);
    sleep_pending(4, 2, leaf, 1);
    script_future_end(2, ANT_RESULT_PENDING, 0);
    script_future(5, 1, body, "twice", 1);
    script_future(6, 5, leaf, "lock", 1);
    script_acquire(1, 1, 9);
    script_future_end(6, ANT_RESULT_READY, 0);
    lock_pending(7, 5, leaf, 1, 1);
    script_future_end(5, ANT_RESULT_PENDING, 0);
    script_future_end(1, ANT_RESULT_PENDING, 0);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_poll(2, ANT_QUEUE_LOCAL);
    script_wait(2, 2, 1);
    script_poll_end(2, ANT_RESULT_PENDING);
    story_look_at_end(&r);
    assert_true(is_stuck(&r, 1));
    assert_false(is_stuck(&r, 2));
    story_look_away(&r);
}

// The lock's queue: task 1 has it, its own older request stands first.
static void a_lock_granted_to_a_future_that_nobody_polls(void **state)
{
    (void)state;
    story_moment r;
    begin_with_locks(1, 1);
    uint64_t body = script_type("body", NULL, 0);
    uint64_t leaf = script_type("leaf", NULL, 0);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_future(1, 0, body, "body", 1);
    lock_pending(2, 1, leaf, 1, 1);
    script_future_end(1, ANT_RESULT_PENDING, 0);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_grant(1, 1, 0);
    script_acquire(1, 1, 1);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_future_poll(1);
    lock_pending(3, 1, leaf, 1, 1);
    script_future_end(1, ANT_RESULT_PENDING, 0);
    script_poll_end(1, ANT_RESULT_PENDING);
    story_look_at_end(&r);
    assert_true(story_is_core(&r, 1));
    story_look_away(&r);
}

static void nobody_passes_one_who_never_takes_his_turn(void **state)
{
    (void)state;
    story_moment r;
    begin_with_locks(2, 3);
    // Task 3 runs and holds `a`. Task 1 stands first in its queue with a
    // future that it has left for its own lock `b`; task 2 stands behind.
    uint64_t body = script_type("body", NULL, 0);
    uint64_t leaf = script_type("leaf", NULL, 0);
    script_on(1);
    script_poll(3, ANT_QUEUE_LOCAL);
    script_acquire(1, 3, 3);
    script_on(0);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_future(1, 0, body, "body", 1);
    script_acquire(2, 1, 4);
    lock_pending(2, 1, leaf, 1, 1);
    lock_pending(3, 1, leaf, 1, 2);
    script_future_end(1, ANT_RESULT_PENDING, 0);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_poll(2, ANT_QUEUE_LOCAL);
    script_wait(1, 2, 2);
    script_poll_end(2, ANT_RESULT_PENDING);
    story_look_at_end(&r);
    assert_true(story_is_core(&r, 1));
    assert_true(is_stuck(&r, 2));
    assert_false(is_stuck(&r, 3));
    story_look_away(&r);
}

static void a_semaphore_with_a_live_holder_left_is_open(void **state)
{
    (void)state;
    story_moment r;
    script_begin(ANT_LEVEL_FULL);
    ANT_TRACE(res_new, .res = 1, .kind = ANT_RES_SEMAPHORE,
              .name = ant_trace_string("seats"), .line = 1, .capacity = 2);
    for (uint32_t task = 1; task <= 3; task++)
        script_spawn(task, 0, "guest", 1);
    script_on(1);
    script_poll(2, ANT_QUEUE_LOCAL);
    script_acquire(1, 2, 3); // and runs
    script_on(0);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_acquire(1, 1, 4);
    script_wait(1, 1, 1); // one more, while it keeps one
    script_poll_end(1, ANT_RESULT_PENDING);
    story_look_at_end(&r);
    assert_false(is_stuck(&r, 1));
    story_look_away(&r);
}

// A lock of readers and writers is never stuck as a whole while only one reads.
static void who_reads_twice_around_a_writer_waits_for_itself(void **state)
{
    (void)state;
    story_moment r;
    script_begin(ANT_LEVEL_FULL);
    ANT_TRACE(res_new, .res = 1, .kind = ANT_RES_RWLOCK,
              .name = ant_trace_string("menu"), .line = 1, .capacity = 1000);
    for (uint32_t task = 1; task <= 2; task++)
        script_spawn(task, 0, "cook", 1);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_acquire(1, 1, 2);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_poll(2, ANT_QUEUE_LOCAL);
    ANT_TRACE(wait_begin, .res = 1, .task = 2, .amount = 1000, .waiters = 1);
    script_poll_end(2, ANT_RESULT_PENDING);
    script_wake(1, ANT_VIA_TIMER, 0);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_wait(1, 1, 2);
    script_poll_end(1, ANT_RESULT_PENDING);
    story_look_at_end(&r);
    assert_true(story_is_core(&r, 1));
    assert_true(is_stuck(&r, 2));
    story_look_away(&r);
}

static void a_receiver_is_stuck_only_when_the_runtime_says_so(void **state)
{
    (void)state;
    for (int is_stalled = 0; is_stalled < 2; is_stalled++) {
        story_moment r;
        script_begin(ANT_LEVEL_FULL);
        script_res(1, ANT_RES_MPSC, "mail", 1);
        script_spawn(1, 0, "reader", 1);
        script_poll(1, ANT_QUEUE_LOCAL);
        script_wait(1, 1, 1);
        script_poll_end(1, ANT_RESULT_PENDING);
        if (is_stalled) ANT_TRACE(stall, .waiting = 1);
        story_look_at_end(&r);
        assert_int_equal(is_stuck(&r, 1), is_stalled);
        assert_int_equal(r.graph.core_count, 0);
        story_look_away(&r);
    }
}

static void a_lock_that_was_never_given_back_is_a_knot(void **state)
{
    (void)state;
    story_moment r;
    begin_with_locks(1, 2);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_acquire(1, 1, 7);
    script_poll_end(1, ANT_RESULT_READY);
    script_task_end(1, ANT_RESULT_READY);
    script_poll(2, ANT_QUEUE_LOCAL);
    script_wait(1, 2, 1);
    script_poll_end(2, ANT_RESULT_PENDING);
    story_look_at_end(&r);
    assert_true(is_stuck(&r, 2));
    assert_true(story_is_core(&r, 1));
    assert_int_equal(r.graph.stuck_count, 1);
    story_look_away(&r);
}

static void with_every_worker_in_a_lock_timers_help_nobody(void **state)
{
    (void)state;
    story_moment r;
    script_begin(ANT_LEVEL_FULL);
    script_res(1, ANT_RES_THREAD_MUTEX, "account", 3);
    script_spawn(1, 0, "anna", 5);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_acquire(1, 1, 28);
    script_sleep(1, 1, 100000);
    script_poll_end(1, ANT_RESULT_PENDING);
    for (uint32_t task = 2; task <= 3; task++) {
        script_spawn(task, 0, "ben", 6);
        script_on(task - 2);
        script_poll(task, ANT_QUEUE_LOCAL);
        ANT_TRACE(block_begin, .task = task, .what = ANT_BLOCK_MUTEX, .res = 1,
                  .file = ant_trace_string("bad.c"), .line = 28);
    }
    story_look_at_end(&r);
    assert_true(story_is_core(&r, 1));
    assert_true(story_is_core(&r, 2));
    assert_int_equal(r.graph.stuck_count, 3);
    story_look_away(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(two_locks_in_opposite_order_are_a_knot),
        TEST(before_it_is_closed_there_is_no_knot),
        TEST(a_select_with_one_live_way_out_is_no_deadlock),
        TEST(a_join_with_one_stuck_child_is_a_deadlock),
        TEST(without_nested_futures_any_wait_is_a_way_out),
        TEST(a_task_that_locks_twice_waits_for_itself),
        TEST(who_waits_for_the_stuck_is_stuck_but_no_cause),
        TEST(a_live_child_of_a_stuck_task_gives_its_lock_back),
        TEST(a_lock_granted_to_a_future_that_nobody_polls),
        TEST(nobody_passes_one_who_never_takes_his_turn),
        TEST(a_semaphore_with_a_live_holder_left_is_open),
        TEST(who_reads_twice_around_a_writer_waits_for_itself),
        TEST(a_receiver_is_stuck_only_when_the_runtime_says_so),
        TEST(a_lock_that_was_never_given_back_is_a_knot),
        TEST(with_every_worker_in_a_lock_timers_help_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
