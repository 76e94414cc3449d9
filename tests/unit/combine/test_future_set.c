// SPDX-License-Identifier: MIT
//
// Tests of combine/future_set.

#include "combine/future_set.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/os.h"
#include "combine/box.h"
#include "combine/yield.h"
#include "support/hand.h"
#include "support/probe.h"

static hand_task task;
static uint64_t blocks_before;
static ant_future_set set;
static struct ant_future_set_next next;
static probe_watch watch[4];

static int set_up(void **state)
{
    (void)state;
    hand_task_init(&task, 1);
    blocks_before = ant_mem_live_count();
    set = (ant_future_set){ 0 };
    next = ant_future_set_next(&set);
    for (unsigned i = 0; i < ANT_ARRAY_LEN(watch); i++) {
        watch[i] = (probe_watch){ .script = "k.R" };
    }
    return 0;
}

// After each test: everything comes back.
static int tear_down(void **state)
{
    (void)state;
    ant_mem_fail_nth(0, false);
    ant_future_drop(&next.base);
    ant_future_set_clear(&set);
    for (unsigned i = 0; i < ANT_ARRAY_LEN(watch); i++) {
        ant_waker_drop(&watch[i].kept);
    }
    return ant_mem_live_count() == blocks_before && hand_refs(&task) == 0 ? 0
                                                                          : -1;
}

static void push_all(void)
{
    for (unsigned i = 0; i < ANT_ARRAY_LEN(watch); i++) {
        assert_int_equal(ant_future_set_push(&set, probe(&watch[i])), 0);
    }
}

static void assert_polls(unsigned a, unsigned b, unsigned c, unsigned d)
{
    assert_int_equal(watch[0].poll_count, a);
    assert_int_equal(watch[1].poll_count, b);
    assert_int_equal(watch[2].poll_count, c);
    assert_int_equal(watch[3].poll_count, d);
}

// The next that is given out is the nth that was pushed.
static void assert_next(uint64_t nth)
{
    assert_int_equal(hand_poll(&task, &next.base), ANT_READY);
    assert_non_null(next.finished);
    assert_int_equal(next.nth, nth);
    next = ant_future_set_next(&set);
}

static void assert_pending(void)
{
    assert_int_equal(hand_poll(&task, &next.base), ANT_PENDING);
}

static void that_is_empty_is_ready_at_once(void **state)
{
    (void)state;
    assert_int_equal(hand_poll(&task, &next.base), ANT_READY);
    assert_null(next.finished);
    assert_true(ant_future_set_is_empty(&set));
}

static void polls_nothing_before_next_is_polled(void **state)
{
    (void)state;
    push_all();
    assert_polls(0, 0, 0, 0);
    assert_int_equal(ant_future_set_len(&set), 4);
}

static void polls_only_children_that_were_woken(void **state)
{
    (void)state;
    push_all();
    assert_pending();
    assert_polls(1, 1, 1, 1);
    assert_pending(); // a poll that nobody asked for
    assert_polls(1, 1, 1, 1);
    ant_waker_wake_ref(&watch[2].kept);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_next(2);
    assert_polls(1, 1, 2, 1);
    assert_pending();
    assert_polls(1, 1, 2, 1);
}

static void gives_them_out_in_the_order_of_their_wakes(void **state)
{
    (void)state;
    push_all();
    assert_pending();
    ant_waker_wake_ref(&watch[3].kept);
    ant_waker_wake_ref(&watch[0].kept);
    assert_next(3);
    ant_waker_wake_ref(&watch[1].kept); // behind those that wait already
    ant_waker_wake_ref(&watch[0].kept); // counts once
    assert_next(0);
    assert_next(1);
    assert_int_equal(ant_future_set_len(&set), 1);
}

static void that_is_ordered_gives_them_out_as_they_were_pushed(void **state)
{
    (void)state;
    set.is_ordered = true;
    push_all();
    assert_pending();
    ant_waker_wake_ref(&watch[2].kept);
    ant_waker_wake_ref(&watch[1].kept);
    assert_pending();
    assert_polls(1, 2, 2, 1); // both are over, and wait for the first
    ant_waker_wake_ref(&watch[0].kept);
    assert_next(0);
    assert_next(1);
    assert_next(2);
    assert_pending();
    assert_polls(2, 2, 2, 1);
}

static void wakes_its_task_once_for_many_children(void **state)
{
    (void)state;
    push_all();
    assert_pending();
    (void)hand_take_wakes(&task);
    for (unsigned i = 0; i < ANT_ARRAY_LEN(watch); i++) {
        ant__waker_wake_ref_for(&watch[i].kept,
                                (ant_why){ ANT_VIA_CHANNEL, 9 });
    }
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_int_equal(ant_atomic_load(&task.via, ANT_RELAXED), ANT_VIA_CHANNEL);
    assert_int_equal(ant_atomic_load(&task.res, ANT_RELAXED), 9);
}

static void keeps_the_finished_child_until_the_next_is_asked_for(void **state)
{
    (void)state;
    watch[0].script = "R";
    push_all();
    assert_int_equal(hand_poll(&task, &next.base), ANT_READY);
    const struct probe *finished = next.finished;
    assert_int_equal(finished->answer, 42);
    next = ant_future_set_next(&set);
    assert_int_equal(finished->answer, 42);
    assert_int_equal(ant_mem_live_count(), blocks_before + 5);
    assert_pending();
    assert_int_equal(ant_mem_live_count(), blocks_before + 4);
}

static void holds_nothing_once_it_has_said_that_it_is_empty(void **state)
{
    (void)state;
    watch[0].script = watch[1].script = "R";
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(ant_future_set_push(&set, probe(&watch[i])), 0);
        assert_next(i); // the count goes on
        assert_int_equal(hand_poll(&task, &next.base), ANT_READY);
        assert_null(next.finished);
        assert_int_equal(ant_mem_live_count(), blocks_before);
        next = ant_future_set_next(&set);
    }
}

static void gives_the_result_of_the_child(void **state)
{
    (void)state;
    watch[0].script = "F";
    assert_int_equal(ant_future_set_push(&set, probe(&watch[0])), 0);
    assert_int_equal(hand_poll(&task, &next.base), ANT_READY);
    assert_int_equal(next.base.result, -EIO);
    assert_non_null(next.finished);
}

// It may grow while somebody waits for it.
static void wakes_who_waits_when_a_child_is_pushed(void **state)
{
    (void)state;
    watch[1].script = "R";
    assert_int_equal(ant_future_set_push(&set, probe(&watch[0])), 0);
    assert_pending();
    assert_int_equal(hand_take_wakes(&task), 0);
    assert_int_equal(ant_future_set_push(&set, probe(&watch[1])), 0);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_next(1);
}

// Cancel-safe: what was woken for a `next` that is gone comes in another.
static void loses_nothing_when_next_is_dropped(void **state)
{
    (void)state;
    push_all();
    assert_pending();
    ant_waker_wake_ref(&watch[1].kept);
    ant_future_drop(&next.base);
    ant_waker_wake_ref(&watch[0].kept);
    next = ant_future_set_next(&set);
    assert_next(1);
    assert_next(0);
}

// W9: who does not wait any more holds no waker.
static void lets_the_waker_of_its_task_go(void **state)
{
    (void)state;
    push_all();
    assert_pending();
    assert_int_equal(hand_refs(&task), 1);
    ant_future_drop(&next.base);
    assert_int_equal(hand_refs(&task), 0);

    next = ant_future_set_next(&set);
    assert_pending();
    assert_pending(); // another poll needs no other clone
    assert_int_equal(hand_refs(&task), 1);
    ant_waker_wake_ref(&watch[0].kept);
    assert_next(0);
    assert_int_equal(hand_refs(&task), 0);
}

static void wakes_the_task_that_polled_it_last(void **state)
{
    (void)state;
    hand_task other;
    hand_task_init(&other, 2);
    push_all();
    assert_pending();
    assert_int_equal(hand_poll(&other, &next.base), ANT_PENDING);
    assert_int_equal(hand_refs(&task), 0);
    ant_waker_wake_ref(&watch[0].kept);
    assert_int_equal(hand_take_wakes(&task), 0);
    assert_int_equal(hand_take_wakes(&other), 1);
}

static void drops_its_children_in_the_order_of_their_pushes(void **state)
{
    (void)state;
    push_all();
    assert_pending();
    ant_future_set_clear(&set);
    for (unsigned i = 0; i < ANT_ARRAY_LEN(watch); i++) {
        assert_int_equal(watch[i].drop_count, 1);
    }
    assert_true(ant_future_set_is_empty(&set));
    // The kept wakers hold their blocks and the one in front of them.
    assert_int_equal(ant_mem_live_count(), blocks_before + 5);
    ant_waker_wake_ref(&watch[0].kept);
    assert_int_equal(hand_take_wakes(&task), 0);
    ant_waker_drop(&watch[0].kept);
    assert_int_equal(ant_mem_live_count(), blocks_before + 4);
    push_all(); // and may be used again
}

static void forgets_wakes_of_children_that_have_ended(void **state)
{
    (void)state;
    watch[0].script = "kwR"; // woken while it is polled for the last time
    watch[1].script = "kR";
    push_all();
    assert_next(0);
    ant_waker_wake_ref(&watch[0].kept);
    assert_next(1);
    ant_waker_wake_ref(&watch[1].kept);
    assert_pending();
    assert_polls(1, 1, 1, 1);
}

// One that wakes itself does not keep the others from their turn, nor the task
// from its end of the poll.
static void polls_who_wakes_itself_in_the_next_poll(void **state)
{
    (void)state;
    watch[0].script = "w.w.w.R";
    push_all();
    assert_pending();
    assert_polls(1, 1, 1, 1);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_pending();
    assert_polls(2, 1, 1, 1);
    assert_pending();
    assert_next(0);
}

static void hands_on_that_a_child_yields(void **state)
{
    (void)state;
    assert_int_equal(ant_future_set_push(&set, ant_yield_now()), 0);
    assert_pending();
    assert_true(task.has_yielded);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_next(0);
}

// async fn greedy(): takes what the budget has, then one more.
struct greedy {
    ant_future base;
    int taken;
};

ANT_ASYNC(greedy)
{
    for (; self->taken <= ANT_BUDGET; self->taken++) {
        if (!ant_coop_consume(cx)) return ANT_PENDING;
    }
    return ANT_READY;
}

// K37: with the budget gone the set yields, and polls the rest afterwards.
static void yields_when_the_budget_is_used_up(void **state)
{
    (void)state;
    struct greedy eater = { ANT_INIT(greedy) };
    assert_int_equal(ant_future_set_push(&set, eater), 0);
    assert_int_equal(ant_future_set_push(&set, probe(&watch[0])), 0);
    assert_pending();
    assert_true(task.has_yielded);
    assert_true(hand_take_wakes(&task) > 0);
    assert_int_equal(watch[0].poll_count, 0);
    watch[0].script = "R";
    assert_next(1); // the eater has gone behind it
    assert_next(0);
}

static void lists_its_children(void **state)
{
    (void)state;
    ant_future *(*child)(const ant_future *, unsigned) = next.base.ops->child;
    assert_null(child(&next.base, 0));
    watch[0].script = "R";
    push_all();
    assert_non_null(child(&next.base, 3));
    assert_null(child(&next.base, 4));
    assert_next(0);
    assert_non_null(child(&next.base, 2));
    assert_null(child(&next.base, 3));
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    // The set's own block comes second.
    for (uint64_t nth = 1; nth <= 2; nth++) {
        struct ant_box box = ant_box(probe(&watch[0]));
        ant_mem_fail_nth(nth, false);
        assert_int_equal(ant_future_set_push_move(&set, &box.base), -ENOMEM);
        assert_int_equal(ant_mem_live_count(), blocks_before);
    }
    push_all();
    assert_int_equal(ant_future_set_len(&set), 4);
}

// The evil waker: whatever is done to the task's waker wakes another child.
static void wake_a_child(void *arg)
{
    (void)arg;
    ant_waker_wake_ref(&watch[1].kept);
}

static void may_be_poked_by_an_evil_waker(void **state)
{
    (void)state;
    task.evil = wake_a_child;
    push_all();
    assert_pending();
    ant_waker_wake_ref(&watch[0].kept);
    assert_int_equal(hand_poll(&task, &next.base), ANT_READY);
    next = ant_future_set_next(&set);
    assert_int_equal(hand_poll(&task, &next.base), ANT_READY);
    next = ant_future_set_next(&set);
    assert_pending();
    ant_future_set_clear(&set);
    task.evil = NULL;
}

// ---- Threads ----

enum { THREADS = 3, ROUNDS = 20000 };

// Uses and drops the wakers of children that their set may have ended.
static void wake_often(void *arg)
{
    ant_waker *waker = arg;
    for (int i = 0; i < ROUNDS; i++) {
        ant_waker clone = ant_waker_clone(waker);
        ant_waker_wake(&clone);
    }
    ant_waker_drop(waker);
}

// async fn counted(): ends in its hundredth poll, or with its set.
struct counted {
    ant_future base;
    int left;
    ant_waker *to;
};

ANT_ASYNC(counted)
{
    if (self->to != NULL) *self->to = ant_waker_clone(&cx->waker);
    self->to = NULL;
    return --self->left > 0 ? ANT_PENDING : ANT_READY;
}

static void takes_wakes_from_other_threads(void **state)
{
    (void)state;
    ant_waker wakers[THREADS];
    ant_os_thread threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        struct counted child = { ANT_INIT(counted),
                                 .left = i == 0 ? 100 : ROUNDS,
                                 .to = &wakers[i] };
        assert_int_equal(ant_future_set_push(&set, child), 0);
    }
    assert_pending();
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(
            ant_os_thread_start(&threads[i], "waker", wake_often, &wakers[i]),
            0);
    }
    for (int i = 0; i < 1000; i++) {
        if (hand_poll(&task, &next.base) == ANT_READY)
            next = ant_future_set_next(&set);
    }
    ant_future_drop(&next.base);
    ant_future_set_clear(&set);
    for (int i = 0; i < THREADS; i++) {
        ant_os_thread_join(&threads[i]);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(that_is_empty_is_ready_at_once),
        TEST(polls_nothing_before_next_is_polled),
        TEST(polls_only_children_that_were_woken),
        TEST(gives_them_out_in_the_order_of_their_wakes),
        TEST(that_is_ordered_gives_them_out_as_they_were_pushed),
        TEST(wakes_its_task_once_for_many_children),
        TEST(keeps_the_finished_child_until_the_next_is_asked_for),
        TEST(holds_nothing_once_it_has_said_that_it_is_empty),
        TEST(gives_the_result_of_the_child),
        TEST(wakes_who_waits_when_a_child_is_pushed),
        TEST(loses_nothing_when_next_is_dropped),
        TEST(lets_the_waker_of_its_task_go),
        TEST(wakes_the_task_that_polled_it_last),
        TEST(drops_its_children_in_the_order_of_their_pushes),
        TEST(forgets_wakes_of_children_that_have_ended),
        TEST(polls_who_wakes_itself_in_the_next_poll),
        TEST(hands_on_that_a_child_yields),
        TEST(yields_when_the_budget_is_used_up),
        TEST(lists_its_children),
        TEST(survives_each_failed_allocation),
        TEST(may_be_poked_by_an_evil_waker),
        TEST(takes_wakes_from_other_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
