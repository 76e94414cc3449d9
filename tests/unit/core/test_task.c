// SPDX-License-Identifier: MIT
//
// Tests of core/task on the smallest executor: wakes (W1 to W11), aborts,
// panics and who frees what.

#include "core/task.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/block.h"
#include "base/mem.h"
#include "core/panic.h"
#include "core/task_block.h"
#include "support/executor.h"
#include "support/hand.h"
#include "support/probe.h"

static executor ex;
static uint64_t blocks_before;

static int set_up(void **state)
{
    (void)state;
    executor_init(&ex);
    blocks_before = ant_mem_live_count();
    return 0;
}

// Every test gives back every block.
static int tear_down(void **state)
{
    (void)state;
    return ant_mem_live_count() == blocks_before ? 0 : -1;
}

// Spawns a probe that nobody will join.
static void spawn_detached(probe_watch *watch)
{
    struct ant_join_handle handle = executor_spawn(&ex, probe(watch));
    ant_task_detach(&handle);
}

// ---- Waking ----

// W1.
static void five_wakes_in_one_poll_make_one_more_poll(void **state)
{
    (void)state;
    probe_watch watch = { .script = "wwwww.R" };
    spawn_detached(&watch);
    executor_run(&ex);
    assert_int_equal(watch.poll_count, 2);
    assert_string_equal(ex.how, "SB");
}

// W2.
static void a_task_that_wakes_itself_goes_behind_the_others(void **state)
{
    (void)state;
    probe_watch a = { .script = "w.R" };
    probe_watch b = { .script = "R" };
    spawn_detached(&a);
    spawn_detached(&b);
    assert_true(executor_run_one(&ex));
    assert_int_equal(a.poll_count, 1);
    assert_true(executor_run_one(&ex));
    assert_int_equal(b.poll_count, 1);
    executor_run(&ex);
    assert_int_equal(a.poll_count, 2);
}

static void a_yield_is_told_from_a_wake(void **state)
{
    (void)state;
    probe_watch watch = { .script = "y.w.R" };
    spawn_detached(&watch);
    executor_run(&ex);
    assert_string_equal(ex.how, "SYB");
}

// W3.
static void a_wake_after_the_poll_is_as_good_as_one_in_it(void **state)
{
    (void)state;
    probe_watch watch = { .script = "k.R" };
    spawn_detached(&watch);
    executor_run(&ex);
    assert_int_equal(watch.poll_count, 1);
    ant_waker_wake(&watch.kept);
    assert_string_equal(ex.how, "SW");
    executor_run(&ex);
    assert_int_equal(watch.poll_count, 2);
}

static void wakes_of_a_queued_task_are_one(void **state)
{
    (void)state;
    probe_watch watch = { .script = "k.R" };
    spawn_detached(&watch);
    executor_run(&ex);
    for (int i = 0; i < 5; i++)
        ant_waker_wake_ref(&watch.kept);
    assert_string_equal(ex.how, "SW");
    executor_run(&ex);
    assert_int_equal(watch.poll_count, 2);
    ant_waker_drop(&watch.kept);
}

// W4: the waker holds the last reference.
static void a_late_wake_does_nothing_and_frees_the_task(void **state)
{
    (void)state;
    probe_watch watch = { .script = "kw.R" };
    spawn_detached(&watch);
    executor_run(&ex);
    assert_int_equal(ex.release_count, 1);
    assert_int_equal(ant_mem_live_count(), blocks_before + 1);
    ant_waker_wake_ref(&watch.kept);
    assert_null(ex.first);
    ant_waker_wake(&watch.kept);
    assert_int_equal(ant_mem_live_count(), blocks_before);
}

// W4: the scheduler that made the task is gone.
static void a_waker_may_outlive_the_scheduler(void **state)
{
    (void)state;
    probe_watch watch = { .script = "kw.R" };
    executor *gone = ant_mem_alloc(sizeof *gone);
    executor_init(gone);
    struct ant_join_handle handle = executor_spawn(gone, probe(&watch));
    executor_run(gone);
    ant_mem_free(gone);
    ant_waker_wake_ref(&watch.kept);
    ant_task_detach(&handle);
    ant_waker_wake(&watch.kept);
}

// W5, W11.
static void references_are_counted_one_by_one(void **state)
{
    (void)state;
    probe_watch watch = { .script = "k.R" };
    spawn_detached(&watch);
    executor_run(&ex);
    ant_task *task = ant_task_of(watch.kept.target);
    // One is the scheduler's, one the kept waker's.
    assert_int_equal(
        ant_atomic_load(&task->state.word, ANT_RELAXED) >> 8 & 0xFFFFFF, 2);
    ant_waker second = ant_waker_clone(&watch.kept);
    assert_true(ant_waker_same(&second, &watch.kept));
    ant_waker_drop(&second);
    ant_waker_wake(&watch.kept);
    executor_run(&ex);
}

// ---- The end ----

static void a_failure_ends_the_task_and_nothing_else(void **state)
{
    (void)state;
    probe_watch watch = { .script = "F" };
    spawn_detached(&watch);
    executor_run(&ex);
    assert_int_equal(ex.release_count, 1);
    assert_int_equal(ex.panic_count, 0);
}

// J8.
static void a_panic_ends_the_task_and_nothing_else(void **state)
{
    (void)state;
    probe_watch bad = { .script = "!" };
    probe_watch good = { .script = "R" };
    spawn_detached(&bad);
    spawn_detached(&good);
    executor_run(&ex);
    assert_int_equal(bad.drop_count, 1);
    assert_int_equal(good.poll_count, 1);
    assert_int_equal(ex.release_count, 2);
    assert_int_equal(ex.panic_count, 1);
    assert_string_equal(ex.panic.text, "boom");
    assert_true(ex.panic.is_panic);
    assert_int_equal(ex.panic.err, -ENOTRECOVERABLE);
}

static void a_panic_while_an_aborted_task_is_destroyed_is_caught(void **state)
{
    (void)state;
    probe_watch watch = { .script = "k.", .panics_on_drop = true };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    executor_run(&ex);
    ant_task_abort(&handle);
    executor_run(&ex);
    assert_int_equal(ex.panic_count, 1);
    assert_string_equal(ex.panic.text, "boom on drop");
    ant_task_detach(&handle);
    ant_waker_drop(&watch.kept);
}

static void run_all(void *arg)
{
    executor_run(arg);
}

// As in Rust, where a second panic aborts. What the task held is lost.
static void a_panic_while_a_panic_is_cleaned_up_traps(void **state)
{
    (void)state;
    probe_watch watch = { .script = "!", .panics_on_drop = true };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    assert_true(hand_traps(run_all, &ex));
    assert_non_null(strstr(hand_trap_text(), "boom on drop"));
    ant_block_free(handle.task,
                   offsetof(ant_task, future) + sizeof(struct probe));
}

// The pw_async2 check: PENDING, and nobody holds the waker.
static void a_task_that_nobody_can_wake_ends_with_a_message(void **state)
{
    (void)state;
    probe_watch watch = { .script = "." };
    spawn_detached(&watch);
    executor_run(&ex);
    assert_int_equal(watch.drop_count, 1);
    assert_int_equal(ex.panic_count, 1);
    assert_non_null(strstr(ex.panic.text, "`probe` returned PENDING"));
    assert_non_null(strstr(ex.panic.text, "nothing could ever wake it"));
    assert_non_null(strstr(ex.panic.file, "probe.c"));
}

static void a_kept_join_handle_does_not_count_as_a_waker(void **state)
{
    (void)state;
    probe_watch watch = { .script = "." };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    executor_run(&ex);
    assert_int_equal(ex.panic_count, 1);
    ant_task_detach(&handle);
}

static void shutdown_destroys_a_task_wherever_it_is(void **state)
{
    (void)state;
    probe_watch idle = { .script = "k." };
    probe_watch queued = { .script = "R" };
    struct ant_join_handle a = executor_spawn(&ex, probe(&idle));
    executor_run(&ex);
    struct ant_join_handle b = executor_spawn(&ex, probe(&queued));
    ex.first = NULL; // the queue is forgotten, as in a shutdown

    ant_task_shutdown(a.task);
    ant_task_shutdown(b.task);
    assert_int_equal(idle.drop_count, 1);
    assert_int_equal(queued.poll_count, 0);
    assert_true(ant_task_is_finished(&a));
    assert_true(ant_task_is_finished(&b));
    ant_task_shutdown(a.task); // it is over: nothing happens
    assert_int_equal(ex.release_count, 2);

    ant_waker_wake(&idle.kept); // late
    ant_task_detach(&a);
    ant_task_detach(&b);
}

// ---- What a poll is told about itself ----

struct looker {
    ant_future base;
    uint32_t *ret_id;
};

ANT_ASYNC(looker)
{
    *self->ret_id = ant_task_id_here();
    assert_int_equal(cx->task, ant_task_id_here());
    assert_int_equal(cx->budget, ANT_BUDGET);
    return ANT_READY;
}

static struct looker looker(uint32_t *ret_id)
{
    return (struct looker){ ANT_INIT(looker), .ret_id = ret_id };
}

static void a_poll_knows_its_task(void **state)
{
    (void)state;
    uint32_t seen = 0;
    struct ant_join_handle handle = executor_spawn(&ex, looker(&seen));
    const uint32_t id = ant_task_id(&handle);
    executor_run(&ex);
    assert_int_not_equal(id, 0);
    assert_int_equal(seen, id);
    assert_int_equal(ant_task_id_here(), 0);
    ant_task_detach(&handle);
}

// A task that runs an executor of its own, as a lesson may.
struct host {
    ant_future base;
    executor *inner;
    uint32_t id_after;
};

ANT_ASYNC(host)
{
    probe_watch watch = { .script = "!" };
    struct ant_join_handle handle = executor_spawn(self->inner, probe(&watch));
    executor_run(self->inner);
    ant_task_detach(&handle);
    self->id_after = ant_task_id_here();
    assert_ptr_equal(ant__here()->cx, cx);
    ant_panic("after the inner one");
}

static struct host host(executor *inner)
{
    return (struct host){ ANT_INIT(host), .inner = inner };
}

static void a_task_may_run_other_tasks_by_itself(void **state)
{
    (void)state;
    executor inner;
    executor_init(&inner);
    struct ant_join_handle handle = executor_spawn(&ex, host(&inner));
    executor_run(&ex);
    assert_int_equal(inner.panic_count, 1);
    assert_int_equal(ex.panic_count, 1);
    assert_string_equal(ex.panic.text, "after the inner one");
    ant_task_detach(&handle);
}

static void a_task_without_memory_is_ready_with_the_error(void **state)
{
    (void)state;
    probe_watch watch = { .script = "R" };
    ant_mem_fail_nth(1, 0);
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    assert_true(ant_task_is_finished(&handle));
    assert_int_equal(handle.base.result, -ENOMEM);
    ant_task_detach(&handle);
}

static void to_fail_takes_no_memory(void **state)
{
    (void)state;
    probe_watch watch = { .script = "F" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    ant_mem_fail_nth(1, 0);
    executor_run(&ex);
    ant_mem_fail_nth(0, 0);
    ant_waker noop = ant_waker_noop();
    assert_true(ant__join_handle_wait(&handle, &noop));
    assert_int_equal(handle.base.result, -EIO);
    assert_int_equal(ant_task_failure(&handle)->err, -EIO);
}

static void a_name_ends_at_its_arguments(void **state)
{
    (void)state;
    probe_watch watch = { .script = "R" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    assert_int_equal(ant_task_name_len(handle.task), 5);
    executor_run(&ex);
    ant_task_detach(&handle);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(five_wakes_in_one_poll_make_one_more_poll),
        TEST(a_task_that_wakes_itself_goes_behind_the_others),
        TEST(a_yield_is_told_from_a_wake),
        TEST(a_wake_after_the_poll_is_as_good_as_one_in_it),
        TEST(wakes_of_a_queued_task_are_one),
        TEST(a_late_wake_does_nothing_and_frees_the_task),
        TEST(a_waker_may_outlive_the_scheduler),
        TEST(references_are_counted_one_by_one),
        TEST(a_failure_ends_the_task_and_nothing_else),
        TEST(a_panic_ends_the_task_and_nothing_else),
        TEST(a_panic_while_an_aborted_task_is_destroyed_is_caught),
        TEST(a_panic_while_a_panic_is_cleaned_up_traps),
        TEST(a_task_that_nobody_can_wake_ends_with_a_message),
        TEST(a_kept_join_handle_does_not_count_as_a_waker),
        TEST(shutdown_destroys_a_task_wherever_it_is),
        TEST(a_poll_knows_its_task),
        TEST(a_task_may_run_other_tasks_by_itself),
        TEST(a_task_without_memory_is_ready_with_the_error),
        TEST(to_fail_takes_no_memory),
        TEST(a_name_ends_at_its_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
