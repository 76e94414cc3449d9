// SPDX-License-Identifier: MIT
//
// Tests of sync/mutex and core/waitlist.

#include "sync/mutex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/here.h"
#include "core/task_block.h"
#include "support/hand.h"

static ant_mutex mutex;
static hand_task tasks[4];

static int set_up(void **state)
{
    (void)state;
    ant_mutex_init(&mutex, "printer");
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
    ant_mutex_deinit(&mutex);
    return 0;
}

static uint32_t holder(void)
{
    return ant_resource_holder(&mutex.permits.resource);
}

// Queues the tasks 1, 2, … n-1 behind task 0, which holds the mutex.
static void queue_up(struct ant_mutex_lock *locks, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        locks[i] = ant_mutex_lock(&mutex);
        assert_int_equal(hand_poll(&tasks[i], &locks[i].base),
                         i == 0 ? ANT_READY : ANT_PENDING);
    }
}

static void is_taken_at_once_when_it_is_free(void **state)
{
    (void)state;
    struct ant_mutex_lock lock = ant_mutex_lock(&mutex);
    assert_int_equal(hand_poll(&tasks[0], &lock.base), ANT_READY);
    assert_int_equal(lock.base.result, 0);
    assert_int_equal(holder(), 1);
    assert_int_equal(ant_atomic_load(&tasks[0].clone_count, ANT_RELAXED), 0);
    ant_mutex_unlock(&mutex);
    assert_int_equal(holder(), 0);
}

// L1, L2, L8: handed over in the order of the first polls.
static void wakes_in_fifo_order(void **state)
{
    (void)state;
    struct ant_mutex_lock locks[4];
    queue_up(locks, 4);
    assert_int_equal(hand_poll(&tasks[2], &locks[2].base), ANT_PENDING);
    for (unsigned i = 1; i < 4; i++) {
        ant_mutex_unlock(&mutex);
        assert_int_equal(holder(), i + 1);
        for (unsigned other = 1; other < 4; other++) {
            assert_int_equal(hand_take_wakes(&tasks[other]), other == i);
        }
        assert_int_equal(ant_atomic_load(&tasks[i].via, ANT_RELAXED),
                         ANT_VIA_LOCK);
        assert_int_equal(hand_poll(&tasks[i], &locks[i].base), ANT_READY);
    }
    ant_mutex_unlock(&mutex);
}

// L1: nobody barges in, neither while it is held nor while it is handed over.
static void try_lock_does_not_pass_those_who_wait(void **state)
{
    (void)state;
    assert_true(ant_mutex_try_lock(&mutex));
    assert_false(ant_mutex_try_lock(&mutex));
    struct ant_mutex_lock lock = ant_mutex_lock(&mutex);
    assert_int_equal(hand_poll(&tasks[1], &lock.base), ANT_PENDING);
    ant_mutex_unlock(&mutex);
    assert_false(ant_mutex_try_lock(&mutex));
    assert_int_equal(hand_poll(&tasks[1], &lock.base), ANT_READY);
    ant_mutex_unlock(&mutex);
    assert_true(ant_mutex_try_lock(&mutex));
    ant_mutex_unlock(&mutex);
}

// W8: only the waker of the last poll counts.
static void wakes_the_task_that_polled_last(void **state)
{
    (void)state;
    struct ant_mutex_lock locks[2];
    queue_up(locks, 2);
    assert_int_equal(hand_poll(&tasks[3], &locks[1].base), ANT_PENDING);
    assert_int_equal(hand_refs(&tasks[1]), 0);
    ant_mutex_unlock(&mutex);
    assert_int_equal(hand_take_wakes(&tasks[1]), 0);
    assert_int_equal(hand_take_wakes(&tasks[3]), 1);
    assert_int_equal(hand_poll(&tasks[3], &locks[1].base), ANT_READY);
    ant_mutex_unlock(&mutex);
}

// S12: pending without budget, but neither the place nor the lock is lost.
static void yields_when_the_budget_is_used_up(void **state)
{
    (void)state;
    struct ant_mutex_lock locks[2];
    locks[0] = ant_mutex_lock(&mutex);
    tasks[0].budget = 0;
    assert_int_equal(hand_poll(&tasks[0], &locks[0].base), ANT_PENDING);
    assert_true(tasks[0].has_yielded);
    assert_int_equal(holder(), 0);

    queue_up(locks, 2);
    assert_int_equal(tasks[0].budget_left, ANT_BUDGET - 1);
    assert_int_equal(tasks[1].budget_left, ANT_BUDGET);
    ant_mutex_unlock(&mutex);
    tasks[1].budget = 0;
    assert_int_equal(hand_poll(&tasks[1], &locks[1].base), ANT_PENDING);
    assert_int_equal(holder(), 2);
    assert_int_equal(hand_poll(&tasks[1], &locks[1].base), ANT_READY);
    ant_mutex_unlock(&mutex);
}

static void says_what_it_waits_for(void **state)
{
    (void)state;
    ant_wait wait;
    struct ant_mutex_lock locks[2];
    queue_up(locks, 2);
    assert_false(locks[0].base.ops->waits_on(&locks[0].base, &wait));
    assert_true(locks[1].base.ops->waits_on(&locks[1].base, &wait));
    assert_int_equal(wait.kind, ANT_RES_MUTEX);
    assert_string_equal(wait.name, "printer");
    assert_int_equal(wait.holder, 1);
    assert_int_equal(wait.holder_line, locks[0].claim.line);
    ant_mutex_unlock(&mutex);
    assert_int_equal(hand_poll(&tasks[1], &locks[1].base), ANT_READY);
    ant_mutex_unlock(&mutex);
}

// ---- Cancelling: L3, K13 ----

// The points of its life at which a lock future may be dropped.
typedef enum drop_point {
    DROP_NEW,
    DROP_QUEUED_FIRST,
    DROP_QUEUED_BETWEEN,
    DROP_QUEUED_LAST,
    DROP_GRANTED, // before it was polled
    DROP_READY,   // then the holder unlocks
    DROP_POINT_COUNT,
} drop_point;

// Which of the three who wait is dropped.
static unsigned victim_of(drop_point point)
{
    switch (point) {
    case DROP_QUEUED_BETWEEN:
        return 2;
    case DROP_QUEUED_LAST:
        return 3;
    case DROP_NEW:
    case DROP_QUEUED_FIRST:
    case DROP_GRANTED:
    case DROP_READY:
    case DROP_POINT_COUNT:
        return 1;
    }
    return 0;
}

static void drop_at(drop_point point)
{
    struct ant_mutex_lock locks[4];
    queue_up(locks, 4);
    const unsigned victim = victim_of(point);
    struct ant_mutex_lock fresh = ant_mutex_lock(&mutex);
    if (point == DROP_NEW) ant_future_drop(&fresh.base);
    if (point == DROP_GRANTED || point == DROP_READY) ant_mutex_unlock(&mutex);
    if (point == DROP_READY)
        assert_int_equal(hand_poll(&tasks[1], &locks[1].base), ANT_READY);
    if (point != DROP_NEW) ant_future_drop(&locks[victim].base);
    if (point == DROP_READY) assert_int_equal(holder(), 2);
    if (point != DROP_GRANTED) ant_mutex_unlock(&mutex);

    // The others get it all the same, in their order.
    for (unsigned i = 1; i < 4; i++) {
        if (locks[i].base.phase == ANT_PHASE_ENDED) continue;
        assert_int_equal(holder(), i + 1);
        assert_int_equal(hand_poll(&tasks[i], &locks[i].base), ANT_READY);
        ant_mutex_unlock(&mutex);
    }
    assert_int_equal(holder(), 0);
    assert_true(ant_mutex_try_lock(&mutex));
    ant_mutex_unlock(&mutex);
}

static void may_be_dropped_at_every_point(void **state)
{
    (void)state;
    for (int point = 0; point < DROP_POINT_COUNT; point++) {
        drop_at((drop_point)point);
    }
}

static void is_free_when_the_only_one_who_waits_is_dropped(void **state)
{
    (void)state;
    struct ant_mutex_lock locks[2];
    for (unsigned is_granted = 0; is_granted < 2; is_granted++) {
        queue_up(locks, 2);
        if (is_granted) ant_mutex_unlock(&mutex);
        ant_future_drop(&locks[1].base);
        if (!is_granted) ant_mutex_unlock(&mutex);
        assert_true(ant_mutex_try_lock(&mutex));
        ant_mutex_unlock(&mutex);
    }
}

// ---- Evil wakers: K54 ----

static struct ant_mutex_lock *evil_victim;

static void poke_mutex(void *arg)
{
    hand_task *poker = arg;
    struct ant_mutex_lock lock = ant_mutex_lock(&mutex);
    if (hand_poll(poker, &lock.base) == ANT_READY) ant_mutex_unlock(&mutex);
    ant_future_drop(&lock.base);
    if (evil_victim != NULL) ant_future_drop(&evil_victim->base);
    if (ant_mutex_try_lock(&mutex)) ant_mutex_unlock(&mutex);
}

static void stands_an_evil_waker(void **state)
{
    (void)state;
    struct ant_mutex_lock locks[3];
    evil_victim = NULL;
    for (unsigned i = 1; i < 3; i++) {
        tasks[i].evil = poke_mutex;
        tasks[i].evil_arg = &tasks[3];
    }
    queue_up(locks, 3); // evil in clone
    assert_int_equal(hand_poll(&tasks[2], &locks[1].base), ANT_PENDING);
    assert_int_equal(hand_poll(&tasks[1], &locks[1].base), ANT_PENDING);
    evil_victim = &locks[2]; // evil in wake: drops the next in the queue
    ant_mutex_unlock(&mutex);
    assert_int_equal(locks[2].base.phase, ANT_PHASE_ENDED);
    assert_int_equal(hand_poll(&tasks[1], &locks[1].base), ANT_READY);
    ant_mutex_unlock(&mutex);
}

// ---- Mistakes ----

static void unlock(void *arg)
{
    (void)arg;
    ant_mutex_unlock(&mutex);
}

static void traps_when_nobody_holds_it(void **state)
{
    (void)state;
    assert_true(hand_traps(unlock, NULL));
    assert_non_null(
        strstr(hand_trap_text(), "\"printer\", which nobody holds"));
}

static void traps_when_another_task_holds_it(void **state)
{
    (void)state;
    struct ant_mutex_lock locks[1];
    queue_up(locks, 1);
    ant_task other = { .id = 9 };
    ant__here()->task = &other;
    assert_true(hand_traps(unlock, NULL));
    ant__here()->task = NULL;
    assert_non_null(strstr(hand_trap_text(), "task 9 unlocked"));
    assert_non_null(strstr(hand_trap_text(), "which task 1 holds since"));
    ant_mutex_unlock(&mutex);
}

// ---- Threads ----

// Each thread adds to a plain number under the lock, cancelling some attempts.
typedef struct adder {
    hand_task task;
    unsigned seed;
    unsigned added;
} adder;

static unsigned sum; // under the mutex

static void add_many(void *arg)
{
    adder *self = arg;
    ant_rng rng = ant_rng_init(self->seed);
    while (self->added < 3000) {
        struct ant_mutex_lock lock = ant_mutex_lock(&mutex);
        ant_poll poll = hand_poll(&self->task, &lock.base);
        const bool gives_up = ant_rng_below(&rng, 4) == 0;
        while (poll == ANT_PENDING && !gives_up) {
            ant_os_yield();
            poll = hand_poll(&self->task, &lock.base);
        }
        ant_future_drop(&lock.base);
        if (poll == ANT_PENDING) continue;
        sum++;
        self->added++;
        ant_mutex_unlock(&mutex);
    }
}

static void lets_one_thread_in_at_a_time(void **state)
{
    (void)state;
    adder adders[3];
    ant_os_thread threads[3];
    sum = 0;
    for (unsigned i = 0; i < 3; i++) {
        adders[i] = (adder){ .seed = i };
        hand_task_init(&adders[i].task, i + 1);
        assert_int_equal(
            ant_os_thread_start(&threads[i], "adder", add_many, &adders[i]), 0);
    }
    for (unsigned i = 0; i < 3; i++) {
        ant_os_thread_join(&threads[i]);
        assert_int_equal(hand_refs(&adders[i].task), 0);
    }
    assert_int_equal(sum, 9000);
}

static ant_mutex at_load_time = ANT_MUTEX("static");

static void is_ready_at_load_time(void **state)
{
    (void)state;
    assert_true(ant_mutex_try_lock(&at_load_time));
    struct ant_mutex_lock lock = ant_mutex_lock(&at_load_time);
    assert_int_equal(hand_poll(&tasks[0], &lock.base), ANT_PENDING);
    ant_mutex_unlock(&at_load_time);
    assert_int_equal(hand_poll(&tasks[0], &lock.base), ANT_READY);
    ant_mutex_unlock(&at_load_time);
    assert_string_equal(at_load_time.permits.resource.name, "static");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(is_taken_at_once_when_it_is_free),
        TEST(wakes_in_fifo_order),
        TEST(try_lock_does_not_pass_those_who_wait),
        TEST(wakes_the_task_that_polled_last),
        TEST(yields_when_the_budget_is_used_up),
        TEST(says_what_it_waits_for),
        TEST(may_be_dropped_at_every_point),
        TEST(is_free_when_the_only_one_who_waits_is_dropped),
        TEST(stands_an_evil_waker),
        TEST(traps_when_nobody_holds_it),
        TEST(traps_when_another_task_holds_it),
        TEST(lets_one_thread_in_at_a_time),
        TEST(is_ready_at_load_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
