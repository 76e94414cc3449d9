// SPDX-License-Identifier: MIT
//
// Tests of sync/semaphore and core/permits. What they promise by id is in
// tests/conformance/test_sync.c.

#include "sync/semaphore.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/hand.h"

static ant_semaphore stoves;
static hand_task tasks[4];

static int set_up(void **state)
{
    (void)state;
    ant_semaphore_init(&stoves, "stoves", 2);
    for (unsigned i = 0; i < 4; i++)
        hand_task_init(&tasks[i], i + 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(hand_refs(&tasks[i]), 0);
    ant_semaphore_deinit(&stoves);
    return 0;
}

static uint32_t free_ones(void)
{
    return ant_semaphore_available_permits(&stoves);
}

static ant_poll acquire(unsigned i, struct ant_semaphore_acquire *future,
                        uint32_t count)
{
    *future = ant_semaphore_acquire_many(&stoves, count);
    return hand_poll(&tasks[i], &future->base);
}

static void is_taken_at_once_while_there_are_permits(void **state)
{
    (void)state;
    struct ant_semaphore_acquire one;
    assert_int_equal(acquire(0, &one, 2), ANT_READY);
    assert_int_equal(one.base.result, 0);
    assert_int_equal(ant_atomic_load(&tasks[0].clone_count, ANT_RELAXED), 0);
    assert_int_equal(free_ones(), 0);
    assert_int_equal(ant_semaphore_try_acquire(&stoves), -EAGAIN);
    ant_semaphore_release(&stoves, 1);
    assert_int_equal(ant_semaphore_try_acquire(&stoves), 0);
    ant_semaphore_release(&stoves, 2);
    assert_int_equal(free_ones(), 2);
}

static void gives_nothing_to_who_asks_for_nothing(void **state)
{
    (void)state;
    struct ant_semaphore_acquire none, three;
    assert_int_equal(acquire(0, &none, 0), ANT_READY);
    assert_int_equal(acquire(1, &three, 3), ANT_PENDING);
    assert_int_equal(acquire(0, &none, 0), ANT_READY);
    ant_semaphore_release(&stoves, 0);
    assert_int_equal(hand_take_wakes(&tasks[1]), 0);
    ant_future_drop(&three.base);
    assert_int_equal(free_ones(), 2);
}

static void wakes_several_with_one_release(void **state)
{
    (void)state;
    struct ant_semaphore_acquire waits[4];
    assert_int_equal(ant_semaphore_try_acquire_many(&stoves, 2), 0);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(acquire(i, &waits[i], i + 1), ANT_PENDING);
    ant_semaphore_release(&stoves, 8); // 1 + 2 + 3, and 2 of 4
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(hand_take_wakes(&tasks[i]), 1);
        assert_int_equal(ant_atomic_load(&tasks[i].via, ANT_RELAXED),
                         ANT_VIA_LOCK);
        assert_int_equal(hand_poll(&tasks[i], &waits[i].base), ANT_READY);
    }
    assert_int_equal(hand_take_wakes(&tasks[3]), 0);
    ant_future_drop(&waits[3].base);
    assert_int_equal(free_ones(), 2);
}

static void forgets_free_permits_only(void **state)
{
    (void)state;
    assert_int_equal(ant_semaphore_try_acquire(&stoves), 0);
    assert_int_equal(ant_semaphore_forget_permits(&stoves, 5), 1);
    assert_int_equal(ant_semaphore_forget_permits(&stoves, 5), 0);
    ant_semaphore_release(&stoves, 1);
    assert_int_equal(free_ones(), 1);
}

// W8: only the waker of the last poll counts, also when it is refused.
static void wakes_the_task_that_polled_last(void **state)
{
    (void)state;
    struct ant_semaphore_acquire three;
    assert_int_equal(acquire(0, &three, 3), ANT_PENDING);
    assert_int_equal(hand_poll(&tasks[1], &three.base), ANT_PENDING);
    assert_int_equal(hand_refs(&tasks[0]), 0);
    ant_semaphore_close(&stoves);
    assert_int_equal(hand_take_wakes(&tasks[0]), 0);
    assert_int_equal(hand_take_wakes(&tasks[1]), 1);
    assert_int_equal(hand_poll(&tasks[1], &three.base), ANT_READY);
    assert_int_equal(three.base.result, -EPIPE);
    assert_int_equal(free_ones(), 2);
}

static void closing_leaves_what_was_granted_before(void **state)
{
    (void)state;
    struct ant_semaphore_acquire granted, refused;
    assert_int_equal(acquire(0, &granted, 3), ANT_PENDING);
    assert_int_equal(acquire(1, &refused, 1), ANT_PENDING);
    ant_semaphore_release(&stoves, 1);
    ant_semaphore_close(&stoves);
    assert_int_equal(hand_poll(&tasks[0], &granted.base), ANT_READY);
    assert_int_equal(granted.base.result, 0);
    ant_future_drop(&refused.base); // refused, and never polled again
    ant_semaphore_release(&stoves, 3);
    assert_int_equal(free_ones(), 3);
}

// S12: pending without budget, but neither the place nor a permit is lost.
static void yields_when_the_budget_is_used_up(void **state)
{
    (void)state;
    struct ant_semaphore_acquire one, three;
    tasks[0].budget = 0;
    assert_int_equal(acquire(0, &one, 1), ANT_PENDING);
    assert_true(tasks[0].has_yielded);
    assert_int_equal(free_ones(), 2);
    assert_int_equal(acquire(1, &three, 3), ANT_PENDING);
    assert_int_equal(tasks[1].budget_left, ANT_BUDGET);
    ant_semaphore_release(&stoves, 1);
    tasks[1].budget = 0;
    assert_int_equal(hand_poll(&tasks[1], &three.base), ANT_PENDING);
    assert_int_equal(hand_poll(&tasks[1], &three.base), ANT_READY);
    ant_future_drop(&one.base);
}

static void says_what_it_waits_for(void **state)
{
    (void)state;
    struct ant_semaphore_acquire two, one;
    ant_wait wait;
    assert_int_equal(acquire(0, &two, 2), ANT_READY);
    assert_int_equal(acquire(1, &one, 1), ANT_PENDING);
    assert_true(one.base.ops->waits_on(&one.base, &wait));
    assert_int_equal(wait.kind, ANT_RES_SEMAPHORE);
    assert_string_equal(wait.name, "stoves");
    assert_int_equal(wait.holder, 1);
    ant_future_drop(&one.base);
}

static ant_semaphore at_load_time = ANT_SEMAPHORE("static", 1);

static void is_ready_at_load_time(void **state)
{
    (void)state;
    assert_int_equal(ant_semaphore_try_acquire(&at_load_time), 0);
    struct ant_semaphore_acquire wait = ant_semaphore_acquire(&at_load_time);
    assert_int_equal(hand_poll(&tasks[0], &wait.base), ANT_PENDING);
    ant_semaphore_release(&at_load_time, 1);
    assert_int_equal(hand_poll(&tasks[0], &wait.base), ANT_READY);
    ant_semaphore_release(&at_load_time, 1);
}

// ---- Cancelling: K13, and evil wakers: K54 ----

// Three wait for 1 to 3 permits; one is dropped after so many releases. The
// permits are all there in the end, and nobody who stays is left out.
static void loses_no_permit_wherever_one_is_dropped(void **state)
{
    (void)state;
    for (unsigned victim = 0; victim < 3; victim++) {
        for (uint32_t released = 0; released <= 6; released++) {
            struct ant_semaphore_acquire waits[3];
            assert_int_equal(ant_semaphore_try_acquire_many(&stoves, 2), 0);
            for (unsigned i = 0; i < 3; i++)
                assert_int_equal(acquire(i, &waits[i], i + 1), ANT_PENDING);
            for (uint32_t n = 0; n < released; n++)
                ant_semaphore_release(&stoves, 1);
            ant_future_drop(&waits[victim].base);
            ant_semaphore_release(&stoves, 6 - released);
            for (unsigned i = 0; i < 3; i++) {
                if (i == victim) continue;
                assert_int_equal(hand_poll(&tasks[i], &waits[i].base),
                                 ANT_READY);
            }
            assert_int_equal(free_ones(), victim + 1);
            (void)ant_semaphore_forget_permits(&stoves, 6);
            assert_int_equal(ant_semaphore_add_permits(&stoves, 2), 0);
        }
    }
}

static struct ant_semaphore_acquire *evil_victim;

static void poke_stoves(void *arg)
{
    (void)arg;
    struct ant_semaphore_acquire more;
    if (acquire(3, &more, 1) == ANT_READY) ant_semaphore_release(&stoves, 1);
    ant_future_drop(&more.base);
    if (evil_victim != NULL) ant_future_drop(&evil_victim->base);
}

static void stands_an_evil_waker(void **state)
{
    (void)state;
    struct ant_semaphore_acquire first, second;
    evil_victim = NULL;
    ant_mock_task_set_evil(&tasks[0], ANT_MOCK_ON_ALL, poke_stoves, NULL);
    ant_mock_task_set_evil(&tasks[1], ANT_MOCK_ON_ALL, poke_stoves, NULL);
    assert_int_equal(acquire(0, &first, 3), ANT_PENDING);
    assert_int_equal(acquire(1, &second, 3), ANT_PENDING);
    assert_int_equal(hand_poll(&tasks[1], &first.base), ANT_PENDING);
    evil_victim = &second;
    ant_semaphore_release(&stoves, 1);
    assert_int_equal(second.base.phase, ANT_PHASE_ENDED);
    assert_int_equal(hand_poll(&tasks[0], &first.base), ANT_READY);
    evil_victim = NULL;
    assert_int_equal(acquire(1, &second, 1), ANT_PENDING);
    ant_semaphore_close(&stoves);
    assert_int_equal(hand_poll(&tasks[1], &second.base), ANT_READY);
}

// ---- Threads ----

#define THREADS 3

static ant_atomic_u32 inside;
static ant_atomic_u32 inside_most;

// Takes one or two permits of two, gives up now and then.
static void come_and_go(void *arg)
{
    hand_task *task = arg;
    ant_rng rng = ant_rng_init(task->id);
    for (unsigned n = 0; n < 3000; n++) {
        const uint32_t count = 1 + ant_rng_below(&rng, 2);
        const bool gives_up = ant_rng_below(&rng, 4) == 0;
        struct ant_semaphore_acquire one =
            ant_semaphore_acquire_many(&stoves, count);
        ant_poll poll = hand_poll(task, &one.base);
        while (poll == ANT_PENDING && !gives_up) {
            ant_os_yield();
            poll = hand_poll(task, &one.base);
        }
        ant_future_drop(&one.base);
        if (poll == ANT_PENDING) continue;
        const uint32_t now =
            ant_atomic_add(&inside, count, ANT_RELAXED) + count;
        if (now > 2) ant_atomic_store(&inside_most, now, ANT_RELAXED);
        ant_atomic_sub(&inside, count, ANT_RELAXED);
        ant_semaphore_release(&stoves, count);
    }
}

static void lets_so_many_threads_in_at_a_time(void **state)
{
    (void)state;
    ant_os_thread threads[THREADS];
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(
            ant_os_thread_start(&threads[i], "cook", come_and_go, &tasks[i]),
            0);
    for (unsigned i = 0; i < THREADS; i++)
        ant_os_thread_join(&threads[i]);
    assert_int_equal(ant_atomic_load(&inside_most, ANT_RELAXED), 0);
    assert_int_equal(free_ones(), 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(is_taken_at_once_while_there_are_permits),
        TEST(gives_nothing_to_who_asks_for_nothing),
        TEST(wakes_several_with_one_release),
        TEST(forgets_free_permits_only),
        TEST(wakes_the_task_that_polled_last),
        TEST(closing_leaves_what_was_granted_before),
        TEST(yields_when_the_budget_is_used_up),
        TEST(says_what_it_waits_for),
        TEST(is_ready_at_load_time),
        TEST(loses_no_permit_wherever_one_is_dropped),
        TEST(stands_an_evil_waker),
        TEST(lets_so_many_threads_in_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
