// SPDX-License-Identifier: MIT
//
// Tests of combine/crowd, through joins of many children.

#include "combine/crowd.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "combine/join.h"
#include "combine/try_join.h"
#include "support/hand.h"

enum { MANY = 150 }; // over two words of marks

static hand_task task;
static uint64_t blocks_before;
static unsigned polled[2 * MANY]; // places, in the order of the polls
static unsigned polled_count;

// A leaf future that keeps its waker, and says when it is polled.
struct leaf {
    ant_future base;
    unsigned place;
    bool may_end;
    bool wakes_itself;
    int result;
    int appetite; // operations that each poll takes, or tries to
    ant_waker waker;
};

static struct leaf leaves[MANY];
static ant_future *list[MANY];

static void leaf_drop(ant_future *future)
{
    ant_waker_drop(&((struct leaf *)(void *)future)->waker);
}

ANT_ASYNC_OPS(leaf, .drop = leaf_drop)
{
    polled[polled_count++ % ANT_ARRAY_LEN(polled)] = self->place;
    for (int i = 0; i < self->appetite; i++) {
        if (!ant_coop_consume(cx)) return ANT_PENDING;
    }
    ant_waker_drop(&self->waker);
    self->base.result = self->result;
    if (self->may_end) return ANT_READY;
    self->waker = ant_waker_clone(&cx->waker);
    if (self->wakes_itself) ant_waker_wake_ref(&cx->waker);
    return ANT_PENDING;
}

static int set_up(void **state)
{
    (void)state;
    hand_task_init(&task, 1);
    blocks_before = ant_mem_live_count();
    polled_count = 0;
    for (unsigned i = 0; i < MANY; i++) {
        leaves[i] = (struct leaf){ ANT_INIT(leaf), .place = i };
        list[i] = &leaves[i].base;
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ant_mem_fail_nth(0, false);
    return ant_mem_live_count() == blocks_before && hand_refs(&task) == 0 ? 0
                                                                          : -1;
}

static void wake(unsigned place)
{
    ant_waker_wake_ref(&leaves[place].waker);
}

static void let_end(unsigned place)
{
    leaves[place].may_end = true;
    wake(place);
}

// Polls the join, in which these are polled and no others.
static ant_poll poll_three(struct ant_join *join, unsigned a, unsigned b,
                           unsigned c)
{
    polled_count = 0;
    ant_poll poll = hand_poll(&task, &join->base);
    assert_int_equal(polled_count, 3);
    assert_int_equal(polled[0], a);
    assert_int_equal(polled[1], b);
    assert_int_equal(polled[2], c);
    return poll;
}

static void polls_those_that_were_woken_in_declared_order(void **state)
{
    (void)state;
    struct ant_join join = ant_join_all(list, MANY);
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    assert_int_equal(polled_count, MANY);
    wake(149);
    wake(3);
    wake(64);
    wake(3);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_int_equal(poll_three(&join, 3, 64, 149), ANT_PENDING);
    polled_count = 0;
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    assert_int_equal(polled_count, 0);
    ant_future_drop(&join.base);
}

static void ends_when_all_have_ended(void **state)
{
    (void)state;
    list[7] = NULL;
    struct ant_join join = ant_join_all(list, MANY);
    ant_poll poll = hand_poll(&task, &join.base);
    for (unsigned i = MANY; i-- > 0;) {
        if (i == 7) continue;
        assert_int_equal(poll, ANT_PENDING);
        let_end(i);
        assert_int_equal(hand_take_wakes(&task), 1);
        poll = hand_poll(&task, &join.base);
    }
    assert_int_equal(poll, ANT_READY);
    assert_int_equal(polled_count, 2 * (MANY - 1));
}

static void stops_at_the_first_error(void **state)
{
    (void)state;
    struct ant_try_join join = ant_try_join_all(list, MANY);
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    leaves[100].result = -EIO;
    leaves[30].result = -EPIPE;
    let_end(100);
    let_end(30);
    assert_int_equal(hand_poll(&task, &join.base), ANT_READY);
    assert_int_equal(join.failed, 30);
    assert_int_equal(join.base.result, -EPIPE);
}

static void polls_who_wakes_itself_in_the_next_poll(void **state)
{
    (void)state;
    leaves[5].wakes_itself = leaves[6].wakes_itself = true;
    leaves[80].wakes_itself = true;
    struct ant_join join = ant_join_all(list, MANY);
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    assert_true(hand_take_wakes(&task) > 0);
    assert_int_equal(poll_three(&join, 5, 6, 80), ANT_PENDING);
    ant_future_drop(&join.base);
}

// K37: as in a small join, the next poll starts behind who took the budget.
static void starves_nobody(void **state)
{
    (void)state;
    struct ant_join join = ant_join_all(list, MANY);
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    leaves[10].appetite = leaves[20].appetite = 2 * ANT_BUDGET;
    leaves[90].appetite = 1;
    wake(10);
    wake(20);
    wake(90);
    assert_int_equal(poll_three(&join, 10, 20, 90), ANT_PENDING);
    assert_true(task.has_yielded);
    assert_int_equal(poll_three(&join, 20, 90, 10), ANT_PENDING);
    ant_future_drop(&join.base);
}

static void without_memory_polls_all(void **state)
{
    (void)state;
    ant_mem_fail_nth(1, false);
    struct ant_join join = ant_join_all(list, MANY);
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    assert_int_equal(polled_count, 2 * MANY);
    ant_future_drop(&join.base);
}

// Wakers may be used after the join, and free what is left of it.
static void outlives_its_join(void **state)
{
    (void)state;
    struct ant_join join = ant_join_all(list, MANY);
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    ant_waker late = ant_waker_clone(&leaves[9].waker);
    ant_future_drop(&join.base);
    assert_int_equal(hand_refs(&task), 0);
    assert_int_equal(ant_mem_live_count(), blocks_before + 1);
    ant_waker_wake_ref(&late);
    assert_int_equal(hand_take_wakes(&task), 0);
    ant_waker_drop(&late);
}

static void wake_another(void *arg)
{
    (void)arg;
    wake(2);
}

static void may_be_poked_by_an_evil_waker(void **state)
{
    (void)state;
    struct ant_join join = ant_join_all(list, MANY);
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    task.evil = wake_another;
    task.evil_on = ANT_MOCK_ON_ALL;
    let_end(1);
    assert_int_equal(hand_poll(&task, &join.base), ANT_PENDING);
    ant_future_drop(&join.base);
    task.evil = NULL;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(polls_those_that_were_woken_in_declared_order),
        TEST(ends_when_all_have_ended),
        TEST(stops_at_the_first_error),
        TEST(polls_who_wakes_itself_in_the_next_poll),
        TEST(starves_nobody),
        TEST(without_memory_polls_all),
        TEST(outlives_its_join),
        TEST(may_be_poked_by_an_evil_waker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
