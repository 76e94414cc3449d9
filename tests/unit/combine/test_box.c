// SPDX-License-Identifier: MIT
//
// Tests of combine/box.

#include "combine/box.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/hand.h"
#include "support/probe.h"

static hand_task task;
static uint64_t blocks_before;

static int set_up(void **state)
{
    (void)state;
    hand_task_init(&task, 1);
    blocks_before = ant_mem_live_count();
    return 0;
}

// After each test: everything came back.
static int tear_down(void **state)
{
    (void)state;
    ant_mem_fail_nth(0, false);
    return ant_mem_live_count() == blocks_before && hand_refs(&task) == 0 ? 0
                                                                          : -1;
}

static void is_ready_with_the_result_of_what_is_inside(void **state)
{
    (void)state;
    probe_watch good = { .script = ".R" }, bad = { .script = "F" };
    struct ant_box box = ant_box(probe(&good));
    assert_int_equal(hand_poll(&task, &box.base), ANT_PENDING);
    assert_int_equal(hand_poll(&task, &box.base), ANT_READY);
    assert_int_equal(box.base.result, 0);
    assert_int_equal(ant_mem_live_count(), blocks_before); // freed at once
    box = ant_box(probe(&bad));
    assert_int_equal(hand_poll(&task, &box.base), ANT_READY);
    assert_int_equal(box.base.result, -EIO);
}

static void copies_the_finished_future_out(void **state)
{
    (void)state;
    probe_watch watch = { .script = ".R" };
    struct probe out = { .answer = 0 };
    struct ant_box box = ant_box_into(&out, probe(&watch));
    assert_int_equal(hand_poll(&task, &box.base), ANT_PENDING);
    assert_int_equal(out.answer, 0);
    assert_int_equal(hand_poll(&task, &box.base), ANT_READY);
    assert_int_equal(out.answer, 42);
}

static void copies_nothing_out_after_a_failure(void **state)
{
    (void)state;
    probe_watch watch = { .script = "F" };
    struct probe out = { .answer = 7 };
    struct ant_box box = ant_box_into(&out, probe(&watch));
    assert_int_equal(hand_poll(&task, &box.base), ANT_READY);
    assert_int_equal(out.answer, 7);
    assert_null(out.base.ops);
}

static void drops_what_is_inside_once(void **state)
{
    (void)state;
    probe_watch watch = { .script = "k." };
    struct ant_box box = ant_box(probe(&watch));
    assert_int_equal(hand_poll(&task, &box.base), ANT_PENDING);
    ant_future_drop(&box.base);
    ant_future_drop(&box.base);
    assert_int_equal(watch.drop_count, 1);
    ant_waker_drop(&watch.kept);
}

static void gives_its_block_back_when_it_was_never_polled(void **state)
{
    (void)state;
    probe_watch watch = { .script = "" };
    struct ant_box box = ant_box(probe(&watch));
    ant_future_drop(&box.base);
    assert_int_equal(watch.drop_count, 0); // it was new
    struct ant_box none = { 0 };
    ant_future_drop(&none.base);
}

static void without_memory_is_ready_at_once(void **state)
{
    (void)state;
    probe_watch watch = { .script = "" };
    ant_mem_fail_nth(1, false);
    struct ant_box box = ant_box(probe(&watch));
    assert_int_equal(hand_poll(&task, &box.base), ANT_READY);
    assert_int_equal(box.base.result, -ENOMEM);
    assert_int_equal(watch.poll_count, 0);
}

// What is in the inner box must not leak when there is none for the outer one.
static void without_memory_drops_what_should_have_gone_in(void **state)
{
    (void)state;
    probe_watch watch = { .script = "" };
    struct ant_box inner = ant_box(probe(&watch));
    ant_mem_fail_nth(1, false);
    struct ant_box outer = ant_box_move(&inner.base);
    assert_int_equal(hand_poll(&task, &outer.base), ANT_READY);
    assert_int_equal(outer.base.result, -ENOMEM);
}

// async fn depth(n): a future that contains another one of its own kind.
struct depth {
    ant_future base;
    enum { DEPTH_START, DEPTH_BELOW } state;
    int left;
    struct ant_box below;
};

ANT_ASYNC(depth)
{
    switch (self->state) {
    case DEPTH_START:
        if (self->left == 0) return ANT_READY;
        self->below =
            ant_box((struct depth){ ANT_INIT(depth), .left = self->left - 1 });
        return ANT_NEXT(DEPTH_BELOW);

    case DEPTH_BELOW:
        ANT_AWAIT(self->below);
        if (self->below.base.result < 0)
            return ANT_FAIL(self->below.base.result);
        self->base.result = self->below.base.result + 1;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

// F11: recursion needs a box.
static void contains_a_future_of_its_own_kind(void **state)
{
    (void)state;
    struct depth hundred = { ANT_INIT(depth), .left = 100 };
    assert_int_equal(hand_poll(&task, &hundred.base), ANT_READY);
    assert_int_equal(hundred.base.result, 100);
}

static void of_any_depth_survives_each_failed_allocation(void **state)
{
    (void)state;
    for (uint64_t nth = 1; nth <= 5; nth++) {
        struct depth five = { ANT_INIT(depth), .left = 5 };
        ant_mem_fail_nth(nth, false);
        assert_int_equal(hand_poll(&task, &five.base), ANT_READY);
        assert_int_equal(five.base.result, -ENOMEM);
        assert_int_equal(ant_mem_live_count(), blocks_before);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(is_ready_with_the_result_of_what_is_inside),
        TEST(copies_the_finished_future_out),
        TEST(copies_nothing_out_after_a_failure),
        TEST(drops_what_is_inside_once),
        TEST(gives_its_block_back_when_it_was_never_polled),
        TEST(without_memory_is_ready_at_once),
        TEST(without_memory_drops_what_should_have_gone_in),
        TEST(contains_a_future_of_its_own_kind),
        TEST(of_any_depth_survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
