// SPDX-License-Identifier: MIT
//
// Tests of sync/notify; what it promises is in tests/conformance.

#include "sync/notify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/hand.h"

static ant_notify bell;
static hand_task tasks[4];

static int set_up(void **state)
{
    (void)state;
    ant_notify_init(&bell, "bell");
    for (unsigned i = 0; i < 4; i++) {
        hand_task_init(&tasks[i], i + 1);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(hand_refs(&tasks[i]), 0);
    }
    ant_notify_deinit(&bell);
    return 0;
}

// Task i waits with rings[i].
static void queue_up(struct ant_notified *rings, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        rings[i] = ant_notified(&bell);
        assert_int_equal(hand_poll(&tasks[i], &rings[i].base), ANT_PENDING);
    }
}

static void assert_woken(unsigned i, bool is_woken)
{
    assert_int_equal(hand_take_wakes(&tasks[i]), is_woken ? 1 : 0);
}

static void assert_ready(unsigned i, struct ant_notified *ring)
{
    assert_int_equal(hand_poll(&tasks[i], &ring->base), ANT_READY);
    assert_int_equal(ring->base.result, 0);
}

// A ring is kept: a new future takes it, and a second one waits.
static void assert_rings_kept(unsigned kept)
{
    struct ant_notified first = ant_notified(&bell);
    struct ant_notified second = ant_notified(&bell);
    assert_int_equal(hand_poll(&tasks[0], &first.base),
                     kept > 0 ? ANT_READY : ANT_PENDING);
    assert_int_equal(hand_poll(&tasks[0], &second.base), ANT_PENDING);
    ant_future_drop(&second.base);
    ant_future_drop(&first.base);
}

// ---- One ----

// N2.
static void wakes_who_has_waited_longest(void **state)
{
    (void)state;
    struct ant_notified rings[3];
    queue_up(rings, 3);
    for (unsigned i = 0; i < 3; i++) {
        ant_notify_one(&bell);
        for (unsigned other = 0; other < 3; other++) {
            assert_woken(other, other == i);
        }
        assert_int_equal(ant_atomic_load(&tasks[i].via, ANT_RELAXED),
                         ANT_VIA_NOTIFY);
        assert_ready(i, &rings[i]);
    }
    assert_rings_kept(0);
}

// ---- All ----

// N3: a ring for all is not passed on.
static void a_call_of_all_is_not_passed_on(void **state)
{
    (void)state;
    struct ant_notified rings[2];
    queue_up(rings, 1);
    ant_notify_waiters(&bell);
    rings[1] = ant_notified(&bell);
    assert_int_equal(hand_poll(&tasks[1], &rings[1].base), ANT_PENDING);
    ant_future_drop(&rings[0].base);
    assert_woken(1, false);
    ant_future_drop(&rings[1].base);
    assert_rings_kept(0);
}

// A ring that is kept stays where it is when everybody is called.
static void calling_all_leaves_the_kept_ring(void **state)
{
    (void)state;
    ant_notify_one(&bell);
    ant_notify_waiters(&bell);
    assert_rings_kept(1);
}

// ---- During a call of all: N3, K53 ----

#define CROWD 70 // more than two batches

static struct ant_notified crowd[CROWD];
static hand_task members[CROWD];
static struct ant_notified again;
static unsigned ready_count;

static void gather(hand_evil_fn evil)
{
    for (unsigned i = 0; i < CROWD; i++) {
        hand_task_init(&members[i], 10 + i);
        crowd[i] = ant_notified(&bell);
        assert_int_equal(hand_poll(&members[i], &crowd[i].base), ANT_PENDING);
    }
    ready_count = 0;
    ant_mock_task_set_evil(&members[0], ANT_MOCK_ON_WAKE, evil, NULL);
    ant_notify_waiters(&bell);
    for (unsigned i = 0; i < CROWD; i++) {
        assert_int_equal(hand_refs(&members[i]), 0);
    }
}

// The first who is woken waits a second time, at once.
static void wait_again(void *arg)
{
    (void)arg;
    again = ant_notified(&bell);
    assert_int_equal(hand_poll(&tasks[0], &again.base), ANT_PENDING);
}

static void one_call_does_not_end_two_waits(void **state)
{
    (void)state;
    gather(wait_again);
    assert_woken(0, false);
    assert_int_equal(hand_poll(&tasks[0], &again.base), ANT_PENDING);
    ant_future_drop(&again.base);
    for (unsigned i = 0; i < CROWD; i++) {
        assert_int_equal(hand_poll(&members[i], &crowd[i].base), ANT_READY);
    }
}

// The first who is woken looks at all the others: they are free as well.
static void look_at_all(void *arg)
{
    (void)arg;
    for (unsigned i = 1; i < CROWD; i++) {
        ready_count += hand_poll(&tasks[1], &crowd[i].base) == ANT_READY;
    }
}

static void all_are_called_in_the_same_moment(void **state)
{
    (void)state;
    gather(look_at_all);
    assert_int_equal(ready_count, CROWD - 1);
    assert_int_equal(hand_poll(&members[0], &crowd[0].base), ANT_READY);
}

// The first who is woken drops all the others, some of them woken, some not.
static void drop_all(void *arg)
{
    (void)arg;
    for (unsigned i = 1; i < CROWD; i++) {
        ant_future_drop(&crowd[i].base);
    }
    ant_notify_one(&bell);
}

static void stands_that_the_crowd_is_dropped_meanwhile(void **state)
{
    (void)state;
    gather(drop_all);
    ant_future_drop(&crowd[0].base);
    assert_rings_kept(1);
}

// ---- Enabling: N4 ----

static void enabling_takes_what_is_there(void **state)
{
    (void)state;
    struct ant_notified called = ant_notified(&bell);
    ant_notify_waiters(&bell);
    ant_notify_one(&bell);
    struct ant_notified rung = ant_notified(&bell);
    assert_true(ant_notified_enable(&called));
    assert_true(ant_notified_enable(&rung));
    assert_true(ant_notified_enable(&rung));
    assert_rings_kept(0);
    assert_ready(0, &called);
    assert_ready(1, &rung);
}

static void an_enabled_one_may_be_dropped_at_every_point(void **state)
{
    (void)state;
    struct ant_notified ring = ant_notified(&bell);
    assert_false(ant_notified_enable(&ring));
    ant_future_drop(&ring.base); // in the queue, never polled
    assert_int_equal(bell.waiters.count, 0);

    ring = ant_notified(&bell);
    assert_false(ant_notified_enable(&ring));
    ant_notify_one(&bell);
    ant_future_drop(&ring.base); // rung for, and not used
    assert_rings_kept(1);

    ring = ant_notified(&bell);
    assert_false(ant_notified_enable(&ring));
    ant_notify_one(&bell);
    assert_true(ant_notified_enable(&ring));
    ant_future_drop(&ring.base); // was told: that is use
    assert_rings_kept(0);

    ring = ant_notified(&bell);
    ant_future_drop(&ring.base);
    ant_future_drop(&(struct ant_notified){ .notify = NULL }.base);
}

static void an_enabled_one_gets_its_waker_from_the_poll(void **state)
{
    (void)state;
    struct ant_notified ring = ant_notified(&bell);
    assert_false(ant_notified_enable(&ring));
    assert_int_equal(hand_poll(&tasks[2], &ring.base), ANT_PENDING);
    ant_notify_one(&bell);
    assert_woken(2, true);
    assert_ready(2, &ring);
}

// ---- Like every leaf ----

// W8: only the waker of the last poll counts.
static void wakes_the_task_that_polled_last(void **state)
{
    (void)state;
    struct ant_notified rings[1];
    queue_up(rings, 1);
    assert_int_equal(hand_poll(&tasks[1], &rings[0].base), ANT_PENDING);
    assert_int_equal(hand_refs(&tasks[0]), 0);
    ant_notify_one(&bell);
    assert_woken(0, false);
    assert_woken(1, true);
    assert_ready(1, &rings[0]);
}

// S12: pending without budget, and the ring is not lost.
static void yields_when_the_budget_is_used_up(void **state)
{
    (void)state;
    struct ant_notified rings[2];
    ant_notify_one(&bell);
    rings[0] = ant_notified(&bell);
    tasks[0].budget = 0;
    assert_int_equal(hand_poll(&tasks[0], &rings[0].base), ANT_PENDING);
    assert_true(tasks[0].has_yielded);
    assert_ready(0, &rings[0]);
    assert_int_equal(tasks[0].budget_left, ANT_BUDGET - 1);

    queue_up(rings, 2);
    assert_int_equal(tasks[0].budget_left, ANT_BUDGET);
    ant_notify_one(&bell);
    tasks[0].budget = 0;
    assert_int_equal(hand_poll(&tasks[0], &rings[0].base), ANT_PENDING);
    ant_future_drop(&rings[0].base);
    assert_woken(1, true);
    assert_ready(1, &rings[1]);
}

static void says_what_it_waits_for(void **state)
{
    (void)state;
    ant_wait wait;
    struct ant_notified ring = ant_notified(&bell);
    assert_false(ring.base.ops->waits_on(&ring.base, &wait));
    assert_int_equal(hand_poll(&tasks[0], &ring.base), ANT_PENDING);
    assert_true(ring.base.ops->waits_on(&ring.base, &wait));
    assert_int_equal(wait.kind, ANT_RES_NOTIFY);
    assert_string_equal(wait.name, "bell");
    ant_notify_one(&bell);
    assert_false(ring.base.ops->waits_on(&ring.base, &wait));
    assert_ready(0, &ring);
}

// K54.
static void poke(void *arg)
{
    hand_task *poker = arg;
    struct ant_notified ring = ant_notified(&bell);
    (void)ant_notified_enable(&ring);
    (void)hand_poll(poker, &ring.base);
    ant_future_drop(&ring.base);
    ant_notify_waiters(&bell);
    ant_notify_one(&bell);
    ant_notify_last(&bell);
}

static void stands_an_evil_waker(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        ant_mock_task_set_evil(&tasks[i], ANT_MOCK_ON_ALL, poke, &tasks[3]);
    }
    for (unsigned round = 0; round < 3; round++) {
        struct ant_notified rings[3];
        for (unsigned i = 0; i < 3; i++) {
            rings[i] = ant_notified(&bell);
            (void)hand_poll(&tasks[i], &rings[i].base);
        }
        if (round == 0) ant_notify_one(&bell);
        if (round == 1) ant_notify_waiters(&bell);
        for (unsigned i = 0; i < 3; i++) {
            ant_future_drop(&rings[i].base);
        }
    }
}

static ant_notify at_load_time = ANT_NOTIFY("static");

static void is_ready_at_load_time(void **state)
{
    (void)state;
    struct ant_notified ring = ant_notified(&at_load_time);
    assert_int_equal(hand_poll(&tasks[0], &ring.base), ANT_PENDING);
    ant_notify_one(&at_load_time);
    assert_ready(0, &ring);
}

// A million tasks may wait: the place in the queue has to be small.
static void is_small(void **state)
{
    (void)state;
    assert_true(sizeof(struct ant_notified) <= 96);
}

static void allocates_nothing(void **state)
{
    (void)state;
    struct ant_notified rings[3];
    ant_mem_fail_nth(1, 1);
    queue_up(rings, 3);
    ant_notify_one(&bell);
    ant_future_drop(&rings[0].base);
    ant_notify_waiters(&bell);
    ant_future_drop(&rings[1].base);
    ant_future_drop(&rings[2].base);
    ant_mem_fail_nth(0, 0);
    assert_rings_kept(1); // of the first, passed on by 0 and then by 1
}

// ---- Threads: K53 ----

// Ringing and waiting at the same time: what was written before a ring is seen
// after it, and no ring gets lost.
typedef struct pair {
    ant_notify ping;
    ant_notify pong;
    unsigned value; // handed to and fro by the bells
} pair;

#define TURNS 20000u

static void wait_for(hand_task *task, ant_notify *notify)
{
    struct ant_notified ring = ant_notified(notify);
    while (hand_poll(task, &ring.base) == ANT_PENDING) {
        ant_os_yield();
    }
}

static void answer(void *arg)
{
    pair *p = arg;
    hand_task task;
    hand_task_init(&task, 9);
    for (unsigned i = 0; i < TURNS; i++) {
        wait_for(&task, &p->ping);
        p->value++;
        ant_notify_one(&p->pong);
    }
    assert_int_equal(hand_refs(&task), 0);
}

static void no_ring_is_lost_between_threads(void **state)
{
    (void)state;
    pair p = { .value = 0 };
    ant_notify_init(&p.ping, "ping");
    ant_notify_init(&p.pong, "pong");
    ant_os_thread thread;
    assert_int_equal(ant_os_thread_start(&thread, "answer", answer, &p), 0);
    for (unsigned i = 0; i < TURNS; i++) {
        p.value++;
        ant_notify_one(&p.ping);
        wait_for(&tasks[0], &p.pong);
    }
    ant_os_thread_join(&thread);
    assert_int_equal(p.value, 2 * TURNS);
    ant_notify_deinit(&p.ping);
    ant_notify_deinit(&p.pong);
}

// Everybody waits, gives up and rings in every way.
typedef struct guest {
    hand_task task;
    unsigned seed;
} guest;

static void come_and_go(void *arg)
{
    guest *self = arg;
    ant_rng rng = ant_rng_init(self->seed);
    for (unsigned i = 0; i < 5000; i++) {
        struct ant_notified ring = ant_notified(&bell);
        for (uint32_t polls = ant_rng_below(&rng, 4); polls > 0; polls--) {
            if (hand_poll(&self->task, &ring.base) == ANT_READY) break;
            if (ant_rng_below(&rng, 2) == 0) ant_notify_last(&bell);
        }
        ant_future_drop(&ring.base);
        if (ant_rng_below(&rng, 8) == 0) ant_notify_waiters(&bell);
        if (ant_rng_below(&rng, 3) == 0) ant_notify_one(&bell);
    }
}

static void stands_many_threads(void **state)
{
    (void)state;
    guest guests[3];
    ant_os_thread threads[3];
    for (unsigned i = 0; i < 3; i++) {
        guests[i] = (guest){ .seed = i };
        hand_task_init(&guests[i].task, i + 1);
        assert_int_equal(
            ant_os_thread_start(&threads[i], "guest", come_and_go, &guests[i]),
            0);
    }
    for (unsigned i = 0; i < 3; i++) {
        ant_os_thread_join(&threads[i]);
        assert_int_equal(hand_refs(&guests[i].task), 0);
    }
    assert_int_equal(bell.waiters.count, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(wakes_who_has_waited_longest),
        TEST(a_call_of_all_is_not_passed_on),
        TEST(calling_all_leaves_the_kept_ring),
        TEST(one_call_does_not_end_two_waits),
        TEST(all_are_called_in_the_same_moment),
        TEST(stands_that_the_crowd_is_dropped_meanwhile),
        TEST(enabling_takes_what_is_there),
        TEST(an_enabled_one_may_be_dropped_at_every_point),
        TEST(an_enabled_one_gets_its_waker_from_the_poll),
        TEST(wakes_the_task_that_polled_last),
        TEST(yields_when_the_budget_is_used_up),
        TEST(says_what_it_waits_for),
        TEST(stands_an_evil_waker),
        TEST(is_ready_at_load_time),
        TEST(is_small),
        TEST(allocates_nothing),
        TEST(no_ring_is_lost_between_threads),
        TEST(stands_many_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
