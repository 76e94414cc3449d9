// SPDX-License-Identifier: MIT
//
// Channels with many receivers: who waits for whom, and who for their end.

#include "model/halves.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/trace_halves.h"
#include "support/trace_script.h"
#include "support/trace_story.h"

#define TEST(name) cmocka_unit_test_teardown(name, nothing_is_left)

// ---- Programs ----

static void wait_for_end(unsigned channel, uint32_t task)
{
    ANT_TRACE(wait_begin, .res = channel, .task = task, .amount = 0,
              .waiters = 1);
}

static void end_pending(unsigned channel, uint32_t task)
{
    script_poll(task, ANT_QUEUE_LOCAL);
    wait_for_end(channel, task);
    script_poll_end(task, ANT_RESULT_PENDING);
}

// Task 1 has the sender of a broadcast, tasks 2 and 3 have its receivers.
static void one_sends_to_two(void)
{
    halves_begin(ANT_RES_BROADCAST, 1, 3);
    halves_subscribe(1, 1, HALVES_LATER);
    halves_give(2, 2);
    halves_give(HALVES_LATER, 3);
    script_poll(1, ANT_QUEUE_LOCAL);
    ANT_TRACE(chan_send, .res = 1, .task = 1, .len = 1);
    script_poll_end(1, ANT_RESULT_PENDING);
    for (uint32_t task = 2; task <= 3; task++) {
        script_poll(task, ANT_QUEUE_LOCAL);
        ANT_TRACE(chan_recv, .res = 1, .task = task, .len = 3 - task);
        script_poll_end(task, ANT_RESULT_PENDING);
    }
}

// ---- Tests ----

static void many_that_wait_for_one_are_a_knot_with_it(void **state)
{
    (void)state;
    story_moment r;
    one_sends_to_two();
    halves_receive(1, 2);
    halves_receive(1, 3);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_join(1, 3);
    script_poll_end(1, ANT_RESULT_PENDING);
    story_look_at_end(&r);
    assert_true(story_is_core(&r, 1));
    assert_true(story_is_core(&r, 3));
    assert_false(story_is_core(&r, 2)); // nobody waits for it
    story_expect_why(
        &r, 2,
        "waits for a value in broadcast channel `a`, whose sender 1 ant "
        "has; 1 ant waits for the end of 3 ant; 3 ant waits for a value "
        "in broadcast channel `a`, whose sender 1 ant has: deadlock");
    story_look_away(&r);
}

// One of many receivers that was given away says nothing of the sender, which
// somebody else may use by a pointer.
static void receivers_alone_tell_nothing_of_the_sender(void **state)
{
    (void)state;
    story_moment r;
    halves_begin(ANT_RES_WATCH, 1, 2);
    halves_give(2, 2);
    halves_receive(1, 2);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_join(1, 2);
    script_poll_end(1, ANT_RESULT_PENDING);
    story_look_at_end(&r);
    assert_true(r.model->res[1].knows_halves);
    assert_false(story_is_core(&r, 1));
    story_expect_why(&r, 2,
                     "waits for a value in watch `a`, whose sender 1 ant has");
    story_look_away(&r);
}

static void
who_receives_with_what_nobody_gave_it_makes_all_unknown(void **state)
{
    (void)state;
    story_moment r;
    one_sends_to_two();
    halves_receive(1, 1); // it has a sender only
    story_look_at_end(&r);
    assert_false(r.model->res[1].knows_halves);
    story_expect_why(&r, 1, "waits for a value in broadcast channel `a`");
    story_look_away(&r);
}

static void the_end_of_a_channel_waits_for_every_receiver(void **state)
{
    (void)state;
    story_moment r;
    one_sends_to_two();
    script_poll(2, ANT_QUEUE_LOCAL);
    script_sleep(1, 2, 50);
    script_poll_end(2, ANT_RESULT_PENDING);
    halves_receive(1, 3);
    end_pending(1, 1);
    story_look_at_end(&r);
    assert_true(story_is_core(&r, 1));
    assert_true(story_is_core(&r, 3));
    story_expect_why(
        &r, 1,
        "waits for the end of broadcast channel `a`, whose receivers 3 "
        "ant and 1 other have; 3 ant waits for a value in broadcast "
        "channel `a`, whose sender 1 ant has: deadlock");
    assert_true(r.graph.nodes[model_waitfor_res(&r.graph, 1)].is_core);
    story_look_away(&r);
}

static void and_goes_on_when_each_of_them_can(void **state)
{
    (void)state;
    story_moment r;
    one_sends_to_two();
    for (uint32_t task = 2; task <= 3; task++) {
        script_poll(task, ANT_QUEUE_LOCAL);
        script_sleep(task, task, 50);
        script_poll_end(task, ANT_RESULT_PENDING);
    }
    end_pending(1, 1);
    story_look_at_end(&r);
    assert_int_equal(r.graph.stuck_count, 0);
    story_look_away(&r);
}

// The sender waits for the end or for a timer, whatever comes first: it stands
// before the receiver in the channel's queue, and is waited for all the same.
static void two_ways_to_wait_for_a_channel_are_two(void **state)
{
    (void)state;
    story_moment r;
    halves_begin(ANT_RES_MPSC, 1, 2);
    halves_give(2, 2);
    script_poll(1, ANT_QUEUE_LOCAL);
    wait_for_end(1, 1);
    script_sleep(1, 1, 50);
    script_poll_end(1, ANT_RESULT_PENDING);
    halves_receive(1, 2);
    story_look_at_end(&r);
    assert_int_equal(r.graph.stuck_count, 0);
    story_expect_why(
        &r, 1,
        "waits for the end of channel `a`, whose receiver 2 ant has or "
        "a timer at 0.050 ms, in 50 us");
    story_look_away(&r);
}

// What the first in the queue gives up waiting for never comes to the others.
static void who_leaves_the_queue_says_nothing_of_the_others(void **state)
{
    (void)state;
    story_moment r;
    one_sends_to_two();
    script_poll(2, ANT_QUEUE_LOCAL);
    script_wait(1, 2, 1);
    script_sleep(1, 2, 50);
    script_poll_end(2, ANT_RESULT_PENDING);
    halves_receive(1, 3);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_join(1, 3);
    script_poll_end(1, ANT_RESULT_PENDING);
    ANT_TRACE(wait_end, .res = 1, .task = 2, .why = ANT_WAIT_CANCELLED);
    story_look_at_end(&r);
    model_snapshot_at(&r.world, r.world.event - 1);
    model_waitfor_deinit(&r.graph);
    assert_int_equal(model_waitfor_init(&r.graph, &r.world), 0);
    assert_true(story_is_core(&r, 3));
    assert_false(story_is_core(&r, 2));
    story_look_away(&r);
}

static void a_receiver_that_goes_closes_no_knot(void **state)
{
    (void)state;
    story_moment r;
    waitfor_knot knot;
    one_sends_to_two();
    halves_receive(1, 3);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_join(1, 3);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_poll(2, ANT_QUEUE_LOCAL);
    halves_drop(1, 2, 2);
    script_poll_end(2, ANT_RESULT_READY);
    story_look_at_end(&r);
    assert_true(r.model->res[1].knows_halves);
    model_snapshot_at(&r.world, 0);
    assert_int_equal(model_waitfor_find(&r.world, &knot), 1);
    assert_int_equal(knot.task, 1);
    assert_int_equal(model_waitfor_find(&r.world, &knot), 0);
    story_look_away(&r);
}

// The only sender of mpsc `b` is inside of the broadcast.
static void what_went_to_many_is_with_nobody_known(void **state)
{
    (void)state;
    story_moment r;
    one_sends_to_two();
    script_res(2, ANT_RES_MPSC, "b", 2);
    ANT_TRACE(chan_open, .res = 2, .task = 1, .tx = 50, .rx = 51);
    script_poll(1, ANT_QUEUE_LOCAL);
    ANT_TRACE(chan_send, .res = 1, .task = 1, .len = 1);
    ANT_TRACE(half_move, .half = 50, .into = 1);
    script_wait(2, 1, 1);
    script_poll_end(1, ANT_RESULT_PENDING);
    story_look_at_end(&r);
    story_expect_why(&r, 1, "waits for a value in channel `b`");
    story_look_away(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(many_that_wait_for_one_are_a_knot_with_it),
        TEST(receivers_alone_tell_nothing_of_the_sender),
        TEST(who_receives_with_what_nobody_gave_it_makes_all_unknown),
        TEST(the_end_of_a_channel_waits_for_every_receiver),
        TEST(and_goes_on_when_each_of_them_can),
        TEST(two_ways_to_wait_for_a_channel_are_two),
        TEST(who_leaves_the_queue_says_nothing_of_the_others),
        TEST(a_receiver_that_goes_closes_no_knot),
        TEST(what_went_to_many_is_with_nobody_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
