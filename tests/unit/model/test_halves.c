// SPDX-License-Identifier: MIT
//
// Who has the halves of a channel, and who waits for ever because of that.

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

static void begin(unsigned channels, unsigned tasks)
{
    halves_begin(ANT_RES_MPSC, channels, tasks);
}

// One value goes through the channel, from the task to itself.
static void use_both_ends(unsigned channel, uint32_t task)
{
    script_poll(task, ANT_QUEUE_LOCAL);
    ANT_TRACE(chan_send, .res = channel, .task = task, .len = 1);
    ANT_TRACE(chan_recv, .res = channel, .task = task, .len = 0);
    script_poll_end(task, ANT_RESULT_PENDING);
}

// Task 1 receives, and a clone of its sender is with task 2, which sleeps.
static void one_receives_and_one_sleeps(void)
{
    begin(1, 2);
    halves_clone(1, 1, HALVES_LATER);
    halves_give(HALVES_LATER, 2);
    halves_receive(1, 1);
    script_poll(2, ANT_QUEUE_LOCAL);
    script_sleep(1, 2, 50);
    script_poll_end(2, ANT_RESULT_PENDING);
}

// ---- Tests ----

static void who_has_the_only_sender_waits_for_itself(void **state)
{
    (void)state;
    story_moment r;
    begin(1, 1);
    use_both_ends(1, 1);
    halves_receive(1, 1);
    story_look_at_end(&r);
    assert_true(story_is_core(&r, 1));
    story_expect_why(
        &r, 1,
        "waits for a value in channel `a`, whose sender it has itself: "
        "deadlock");
    story_look_away(&r);
}

// It may be shared by a pointer with somebody who had no need of it yet.
static void a_sender_that_nobody_uses_may_be_somewhere_else(void **state)
{
    (void)state;
    story_moment r;
    begin(1, 1);
    halves_receive(1, 1);
    story_look_at_end(&r);
    assert_false(story_is_core(&r, 1));
    story_expect_why(
        &r, 1, "waits for a value in channel `a`, whose sender it has itself");
    story_look_away(&r);
}

static void but_not_when_nobody_is_left(void **state)
{
    (void)state;
    story_moment r;
    begin(1, 1);
    halves_receive(1, 1);
    ANT_TRACE(stall, .waiting = 1);
    story_look_at_end(&r);
    assert_true(story_is_core(&r, 1));
    story_look_away(&r);
}

static void any_sender_that_goes_on_is_enough(void **state)
{
    (void)state;
    story_moment r;
    one_receives_and_one_sleeps();
    story_look_at_end(&r);
    assert_false(story_is_core(&r, 1));
    story_expect_why(
        &r, 1,
        "waits for a value in channel `a`, whose senders 2 ant and 1 "
        "other have");
    story_look_away(&r);
}

static void the_knot_is_closed_as_the_last_other_sender_goes(void **state)
{
    (void)state;
    story_moment r;
    waitfor_knot knot;
    one_receives_and_one_sleeps();
    script_pass(50);
    script_fire(1, 2);
    script_wake(2, ANT_VIA_TIMER, 1);
    script_poll(2, ANT_QUEUE_LOCAL);
    halves_drop(1, 2, HALVES_LATER);
    script_poll_end(2, ANT_RESULT_READY);
    story_look_at_end(&r);
    assert_true(story_is_core(&r, 1));
    model_snapshot_at(&r.world, 0);
    assert_int_equal(model_waitfor_find(&r.world, &knot), 1);
    assert_int_equal(knot.task, 1);
    assert_int_equal(knot.event, story_event(r.model, ANT_EV_half_drop, 0));
    assert_int_equal(model_waitfor_find(&r.world, &knot), 0);
    story_look_away(&r);
}

// Task 1 has sender 3 of `b`, task 2 has sender 1 of `a`; each receives from
// the other channel.
static void two_that_wait_for_each_others_values_are_a_knot(void **state)
{
    (void)state;
    story_moment r;
    begin(2, 2);
    halves_give(1, 2);
    halves_give(4, 2);
    halves_receive(1, 1);
    halves_receive(2, 2);
    story_look_at_end(&r);
    assert_true(story_is_core(&r, 1));
    assert_true(story_is_core(&r, 2));
    story_expect_why(
        &r, 2,
        "waits for a value in channel `b`, whose sender 1 ant has; 1 "
        "ant waits for a value in channel `a`, whose sender 2 ant has: "
        "deadlock");
    story_look_away(&r);
}

static void a_sender_waits_for_whoever_receives(void **state)
{
    (void)state;
    story_moment r;
    begin(1, 2);
    halves_give(2, 2);
    halves_receive(1, 1); // it has no receiver any more: it waits for room
    story_look_at_end(&r);
    assert_false(story_is_core(&r, 1));
    story_expect_why(&r, 1,
                     "waits for room in channel `a`, whose receiver 2 ant has");
    story_look_away(&r);
}

// Task 2 sends, and was never seen to be given a sender.
static void what_went_unseen_makes_all_unknown(void **state)
{
    (void)state;
    story_moment r;
    begin(1, 2);
    script_poll(2, ANT_QUEUE_LOCAL);
    ANT_TRACE(chan_send, .res = 1, .task = 2, .len = 1);
    script_poll_end(2, ANT_RESULT_READY);
    script_poll(1, ANT_QUEUE_LOCAL);
    ANT_TRACE(chan_recv, .res = 1, .task = 1, .len = 0);
    script_wait(1, 1, 1);
    script_poll_end(1, ANT_RESULT_PENDING);
    story_look_at_end(&r);
    assert_false(r.model->res[1].knows_halves);
    assert_false(story_is_core(&r, 1));
    story_expect_why(&r, 1, "waits for a value in channel `a`");
    story_look_away(&r);
}

static void a_wait_that_ends_was_none_for_ever(void **state)
{
    (void)state;
    story_moment r;
    begin(1, 1);
    use_both_ends(1, 1);
    halves_receive(1, 1);
    script_grant(1, 1, 0);
    story_look_at_end(&r);
    model_snapshot_at(&r.world, story_event(r.model, ANT_EV_poll_end, 1));
    model_waitfor_deinit(&r.graph);
    assert_int_equal(model_waitfor_init(&r.graph, &r.world), 0);
    assert_false(story_is_core(&r, 1));
    story_look_away(&r);
}

// What ends as the runtime shuts down would never have ended.
static void a_wait_that_is_cut_off_is_one_for_ever(void **state)
{
    (void)state;
    story_moment r;
    begin(1, 1);
    use_both_ends(1, 1);
    halves_receive(1, 1);
    ANT_TRACE(runtime_stop, .phase = ANT_PHASE_CLOSE);
    ANT_TRACE(wait_end, .res = 1, .task = 1, .why = ANT_WAIT_CANCELLED);
    story_look_at_end(&r);
    model_snapshot_at(&r.world, story_event(r.model, ANT_EV_poll_end, 1));
    model_waitfor_deinit(&r.graph);
    assert_int_equal(model_waitfor_init(&r.graph, &r.world), 0);
    assert_true(story_is_core(&r, 1));
    story_look_away(&r);
}

// Task 1 waits for an answer, whose sender is in the queue of task 2, and task
// 2 waits for an answer of task 1.
static void a_sender_in_a_queue_is_with_who_receives_there(void **state)
{
    (void)state;
    story_moment r;
    begin(2, 2);
    halves_give(4, 2);
    script_poll(1, ANT_QUEUE_LOCAL);
    ANT_TRACE(chan_send, .res = 2, .task = 1, .len = 1);
    ANT_TRACE(half_move, .half = 1, .into = 2);
    script_wait(1, 1, 1);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_poll(2, ANT_QUEUE_LOCAL);
    script_join(2, 1);
    script_poll_end(2, ANT_RESULT_PENDING);
    story_look_at_end(&r);
    assert_true(story_is_core(&r, 1));
    assert_true(story_is_core(&r, 2));
    story_expect_why(
        &r, 1,
        "waits for a value in channel `a`, whose sender 2 ant has; 2 "
        "ant waits for the end of 1 ant: deadlock");
    story_look_away(&r);
}

static void who_ended_with_a_sender_never_sends(void **state)
{
    (void)state;
    story_moment r;
    begin(1, 2);
    halves_give(1, 2);
    script_poll_ready(2, ANT_QUEUE_LOCAL);
    halves_receive(1, 1);
    story_look_at_end(&r);
    assert_true(story_is_core(&r, 2));
    story_expect_why(
        &r, 1,
        "waits for a value in channel `a`, whose sender 2 ant has, "
        "which ended without giving it up: deadlock");
    story_look_away(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_has_the_only_sender_waits_for_itself),
        TEST(a_sender_that_nobody_uses_may_be_somewhere_else),
        TEST(but_not_when_nobody_is_left),
        TEST(any_sender_that_goes_on_is_enough),
        TEST(the_knot_is_closed_as_the_last_other_sender_goes),
        TEST(two_that_wait_for_each_others_values_are_a_knot),
        TEST(a_sender_waits_for_whoever_receives),
        TEST(what_went_unseen_makes_all_unknown),
        TEST(a_wait_that_ends_was_none_for_ever),
        TEST(a_wait_that_is_cut_off_is_one_for_ever),
        TEST(a_sender_in_a_queue_is_with_who_receives_there),
        TEST(who_ended_with_a_sender_never_sends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
