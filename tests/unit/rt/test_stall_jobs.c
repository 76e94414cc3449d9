// SPDX-License-Identifier: MIT
//
// Tests of stalls in which a blocking job has a part: a thread of the pool that
// waits for ever is no worker, and its task is not waiting to be run.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/os.h"
#include "rt/runtime_impl.h"
#include "support/child.h"
#include "support/flavors.h"

static ant_thread_mutex till = ANT_THREAD_MUTEX("till");
static ant_mpsc_tx tx;
static ant_mpsc_rx rx;

static int pay(void *arg)
{
    (void)arg;
    return ant_thread_mutex_lock(&till);
}

static int listen(void *arg)
{
    int order;
    (void)arg;
    return ant_mpsc_blocking_recv(&rx, &order);
}

// Has what both jobs want, and awaits one of them.
struct boss {
    ant_future base;
    enum { BOSS_START, BOSS_JOINING } state;
    ant_blocking_fn job;
    struct ant_join_handle end;
};

ANT_ASYNC(boss)
{
    switch (self->state) {
    case BOSS_START:
        if (ant_thread_mutex_lock(&till) < 0) return ANT_FAIL(-EBUSY);
        self->end = ant_spawn_blocking(self->job, NULL);
        return ANT_NEXT(BOSS_JOINING);

    case BOSS_JOINING:
        ANT_AWAIT(self->end);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void end_at_once(void *arg)
{
    (void)arg;
}

// A sanitizer starts a thread of its own with the first that the program makes:
// it has to be there when all others are ignored.
static void start_a_thread(void)
{
    ant_os_thread thread;
    if (ant_os_thread_start(&thread, "first", end_at_once, NULL) == 0)
        ant_os_thread_join(&thread);
}

static void wait_for_job(void *arg, ant_blocking_fn job)
{
    ant_runtime *rt = flavor_runtime(arg, NULL);
    start_a_thread();
    ant_runtime_ignore_threads(rt); // as ANT_MAIN does
    const struct boss boss = { ANT_INIT(boss), .job = job };
    (void)ant_runtime_block_on(rt, boss);
}

static void wait_for_the_lock(void *arg)
{
    wait_for_job(arg, pay);
}

static void wait_for_a_value(void *arg)
{
    if (ant_mpsc_new(sizeof(int), 1, &tx, &rx) < 0) return;
    wait_for_job(arg, listen);
}

static void a_job_that_waits_for_a_lock_is_said(void **state)
{
    child_result result = child_run(wait_for_the_lock, state);
    assert_int_equal(result.status, ANT_EXIT_STALLED);
    assert_says(result, "keeps a thread of the pool and waits for thread mutex "
                        "`till` (tests/unit/rt/test_stall_jobs.c:");
    assert_says(result, "held by task ");
    assert_says(result, "  deadlock: task ");
}

static void a_job_that_waits_for_a_value_is_said(void **state)
{
    child_result result = child_run(wait_for_a_value, state);
    assert_int_equal(result.status, ANT_EXIT_STALLED);
    assert_says(result, "keeps a thread of the pool and waits for channel "
                        "(tests/unit/rt/test_stall_jobs.c:");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(a_job_that_waits_for_a_lock_is_said),
        EVERY_FLAVOR(a_job_that_waits_for_a_value_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
