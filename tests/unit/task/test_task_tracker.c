// SPDX-License-Identifier: MIT
//
// Tests of task/task_tracker.

#include "task/task_tracker.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/flavors.h"
#include "support/hand.h"
#include "support/probe.h"
#include "support/stub.h"

static hand_task tasks[2];
static ant_task_tracker tracker;
static stub_log log_;
static uint64_t blocks_before;

static int set_up(void **state)
{
    (void)state;
    blocks_before = ant_mem_live_count();
    for (unsigned i = 0; i < 2; i++) {
        hand_task_init(&tasks[i], i + 1);
    }
    log_ = (stub_log){ .len = 0 };
    return ant_task_tracker_new("jobs", &tracker);
}

static int tear_down(void **state)
{
    (void)state;
    ant_task_tracker_drop(&tracker);
    if (hand_refs(&tasks[0]) != 0 || hand_refs(&tasks[1]) != 0) return -1;
    return ant_mem_live_count() == blocks_before ? 0 : -1;
}

static void waits_until_closed_and_empty(void **state)
{
    (void)state;
    struct stub job = stub('a', &log_);
    struct ant_task_tracker_track_future tracked =
        ant_task_tracker_track_future(&tracker, &job.base);
    struct ant_task_tracker_wait wait = ant_task_tracker_wait(&tracker);
    assert_int_equal(ant_task_tracker_len(&tracker), 1);
    assert_int_equal(hand_poll(&tasks[1], &tracked.base), ANT_PENDING);
    assert_int_equal(hand_poll(&tasks[0], &wait.base), ANT_PENDING);
    assert_true(ant_task_tracker_close(&tracker));
    assert_false(ant_task_tracker_close(&tracker));
    assert_true(ant_task_tracker_is_closed(&tracker));
    assert_int_equal(hand_take_wakes(&tasks[0]), 0);

    job.may_end = true;
    job.result = 5;
    assert_int_equal(hand_poll(&tasks[1], &tracked.base), ANT_READY);
    assert_int_equal(tracked.base.result, 5);
    assert_true(ant_task_tracker_is_empty(&tracker));
    assert_int_equal(hand_take_wakes(&tasks[0]), 1);
    assert_int_equal(hand_poll(&tasks[0], &wait.base), ANT_READY);
}

static void an_open_tracker_is_waited_for(void **state)
{
    (void)state;
    struct ant_task_tracker_wait wait = ant_task_tracker_wait(&tracker);
    assert_int_equal(hand_poll(&tasks[0], &wait.base), ANT_PENDING);
    assert_true(ant_task_tracker_close(&tracker));
    assert_int_equal(hand_take_wakes(&tasks[0]), 1);
    assert_int_equal(hand_poll(&tasks[0], &wait.base), ANT_READY);
    wait = ant_task_tracker_wait(&tracker);
    assert_int_equal(hand_poll(&tasks[0], &wait.base), ANT_READY);
}

// Closed and empty for a moment is enough for whoever waited before it, polled
// or not.
static void a_moment_counts_though_it_is_over(void **state)
{
    (void)state;
    struct ant_task_tracker_wait polled = ant_task_tracker_wait(&tracker);
    struct ant_task_tracker_wait fresh = ant_task_tracker_wait(&tracker);
    assert_int_equal(hand_poll(&tasks[0], &polled.base), ANT_PENDING);
    assert_true(ant_task_tracker_close(&tracker));
    assert_true(ant_task_tracker_reopen(&tracker));
    assert_false(ant_task_tracker_reopen(&tracker));
    assert_int_equal(hand_poll(&tasks[0], &polled.base), ANT_READY);
    assert_int_equal(hand_poll(&tasks[1], &fresh.base), ANT_READY);
    struct ant_task_tracker_wait late = ant_task_tracker_wait(&tracker);
    assert_int_equal(hand_poll(&tasks[0], &late.base), ANT_PENDING);
    ant_future_drop(&late.base);
}

// Dropped new, pending or for ever ready: each counts once.
static void a_tracked_future_counts_until_it_ends(void **state)
{
    (void)state;
    for (int point = 0; point < 3; point++) {
        struct stub job = stub('a', &log_);
        job.may_end = point == 2;
        struct ant_task_tracker_track_future tracked =
            ant_task_tracker_track_future(&tracker, &job.base);
        if (point > 0)
            assert_int_equal(hand_poll(&tasks[1], &tracked.base),
                             point == 2 ? ANT_READY : ANT_PENDING);
        ant_future_drop(&tracked.base);
        ant_future_drop(&tracked.base);
        assert_true(ant_task_tracker_is_empty(&tracker));
    }
}

static void a_wait_may_be_dropped_at_every_point(void **state)
{
    (void)state;
    for (int point = 0; point < 3; point++) { // new, waiting, woken
        struct ant_task_tracker_wait wait = ant_task_tracker_wait(&tracker);
        if (point > 0)
            assert_int_equal(hand_poll(&tasks[0], &wait.base), ANT_PENDING);
        if (point > 1) assert_true(ant_task_tracker_close(&tracker));
        ant_future_drop(&wait.base);
        assert_int_equal(hand_refs(&tasks[0]), 0);
    }
}

static void poke(void *arg)
{
    (void)arg;
    struct ant_task_tracker_wait wait = ant_task_tracker_wait(&tracker);
    (void)hand_poll(&tasks[1], &wait.base);
    ant_future_drop(&wait.base);
    (void)ant_task_tracker_reopen(&tracker);
    (void)ant_task_tracker_close(&tracker);
}

static void stands_an_evil_waker(void **state)
{
    (void)state;
    tasks[0].evil = poke;
    struct ant_task_tracker_wait wait = ant_task_tracker_wait(&tracker);
    ant_poll poll = hand_poll(&tasks[0], &wait.base);
    (void)ant_task_tracker_close(&tracker);
    if (poll == ANT_PENDING)
        assert_int_equal(hand_poll(&tasks[0], &wait.base), ANT_READY);
}

static void survives_a_failing_allocation(void **state)
{
    (void)state;
    ant_task_tracker none;
    ant_mem_fail_nth(1, 0);
    assert_int_equal(ant_task_tracker_new("no", &none), -ENOMEM);
    ant_mem_fail_nth(0, 0);
}

// ---- Tasks ----

struct boss {
    ant_future base;
    enum { BOSS_START, BOSS_WAITING } state;
    probe_watch jobs[3]; // ends well, fails, is aborted
    struct probe finished;
    struct ant_join_handle handles[3];
    struct ant_task_tracker_wait wait;
};

ANT_ASYNC(boss)
{
    switch (self->state) {
    case BOSS_START:
        self->jobs[0].script = "R";
        self->jobs[1].script = "F";
        self->jobs[2].script = "k.";
        self->handles[0] = ant_task_tracker_spawn_into(
            &tracker, &self->finished, probe(&self->jobs[0]));
        for (unsigned i = 1; i < 3; i++) {
            self->handles[i] =
                ant_task_tracker_spawn(&tracker, probe(&self->jobs[i]));
        }
        ant_task_abort(&self->handles[2]);
        (void)ant_task_tracker_close(&tracker);
        self->wait = ant_task_tracker_wait(&tracker);
        return ANT_NEXT(BOSS_WAITING);

    case BOSS_WAITING:
        ANT_AWAIT(self->wait);
        for (unsigned i = 0; i < 3; i++) {
            ANT_ASSERT(ant_task_is_finished(&self->handles[i]));
            ant_task_detach(&self->handles[i]);
        }
        ant_waker_drop(&self->jobs[2].kept);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct boss boss(void)
{
    return (struct boss){ ANT_INIT(boss) };
}

static void tasks_count_until_they_are_over(void **state)
{
    assert_int_equal(ant_task_tracker_new("jobs", &tracker), 0);
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(ant_runtime_block_on(rt, boss()), 0);
    assert_true(ant_task_tracker_is_empty(&tracker));
    ant_runtime_free(rt);
    ant_task_tracker_drop(&tracker);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(waits_until_closed_and_empty),
        TEST(an_open_tracker_is_waited_for),
        TEST(a_moment_counts_though_it_is_over),
        TEST(a_tracked_future_counts_until_it_ends),
        TEST(a_wait_may_be_dropped_at_every_point),
        TEST(stands_an_evil_waker),
        TEST(survives_a_failing_allocation),
        EVERY_FLAVOR(tasks_count_until_they_are_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
