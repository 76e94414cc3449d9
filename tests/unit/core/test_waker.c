// SPDX-License-Identifier: MIT
//
// Tests of core/waker and core/waker_slot (W5, W8).

#include "core/waker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/waker_slot.h"
#include "support/hand.h"

static hand_task a;
static hand_task b;

static int set_up(void **state)
{
    (void)state;
    hand_task_init(&a, 1);
    hand_task_init(&b, 2);
    return 0;
}

static ant_waker waker_of(hand_task *task)
{
    return (ant_waker){ &task->wakeable };
}

static void a_clone_adds_a_reference_and_a_drop_takes_it(void **state)
{
    (void)state;
    const ant_waker borrowed = waker_of(&a);
    ant_waker kept = ant_waker_clone(&borrowed);
    assert_int_equal(hand_refs(&a), 1);
    ant_waker_drop(&kept);
    assert_int_equal(hand_refs(&a), 0);
    assert_false(ant_waker_is_set(&kept));
    ant_waker_drop(&kept);
    assert_int_equal(hand_refs(&a), 0);
}

static void a_wake_takes_the_reference_and_a_wake_by_ref_does_not(void **state)
{
    (void)state;
    const ant_waker borrowed = waker_of(&a);
    ant_waker kept = ant_waker_clone(&borrowed);
    ant_waker_wake_ref(&kept);
    assert_int_equal(hand_take_wakes(&a), 1);
    assert_int_equal(hand_refs(&a), 1);
    ant_waker_wake(&kept);
    assert_int_equal(hand_take_wakes(&a), 1);
    assert_int_equal(hand_refs(&a), 0);
    assert_false(ant_waker_is_set(&kept));
}

static void no_waker_may_be_used_as_one(void **state)
{
    (void)state;
    ant_waker none = { 0 };
    ant_waker_wake_ref(&none);
    ant_waker_wake(&none);
    ant_waker_drop(&none);
    ant_waker copy = ant_waker_clone(&none);
    assert_false(ant_waker_is_set(&copy));
}

static void a_noop_waker_does_nothing(void **state)
{
    (void)state;
    ant_waker noop = ant_waker_noop();
    ant_waker copy = ant_waker_clone(&noop);
    assert_true(ant_waker_same(&noop, &copy));
    ant_waker_wake_ref(&copy);
    ant_waker_wake(&copy);
    ant_waker_drop(&noop);
}

static void same_compares_whom_they_wake(void **state)
{
    (void)state;
    const ant_waker one = waker_of(&a);
    const ant_waker also_one = waker_of(&a);
    const ant_waker two = waker_of(&b);
    assert_true(ant_waker_same(&one, &also_one));
    assert_false(ant_waker_same(&one, &two));
}

static void a_wake_says_why(void **state)
{
    (void)state;
    const ant_waker waker = waker_of(&a);
    ant__waker_wake_ref_for(&waker, (ant_why){ ANT_VIA_TIMER, 5 });
    assert_int_equal(ant_atomic_load(&a.via, ANT_RELAXED), ANT_VIA_TIMER);
    assert_int_equal(ant_atomic_load(&a.res, ANT_RELAXED), 5);
}

// ---- A slot under a lock ----

static ant_os_mutex lock;
static ant_waker slot;

static int set_up_slot(void **state)
{
    ant_os_mutex_init(&lock);
    slot = (ant_waker){ 0 };
    return set_up(state);
}

static int tear_down_slot(void **state)
{
    (void)state;
    ant_os_mutex_deinit(&lock);
    return 0;
}

static void a_slot_keeps_the_latest_waker(void **state)
{
    (void)state;
    const ant_waker one = waker_of(&a);
    const ant_waker two = waker_of(&b);
    ant__waker_slot_store(&lock, &slot, &one);
    ant__waker_slot_store(&lock, &slot, &one);
    assert_int_equal(hand_refs(&a), 1);
    assert_int_equal(ant_atomic_load(&a.clone_count, ANT_RELAXED), 1);
    ant__waker_slot_store(&lock, &slot, &two);
    assert_int_equal(hand_refs(&a), 0);
    assert_int_equal(hand_refs(&b), 1);
    ant__waker_slot_clear(&lock, &slot);
    ant__waker_slot_clear(&lock, &slot);
    assert_int_equal(hand_refs(&b), 0);
}

// K54: cloning and dropping come back to the same lock.
static void take_the_lock(void *arg)
{
    (void)arg;
    ant_os_mutex_lock(&lock);
    ant_os_mutex_unlock(&lock);
}

static void a_slot_calls_no_waker_under_its_lock(void **state)
{
    (void)state;
    a.evil = b.evil = take_the_lock;
    const ant_waker one = waker_of(&a);
    const ant_waker two = waker_of(&b);
    ant__waker_slot_store(&lock, &slot, &one);
    ant__waker_slot_store(&lock, &slot, &two);
    ant__waker_slot_clear(&lock, &slot);
    assert_int_equal(hand_refs(&a), 0);
    assert_int_equal(hand_refs(&b), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
#define SLOT(name)                                                             \
    cmocka_unit_test_setup_teardown(name, set_up_slot, tear_down_slot)
    const struct CMUnitTest tests[] = {
        TEST(a_clone_adds_a_reference_and_a_drop_takes_it),
        TEST(a_wake_takes_the_reference_and_a_wake_by_ref_does_not),
        TEST(no_waker_may_be_used_as_one),
        TEST(a_noop_waker_does_nothing),
        TEST(same_compares_whom_they_wake),
        TEST(a_wake_says_why),
        SLOT(a_slot_keeps_the_latest_waker),
        SLOT(a_slot_calls_no_waker_under_its_lock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
