// SPDX-License-Identifier: MIT
//
// Tests of sync/barrier.

#include "sync/barrier.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/hand.h"

static ant_barrier line;
static hand_task tasks[4];

static int set_up(void **state)
{
    (void)state;
    ant_barrier_init(&line, "start line", 3);
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
    ant_barrier_deinit(&line);
    return 0;
}

// Task i arrives with waits[i]: the last of three goes on at once.
static void arrive(struct ant_barrier_wait *waits, unsigned i, ant_poll poll)
{
    waits[i] = ant_barrier_wait(&line);
    assert_int_equal(hand_poll(&tasks[i], &waits[i].base), poll);
}

static void assert_goes_on(struct ant_barrier_wait *waits, unsigned i)
{
    assert_int_equal(hand_take_wakes(&tasks[i]), 1);
    assert_int_equal(ant_atomic_load(&tasks[i].via, ANT_RELAXED),
                     ANT_VIA_NOTIFY);
    assert_int_equal(hand_poll(&tasks[i], &waits[i].base), ANT_READY);
    assert_false(waits[i].is_leader);
}

// B1.
static void holds_everybody_until_all_are_here(void **state)
{
    (void)state;
    struct ant_barrier_wait waits[3];
    for (unsigned round = 0; round < 3; round++) {
        arrive(waits, 0, ANT_PENDING);
        arrive(waits, 1, ANT_PENDING);
        assert_int_equal(hand_poll(&tasks[0], &waits[0].base), ANT_PENDING);
        assert_int_equal(hand_take_wakes(&tasks[0]), 0);
        arrive(waits, 2, ANT_READY);
        assert_true(waits[2].is_leader);
        assert_goes_on(waits, 0);
        assert_goes_on(waits, 1);
    }
}

// B1.
static void for_none_or_one_holds_nobody(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 2; n++) {
        ant_barrier open;
        ant_barrier_init(&open, "open", n);
        for (unsigned round = 0; round < 2; round++) {
            struct ant_barrier_wait wait = ant_barrier_wait(&open);
            assert_int_equal(hand_poll(&tasks[0], &wait.base), ANT_READY);
            assert_true(wait.is_leader);
        }
        ant_barrier_deinit(&open);
    }
}

// B2: decided otherwise than in Tokio.
static void does_not_count_who_was_dropped(void **state)
{
    (void)state;
    struct ant_barrier_wait waits[3];
    arrive(waits, 0, ANT_PENDING);
    arrive(waits, 1, ANT_PENDING);
    ant_future_drop(&waits[0].base);
    arrive(waits, 2, ANT_PENDING);
    arrive(waits, 0, ANT_READY);
    assert_goes_on(waits, 1);
    assert_goes_on(waits, 2);
}

// Dropped when the round is over, woken or not: the next round is whole.
static void counts_nobody_twice_who_is_dropped_late(void **state)
{
    (void)state;
    struct ant_barrier_wait waits[3];
    arrive(waits, 0, ANT_PENDING);
    arrive(waits, 1, ANT_PENDING);
    arrive(waits, 2, ANT_READY);
    ant_future_drop(&waits[0].base);
    assert_int_equal(hand_take_wakes(&tasks[0]), 1);
    arrive(waits, 0, ANT_PENDING);
    assert_goes_on(waits, 1);
    arrive(waits, 1, ANT_PENDING);
    arrive(waits, 2, ANT_READY);
    assert_goes_on(waits, 0);
    assert_goes_on(waits, 1);
}

static void a_new_one_may_be_dropped(void **state)
{
    (void)state;
    struct ant_barrier_wait wait = ant_barrier_wait(&line);
    ant_future_drop(&wait.base);
    struct ant_barrier_wait zeroed = { .is_leader = false };
    ant_future_drop(&zeroed.base);
    assert_int_equal(line.arrived, 0);
}

// More than two batches of wakers. The first who is woken drops half of the
// others and comes again: neither changes the round that is over.
#define CROWD 70
static ant_barrier big;
static struct ant_barrier_wait crowd[CROWD];
static hand_task members[CROWD];
static struct ant_barrier_wait again;

static void drop_half_and_come_again(void *arg)
{
    (void)arg;
    for (unsigned i = 1; i < CROWD; i += 2) {
        ant_future_drop(&crowd[i].base);
    }
    again = ant_barrier_wait(&big);
    assert_int_equal(hand_poll(&tasks[0], &again.base), ANT_PENDING);
    assert_int_equal(hand_poll(&members[60], &crowd[60].base), ANT_READY);
}

static void lets_all_go_in_the_same_moment(void **state)
{
    (void)state;
    ant_barrier_init(&big, "big", CROWD);
    for (unsigned i = 0; i < CROWD; i++) {
        hand_task_init(&members[i], 10 + i);
        if (i == 0)
            ant_mock_task_set_evil(&members[0], ANT_MOCK_ON_WAKE,
                                   drop_half_and_come_again, NULL);
        crowd[i] = ant_barrier_wait(&big);
        const ant_poll poll = hand_poll(&members[i], &crowd[i].base);
        assert_int_equal(poll, i == CROWD - 1 ? ANT_READY : ANT_PENDING);
    }
    assert_int_equal(hand_poll(&tasks[0], &again.base), ANT_PENDING);
    assert_int_equal(big.arrived, 1);
    ant_future_drop(&again.base);
    for (unsigned i = 0; i < CROWD; i++) {
        ant_future_drop(&crowd[i].base);
        assert_int_equal(hand_refs(&members[i]), 0);
    }
    assert_int_equal(big.arrived, 0);
    ant_barrier_deinit(&big);
}

// S12, W8.
static void yields_and_follows_its_task(void **state)
{
    (void)state;
    struct ant_barrier_wait waits[3];
    tasks[0].budget = 0;
    arrive(waits, 0, ANT_PENDING);
    assert_true(tasks[0].has_yielded);
    assert_int_equal(line.arrived, 0);
    assert_int_equal(hand_poll(&tasks[0], &waits[0].base), ANT_PENDING);
    assert_int_equal(tasks[0].budget_left, ANT_BUDGET);
    assert_int_equal(hand_poll(&tasks[3], &waits[0].base), ANT_PENDING);
    assert_int_equal(hand_refs(&tasks[0]), 0);
    (void)hand_take_wakes(&tasks[0]);
    arrive(waits, 1, ANT_PENDING);
    arrive(waits, 2, ANT_READY);
    assert_int_equal(hand_take_wakes(&tasks[0]), 0);
    assert_int_equal(hand_take_wakes(&tasks[3]), 1);
    tasks[3].budget = 0;
    assert_int_equal(hand_poll(&tasks[3], &waits[0].base), ANT_PENDING);
    assert_int_equal(hand_poll(&tasks[3], &waits[0].base), ANT_READY);
    assert_goes_on(waits, 1);
}

static void says_what_it_waits_for(void **state)
{
    (void)state;
    ant_wait wait;
    struct ant_barrier_wait waits[3];
    arrive(waits, 0, ANT_PENDING);
    assert_true(waits[0].base.ops->waits_on(&waits[0].base, &wait));
    assert_int_equal(wait.kind, ANT_RES_BARRIER);
    assert_string_equal(wait.name, "start line");
    ant_future_drop(&waits[0].base);
    assert_false(waits[0].base.ops->waits_on(&waits[0].base, &wait));
}

// K54.
static void poke(void *arg)
{
    struct ant_barrier_wait wait = ant_barrier_wait(&line);
    (void)hand_poll(arg, &wait.base);
    ant_future_drop(&wait.base);
}

static void stands_an_evil_waker(void **state)
{
    (void)state;
    struct ant_barrier_wait waits[6];
    for (unsigned i = 0; i < 3; i++) {
        ant_mock_task_set_evil(&tasks[i], ANT_MOCK_ON_ALL, poke, &tasks[3]);
    }
    for (unsigned i = 0; i < 6; i++) {
        waits[i] = ant_barrier_wait(&line);
        (void)hand_poll(&tasks[i % 3], &waits[i].base);
    }
    for (unsigned i = 0; i < 6; i++) {
        ant_future_drop(&waits[i].base);
    }
    assert_int_equal(line.arrived, 0);
}

// Three threads meet again and again: nobody is a round ahead.
typedef struct runner {
    hand_task task;
    unsigned lap;
    unsigned led;
} runner;

#define LAPS 3000u
static ant_atomic_u32 laps_run;

static void run_laps(void *arg)
{
    runner *self = arg;
    for (self->lap = 0; self->lap < LAPS; self->lap++) {
        ant_atomic_add(&laps_run, 1, ANT_RELAXED);
        struct ant_barrier_wait wait = ant_barrier_wait(&line);
        while (hand_poll(&self->task, &wait.base) == ANT_PENDING) {
            ant_os_yield();
        }
        self->led += wait.is_leader;
        const uint32_t run = ant_atomic_load(&laps_run, ANT_RELAXED);
        ANT_ASSERT(run >= 3 * (self->lap + 1));
        ANT_ASSERT(run <= 3 * (self->lap + 2));
    }
}

static void threads_meet_in_each_round(void **state)
{
    (void)state;
    runner runners[3];
    ant_os_thread threads[3];
    ant_atomic_store(&laps_run, 0, ANT_RELAXED);
    for (unsigned i = 0; i < 3; i++) {
        runners[i] = (runner){ .lap = 0 };
        hand_task_init(&runners[i].task, i + 1);
        assert_int_equal(
            ant_os_thread_start(&threads[i], "runner", run_laps, &runners[i]),
            0);
    }
    unsigned led = 0;
    for (unsigned i = 0; i < 3; i++) {
        ant_os_thread_join(&threads[i]);
        assert_int_equal(hand_refs(&runners[i].task), 0);
        led += runners[i].led;
    }
    assert_int_equal(led, LAPS);
}

static ant_barrier at_load_time = ANT_BARRIER("static", 1);

static void is_ready_at_load_time(void **state)
{
    (void)state;
    struct ant_barrier_wait wait = ant_barrier_wait(&at_load_time);
    assert_int_equal(hand_poll(&tasks[0], &wait.base), ANT_READY);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(holds_everybody_until_all_are_here),
        TEST(for_none_or_one_holds_nobody),
        TEST(does_not_count_who_was_dropped),
        TEST(counts_nobody_twice_who_is_dropped_late),
        TEST(a_new_one_may_be_dropped),
        TEST(lets_all_go_in_the_same_moment),
        TEST(yields_and_follows_its_task),
        TEST(says_what_it_waits_for),
        TEST(stands_an_evil_waker),
        TEST(threads_meet_in_each_round),
        TEST(is_ready_at_load_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
