// SPDX-License-Identifier: MIT
//
// Tests of task/cancellation_token.

#include "task/cancellation_token.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/os.h"
#include "support/hand.h"
#include "support/stub.h"

static hand_task tasks[3];
static ant_cancellation_token root;
static uint64_t blocks_before;

static int set_up(void **state)
{
    (void)state;
    blocks_before = ant_mem_live_count();
    for (unsigned i = 0; i < 3; i++) {
        hand_task_init(&tasks[i], i + 1);
    }
    return ant_cancellation_token_new("stop", &root);
}

static int tear_down(void **state)
{
    (void)state;
    ant_cancellation_token_drop(&root);
    for (unsigned i = 0; i < 3; i++) {
        if (hand_refs(&tasks[i]) != 0) return -1;
    }
    return ant_mem_live_count() == blocks_before ? 0 : -1;
}

static ant_cancellation_token child_of(const ant_cancellation_token *parent)
{
    ant_cancellation_token child;
    assert_int_equal(ant_cancellation_token_child_token(parent, &child), 0);
    return child;
}

static bool is_cancelled(const ant_cancellation_token *token)
{
    return ant_cancellation_token_is_cancelled(token);
}

static void wakes_all_who_wait_once(void **state)
{
    (void)state;
    struct ant_cancellation_token_cancelled waits[3];
    for (unsigned i = 0; i < 3; i++) {
        waits[i] = ant_cancellation_token_cancelled(&root);
        assert_int_equal(hand_poll(&tasks[i], &waits[i].base), ANT_PENDING);
    }
    assert_false(is_cancelled(&root));
    ant_cancellation_token_cancel(&root);
    ant_cancellation_token_cancel(&root);
    assert_true(is_cancelled(&root));
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(hand_take_wakes(&tasks[i]), 1);
        assert_int_equal(ant_atomic_load(&tasks[i].via, ANT_RELAXED),
                         ANT_VIA_NOTIFY);
        assert_int_equal(hand_poll(&tasks[i], &waits[i].base), ANT_READY);
    }
}

static void is_ready_at_once_when_cancelled(void **state)
{
    (void)state;
    ant_cancellation_token_cancel(&root);
    struct ant_cancellation_token_cancelled wait =
        ant_cancellation_token_cancelled(&root);
    assert_int_equal(hand_poll(&tasks[0], &wait.base), ANT_READY);
    assert_int_equal(hand_take_wakes(&tasks[0]), 0);
}

static void children_go_with_their_parent_only(void **state)
{
    (void)state;
    ant_cancellation_token child = child_of(&root);
    ant_cancellation_token sibling = child_of(&root);
    ant_cancellation_token grandchild = child_of(&child);
    ant_cancellation_token_cancel(&child);
    assert_false(is_cancelled(&root));
    assert_false(is_cancelled(&sibling));
    assert_true(is_cancelled(&grandchild));
    ant_cancellation_token_cancel(&root);
    assert_true(is_cancelled(&sibling));
    ant_cancellation_token late = child_of(&root);
    assert_true(is_cancelled(&late));
    ant_cancellation_token_drop(&late);
    ant_cancellation_token_drop(&child);
    ant_cancellation_token_drop(&sibling);
    ant_cancellation_token_drop(&grandchild);
}

// The one between is dropped: its child still hears of the root.
static void children_move_up_when_a_token_goes(void **state)
{
    (void)state;
    ant_cancellation_token child = child_of(&root);
    ant_cancellation_token grandchild = child_of(&child);
    ant_cancellation_token_drop(&child);
    ant_cancellation_token_drop(&child); // does nothing
    assert_false(is_cancelled(&grandchild));
    ant_cancellation_token_cancel(&root);
    assert_true(is_cancelled(&grandchild));
    ant_cancellation_token_drop(&grandchild);
}

static void children_outlive_their_root(void **state)
{
    (void)state;
    ant_cancellation_token child = child_of(&root);
    ant_cancellation_token grandchild = child_of(&child);
    ant_cancellation_token_drop(&root);
    ant_cancellation_token_cancel(&child);
    assert_true(is_cancelled(&grandchild));
    ant_cancellation_token_drop(&child);
    ant_cancellation_token_drop(&grandchild);
}

// Neither cancelling nor dropping goes deeper into the stack with the tree, and
// a chain of tokens that nobody has any more does not stay.
static void the_tree_may_be_deep(void **state)
{
    (void)state;
    enum { DEPTH = 100000 };
    static ant_cancellation_token chain[DEPTH];
    chain[0] = child_of(&root);
    for (unsigned i = 1; i < DEPTH; i++) {
        chain[i] = child_of(&chain[i - 1]);
    }
    ant_cancellation_token_cancel(&root);
    assert_true(is_cancelled(&chain[DEPTH - 1]));
    for (unsigned i = 0; i < DEPTH; i++) {
        ant_cancellation_token_drop(&chain[i]);
    }

    ant_cancellation_token fresh;
    assert_int_equal(ant_cancellation_token_new("chain", &fresh), 0);
    const uint64_t blocks = ant_mem_live_count();
    for (unsigned i = 0; i < 1000; i++) {
        ant_cancellation_token next = child_of(&fresh);
        ant_cancellation_token_drop(&fresh);
        fresh = next;
    }
    assert_int_equal(ant_mem_live_count(), blocks);
    ant_cancellation_token_drop(&fresh);
}

static void a_clone_is_the_same_token(void **state)
{
    (void)state;
    ant_cancellation_token clone = ant_cancellation_token_clone(&root);
    ant_cancellation_token_drop(&root);
    struct ant_cancellation_token_cancelled wait =
        ant_cancellation_token_cancelled(&clone);
    assert_int_equal(hand_poll(&tasks[0], &wait.base), ANT_PENDING);
    ant_cancellation_token_cancel(&clone);
    ant_cancellation_token_drop(&clone);
    assert_int_equal(hand_poll(&tasks[0], &wait.base), ANT_READY);
}

static void a_wait_may_be_dropped_at_every_point(void **state)
{
    (void)state;
    ant_cancellation_token tokens[3];
    for (unsigned point = 0; point < 3; point++) { // new, waiting, woken
        tokens[point] = child_of(&root);
        struct ant_cancellation_token_cancelled wait =
            ant_cancellation_token_cancelled(&tokens[point]);
        if (point > 0)
            assert_int_equal(hand_poll(&tasks[0], &wait.base), ANT_PENDING);
        if (point > 1) ant_cancellation_token_cancel(&tokens[point]);
        ant_future_drop(&wait.base);
        assert_int_equal(hand_refs(&tasks[0]), 0);
        assert_int_equal(hand_take_wakes(&tasks[0]), point > 1);
        ant_cancellation_token_cancel(&tokens[point]);
        ant_cancellation_token_drop(&tokens[point]);
    }
}

static void runs_until_cancelled(void **state)
{
    (void)state;
    stub_log log = { .len = 0 };
    struct stub work = stub('a', &log);
    struct ant_run_until_cancelled run =
        ant_run_until_cancelled(&root, &work.base);
    assert_int_equal(hand_poll(&tasks[0], &run.base), ANT_PENDING);
    assert_int_equal(work.poll_count, 1);
    ant_cancellation_token_cancel(&root);
    assert_int_equal(hand_take_wakes(&tasks[0]), 1);
    assert_int_equal(hand_poll(&tasks[0], &run.base), ANT_READY);
    assert_int_equal(run.base.result, -ECANCELED);
    assert_true(run.is_cancelled);
    assert_int_equal(work.drop_count, 1);

    // Now it is too late: the work is not polled at all.
    work = stub('b', &log);
    run = ant_run_until_cancelled(&root, &work.base);
    assert_int_equal(hand_poll(&tasks[0], &run.base), ANT_READY);
    assert_int_equal(work.poll_count, 0);
}

static void work_that_is_ready_wins(void **state)
{
    (void)state;
    stub_log log = { .len = 0 };
    struct stub work = stub('a', &log);
    work.result = 7;
    struct ant_run_until_cancelled run =
        ant_run_until_cancelled(&root, &work.base);
    assert_int_equal(hand_poll(&tasks[0], &run.base), ANT_PENDING);
    work.may_end = true;
    ant_cancellation_token_cancel(&root);
    (void)hand_take_wakes(&tasks[0]);
    assert_int_equal(hand_poll(&tasks[0], &run.base), ANT_READY);
    assert_false(run.is_cancelled);
    assert_int_equal(run.base.result, 7);
}

static void a_guard_cancels_unless_disarmed(void **state)
{
    (void)state;
    ant_cancellation_token seen = ant_cancellation_token_clone(&root);
    ant_drop_guard guard = ant_cancellation_token_drop_guard(&root);
    root = ant_drop_guard_disarm(&guard);
    ant_drop_guard_drop(&guard);
    assert_false(is_cancelled(&seen));
    guard = ant_cancellation_token_drop_guard(&root);
    ant_drop_guard_drop(&guard);
    ant_drop_guard_drop(&guard);
    assert_true(is_cancelled(&seen));
    ant_cancellation_token_drop(&seen);
}

// ---- Evil wakers, memory, threads ----

static struct ant_cancellation_token_cancelled *victim;

static void poke(void *arg)
{
    (void)arg;
    ant_cancellation_token child;
    if (ant_cancellation_token_child_token(&root, &child) < 0) return;
    struct ant_cancellation_token_cancelled wait =
        ant_cancellation_token_cancelled(&child);
    (void)hand_poll(&tasks[2], &wait.base);
    ant_future_drop(&wait.base);
    ant_cancellation_token_cancel(&child);
    ant_cancellation_token_drop(&child);
    if (victim != NULL) ant_future_drop(&victim->base);
}

static void stands_an_evil_waker(void **state)
{
    (void)state;
    struct ant_cancellation_token_cancelled waits[2];
    victim = NULL;
    tasks[0].evil = poke;
    for (unsigned i = 0; i < 2; i++) {
        waits[i] = ant_cancellation_token_cancelled(&root);
        assert_int_equal(hand_poll(&tasks[i], &waits[i].base), ANT_PENDING);
    }
    victim = &waits[1];
    ant_cancellation_token_cancel(&root);
    assert_int_equal(hand_poll(&tasks[0], &waits[0].base), ANT_READY);
    assert_int_equal(waits[1].base.phase, ANT_PHASE_ENDED);
}

static void survives_every_failing_allocation(void **state)
{
    (void)state;
    ant_cancellation_token token;
    for (uint64_t nth = 1; nth <= 2; nth++) {
        ant_mem_fail_nth(nth, 0);
        assert_int_equal(ant_cancellation_token_new("no", &token), -ENOMEM);
    }
    ant_mem_fail_nth(1, 0);
    assert_int_equal(ant_cancellation_token_child_token(&root, &token),
                     -ENOMEM);
    ant_mem_fail_nth(0, 0);
}

// Threads grow and drop branches while the root is cancelled.
static void grow_and_drop(void *arg)
{
    ant_cancellation_token own = ant_cancellation_token_clone(arg);
    for (unsigned i = 0; i < 2000; i++) {
        ant_cancellation_token child;
        if (ant_cancellation_token_child_token(&own, &child) < 0) break;
        ant_cancellation_token_drop(&own);
        own = child;
        if (i == 1000) ant_cancellation_token_cancel(arg);
    }
    ANT_ASSERT(ant_cancellation_token_is_cancelled(&own));
    ant_cancellation_token_drop(&own);
}

static void threads_may_share_a_tree(void **state)
{
    (void)state;
    ant_os_thread threads[3];
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(
            ant_os_thread_start(&threads[i], "grower", grow_and_drop, &root),
            0);
    }
    for (unsigned i = 0; i < 3; i++) {
        ant_os_thread_join(&threads[i]);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(wakes_all_who_wait_once),
        TEST(is_ready_at_once_when_cancelled),
        TEST(children_go_with_their_parent_only),
        TEST(children_move_up_when_a_token_goes),
        TEST(children_outlive_their_root),
        TEST(the_tree_may_be_deep),
        TEST(a_clone_is_the_same_token),
        TEST(a_wait_may_be_dropped_at_every_point),
        TEST(runs_until_cancelled),
        TEST(work_that_is_ready_wins),
        TEST(a_guard_cancels_unless_disarmed),
        TEST(stands_an_evil_waker),
        TEST(survives_every_failing_allocation),
        TEST(threads_may_share_a_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
