// SPDX-License-Identifier: MIT
//
// What join handles promise: J1 to J8 and J10. The panics are those of C: a
// jump to the harness of the task; a failure is the normal path. Join sets, J9,
// are in test_join_set.c.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/mem.h"
#include "support/flavors.h"
#include "support/joiner.h"
#include "support/probe.h"

// ---- Probes as tasks of a runtime ----

#define CREW_MAX 4

// What the crew is to do, and what came of it.
typedef struct crew_plan {
    unsigned count;
    void (*prepare)(struct ant_join_handle *handles);
    probe_watch watch[CREW_MAX];
    int result[CREW_MAX];
    ant_failure failure[CREW_MAX];
    uint32_t id[CREW_MAX];
} crew_plan;

// Spawns the probes, lets `prepare` do something to them, and joins them all.
struct crew {
    ant_future base;
    enum { CREW_START, CREW_JOINING } state;
    crew_plan *plan;
    unsigned i;
    struct ant_join_handle handle[CREW_MAX];
};

ANT_ASYNC(crew)
{
    crew_plan *plan = self->plan;
    struct ant_join_handle *handle = &self->handle[self->i];
    switch (self->state) {
    case CREW_START:
        for (unsigned i = 0; i < plan->count; i++) {
            plan->watch[i].handle = &self->handle[i];
            self->handle[i] = ant_spawn(probe(&plan->watch[i]));
            plan->id[i] = ant_task_id(&self->handle[i]);
        }
        if (plan->prepare != NULL) plan->prepare(self->handle);
        return ANT_NEXT(CREW_JOINING);

    case CREW_JOINING:
        ANT_AWAIT(*handle);
        plan->result[self->i] = handle->base.result;
        if (ant_task_failure(handle) != NULL)
            plan->failure[self->i] = *ant_task_failure(handle);
        ant_task_detach(handle);
        ant_waker_drop(&plan->watch[self->i].kept);
        if (++self->i == plan->count) return ANT_READY;
        return ANT_NEXT(CREW_JOINING);
    }
    ANT_UNREACHABLE();
}

static struct crew crew(crew_plan *plan)
{
    return (struct crew){ ANT_INIT(crew), .plan = plan };
}

static void run_crew(void **state, crew_plan *plan)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(ant_runtime_block_on(rt, crew(plan)), 0);
    ant_runtime_free(rt);
}

static void abort_first_twice(struct ant_join_handle *handles)
{
    ant_task_abort(&handles[0]);
    ant_task_abort(&handles[0]);
}

// ---- Detaching, awaiting ----

// Gives three handles up; the tracker tells when the tasks are over.
struct careless {
    ant_future base;
    enum { CARELESS_START, CARELESS_WAITING } state;
    probe_watch *watch;
    ant_task_tracker tracker;
    struct ant_task_tracker_wait wait;
};

ANT_ASYNC(careless)
{
    switch (self->state) {
    case CARELESS_START:
        if (ant_task_tracker_new("all", &self->tracker) < 0)
            return ANT_FAIL(-ENOMEM);
        for (unsigned i = 0; i < 3; i++) {
            struct ant_join_handle handle =
                ant_task_tracker_spawn(&self->tracker, probe(&self->watch[i]));
            ant_task_detach(&handle);
        }
        (void)ant_task_tracker_close(&self->tracker);
        self->wait = ant_task_tracker_wait(&self->tracker);
        ant_task_tracker_drop(&self->tracker);
        return ANT_NEXT(CARELESS_WAITING);

    case CARELESS_WAITING:
        ANT_AWAIT(self->wait);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

// J4 too: what the failed one leaves behind is given back.
static void j1_tasks_run_though_their_handles_are_gone(void **state)
{
    probe_watch watch[3] = { { .script = "w.w.R" },
                             { .script = "F" },
                             { .script = "R" } };
    const struct careless careless = { ANT_INIT(careless), .watch = watch };
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(ant_runtime_block_on(rt, careless), 0);
    assert_int_equal(watch[0].poll_count, 3);
    assert_int_equal(watch[1].poll_count, 1);
    assert_int_equal(watch[2].poll_count, 1);
    ant_runtime_free(rt);
}

static void j2_a_borrowed_handle_keeps_its_result(void **state)
{
    (void)state;
    for (int is_over = 0; is_over < 2; is_over++) {
        probe_watch watch = { .script = "R" };
        struct probe finished = { .answer = 0 };
        struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
        handle.out = &finished;
        struct ant_borrow lent = ant_borrow(&handle.base);
        assert_int_equal(hand_poll(&waiter, &lent.base), ANT_PENDING);
        if (is_over) executor_run(&ex); // woken, but not polled
        ant_future_drop(&lent.base);
        executor_run(&ex);
        assert_int_equal(hand_poll(&waiter, &handle.base), ANT_READY);
        assert_int_equal(finished.answer, 42);
    }
}

// An aborted task sees in its drop that nobody takes it for finished yet.
static void j3_the_future_goes_before_the_result_comes(void **state)
{
    crew_plan plan = { .count = 1,
                       .prepare = abort_first_twice,
                       .watch = {
                           { .script = "k.", .was_finished_on_drop = true } } };
    run_crew(state, &plan);
    // Never polled, it has nothing to drop.
    if (plan.watch[0].drop_count == 1)
        assert_false(plan.watch[0].was_finished_on_drop);
}

static void j3_is_finished_is_false_in_the_drop(void **state)
{
    (void)state;
    probe_watch watch = { .script = "k.", .was_finished_on_drop = true };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    ant_abort_handle stop = ant_task_abort_handle(&handle);
    watch.handle = &handle;
    executor_run(&ex);
    ant_abort_handle_abort(&stop);
    assert_false(ant_abort_handle_is_finished(&stop));
    executor_run(&ex);
    assert_int_equal(watch.drop_count, 1);
    assert_false(watch.was_finished_on_drop);
    assert_true(ant_abort_handle_is_finished(&stop));
    ant_abort_handle_drop(&stop);
    ant_waker_drop(&watch.kept);
    ant_task_detach(&handle);
}

// The blocks are counted after each test.
static void j4_what_nobody_reads_is_given_back(void **state)
{
    (void)state;
    static const char *const scripts[] = { "R", "F", "!" };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(scripts); i++) {
        probe_watch detached = { .script = scripts[i] };
        struct ant_join_handle handle = executor_spawn(&ex, probe(&detached));
        ant_task_detach(&handle);
        probe_watch unread = { .script = scripts[i] };
        handle = executor_spawn(&ex, probe(&unread));
        executor_run(&ex);
        ant_future_drop(&handle.base);
        assert_int_equal(ant_mem_live_count(), joiner_blocks);
    }
}

// ---- Aborting ----

static void j5_an_aborted_task_ends_cancelled(void **state)
{
    crew_plan plan = { .count = 2,
                       .prepare = abort_first_twice,
                       .watch = { { .script = "k." }, { .script = "w.R" } } };
    run_crew(state, &plan);
    assert_int_equal(plan.result[0], -ECANCELED);
    assert_int_equal(plan.watch[0].drop_count, plan.watch[0].poll_count);
    assert_int_equal(plan.result[1], 0);
}

static void j5_an_abort_before_the_first_poll_prevents_it(void **state)
{
    (void)state;
    probe_watch watch = { .script = "R" };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    ant_task_abort(&handle);
    executor_run(&ex);
    assert_int_equal(watch.poll_count, 0);
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_READY);
    assert_int_equal(handle.base.result, -ECANCELED);
    ant_task_detach(&handle);
}

static void j5_ready_wins_over_an_abort(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        int result;
    } cases[] = { { "aR", 0 }, { "aF", -EIO }, { "ak.", -ECANCELED } };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(cases); i++) {
        probe_watch watch = { .script = cases[i].script };
        struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
        watch.handle = &handle;
        executor_run(&ex);
        ant_task_abort(&handle); // late
        assert_int_equal(hand_poll(&waiter, &handle.base), ANT_READY);
        assert_int_equal(handle.base.result, cases[i].result);
        ant_waker_drop(&watch.kept);
        ant_task_detach(&handle);
    }
}

static void j5_an_abort_handle_outlives_the_join_handle(void **state)
{
    (void)state;
    probe_watch watch = { .script = "k." };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    ant_abort_handle stop = ant_task_abort_handle(&handle);
    executor_run(&ex);
    ant_task_detach(&handle);
    ant_abort_handle_abort(&stop);
    executor_run(&ex);
    assert_int_equal(watch.drop_count, 1);
    ant_waker_drop(&watch.kept);
    ant_abort_handle_drop(&stop);
}

static void j6_a_panic_while_cancelled_is_a_failure(void **state)
{
    (void)state;
    probe_watch watch = { .script = "k.", .panics_on_drop = true };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    executor_run(&ex);
    ant_task_abort(&handle);
    executor_run(&ex);
    assert_int_equal(hand_poll(&waiter, &handle.base), ANT_READY);
    assert_int_equal(handle.base.result, -ENOTRECOVERABLE);
    assert_true(ant_task_failure(&handle)->is_panic);
    assert_string_equal(ant_task_failure(&handle)->text, "boom on drop");
    ant_waker_drop(&watch.kept);
    ant_task_detach(&handle);
}

// One thread for two jobs: the first keeps it until it is told to go.
typedef struct job {
    ant_oneshot_tx has_started;
    ant_atomic_u32 may_end;
    unsigned run_count;
} job;

static int keep_thread(void *arg)
{
    job *self = arg;
    const int one = 1;
    self->run_count++;
    if (ant_oneshot_send(&self->has_started, &one) < 0) return -EIO;
    while (ant_atomic_load(&self->may_end, ANT_ACQUIRE) == 0) {
        ant_thread_sleep(1);
    }
    return 7;
}

static int count_run(void *arg)
{
    job *self = arg;
    self->run_count++;
    return 0;
}

struct jobs {
    ant_future base;
    enum { JOBS_START, JOBS_STARTING, JOBS_FIRST, JOBS_SECOND } state;
    job running, queued;
    ant_oneshot_rx rx;
    int one;
    struct ant_oneshot_recv started;
    struct ant_join_handle first, second;
};

ANT_ASYNC(jobs)
{
    switch (self->state) {
    case JOBS_START:
        if (ant_oneshot_new(sizeof(int), &self->running.has_started,
                            &self->rx) < 0)
            return ANT_FAIL(-ENOMEM);
        self->first = ant_spawn_blocking(keep_thread, &self->running);
        self->second = ant_spawn_blocking(count_run, &self->queued);
        self->started = ant_oneshot_recv(&self->rx, &self->one);
        return ANT_NEXT(JOBS_STARTING);

    case JOBS_STARTING:
        ANT_AWAIT(self->started);
        ant_oneshot_rx_drop(&self->rx);
        ant_task_abort(&self->first);
        ant_task_abort(&self->second);
        ant_atomic_store(&self->running.may_end, 1, ANT_RELEASE);
        return ANT_NEXT(JOBS_FIRST);

    case JOBS_FIRST:
        ANT_AWAIT(self->first);
        ANT_ASSERT(self->first.base.result == 7);
        return ANT_NEXT(JOBS_SECOND);

    case JOBS_SECOND:
        ANT_AWAIT(self->second);
        ANT_ASSERT(self->second.base.result == -ECANCELED);
        ANT_ASSERT(self->queued.run_count == 0);
        ant_task_detach(&self->second);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void j7_only_a_job_that_waits_can_be_aborted(void **state)
{
    ant_runtime *rt =
        flavor_runtime(state, &(ant_runtime_desc){ .blocking_max = 1 });
    const struct jobs jobs = { ANT_INIT(jobs) };
    assert_int_equal(ant_runtime_block_on(rt, jobs), 0);
    ant_runtime_free(rt);
}

// ---- Panics ----

static void j8_a_panic_ends_its_task_only(void **state)
{
    crew_plan plan = { .count = 3,
                       .watch = { { .script = "w.!" },
                                  { .script = "w.w.R" },
                                  { .script = "F" } } };
    run_crew(state, &plan);
    assert_int_equal(plan.result[0], -ENOTRECOVERABLE);
    assert_true(plan.failure[0].is_panic);
    assert_string_equal(plan.failure[0].text, "boom");
    assert_non_null(strstr(plan.failure[0].file, "probe.c"));
    assert_int_equal(plan.watch[0].drop_count, 1);
    assert_int_equal(plan.result[1], 0);
    assert_int_equal(plan.result[2], -EIO); // a failure is no panic
    assert_false(plan.failure[2].is_panic);
}

static void j8_block_on_passes_a_panic_on(void **state)
{
    probe_watch watch = { .script = "!" };
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(ant_runtime_block_on(rt, probe(&watch)), -ENOTRECOVERABLE);
    probe_watch next = { .script = "R" }; // the runtime goes on
    assert_int_equal(ant_runtime_block_on(rt, probe(&next)), 0);
    ant_runtime_free(rt);
}

static void run_all(void *arg)
{
    executor_run(arg);
}

// A panic while a panic is cleaned up: there is no way on.
static void j8_two_panics_at_once_end_the_process(void **state)
{
    (void)state;
    probe_watch watch = { .script = "!", .panics_on_drop = true };
    struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));
    assert_true(hand_traps(run_all, &ex));
    assert_non_null(strstr(hand_trap_text(), "boom on drop"));
    // The trap jumped out of the harness; what it held goes by hand.
    ant__here()->task = NULL;
    ant__here()->panic = NULL;
    ant__here()->drop_why = 0;
    ant_mem_free(handle.task);
}

// ---- Ids ----

static void j10_ids_are_never_used_again(void **state)
{
    crew_plan first = { .count = 4,
                        .watch = { { .script = "R" },
                                   { .script = "F" },
                                   { .script = "R" },
                                   { .script = "R" } } };
    crew_plan second = first;
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(ant_runtime_block_on(rt, crew(&first)), 0);
    assert_int_equal(ant_runtime_block_on(rt, crew(&second)), 0);
    ant_runtime_free(rt);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_not_equal(first.id[i], 0);
        assert_true(i == 0 || first.id[i] > first.id[i - 1]);
        assert_true(second.id[i] > first.id[3]);
    }
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, joiner_set_up, joiner_tear_down)
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(j1_tasks_run_though_their_handles_are_gone),
        TEST(j2_a_borrowed_handle_keeps_its_result),
        EVERY_FLAVOR(j3_the_future_goes_before_the_result_comes),
        TEST(j3_is_finished_is_false_in_the_drop),
        TEST(j4_what_nobody_reads_is_given_back),
        EVERY_FLAVOR(j5_an_aborted_task_ends_cancelled),
        TEST(j5_an_abort_before_the_first_poll_prevents_it),
        TEST(j5_ready_wins_over_an_abort),
        TEST(j5_an_abort_handle_outlives_the_join_handle),
        TEST(j6_a_panic_while_cancelled_is_a_failure),
        EVERY_FLAVOR(j7_only_a_job_that_waits_can_be_aborted),
        EVERY_FLAVOR(j8_a_panic_ends_its_task_only),
        EVERY_FLAVOR(j8_block_on_passes_a_panic_on),
        EVERY_FLAVOR(j10_ids_are_never_used_again),
        TEST(j8_two_panics_at_once_end_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
