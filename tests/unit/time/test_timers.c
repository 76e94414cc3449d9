// SPDX-License-Identifier: MIT
//
// Tests of time/timers: alarms that are armed, moved, taken back and go off.

#include "time/timers.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/hand.h"
#include "time/sleep.h"

#define NAP_COUNT 100

static hand_clock hands;

static int set_up(void **state)
{
    (void)state;
    hand_clock_init(&hands);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(ant_timers_count(&hands.timers), 0);
    hand_clock_deinit(&hands);
    return 0;
}

static void task_init(hand_task *task)
{
    hand_task_init(task, 1);
    task->clock = &hands;
}

static struct ant_sleep nap_until(uint64_t ms)
{
    return ant_sleep_until(ms * ANT_NS_PER_MS);
}

// Ti1, Ti2.
static void tells_when_to_look_again(void **state)
{
    (void)state;
    hand_task task;
    task_init(&task);
    assert_int_equal(ant_timers_next_ns(&hands.timers), ANT_NS_NEVER);

    struct ant_sleep nap = nap_until(7);
    assert_int_equal(hand_poll(&task, &nap.base), ANT_PENDING);
    assert_int_equal(ant_timers_next_ns(&hands.timers), 7 * ANT_NS_PER_MS);
    assert_int_equal(ant_timers_fire(&hands.timers), 0);

    hand_clock_advance_ms(&hands, 7);
    assert_int_equal(ant_timers_next_ns(&hands.timers), ANT_NS_NEVER);
    assert_int_equal(hand_poll(&task, &nap.base), ANT_READY);
}

// Ti4, K4: who parks until the next deadline has to hear of an earlier one.
static void calls_on_earlier_only_when_it_is_earlier(void **state)
{
    (void)state;
    hand_task task;
    task_init(&task);
    struct ant_sleep naps[] = { nap_until(50), nap_until(60), nap_until(40) };
    const uint32_t calls[] = { 1, 1, 2 };
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(hand_poll(&task, &naps[i].base), ANT_PENDING);
        assert_int_equal(ant_atomic_load(&hands.earlier_count, ANT_RELAXED),
                         calls[i]);
    }
    ant_sleep_reset(&naps[1], 30 * ANT_NS_PER_MS);
    assert_int_equal(ant_atomic_load(&hands.earlier_count, ANT_RELAXED), 3);
    for (unsigned i = 0; i < 3; i++) {
        ant_future_drop(&naps[i].base);
    }
}

// Most alarms are taken back: that is put right when somebody asks.
static void forgets_a_deadline_that_was_taken_back_when_asked(void **state)
{
    (void)state;
    hand_task task;
    task_init(&task);
    struct ant_sleep naps[] = { nap_until(50), nap_until(60), nap_until(70) };
    assert_int_equal(hand_poll(&task, &naps[0].base), ANT_PENDING);
    ant_future_drop(&naps[0].base);
    assert_int_equal(hand_poll(&task, &naps[1].base), ANT_PENDING);
    // Who sleeps until 50 needs to be told nothing.
    assert_int_equal(ant_atomic_load(&hands.earlier_count, ANT_RELAXED), 1);
    assert_int_equal(ant_timers_next_ns(&hands.timers), 60 * ANT_NS_PER_MS);

    assert_int_equal(hand_poll(&task, &naps[2].base), ANT_PENDING);
    ant_future_drop(&naps[1].base);
    ant_atomic_store(&hands.now_ns, 60 * ANT_NS_PER_MS, ANT_RELAXED);
    assert_int_equal(ant_timers_fire(&hands.timers), 0);
    assert_int_equal(ant_timers_next_ns(&hands.timers), 70 * ANT_NS_PER_MS);
    ant_future_drop(&naps[2].base);
    assert_int_equal(ant_timers_next_ns(&hands.timers), ANT_NS_NEVER);
}

// Sleeps 5 ms, and takes 8 ms to begin with it.
struct slow {
    ant_future base;
    struct ant_sleep nap;
};

ANT_ASYNC(slow)
{
    if (ANT_BEGINS(self->nap)) {
        self->nap = ant_sleep(5);
        ant_atomic_add(&hands.now_ns, 8 * ANT_NS_PER_MS, ANT_RELAXED);
    }
    ANT_AWAIT(self->nap);
    return ANT_READY;
}

// A clock that stands still costs nothing to ask, and is asked each time.
static void asks_a_clock_that_runs_once_in_a_poll(void **state)
{
    (void)state;
    hand_task task;
    task_init(&task);
    struct slow slow = { ANT_INIT(slow) };
    assert_int_equal(hand_poll(&task, &slow.base), ANT_READY);

    hands.timers.clock.slack_ns = ANT_TIMERS_SLACK_NS;
    slow = (struct slow){ ANT_INIT(slow) };
    assert_int_equal(hand_poll(&task, &slow.base), ANT_PENDING);
    assert_int_equal(ant_timers_fire(&hands.timers), 1);
    assert_int_equal(hand_poll(&task, &slow.base), ANT_READY);
}

// A mock task that writes down in which order the wakes came.
static unsigned log_ids[NAP_COUNT];
static unsigned log_count;
static unsigned numbers[NAP_COUNT];

static void note_wake(void *arg)
{
    if (log_count < NAP_COUNT) log_ids[log_count] = *(const unsigned *)arg;
    log_count++;
}

// The order of deadlines, then of arming; more than one batch of them.
static void wakes_in_order_of_deadline_then_of_arming(void **state)
{
    (void)state;
    static hand_task tasks[NAP_COUNT];
    static struct ant_sleep naps[NAP_COUNT];
    for (unsigned i = 0; i < NAP_COUNT; i++) {
        task_init(&tasks[i]);
        naps[i] = nap_until(10 - i % 2 * 5); // the odd ones at 5, others at 10
        assert_int_equal(hand_poll(&tasks[i], &naps[i].base), ANT_PENDING);
        numbers[i] = i;
        tasks[i].evil = note_wake;
        tasks[i].evil_arg = &numbers[i];
    }
    log_count = 0;
    ant_atomic_store(&hands.now_ns, 20 * ANT_NS_PER_MS, ANT_RELAXED);
    assert_int_equal(ant_timers_fire(&hands.timers), NAP_COUNT);
    assert_int_equal(log_count, 2 * NAP_COUNT); // a wake and a drop each
    for (unsigned i = 0; i < NAP_COUNT / 4; i++) {
        assert_int_equal(log_ids[2 * i], 2 * i + 1);
    }
    for (unsigned i = 0; i < NAP_COUNT; i++) {
        assert_int_equal(hand_take_wakes(&tasks[i]), 1);
        assert_int_equal(hand_poll(&tasks[i], &naps[i].base), ANT_READY);
        assert_int_equal(hand_refs(&tasks[i]), 0);
    }
}

// What an evil waker does while the clock lets alarms go off.
typedef struct mischief {
    hand_task other;
    struct ant_sleep victim; // due in the same tick: taken back
    struct ant_sleep moved;  // due in the same tick: put off
    struct ant_sleep fresh;  // armed
} mischief;

static void poke_timers(void *arg)
{
    mischief *m = arg;
    ant_future_drop(&m->victim.base);
    if (m->moved.base.phase == ANT_PHASE_STARTED)
        ant_sleep_reset(&m->moved, 90 * ANT_NS_PER_MS);
    if (m->fresh.base.phase == ANT_PHASE_NEW)
        assert_int_equal(hand_poll(&m->other, &m->fresh.base), ANT_PENDING);
    (void)ant_timers_next_ns(&hands.timers);
    ant_timers_fire(&hands.timers);
}

// Ti3, K19, K20, K54: drop, reset and arm from inside of a waker, in the tick.
// So many others are due before them that they are in a later batch.
static void stands_an_evil_waker(void **state)
{
    (void)state;
    hand_task task;
    task_init(&task);
    mischief m;
    task_init(&m.other);
    struct ant_sleep naps[ANT_TIMERS_BATCH];
    for (unsigned i = 0; i < ANT_TIMERS_BATCH; i++) {
        naps[i] = nap_until(10);
        assert_int_equal(hand_poll(&task, &naps[i].base), ANT_PENDING);
    }
    m.victim = nap_until(10);
    m.moved = nap_until(10);
    m.fresh = nap_until(30);
    assert_int_equal(hand_poll(&m.other, &m.victim.base), ANT_PENDING);
    assert_int_equal(hand_poll(&m.other, &m.moved.base), ANT_PENDING);

    task.evil = poke_timers;
    task.evil_arg = &m;
    hand_clock_advance_ms(&hands, 10);
    assert_int_equal(hand_take_wakes(&task), ANT_TIMERS_BATCH);
    assert_int_equal(hand_take_wakes(&m.other), 0);
    assert_int_equal(ant_timers_count(&hands.timers), 2);
    hand_clock_advance_ms(&hands, 80);
    assert_int_equal(hand_take_wakes(&m.other), 2);
    assert_int_equal(hand_poll(&m.other, &m.fresh.base), ANT_READY);
    assert_int_equal(hand_poll(&m.other, &m.moved.base), ANT_READY);
    assert_int_equal(hand_refs(&task), 0);
    assert_int_equal(hand_refs(&m.other), 0);
}

static void look_at_timers(void *arg)
{
    (void)arg;
    (void)ant_timers_next_ns(&hands.timers);
    ant_timers_fire(&hands.timers);
}

// K54: no waker is cloned or dropped under the clock's lock.
static void stands_evil_in_clone_and_drop(void **state)
{
    (void)state;
    hand_task task;
    hand_task other;
    task_init(&task);
    task_init(&other);
    task.evil = other.evil = look_at_timers;
    struct ant_sleep nap = nap_until(10);
    assert_int_equal(hand_poll(&task, &nap.base), ANT_PENDING);
    assert_int_equal(hand_poll(&other, &nap.base), ANT_PENDING);
    assert_int_equal(hand_refs(&task), 0);
    ant_future_drop(&nap.base);
    assert_int_equal(hand_refs(&other), 0);
}

// K22: nothing of a timer that was taken back stays in the wheel.
static void forgets_those_that_are_dropped(void **state)
{
    (void)state;
    hand_task task;
    task_init(&task);
    for (unsigned i = 0; i < 1000; i++) {
        struct ant_sleep nap = nap_until(1 + (uint64_t)i * 1000);
        assert_int_equal(hand_poll(&task, &nap.base), ANT_PENDING);
        ant_future_drop(&nap.base);
        assert_int_equal(ant_timers_count(&hands.timers), 0);
    }
    assert_int_equal(ant_timers_next_ns(&hands.timers), ANT_NS_NEVER);
    assert_int_equal(hand_refs(&task), 0);
}

// Ti7, K23.
static void stands_time_that_runs_backwards(void **state)
{
    (void)state;
    hand_task task;
    task_init(&task);
    hand_clock_advance_ms(&hands, 100);
    struct ant_sleep nap = nap_until(120);
    assert_int_equal(hand_poll(&task, &nap.base), ANT_PENDING);
    ant_atomic_store(&hands.now_ns, 0, ANT_RELAXED);
    assert_int_equal(ant_timers_fire(&hands.timers), 0);
    assert_int_equal(hand_poll(&task, &nap.base), ANT_PENDING);
    hand_clock_advance_ms(&hands, 120);
    assert_int_equal(hand_poll(&task, &nap.base), ANT_READY);
}

// D8: nobody is left asleep when the clock ends, and nobody is early.
static void wakes_everybody_when_it_closes(void **state)
{
    (void)state;
    hand_task task;
    task_init(&task);
    struct ant_sleep naps[] = { nap_until(5), ant_sleep_until(ANT_NS_NEVER) };
    assert_int_equal(hand_poll(&task, &naps[0].base), ANT_PENDING);
    assert_int_equal(hand_poll(&task, &naps[1].base), ANT_PENDING);
    ant_timers_close(&hands.timers);
    ant_timers_close(&hands.timers);
    assert_int_equal(hand_take_wakes(&task), 2);
    assert_int_equal(ant_atomic_load(&task.via, ANT_RELAXED), ANT_VIA_SHUTDOWN);
    assert_int_equal(hand_poll(&task, &naps[0].base), ANT_READY);
    assert_int_equal(naps[0].base.result, -ESHUTDOWN);

    struct ant_sleep late = nap_until(50);
    assert_int_equal(hand_poll(&task, &late.base), ANT_READY);
    assert_int_equal(late.base.result, -ESHUTDOWN);
    assert_int_equal(hand_refs(&task), 0);
}

static void sleeps_are_dropped_by_other_threads(void *arg)
{
    for (unsigned i = 0; i < 2000; i++) {
        struct ant_sleep nap =
            ant_sleep_until(ant_clock_now_ns(&hands.timers.clock) + 1);
        ant_poll poll = hand_poll(arg, &nap.base);
        if (i % 3 == 0 && poll == ANT_PENDING)
            ant_sleep_reset(&nap, ANT_NS_NEVER);
        if (poll == ANT_PENDING) poll = hand_poll(arg, &nap.base);
        ant_future_drop(&nap.base);
    }
}

// Ti3 with real threads: no timing, only that nothing tears (see SAN=thread).
static void is_safe_from_many_threads(void **state)
{
    (void)state;
    hand_task tasks[2];
    ant_os_thread threads[2];
    for (unsigned i = 0; i < 2; i++) {
        task_init(&tasks[i]);
        assert_int_equal(
            ant_os_thread_start(&threads[i], "napper",
                                sleeps_are_dropped_by_other_threads, &tasks[i]),
            0);
    }
    for (unsigned i = 0; i < 2000; i++) {
        ant_atomic_add(&hands.now_ns, ANT_NS_PER_MS, ANT_RELAXED);
        ant_timers_fire(&hands.timers);
    }
    for (unsigned i = 0; i < 2; i++) {
        ant_os_thread_join(&threads[i]);
        assert_int_equal(hand_refs(&tasks[i]), 0);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(tells_when_to_look_again),
        TEST(calls_on_earlier_only_when_it_is_earlier),
        TEST(forgets_a_deadline_that_was_taken_back_when_asked),
        TEST(asks_a_clock_that_runs_once_in_a_poll),
        TEST(wakes_in_order_of_deadline_then_of_arming),
        TEST(stands_an_evil_waker),
        TEST(stands_evil_in_clone_and_drop),
        TEST(forgets_those_that_are_dropped),
        TEST(stands_time_that_runs_backwards),
        TEST(wakes_everybody_when_it_closes),
        TEST(is_safe_from_many_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
