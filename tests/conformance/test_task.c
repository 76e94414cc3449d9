// SPDX-License-Identifier: MIT
//
// What tasks, wakers and polls promise: W1 to W12.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/mem.h"
#include "base/os.h"
#include "core/task_block.h"
#include "support/executor.h"
#include "support/flavors.h"
#include "support/hand.h"
#include "support/probe.h"

static executor ex;
static hand_task a, b;
static uint64_t blocks_before;

static int set_up(void **state)
{
    (void)state;
    executor_init(&ex);
    hand_task_init(&a, 1);
    hand_task_init(&b, 2);
    blocks_before = ant_mem_live_count();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    if (hand_refs(&a) != 0 || hand_refs(&b) != 0) return -1;
    return ant_mem_live_count() == blocks_before ? 0 : -1;
}

static void spawn_detached(probe_watch *watch)
{
    struct ant_join_handle handle = executor_spawn(&ex, probe(watch));
    ant_task_detach(&handle);
}

// Runs the probe as the program's main function.
static int run(void **state, probe_watch *watch)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    const int result = ant_runtime_block_on(rt, probe(watch));
    ant_runtime_free(rt);
    return result;
}

// ---- Waking ----

static void w1_five_wakes_make_one_more_poll(void **state)
{
    probe_watch watch = { .script = "wwwww.R" };
    assert_int_equal(run(state, &watch), 0);
    assert_int_equal(watch.poll_count, 2);
}

static void w1_five_wakes_make_one_place_in_the_queue(void **state)
{
    (void)state;
    probe_watch inside = { .script = "wwwww.R" };
    probe_watch outside = { .script = "k.R" };
    spawn_detached(&inside);
    executor_run(&ex);
    assert_string_equal(ex.how, "SB");
    spawn_detached(&outside);
    executor_run(&ex);
    for (int i = 0; i < 5; i++) {
        ant_waker_wake_ref(&outside.kept);
    }
    assert_string_equal(ex.how, "SBSW");
    executor_run(&ex);
    assert_int_equal(outside.poll_count, 2);
    ant_waker_drop(&outside.kept);
}

static void w2_a_wake_of_oneself_goes_behind_the_others(void **state)
{
    (void)state;
    probe_watch first = { .script = "w.R" };
    probe_watch second = { .script = "R" };
    spawn_detached(&first);
    spawn_detached(&second);
    assert_true(executor_run_one(&ex));
    assert_string_equal(ex.how, "SSB"); // only when the poll was over
    assert_true(executor_run_one(&ex));
    assert_int_equal(second.poll_count, 1);
    assert_int_equal(first.poll_count, 1);
    executor_run(&ex);
    assert_int_equal(first.poll_count, 2);
}

// The wake comes in the poll, between two polls, and before the first.
static void w3_a_wake_is_never_lost(void **state)
{
    (void)state;
    probe_watch in_poll = { .script = "kw.k.R" };
    spawn_detached(&in_poll);
    executor_run(&ex);
    assert_int_equal(in_poll.poll_count, 2);
    ant_waker_wake(&in_poll.kept);
    executor_run(&ex);
    assert_int_equal(in_poll.poll_count, 3);

    probe_watch early = { .script = "k.R" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&early));
    ant_waker waker = { &handle.task->wakeable };
    ant_waker_wake_ref(&waker); // it is in the queue already
    executor_run(&ex);
    assert_int_equal(early.poll_count, 1);
    ant_waker_wake(&early.kept);
    executor_run(&ex);
    assert_int_equal(early.poll_count, 2);
    ant_task_detach(&handle);
}

// The waker outlives its task and its runtime, and frees the task.
static void w4_a_late_wake_does_nothing(void **state)
{
    probe_watch watch = { .script = "kw.R" };
    assert_int_equal(run(state, &watch), 0);
    ant_waker_wake_ref(&watch.kept);
    ant_waker_wake(&watch.kept);
    assert_int_equal(watch.poll_count, 2);
}

static void w5_references_are_counted(void **state)
{
    (void)state;
    const ant_waker borrowed = { &a.wakeable };
    ant_waker kept = ant_waker_clone(&borrowed);
    assert_int_equal(hand_refs(&a), 1);
    ant_waker_wake_ref(&kept);
    assert_int_equal(hand_refs(&a), 1);
    ant_waker_wake(&kept);
    assert_int_equal(hand_refs(&a), 0);
    assert_int_equal(hand_take_wakes(&a), 2);
    kept = ant_waker_clone(&borrowed);
    ant_waker_drop(&kept);
    assert_int_equal(hand_refs(&a), 0);
    assert_int_equal(hand_take_wakes(&a), 0);
    const ant_waker other = { &b.wakeable };
    assert_true(ant_waker_same(&borrowed, &borrowed));
    assert_false(ant_waker_same(&borrowed, &other));
}

// A thread writes numbers without any order and wakes after each. A wake that
// found the task woken and did not publish would let the last number be missed,
// and this would never end.
enum { NUMBERS = 20000 };

typedef struct numbers {
    ant_atomic_u32 latest;
    ant_atomic_ptr target; // of the listener's waker
} numbers;

struct listen {
    ant_future base;
    numbers *from;
    bool has_told;
};

ANT_ASYNC(listen)
{
    if (!self->has_told) {
        const ant_waker told = ant_waker_clone(&cx->waker);
        ant_atomic_store(&self->from->target, (uintptr_t)told.target,
                         ANT_RELEASE);
    }
    self->has_told = true;
    return ant_atomic_load(&self->from->latest, ANT_RELAXED) == NUMBERS
               ? ANT_READY
               : ANT_PENDING;
}

static void tell(void *arg)
{
    numbers *to = arg;
    uintptr_t target;
    do {
        ant_os_yield();
        target = ant_atomic_load(&to->target, ANT_ACQUIRE);
    } while (target == 0);
    ant_waker waker = { (ant_wakeable *)target };
    for (uint32_t i = 1; i <= NUMBERS; i++) {
        ant_atomic_store(&to->latest, i, ANT_RELAXED);
        ant_waker_wake_ref(&waker);
    }
    ant_waker_drop(&waker);
}

static void w6_a_wake_publishes_what_was_written(void **state)
{
    numbers given;
    ant_atomic_store(&given.latest, 0, ANT_RELAXED);
    ant_atomic_store(&given.target, 0, ANT_RELAXED);
    ant_runtime *rt = flavor_runtime(state, NULL);
    ant_os_thread thread;
    assert_int_equal(ant_os_thread_start(&thread, "teller", tell, &given), 0);
    const struct listen listen = { ANT_INIT(listen), .from = &given };
    assert_int_equal(ant_runtime_block_on(rt, listen), 0);
    ant_os_thread_join(&thread);
    ant_runtime_free(rt);
}

// ---- Polling ----

// One of each kind that waits in a list of its own.
typedef struct waits {
    ant_mutex mutex;
    ant_cancellation_token token;
    ant_task_tracker tracker;
    ant_join_set set;
    probe_watch watch;
    struct ant_join_handle handle;
    struct ant_mutex_lock lock;
    struct ant_cancellation_token_cancelled cancelled;
    struct ant_task_tracker_wait drained;
    struct ant_join_set_next next;
    ant_future *all[5];
} waits;

static waits w;

static void make_waits(void)
{
    memset(&w, 0, sizeof w);
    ant_mutex_init(&w.mutex, "mutex");
    assert_true(ant_mutex_try_lock(&w.mutex));
    assert_int_equal(ant_cancellation_token_new("token", &w.token), 0);
    assert_int_equal(ant_task_tracker_new("tracker", &w.tracker), 0);
    ant_join_set_init(&w.set, "set");
    w.watch.script = "R"; // but nobody runs it before the end
    w.handle = executor_spawn(&ex, probe(&w.watch));
    assert_int_equal(
        ant_join_set_add(&w.set, NULL, executor_spawn(&ex, probe(&w.watch))),
        0);
    w.lock = ant_mutex_lock(&w.mutex);
    w.cancelled = ant_cancellation_token_cancelled(&w.token);
    w.drained = ant_task_tracker_wait(&w.tracker);
    w.next = ant_join_set_next(&w.set);
    w.all[0] = &w.handle.base;
    w.all[1] = &w.lock.base;
    w.all[2] = &w.cancelled.base;
    w.all[3] = &w.drained.base;
    w.all[4] = &w.next.base;
}

static void end_waits(void)
{
    for (unsigned i = 0; i < ANT_ARRAY_LEN(w.all); i++) {
        ant_future_drop(w.all[i]);
    }
    ant_mutex_unlock(&w.mutex);
    ant_mutex_deinit(&w.mutex);
    ant_cancellation_token_drop(&w.token);
    ant_task_tracker_drop(&w.tracker);
    ant_join_set_deinit(&w.set);
    executor_run(&ex);
}

static void poll_all(hand_task *task, ant_poll expected)
{
    for (unsigned i = 0; i < ANT_ARRAY_LEN(w.all); i++) {
        assert_int_equal(hand_poll(task, w.all[i]), expected);
    }
}

static void w7_polls_for_no_reason_change_nothing(void **state)
{
    (void)state;
    make_waits();
    for (int i = 0; i < 3; i++) {
        poll_all(&a, ANT_PENDING);
    }
    assert_int_equal(hand_refs(&a), ANT_ARRAY_LEN(w.all));
    assert_int_equal(hand_take_wakes(&a), 0);
    end_waits();
}

// Comes back to what is dropping the old waker: with a lock held, for ever.
static void poke(void *arg)
{
    (void)arg;
    assert_false(ant_mutex_try_lock(&w.mutex));
    struct ant_cancellation_token_cancelled wait =
        ant_cancellation_token_cancelled(&w.token);
    hand_task third;
    hand_task_init(&third, 3);
    assert_int_equal(hand_poll(&third, &wait.base), ANT_PENDING);
    ant_future_drop(&wait.base);
    struct ant_task_tracker_wait drained = ant_task_tracker_wait(&w.tracker);
    assert_int_equal(hand_poll(&third, &drained.base), ANT_PENDING);
    ant_future_drop(&drained.base);
}

static void w8_only_the_latest_waker_is_kept(void **state)
{
    (void)state;
    make_waits();
    poll_all(&a, ANT_PENDING);
    a.evil = poke;
    poll_all(&b, ANT_PENDING);
    a.evil = NULL;
    assert_int_equal(hand_refs(&a), 0);
    assert_int_equal(hand_refs(&b), ANT_ARRAY_LEN(w.all));
    ant_cancellation_token_cancel(&w.token);
    assert_int_equal(hand_take_wakes(&a), 0);
    assert_int_equal(hand_take_wakes(&b), 1);
    end_waits();
}

static void w9_what_ends_a_wait_gives_its_waker_back(void **state)
{
    (void)state;
    make_waits();
    poll_all(&a, ANT_PENDING);
    for (unsigned i = 0; i < ANT_ARRAY_LEN(w.all); i++) {
        ant_future_drop(w.all[i]);
        assert_int_equal(hand_refs(&a), ANT_ARRAY_LEN(w.all) - 1 - i);
    }
    struct ant_cancellation_token_cancelled wait =
        ant_cancellation_token_cancelled(&w.token);
    assert_int_equal(hand_poll(&a, &wait.base), ANT_PENDING);
    ant_cancellation_token_cancel(&w.token);
    assert_int_equal(hand_refs(&a), 0); // by being woken
    assert_int_equal(hand_poll(&a, &wait.base), ANT_READY);
    end_waits();
}

static void poll_it(void *arg)
{
    (void)hand_poll(&a, arg);
}

static void w10_polling_what_has_ended_traps(void **state)
{
    (void)state;
    struct ant_consume_budget over = ant_consume_budget();
    assert_int_equal(hand_poll(&a, &over.base), ANT_READY);
    assert_true(hand_traps(poll_it, &over.base));
    assert_non_null(strstr(hand_trap_text(), "polled after it was ready"));

    struct ant_sleep dropped = ant_sleep(1);
    ant_future_drop(&dropped.base);
    assert_true(hand_traps(poll_it, &dropped.base));
}

// ---- References, overlaps ----

// Whichever of the three goes last frees the block.
static void w11_each_holder_has_one_reference(void **state)
{
    (void)state;
    static const char *const orders[] = { "hwa", "haw", "wha",
                                          "wah", "ahw", "awh" };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(orders); i++) {
        probe_watch watch = { .script = "kw.R" };
        struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
        ant_abort_handle stop = ant_task_abort_handle(&handle);
        executor_run(&ex);
        for (const char *who = orders[i]; *who != '\0'; who++) {
            assert_int_equal(ant_mem_live_count(), blocks_before + 1);
            if (*who == 'h') ant_task_detach(&handle);
            if (*who == 'w') ant_waker_drop(&watch.kept);
            if (*who == 'a') ant_abort_handle_drop(&stop);
        }
        assert_int_equal(ant_mem_live_count(), blocks_before);
    }
}

// Nobody may come in while this is polled or dropped.
struct alone {
    ant_future base;
    ant_atomic_u32 *inside;
};

static void be_alone(ant_atomic_u32 *inside)
{
    ANT_ASSERT(ant_atomic_add(inside, 1, ANT_RELAXED) == 0);
    for (int i = 0; i < 100; i++) {
        ANT_ASSERT(ant_atomic_load(inside, ANT_RELAXED) == 1);
    }
    (void)ant_atomic_sub(inside, 1, ANT_RELAXED);
}

ANT_ASYNC_WITH_DROP(alone)
{
    be_alone(self->inside);
    ant_waker_wake_ref(&cx->waker);
    return ANT_PENDING;
}

static void alone_drop(struct alone *self)
{
    be_alone(self->inside);
}

struct aborter {
    ant_future base;
    enum { ABORTER_START, ABORTER_WAITING, ABORTER_JOINING } state;
    unsigned turn;
    ant_atomic_u32 *inside;
    struct ant_yield_now yield;
    struct ant_join_handle handle;
};

ANT_ASYNC(aborter)
{
    switch (self->state) {
    case ABORTER_START:
        self->handle = ant_spawn(
            (struct alone){ ANT_INIT(alone), .inside = self->inside });
        self->yield = ant_yield_now();
        return ANT_NEXT(ABORTER_WAITING);

    case ABORTER_WAITING:
        ANT_AWAIT(self->yield);
        ant_task_abort(&self->handle);
        return ANT_NEXT(ABORTER_JOINING);

    case ABORTER_JOINING:
        ANT_AWAIT(self->handle);
        ANT_ASSERT(self->handle.base.result == -ECANCELED);
        ant_task_detach(&self->handle);
        if (++self->turn == 50) return ANT_READY;
        return ANT_NEXT(ABORTER_START);
    }
    ANT_UNREACHABLE();
}

static void w12_polling_and_destroying_never_overlap(void **state)
{
    ant_atomic_u32 inside;
    ant_atomic_store(&inside, 0, ANT_RELAXED);
    ant_runtime *rt = flavor_runtime(state, NULL);
    const struct aborter aborter = { ANT_INIT(aborter), .inside = &inside };
    assert_int_equal(ant_runtime_block_on(rt, aborter), 0);
    ant_runtime_free(rt);
}

// Aborted from within its own poll: destroyed after it.
static void w12_a_running_task_is_not_destroyed(void **state)
{
    (void)state;
    probe_watch watch = { .script = "ak.R" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    watch.handle = &handle;
    executor_run(&ex);
    assert_int_equal(watch.poll_count, 1);
    assert_int_equal(watch.drop_count, 1);
    assert_false(watch.was_finished_on_drop);
    ant_waker_drop(&watch.kept);
    ant_task_detach(&handle);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(w1_five_wakes_make_one_more_poll),
        TEST(w1_five_wakes_make_one_place_in_the_queue),
        TEST(w2_a_wake_of_oneself_goes_behind_the_others),
        TEST(w3_a_wake_is_never_lost),
        EVERY_FLAVOR(w4_a_late_wake_does_nothing),
        TEST(w5_references_are_counted),
        FLAVOR(w6_a_wake_publishes_what_was_written, current),
        FLAVOR(w6_a_wake_publishes_what_was_written, multi),
        TEST(w7_polls_for_no_reason_change_nothing),
        TEST(w8_only_the_latest_waker_is_kept),
        TEST(w9_what_ends_a_wait_gives_its_waker_back),
        TEST(w10_polling_what_has_ended_traps),
        TEST(w11_each_holder_has_one_reference),
        EVERY_FLAVOR(w12_polling_and_destroying_never_overlap),
        TEST(w12_a_running_task_is_not_destroyed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
