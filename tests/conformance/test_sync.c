// SPDX-License-Identifier: MIT
//
// What locks and semaphores promise: L1 to L11, polled by hand. The same in
// runtimes: test_sync_rt.c.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/hand.h"

#define TASKS 80

static ant_semaphore stoves;
static ant_rwlock menu;
static ant_mutex printer;
static hand_task tasks[TASKS];

static int set_up(void **state)
{
    (void)state;
    ant_semaphore_init(&stoves, "stoves", 0);
    ant_rwlock_init(&menu, "menu");
    ant_mutex_init(&printer, "printer");
    for (unsigned i = 0; i < TASKS; i++)
        hand_task_init(&tasks[i], i + 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TASKS; i++)
        assert_int_equal(hand_refs(&tasks[i]), 0);
    ant_semaphore_deinit(&stoves);
    ant_rwlock_deinit(&menu);
    ant_mutex_deinit(&printer);
    return 0;
}

// Task i asks for so many stoves and has to wait.
static void queue_up(struct ant_semaphore_acquire *acquire, unsigned i,
                     uint32_t count)
{
    *acquire = ant_semaphore_acquire_many(&stoves, count);
    assert_int_equal(hand_poll(&tasks[i], &acquire->base), ANT_PENDING);
}

// Task i was woken once, and has what it asked for.
static void expect_granted(unsigned i, ant_future *future)
{
    assert_int_equal(hand_take_wakes(&tasks[i]), 1);
    assert_int_equal(hand_poll(&tasks[i], future), ANT_READY);
    assert_int_equal(future->result, 0);
}

static void expect_waiting(unsigned i)
{
    assert_int_equal(hand_take_wakes(&tasks[i]), 0);
}

// ---- Semaphore ----

// In the order of their first polls, whatever they ask for.
static void l1_first_come_first_served(void **state)
{
    (void)state;
    struct ant_semaphore_acquire acquire[3];
    struct ant_semaphore_acquire made_first = ant_semaphore_acquire(&stoves);
    queue_up(&acquire[0], 0, 2);
    queue_up(&acquire[1], 1, 1);
    queue_up(&acquire[2], 2, 1);
    assert_int_equal(hand_poll(&tasks[3], &made_first.base), ANT_PENDING);

    ant_semaphore_release(&stoves, 1);
    for (unsigned i = 0; i < 4; i++)
        expect_waiting(i);
    ant_semaphore_release(&stoves, 1);
    expect_granted(0, &acquire[0].base);
    ant_semaphore_release(&stoves, 1);
    expect_granted(1, &acquire[1].base);
    expect_waiting(2);
    ant_semaphore_release(&stoves, 1);
    expect_granted(2, &acquire[2].base);
    expect_waiting(3);
    ant_semaphore_release(&stoves, 1);
    expect_granted(3, &made_first.base);
}

// While somebody waits there is nothing to be had, however little one wants.
static void l1_nobody_barges_in(void **state)
{
    (void)state;
    assert_int_equal(ant_semaphore_add_permits(&stoves, 3), 0);
    struct ant_semaphore_acquire acquire, late;
    queue_up(&acquire, 0, 5);
    assert_int_equal(ant_semaphore_available_permits(&stoves), 0);
    assert_int_equal(ant_semaphore_try_acquire(&stoves), -EAGAIN);
    ant_semaphore_release(&stoves, 1);
    assert_int_equal(ant_semaphore_available_permits(&stoves), 0);
    assert_int_equal(ant_semaphore_try_acquire(&stoves), -EAGAIN);
    queue_up(&late, 1, 1);
    ant_semaphore_release(&stoves, 1);
    expect_granted(0, &acquire.base);
    expect_waiting(1);
    ant_semaphore_release(&stoves, 2);
    expect_granted(1, &late.base);
    assert_int_equal(ant_semaphore_available_permits(&stoves), 1);
}

// The permits are the waiter's as soon as they are released, before its poll.
static void l2_permits_are_collected_and_handed_over(void **state)
{
    (void)state;
    struct ant_semaphore_acquire acquire;
    assert_int_equal(ant_semaphore_add_permits(&stoves, 1), 0);
    queue_up(&acquire, 0, 3);
    ant_semaphore_release(&stoves, 1);
    expect_waiting(0);
    ant_semaphore_release(&stoves, 1);
    assert_int_equal(ant_semaphore_try_acquire(&stoves), -EAGAIN);
    ant_semaphore_release(&stoves, 1);
    assert_int_equal(ant_semaphore_available_permits(&stoves), 1);
    expect_granted(0, &acquire.base);
    assert_int_equal(ant_semaphore_available_permits(&stoves), 1);
}

static void l3_cancelled_waiter_passes_permits_on(void **state)
{
    (void)state;
    struct ant_semaphore_acquire acquire[3];
    queue_up(&acquire[0], 0, 3);
    queue_up(&acquire[1], 1, 1);
    queue_up(&acquire[2], 2, 2);
    ant_semaphore_release(&stoves, 2); // both to the first
    ant_future_drop(&acquire[0].base);
    expect_waiting(0);
    expect_granted(1, &acquire[1].base);
    expect_waiting(2);
    ant_future_drop(&acquire[2].base);
    assert_int_equal(ant_semaphore_available_permits(&stoves), 1);
}

// Also when it was granted them and had not been polled: 0, then 1, then 3.
static void l3_granted_and_cancelled_waiter_passes_permits_on(void **state)
{
    (void)state;
    struct ant_semaphore_acquire acquire[2];
    queue_up(&acquire[0], 0, 3);
    queue_up(&acquire[1], 1, 2);
    ant_semaphore_release(&stoves, 3);
    assert_int_equal(ant_semaphore_available_permits(&stoves), 0);
    ant_future_drop(&acquire[0].base);
    assert_int_equal(ant_semaphore_available_permits(&stoves), 1);
    expect_granted(1, &acquire[1].base);
    ant_semaphore_release(&stoves, 2);
    assert_int_equal(ant_semaphore_available_permits(&stoves), 3);
}

static void l3_cancelled_waiter_loses_its_place(void **state)
{
    (void)state;
    struct ant_semaphore_acquire acquire[2];
    queue_up(&acquire[0], 0, 1);
    queue_up(&acquire[1], 1, 1);
    ant_future_drop(&acquire[0].base);
    queue_up(&acquire[0], 0, 1);
    ant_semaphore_release(&stoves, 1);
    expect_granted(1, &acquire[1].base);
    expect_waiting(0);
    ant_future_drop(&acquire[0].base);
}

static void l4_close_refuses_all_who_wait(void **state)
{
    (void)state;
    struct ant_semaphore_acquire acquire[2];
    assert_int_equal(ant_semaphore_add_permits(&stoves, 2), 0);
    queue_up(&acquire[0], 0, 3); // has two
    queue_up(&acquire[1], 1, 1);
    ant_semaphore_close(&stoves);
    assert_true(ant_semaphore_is_closed(&stoves));
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(hand_take_wakes(&tasks[i]), 1);
        assert_int_equal(hand_poll(&tasks[i], &acquire[i].base), ANT_READY);
        assert_int_equal(acquire[i].base.result, -EPIPE);
    }
    assert_int_equal(ant_semaphore_available_permits(&stoves), 2);
}

static void l4_closed_semaphore_counts_and_stays_closed(void **state)
{
    (void)state;
    assert_int_equal(ant_semaphore_add_permits(&stoves, 1), 0);
    ant_semaphore_close(&stoves);
    struct ant_semaphore_acquire acquire = ant_semaphore_acquire(&stoves);
    assert_int_equal(hand_poll(&tasks[0], &acquire.base), ANT_READY);
    assert_int_equal(acquire.base.result, -EPIPE);
    assert_int_equal(ant_semaphore_try_acquire(&stoves), -EPIPE);

    assert_int_equal(ant_semaphore_add_permits(&stoves, 4), 0);
    ant_semaphore_release(&stoves, 1);
    assert_int_equal(ant_semaphore_available_permits(&stoves), 6);
    assert_int_equal(ant_semaphore_forget_permits(&stoves, 9), 6);
    assert_int_equal(ant_semaphore_available_permits(&stoves), 0);
    assert_true(ant_semaphore_is_closed(&stoves));
    assert_int_equal(ant_semaphore_try_acquire(&stoves), -EPIPE);
}

// ---- Wakers and limits ----

// Queues up and gives up: both take the lock of the queue.
static void poke_stoves(void *arg)
{
    (void)arg;
    struct ant_semaphore_acquire late = ant_semaphore_acquire_many(&stoves, 99);
    (void)hand_poll(&tasks[79], &late.base);
    ant_future_drop(&late.base);
}

// 70 waiters, three batches, and each waker uses the semaphore.
static void l5_wakers_run_outside_of_the_lock(void **state)
{
    (void)state;
    struct ant_semaphore_acquire acquire[70];
    for (unsigned i = 0; i < 70; i++) {
        ant_mock_task_set_evil(&tasks[i], ANT_MOCK_ON_ALL, poke_stoves, NULL);
        queue_up(&acquire[i], i, 1);
    }
    ant_semaphore_release(&stoves, 70);
    for (unsigned i = 0; i < 70; i++)
        expect_granted(i, &acquire[i].base);
    assert_int_equal(ant_semaphore_available_permits(&stoves), 0);
}

// After 32 wakes the lock is free, and the others are still in the queue.
static void drop_the_last(void *arg)
{
    struct ant_semaphore_acquire *last = arg;
    ant_future_drop(&last->base);
}

static void l5_release_wakes_in_batches(void **state)
{
    (void)state;
    struct ant_semaphore_acquire acquire[40];
    for (unsigned i = 0; i < 40; i++)
        queue_up(&acquire[i], i, 1);
    ant_mock_task_set_evil(&tasks[0], ANT_MOCK_ON_WAKE, drop_the_last,
                           &acquire[39]);
    ant_semaphore_release(&stoves, 40);
    expect_waiting(39); // was dropped before its turn
    for (unsigned i = 0; i < 39; i++)
        expect_granted(i, &acquire[i].base);
    assert_int_equal(ant_semaphore_available_permits(&stoves), 1);
}

static void release_one(void *arg)
{
    (void)arg;
    ant_semaphore_release(&stoves, 1);
}

static void l6_too_many_permits_are_an_error(void **state)
{
    (void)state;
    const uint32_t max = ANT_SEMAPHORE_PERMITS_MAX;
    assert_int_equal(ant_semaphore_add_permits(&stoves, max + 1), -EOVERFLOW);
    assert_int_equal(ant_semaphore_add_permits(&stoves, max), 0);
    assert_int_equal(ant_semaphore_add_permits(&stoves, 1), -EOVERFLOW);
    assert_int_equal(ant_semaphore_available_permits(&stoves), max);
    assert_true(hand_traps(release_one, NULL));
    assert_non_null(strstr(hand_trap_text(), "\"stoves\""));

    struct ant_semaphore_acquire acquire =
        ant_semaphore_acquire_many(&stoves, max + 1);
    assert_int_equal(hand_poll(&tasks[0], &acquire.base), ANT_READY);
    assert_int_equal(acquire.base.result, -EINVAL);
    assert_int_equal(ant_semaphore_try_acquire_many(&stoves, max), 0);
    assert_int_equal(ant_semaphore_available_permits(&stoves), 0);
}

static unsigned plain_sum; // whoever has the one permit

static void add_with_permit(void *arg)
{
    hand_task *self = arg;
    for (unsigned i = 0; i < 2000; i++) {
        struct ant_semaphore_acquire acquire = ant_semaphore_acquire(&stoves);
        while (hand_poll(self, &acquire.base) == ANT_PENDING)
            ant_os_yield();
        plain_sum++;
        ant_semaphore_release(&stoves, 1);
    }
}

// A permit passes on what was written before it was released: a plain number
// between threads, which the thread sanitizer watches.
static void l7_permits_pass_memory_on(void **state)
{
    (void)state;
    ant_os_thread threads[3];
    plain_sum = 0;
    assert_int_equal(ant_semaphore_add_permits(&stoves, 1), 0);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(ant_os_thread_start(&threads[i], "passer",
                                             add_with_permit, &tasks[i]),
                         0);
    }
    for (unsigned i = 0; i < 3; i++)
        ant_os_thread_join(&threads[i]);
    assert_int_equal(plain_sum, 6000);
    assert_int_equal(ant_semaphore_available_permits(&stoves), 1);
}

// ---- Mutex ----

static void l8_mutex_is_fair_and_never_poisoned(void **state)
{
    (void)state;
    struct ant_mutex_lock lock[4];
    for (unsigned i = 0; i < 4; i++) {
        lock[i] = ant_mutex_lock(&printer);
        assert_int_equal(hand_poll(&tasks[i], &lock[i].base),
                         i == 0 ? ANT_READY : ANT_PENDING);
    }
    assert_false(ant_mutex_try_lock(&printer));
    ant_future_drop(&lock[2].base); // its place is gone, and nothing else
    ant_mutex_unlock(&printer);     // as a holder does whose work has failed
    expect_granted(1, &lock[1].base);
    expect_waiting(3);
    ant_mutex_unlock(&printer);
    expect_granted(3, &lock[3].base);
    ant_mutex_unlock(&printer);
    assert_true(ant_mutex_try_lock(&printer));
    ant_mutex_unlock(&printer);
}

// ---- Read-write lock ----

static ant_poll poll_read(unsigned i, struct ant_rwlock_read *read)
{
    *read = ant_rwlock_read(&menu);
    return hand_poll(&tasks[i], &read->base);
}

static ant_poll poll_write(unsigned i, struct ant_rwlock_write *write)
{
    *write = ant_rwlock_write(&menu);
    return hand_poll(&tasks[i], &write->base);
}

static void l9_writer_that_waits_holds_off_later_readers(void **state)
{
    (void)state;
    struct ant_rwlock_read read[4];
    struct ant_rwlock_write write;
    assert_int_equal(poll_read(0, &read[0]), ANT_READY);
    assert_int_equal(poll_read(1, &read[1]), ANT_READY);
    assert_int_equal(poll_write(4, &write), ANT_PENDING);
    assert_int_equal(poll_read(2, &read[2]), ANT_PENDING);
    assert_int_equal(poll_read(3, &read[3]), ANT_PENDING);
    assert_false(ant_rwlock_try_read(&menu));

    ant_rwlock_read_unlock(&menu);
    expect_waiting(4);
    ant_rwlock_read_unlock(&menu);
    expect_granted(4, &write.base);
    expect_waiting(2);
    assert_false(ant_rwlock_try_read(&menu));
    assert_false(ant_rwlock_try_write(&menu));
    ant_rwlock_write_unlock(&menu);
    expect_granted(2, &read[2].base);
    expect_granted(3, &read[3].base);
    ant_rwlock_read_unlock(&menu);
    ant_rwlock_read_unlock(&menu);
}

// The reader waits behind the writer, and the writer for the reader.
static void l9_reading_twice_may_deadlock_and_says_so(void **state)
{
    (void)state;
    struct ant_rwlock_read read[2];
    struct ant_rwlock_write write;
    ant_wait wait;
    assert_int_equal(poll_read(0, &read[0]), ANT_READY);
    assert_int_equal(poll_write(1, &write), ANT_PENDING);
    assert_int_equal(poll_read(0, &read[1]), ANT_PENDING);
    assert_true(write.base.ops->waits_on(&write.base, &wait));
    assert_int_equal(wait.kind, ANT_RES_RWLOCK);
    assert_int_equal(wait.holder, 1);
    assert_true(read[1].base.ops->waits_on(&read[1].base, &wait));
    assert_int_equal(wait.holder, 1);
    assert_int_equal(wait.holder_line, read[0].claim.line);
    assert_int_equal(wait.first, 2); // the writer
    // A way out: the writer gives up.
    ant_future_drop(&write.base);
    expect_granted(0, &read[1].base);
    ant_rwlock_read_unlock(&menu);
    ant_rwlock_read_unlock(&menu);
}

static void init_without_readers(void *arg)
{
    ant_rwlock_init_with_max_readers((ant_rwlock *)arg, "none", 0);
}

static void l9_readers_have_a_limit_of_at_least_one(void **state)
{
    (void)state;
    ant_rwlock one;
    assert_true(hand_traps(init_without_readers, &one));
    ant_rwlock_init_with_max_readers(&one, "one", 1);
    assert_true(ant_rwlock_try_read(&one));
    assert_false(ant_rwlock_try_read(&one));
    ant_rwlock_read_unlock(&one);
    assert_true(ant_rwlock_try_write(&one));
    assert_false(ant_rwlock_try_read(&one));
    ant_rwlock_write_unlock(&one);
    ant_rwlock_deinit(&one);
}

static void l10_downgrade_lets_readers_in_and_no_writer(void **state)
{
    (void)state;
    struct ant_rwlock_read read[2];
    struct ant_rwlock_write write[2];
    assert_int_equal(poll_write(0, &write[0]), ANT_READY);
    assert_int_equal(poll_read(1, &read[0]), ANT_PENDING);
    assert_int_equal(poll_write(2, &write[1]), ANT_PENDING);
    assert_int_equal(poll_read(3, &read[1]), ANT_PENDING);
    ant_rwlock_downgrade(&menu);
    expect_granted(1, &read[0].base);
    expect_waiting(2);
    expect_waiting(3);
    ant_rwlock_read_unlock(&menu);
    expect_waiting(2);
    ant_rwlock_read_unlock(&menu);
    expect_granted(2, &write[1].base);
    ant_rwlock_write_unlock(&menu);
    expect_granted(3, &read[1].base);
    ant_rwlock_read_unlock(&menu);
}

// ---- Futurelock ----

// It keeps the lock, and the card says who has it and since which line.
static void l11_lock_of_an_unpolled_future_is_held_and_named(void **state)
{
    (void)state;
    ant_wait wait;
    struct ant_mutex_lock lock[3];
    for (unsigned i = 0; i < 2; i++) {
        lock[i] = ant_mutex_lock(&printer);
        (void)hand_poll(&tasks[i], &lock[i].base);
    }
    ant_mutex_unlock(&printer); // to lock[1], which task 2 does not poll
    lock[2] = ant_mutex_lock(&printer);
    assert_int_equal(hand_poll(&tasks[1], &lock[2].base), ANT_PENDING);
    assert_int_equal(hand_take_wakes(&tasks[1]), 1); // for lock[1]
    assert_true(lock[2].base.ops->waits_on(&lock[2].base, &wait));
    assert_int_equal(wait.holder, 2);
    assert_int_equal(wait.holder_line, lock[1].claim.line);
    assert_true(wait.is_unused);
    ant_future_drop(&lock[1].base);
    expect_granted(1, &lock[2].base);
    ant_mutex_unlock(&printer);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(l1_first_come_first_served),
        TEST(l1_nobody_barges_in),
        TEST(l2_permits_are_collected_and_handed_over),
        TEST(l3_cancelled_waiter_passes_permits_on),
        TEST(l3_granted_and_cancelled_waiter_passes_permits_on),
        TEST(l3_cancelled_waiter_loses_its_place),
        TEST(l4_close_refuses_all_who_wait),
        TEST(l4_closed_semaphore_counts_and_stays_closed),
        TEST(l5_wakers_run_outside_of_the_lock),
        TEST(l5_release_wakes_in_batches),
        TEST(l6_too_many_permits_are_an_error),
        TEST(l7_permits_pass_memory_on),
        TEST(l8_mutex_is_fair_and_never_poisoned),
        TEST(l9_writer_that_waits_holds_off_later_readers),
        TEST(l9_reading_twice_may_deadlock_and_says_so),
        TEST(l9_readers_have_a_limit_of_at_least_one),
        TEST(l10_downgrade_lets_readers_in_and_no_writer),
        TEST(l11_lock_of_an_unpolled_future_is_held_and_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
