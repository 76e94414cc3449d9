// SPDX-License-Identifier: MIT
//
// How a runtime ends that has blocking jobs (D5 to D7): which run, which do
// not, and for which it waits.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/mem.h"
#include "base/os.h"
#include "rt/runtime_impl.h"
#include "support/child.h"
#include "support/flavors.h"
#include "support/hand.h"
#include "support/probe.h"

// Waits until the task that `watch` belongs to has kept its waker.
static void block_on_one(ant_runtime *rt)
{
    probe_watch watch = { .script = "y.y.y.R" };
    assert_int_equal(ant_runtime_block_on(rt, probe(&watch)), 0);
}

static ant_atomic_u8 has_started;

static bool is_closing(ant_runtime *rt)
{
    return ant__sched_is_closing(&rt->sched);
}

static void await_start(void)
{
    while (ant_atomic_load(&has_started, ANT_ACQUIRE) == 0)
        ant_os_yield();
    ant_atomic_store(&has_started, 0, ANT_RELAXED);
}

static int wait_for_close(void *arg)
{
    ant_atomic_store(&has_started, 1, ANT_RELEASE);
    while (!is_closing(arg))
        ant_os_yield();
    return 7;
}

static int never(void *arg)
{
    (void)arg;
    fail_msg("a job ran that should not");
    return 0;
}

struct jobs {
    ant_future base;
    ant_runtime *rt;
    struct ant_join_handle *running;
    struct ant_join_handle *queued;
};

ANT_ASYNC(jobs)
{
    *self->running = ant_spawn_blocking(wait_for_close, self->rt);
    *self->queued = ant_spawn_blocking(never, NULL);
    return ANT_READY;
}

// D5, D6.
static void
d6_a_job_that_runs_is_waited_for_and_a_queued_one_is_not(void **state)
{
    ant_runtime *rt =
        flavor_runtime(state, &(ant_runtime_desc){ .blocking_max = 1 });
    struct ant_join_handle running;
    struct ant_join_handle queued;
    const struct jobs both = { ANT_INIT(jobs), .rt = rt, .running = &running,
                               .queued = &queued };
    assert_int_equal(ant_runtime_block_on(rt, both), 0);
    await_start();
    ant_runtime_free(rt);

    hand_task by_hand;
    hand_task_init(&by_hand, 99);
    assert_int_equal(hand_poll(&by_hand, &running.base), ANT_READY);
    assert_int_equal(running.base.result, 7);
    assert_int_equal(hand_poll(&by_hand, &queued.base), ANT_READY);
    assert_int_equal(queued.base.result, -ECANCELED);
    ant_task_detach(&queued);
}

static int wait_for_ever(void *arg)
{
    (void)arg;
    ant_atomic_store(&has_started, 1, ANT_RELEASE);
    for (;;) // until the process ends
        ant_os_sleep_ns(ANT_NS_PER_MS);
    return 0;
}

struct leaver {
    ant_future base;
};

ANT_ASYNC(leaver)
{
    (void)self;
    struct ant_join_handle job = ant_spawn_blocking(wait_for_ever, NULL);
    ant_task_detach(&job);
    return ANT_READY;
}

static void shut_down_with_a_job(void *arg)
{
    ant_runtime *rt = flavor_runtime(arg, NULL);
    const struct leaver one = { ANT_INIT(leaver) };
    if (ant_runtime_block_on(rt, one) != 0) _exit(4);
    await_start();
    _exit(ant_runtime_shutdown_timeout(rt, 1) ? 5 : 6);
}

static void d5_shutdown_with_a_timeout_leaves_jobs_behind(void **state)
{
    assert_int_equal(child_run(shut_down_with_a_job, state).status, 6);
}

static void d5_shutdown_with_a_timeout_is_as_good_as_free(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    block_on_one(rt);
    assert_true(ant_runtime_shutdown_timeout(rt, 1000));
}

// A job that is taken from the queue at the very moment of the shutdown: it
// runs, or it is cancelled, and never both.
static int count_up(void *arg)
{
    ant_atomic_add((ant_atomic_u32 *)arg, 1, ANT_RELAXED);
    return 0;
}

static ant_atomic_u32 ran_count;

struct crowd {
    ant_future base;
    ant_atomic_u32 *count;
};

ANT_ASYNC(crowd)
{
    for (int i = 0; i < 5; i++) {
        struct ant_join_handle job = ant_spawn_blocking(count_up, self->count);
        ant_task_detach(&job);
    }
    return ANT_READY;
}

static void d7_jobs_and_a_shutdown_may_meet_anywhere(void **state)
{
    for (int i = 0; i < 200; i++) {
        ant_runtime *rt =
            flavor_runtime(state, &(ant_runtime_desc){ .blocking_max = 2 });
        ant_atomic_u32 count = 0;
        const struct crowd all = { ANT_INIT(crowd), .count = &count };
        assert_int_equal(ant_runtime_block_on(rt, all), 0);
        ant_runtime_free(rt);
        assert_in_range(ant_atomic_load(&count, ANT_RELAXED), 0, 5);
    }
}

struct scribe {
    ant_future base;
    ant_runtime *rt;
    ant_atomic_u32 *count;
};

ANT_ASYNC(scribe)
{
    struct ant_join_handle job = ant_spawn_blocking(wait_for_close, self->rt);
    ant_task_detach(&job);
    job = ant_spawn_blocking(never, NULL);
    ant_task_detach(&job);
    job = ant_spawn_blocking_mandatory(count_up, self->count);
    ant_task_detach(&job);
    return ANT_READY;
}

static void d6_a_mandatory_job_runs_all_the_same(void **state)
{
    ant_runtime *rt =
        flavor_runtime(state, &(ant_runtime_desc){ .blocking_max = 1 });
    ant_atomic_u32 count = 0;
    const struct scribe one = { ANT_INIT(scribe), .rt = rt, .count = &count };
    assert_int_equal(ant_runtime_block_on(rt, one), 0);
    await_start();
    ant_runtime_free(rt);
    assert_int_equal(ant_atomic_load(&count, ANT_RELAXED), 1);
}

// D7: no memory for the first thread is an error, and no job is left.
struct pauper {
    ant_future base;
};

ANT_ASYNC(pauper)
{
    (void)self;
    int result = -ENOMEM;
    for (uint64_t nth = 1; result == -ENOMEM; nth++) { // ends without failure
        ant_mem_fail_nth(nth, 0);
        struct ant_join_handle job = ant_spawn_blocking(count_up, &ran_count);
        ant_mem_fail_nth(0, 0);
        result = job.task == NULL ? job.base.result : 0;
        ant_task_detach(&job);
    }
    return result == 0 ? ANT_READY : ANT_FAIL(result);
}

static void d7_a_job_without_a_thread_is_an_error(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    const struct pauper one = { ANT_INIT(pauper) };
    assert_int_equal(ant_runtime_block_on(rt, one), 0);
    ant_runtime_free(rt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLAVOR(d6_a_job_that_runs_is_waited_for_and_a_queued_one_is_not,
               current),
        FLAVOR(d6_a_job_that_runs_is_waited_for_and_a_queued_one_is_not, multi),
        FLAVOR(d5_shutdown_with_a_timeout_leaves_jobs_behind, current),
        FLAVOR(d5_shutdown_with_a_timeout_leaves_jobs_behind, multi),
        EVERY_FLAVOR(d5_shutdown_with_a_timeout_is_as_good_as_free),
        EVERY_FLAVOR(d7_jobs_and_a_shutdown_may_meet_anywhere),
        EVERY_FLAVOR(d7_a_job_without_a_thread_is_an_error),
        FLAVOR(d6_a_mandatory_job_runs_all_the_same, current),
        FLAVOR(d6_a_mandatory_job_runs_all_the_same, multi),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
