// SPDX-License-Identifier: MIT
//
// Tests of a task tracker in a runtime: what it counts besides tasks.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/mem.h"
#include "support/flavors.h"

static ant_atomic_u8 may_write;

static int write_down(void *arg)
{
    int *written = arg;
    while (ant_atomic_load(&may_write, ANT_ACQUIRE) == 0)
        ant_thread_sleep(1);
    return ++*written;
}

// Waits until a blocking job of a tracker that is closed is over.
struct server {
    ant_future base;
    int written;
    ant_task_tracker tracker;
    struct ant_join_handle job;
    struct ant_task_tracker_wait drained;
};

ANT_ASYNC(server)
{
    if (ANT_BEGINS(self->drained)) {
        const int err = ant_task_tracker_new("server", &self->tracker);
        if (err < 0) return ANT_FAIL(err);
        self->job = ant_task_tracker_spawn_blocking(&self->tracker, write_down,
                                                    &self->written);
        assert_int_equal(ant_task_tracker_len(&self->tracker), 1);
        ant_atomic_store(&may_write, 1, ANT_RELEASE);
        ant_task_tracker_close(&self->tracker);
        self->drained = ant_task_tracker_wait(&self->tracker);
    }
    ANT_AWAIT(self->drained);
    assert_int_equal(self->written, 1);
    assert_true(ant_task_tracker_is_empty(&self->tracker));
    ant_task_detach(&self->job);
    ant_task_tracker_drop(&self->tracker);
    return ANT_READY;
}

ANT_CONSTRUCTOR(server)

static void a_blocking_job_counts_until_it_is_over(void **state)
{
    ant_atomic_store(&may_write, 0, ANT_RELAXED);
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(ant_runtime_block_on(rt, server()), 0);
    ant_runtime_free(rt);
}

// There is no memory for the job: nothing is left to be waited for.
ANT_ASYNC_FN(poor, ant_task_tracker tracker, struct ant_join_handle job)
{
    if (ANT_BEGINS(self->job)) {
        const int err = ant_task_tracker_new("poor", &self->tracker);
        if (err < 0) return ANT_FAIL(err);
        ant_mem_fail_nth(1, 1);
        self->job =
            ant_task_tracker_spawn_blocking(&self->tracker, write_down, NULL);
        ant_mem_fail_nth(0, 0);
    }
    ANT_AWAIT(self->job);
    assert_int_equal(self->job.base.result, -ENOMEM);
    assert_true(ant_task_tracker_is_empty(&self->tracker));
    ant_task_tracker_drop(&self->tracker);
    return ANT_READY;
}

static void a_job_that_was_refused_does_not_count(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(ant_runtime_block_on(rt, poor()), 0);
    ant_runtime_free(rt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(a_blocking_job_counts_until_it_is_over),
        EVERY_FLAVOR(a_job_that_was_refused_does_not_count),
    };
    return cmocka_run_group_tests_name("rt/tracker", tests, NULL, NULL);
}
