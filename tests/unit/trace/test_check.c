// SPDX-License-Identifier: MIT
//
// Tests of trace/check, tasks and lanes: for each rule a trace that breaks it,
// and traces that break none.

#include "trace/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/recording.h"
#include "trace/trace.h"

static uint32_t lane[2];

static int start(void **state)
{
    if (recording_setup(state) < 0) return -1;
    lane[0] = ant_trace_lane_new(ANT_LANE_WORKER, 0, "worker 0");
    lane[1] = ant_trace_lane_new(ANT_LANE_WORKER, 1, "worker 1");
    ant_trace_lane_enter(lane[0]);
    return 0;
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
    recording_expect_fine();
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
    recording_expect_fine();
}

static void finds_two_pollers(void **state)
{
    (void)state;
    spawn();
    begin();
    wake(ANT_WAKE_RUNNING);
    ant_trace_lane_enter(lane[1]);
    begin();
    recording_expect_finding(
        "one-poller",
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
    recording_expect_finding("after-end",
                             "task 1 cook is polled after its end");
}

static void finds_a_poll_that_nobody_asked_for(void **state)
{
    (void)state;
    spawn();
    begin();
    end(ANT_RESULT_PENDING);
    begin();
    recording_expect_finding("unwoken",
                             "task 1 cook is polled but was not woken");
}

static void finds_a_poll_after_an_abort(void **state)
{
    (void)state;
    spawn();
    ANT_TRACE(task_abort, .task = 1, .seq = ++step);
    begin();
    recording_expect_finding(
        "aborted", "task 1 cook is polled after it was asked to stop");
}

static void finds_wakes_that_found_the_wrong_state(void **state)
{
    (void)state;
    spawn();
    wake(ANT_WAKE_QUEUED);
    recording_expect_finding("wake-result",
                             "task 1 cook was to run when it was woken");
}

static void finds_missing_steps(void **state)
{
    (void)state;
    spawn();
    step++;
    begin();
    recording_expect_finding("step", "task 1 cook goes from step 1 to step 3");
}

static void finds_a_second_end(void **state)
{
    (void)state;
    spawn();
    begin();
    end(ANT_RESULT_READY);
    over();
    ANT_TRACE(task_end, .task = 1, .seq = ++step);
    recording_expect_finding("after-end", "task 1 cook ends twice");
}

static void finds_a_broken_promise(void **state)
{
    (void)state;
    spawn();
    begin();
    ANT_TRACE(poll_end, .task = 1, .seq = ++step, .result = ANT_RESULT_PENDING);
    recording_expect_finding(
        "unarmed", "task 1 cook was PENDING while nobody held its waker");
}

static void finds_tasks_that_outlive_the_runtime(void **state)
{
    (void)state;
    ANT_TRACE(runtime_start, .workers = 1);
    spawn();
    ANT_TRACE(runtime_stop, .phase = ANT_PHASE_DONE);
    recording_expect_finding(
        "left-over", "task 1 cook is still there after the runtime has ended");
}

static void finds_a_stall_that_is_none(void **state)
{
    (void)state;
    ANT_TRACE(runtime_start, .workers = 1);
    spawn();
    ANT_TRACE(stall, .waiting = 1);
    recording_expect_finding(
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
    recording_expect_fine();
}

static void finds_a_task_in_two_queues(void **state)
{
    (void)state;
    spawn();
    push(ANT_QUEUE_LOCAL);
    push(ANT_QUEUE_LOCAL);
    recording_expect_finding(
        "one-queue", "task 1 cook enters a run queue while it is in one");
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
    recording_expect_finding("one-queue",
                             "task 1 cook is polled but was in no run queue");
}

static void finds_a_sleeper_that_falls_asleep(void **state)
{
    (void)state;
    ANT_TRACE(park, .reason = ANT_PARK_IDLE);
    ANT_TRACE(unpark, .cause = ANT_UNPARK_TIMER);
    ANT_TRACE(park, .reason = ANT_PARK_IDLE);
    ANT_TRACE(park, .reason = ANT_PARK_IDLE);
    recording_expect_finding("park", "worker 0 goes to sleep while it sleeps");
}

static void finds_a_sleeper_that_polls(void **state)
{
    (void)state;
    spawn();
    ANT_TRACE(park, .reason = ANT_PARK_IDLE);
    begin();
    recording_expect_finding("park",
                             "worker 0 polls task 1 cook while it sleeps");
}

static void finds_a_lane_with_two_tasks(void **state)
{
    (void)state;
    spawn();
    begin();
    ANT_TRACE(poll_begin, .task = 2, .seq = 2);
    recording_expect_finding(
        "poll", "worker 0 begins to poll task 2 while it polls task 1 cook");
}

static void accepts_a_stall_while_the_worker_is_blocked(void **state)
{
    (void)state;
    ANT_TRACE(runtime_start, .workers = 1);
    spawn();
    ANT_TRACE(block_begin, .what = ANT_BLOCK_MUTEX);
    ANT_TRACE(stall, .waiting = 1);
    recording_expect_fine();
}

static void accepts_a_stall_while_a_local_tasks_worker_is_blocked(void **state)
{
    (void)state;
    ANT_TRACE(runtime_start, .workers = 2);
    ANT_TRACE(task_spawn, .task = 1, .seq = 1, .kind = ANT_TASK_LOCAL,
              .name = ant_trace_string("cook"));
    ANT_TRACE(block_begin, .what = ANT_BLOCK_MUTEX);
    ant_trace_lane_enter(lane[1]);
    ANT_TRACE(park, .until = UINT64_MAX);
    ANT_TRACE(stall, .waiting = 1);
    recording_expect_fine();
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
        TEST(accepts_a_stall_while_the_worker_is_blocked),
        TEST(accepts_a_stall_while_a_local_tasks_worker_is_blocked),
        TEST(follows_tasks_through_queues),
        TEST(finds_a_task_in_two_queues),
        TEST(finds_a_poll_out_of_no_queue),
        TEST(finds_a_sleeper_that_falls_asleep),
        TEST(finds_a_sleeper_that_polls),
        TEST(finds_a_lane_with_two_tasks),
    };
    return cmocka_run_group_tests_name("trace/check", tests, NULL, NULL);
}
