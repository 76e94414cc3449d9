// SPDX-License-Identifier: MIT
//
// Tests of trace/check: for each rule a trace that breaks it, and traces that
// break none.

#include "trace/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/recording.h"
#include "trace/trace.h"

static uint32_t lane[2];
static ant_finding last;

static int start(void **state)
{
    if (recording_setup(state) < 0) return -1;
    lane[0] = ant_trace_lane_new(ANT_LANE_WORKER, 0, "worker 0");
    lane[1] = ant_trace_lane_new(ANT_LANE_WORKER, 1, "worker 1");
    ant_trace_lane_enter(lane[0]);
    return 0;
}

static void keep_last(const ant_finding *finding, void *arg)
{
    (void)arg;
    last = *finding;
}

static void expect_fine(void)
{
    ant_trace_stop();
    int64_t count = ant_check_file(recording_path(), keep_last, NULL, NULL);
    if (count != 0) fail_msg("%s [%s]", last.text, last.rule);
}

static void expect_finding(const char *rule, const char *text)
{
    ant_trace_stop();
    int64_t count = ant_check_file(recording_path(), keep_last, NULL, NULL);
    assert_int_equal(count, 1);
    assert_string_equal(last.text, text);
    assert_string_equal(last.rule, rule);
}

static uint32_t step; // of task 1
static void spawn(void)
{
    step = 1;
    ANT_TRACE(task_spawn, .task = 1, .seq = step,
              .name = ant_trace_string("cook"));
}

static void wake(enum ant_trace_WAKE result)
{
    ANT_TRACE(wake, .task = 1, .seq = ++step % 128, .result = result);
}

static void begin(void)
{
    ANT_TRACE(poll_begin, .task = 1, .seq = ++step % 128);
}

static void end(enum ant_trace_RESULT result)
{
    ANT_TRACE(poll_end, .task = 1, .seq = ++step % 128, .result = result,
              .wakers = 1);
}

static void over(void)
{
    ANT_TRACE(task_drop, .task = 1, .why = ANT_DROP_DONE);
    ANT_TRACE(task_end, .task = 1, .seq = ++step % 128,
              .outcome = ANT_RESULT_READY);
}

static void push(enum ant_trace_QUEUE queue)
{
    ANT_TRACE(task_push, .task = 1, .queue = queue, .owner = lane[0]);
}

static void accepts_a_whole_life(void **state)
{
    (void)state;
    ANT_TRACE(runtime_start, .workers = 2);
    spawn();
    wake(ANT_WAKE_COALESCED);
    for (unsigned i = 0; i < 100; i++) {
        begin();
        end(ANT_RESULT_PENDING);
        wake(ANT_WAKE_QUEUED);
        wake(ANT_WAKE_COALESCED);
        begin();
        wake(ANT_WAKE_RUNNING);
        wake(ANT_WAKE_COALESCED);
        end(ANT_RESULT_PENDING);
    }
    begin();
    end(ANT_RESULT_READY);
    wake(ANT_WAKE_RUNNING);
    over();
    wake(ANT_WAKE_LATE);
    ANT_TRACE(runtime_stop, .phase = ANT_PHASE_DONE);
    expect_fine();
}

static void accepts_an_abort(void **state)
{
    (void)state;
    spawn();
    begin();
    end(ANT_RESULT_PENDING);
    ANT_TRACE(task_abort, .task = 1, .seq = ++step);
    wake(ANT_WAKE_COALESCED);
    // It is taken from its queue to be destroyed: no event says so.
    wake(ANT_WAKE_RUNNING);
    over();
    expect_fine();
}

static void finds_two_pollers(void **state)
{
    (void)state;
    spawn();
    begin();
    wake(ANT_WAKE_RUNNING);
    ant_trace_lane_enter(lane[1]);
    begin();
    expect_finding("one-poller",
                   "task 1 cook is polled by worker 1 while worker 0 polls it");
}

static void finds_a_poll_after_the_end(void **state)
{
    (void)state;
    spawn();
    begin();
    end(ANT_RESULT_READY);
    over();
    begin();
    expect_finding("after-end", "task 1 cook is polled after its end");
}

static void finds_a_poll_that_nobody_asked_for(void **state)
{
    (void)state;
    spawn();
    begin();
    end(ANT_RESULT_PENDING);
    begin();
    expect_finding("unwoken", "task 1 cook is polled but was not woken");
}

static void finds_a_poll_after_an_abort(void **state)
{
    (void)state;
    spawn();
    ANT_TRACE(task_abort, .task = 1, .seq = ++step);
    begin();
    expect_finding("aborted",
                   "task 1 cook is polled after it was asked to stop");
}

static void finds_wakes_that_found_the_wrong_state(void **state)
{
    (void)state;
    spawn();
    wake(ANT_WAKE_QUEUED);
    expect_finding("wake-result", "task 1 cook was to run when it was woken");
}

static void finds_missing_steps(void **state)
{
    (void)state;
    spawn();
    step++;
    begin();
    expect_finding("step", "task 1 cook goes from step 1 to step 3");
}

static void finds_a_second_end(void **state)
{
    (void)state;
    spawn();
    begin();
    end(ANT_RESULT_READY);
    over();
    ANT_TRACE(task_end, .task = 1, .seq = ++step);
    expect_finding("after-end", "task 1 cook ends twice");
}

static void finds_a_broken_promise(void **state)
{
    (void)state;
    spawn();
    begin();
    ANT_TRACE(poll_end, .task = 1, .seq = ++step, .result = ANT_RESULT_PENDING);
    expect_finding("unarmed",
                   "task 1 cook was PENDING while nobody held its waker");
}

static void finds_tasks_that_outlive_the_runtime(void **state)
{
    (void)state;
    ANT_TRACE(runtime_start, .workers = 1);
    spawn();
    ANT_TRACE(runtime_stop, .phase = ANT_PHASE_DONE);
    expect_finding("left-over",
                   "task 1 cook is still there after the runtime has ended");
}

static void finds_a_stall_that_is_none(void **state)
{
    (void)state;
    ANT_TRACE(runtime_start, .workers = 1);
    spawn();
    ANT_TRACE(stall, .waiting = 1);
    expect_finding(
        "stall",
        "task 1 cook may run, but the runtime said that nothing could");
}

static void follows_tasks_through_queues(void **state)
{
    (void)state;
    spawn();
    push(ANT_QUEUE_LIFO);
    push(ANT_QUEUE_LOCAL);
    ANT_TRACE(overflow, .count = 1);
    ant_trace_lane_enter(lane[1]);
    ANT_TRACE(task_push, .task = 1, .queue = ANT_QUEUE_LOCAL, .owner = lane[1]);
    ant_trace_lane_enter(lane[0]);
    ANT_TRACE(steal_task, .task = 1, .victim = lane[1]);
    begin();
    end(ANT_RESULT_PENDING);
    wake(ANT_WAKE_QUEUED);
    push(ANT_QUEUE_INJECT);
    push(ANT_QUEUE_LOCAL);
    begin();
    expect_fine();
}

static void finds_a_task_in_two_queues(void **state)
{
    (void)state;
    spawn();
    push(ANT_QUEUE_LOCAL);
    push(ANT_QUEUE_LOCAL);
    expect_finding("one-queue",
                   "task 1 cook enters a run queue while it is in one");
}

static void finds_a_poll_out_of_no_queue(void **state)
{
    (void)state;
    spawn();
    push(ANT_QUEUE_LOCAL);
    begin();
    end(ANT_RESULT_PENDING);
    wake(ANT_WAKE_QUEUED);
    begin();
    expect_finding("one-queue",
                   "task 1 cook is polled but was in no run queue");
}

static void finds_a_sleeper_that_falls_asleep(void **state)
{
    (void)state;
    ANT_TRACE(park, .reason = ANT_PARK_IDLE);
    ANT_TRACE(unpark, .cause = ANT_UNPARK_TIMER);
    ANT_TRACE(park, .reason = ANT_PARK_IDLE);
    ANT_TRACE(park, .reason = ANT_PARK_IDLE);
    expect_finding("park", "worker 0 goes to sleep while it sleeps");
}

static void finds_a_sleeper_that_polls(void **state)
{
    (void)state;
    spawn();
    ANT_TRACE(park, .reason = ANT_PARK_IDLE);
    begin();
    expect_finding("park", "worker 0 polls task 1 cook while it sleeps");
}

static void finds_a_lane_with_two_tasks(void **state)
{
    (void)state;
    spawn();
    begin();
    ANT_TRACE(poll_begin, .task = 2, .seq = 2);
    expect_finding("poll",
                   "worker 0 begins to poll task 2 while it polls task 1 cook");
}

static void finds_an_early_timer(void **state)
{
    (void)state;
    ANT_TRACE(timer_arm, .timer = 1, .task = 1, .deadline = 1000);
    recording_ns = 1000;
    ANT_TRACE(timer_fire, .timer = 1, .task = 1, .deadline = 1000);
    ANT_TRACE(timer_arm, .timer = 2, .task = 1, .deadline = 1001);
    ANT_TRACE(timer_fire, .timer = 2, .task = 1, .deadline = 1001);
    expect_finding("timer-early", "timer 2 of task 1 fires 1 ns too early");
}

static void finds_a_timer_that_fires_twice(void **state)
{
    (void)state;
    ANT_TRACE(timer_arm, .timer = 1, .task = 1, .deadline = 0);
    ANT_TRACE(timer_fire, .timer = 1, .task = 1, .deadline = 0);
    ANT_TRACE(timer_fire, .timer = 1, .task = 1, .deadline = 0);
    expect_finding("timer-once", "timer 1 of task 1 fires but was not armed");
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
    spawn();
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
    expect_fine();
}

static void accepts_a_panic_inside_polls(void **state)
{
    (void)state;
    spawn();
    begin();
    ANT_TRACE(future_poll, .fut = 1);
    end(ANT_RESULT_PANICKED);
    over();
    expect_fine();
}

static void finds_a_future_polled_after_its_end(void **state)
{
    (void)state;
    spawn();
    begin();
    start_future(1, 0);
    poll_future(1, ANT_RESULT_READY);
    poll_future(1, ANT_RESULT_READY);
    expect_finding("future-end",
                   "future 1 `root` is polled after its end, in task 1 cook");
}

static void finds_a_future_outside_of_its_parent(void **state)
{
    (void)state;
    spawn();
    begin();
    start_future(1, 0);
    poll_future(1, ANT_RESULT_PENDING);
    start_future(2, 1);
    poll_future(2, ANT_RESULT_PENDING);
    expect_finding("future-nesting",
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
    expect_fine();
}

static void finds_a_lock_with_two_holders(void **state)
{
    (void)state;
    make_lock();
    ANT_TRACE(acquire, .res = 1, .task = 4);
    expect_finding("lock-holder",
                   "task 4 takes lock 1 `db` while task 1 holds it");
}

static void finds_a_stranger_that_unlocks(void **state)
{
    (void)state;
    make_lock();
    ANT_TRACE(release, .res = 1, .task = 4);
    expect_finding("lock-holder",
                   "task 4 gives back lock 1 `db`, which task 1 holds");
}

static void finds_an_unfair_lock(void **state)
{
    (void)state;
    make_lock();
    ANT_TRACE(release, .res = 1, .task = 1);
    grant(3);
    expect_finding("lock-fair", "task 3 gets lock 1 `db` before task 2, which "
                                "has waited longer");
}

static void finds_a_thief_of_a_granted_lock(void **state)
{
    (void)state;
    make_lock();
    ANT_TRACE(release, .res = 1, .task = 1);
    grant(2);
    ANT_TRACE(acquire, .res = 1, .task = 4);
    expect_finding("lock-fair",
                   "task 4 takes lock 1 `db`, which was given to task 2");
}

static void finds_one_that_leaves_a_queue_it_never_entered(void **state)
{
    (void)state;
    make_lock();
    ANT_TRACE(wait_end, .res = 1, .task = 9, .why = ANT_WAIT_CANCELLED);
    expect_finding("wait-queue",
                   "task 9 leaves the queue of lock 1 `db` but was not in it");
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, start, recording_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(accepts_a_whole_life),
        TEST(accepts_an_abort),
        TEST(finds_two_pollers),
        TEST(finds_a_poll_after_the_end),
        TEST(finds_a_poll_that_nobody_asked_for),
        TEST(finds_a_poll_after_an_abort),
        TEST(finds_wakes_that_found_the_wrong_state),
        TEST(finds_missing_steps),
        TEST(finds_a_second_end),
        TEST(finds_a_broken_promise),
        TEST(finds_tasks_that_outlive_the_runtime),
        TEST(finds_a_stall_that_is_none),
        TEST(follows_tasks_through_queues),
        TEST(finds_a_task_in_two_queues),
        TEST(finds_a_poll_out_of_no_queue),
        TEST(finds_a_sleeper_that_falls_asleep),
        TEST(finds_a_sleeper_that_polls),
        TEST(finds_a_lane_with_two_tasks),
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
    };
    return cmocka_run_group_tests_name("trace/check", tests, NULL, NULL);
}
