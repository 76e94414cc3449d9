// SPDX-License-Identifier: MIT
//
// Tests of rt/runtime in all flavours: block_on, spawning, failures, panics,
// settings, several runtimes and threads at once.

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/mem.h"
#include "base/os.h"
#include "rt/runtime_impl.h"
#include "support/child.h"
#include "support/flavors.h"
#include "support/probe.h"

// ---- Results ----

static void runs_a_future_to_its_end(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    probe_watch watch = { .script = "wwwww.w.R" };
    struct probe done;
    assert_int_equal(ant_runtime_block_on_into(rt, &done, probe(&watch)), 0);
    assert_int_equal(done.answer, 42);
    assert_int_equal(watch.poll_count, 3);
    ant_runtime_free(rt);
}

static void hands_on_how_it_ended(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    probe_watch fails = { .script = "F" };
    assert_int_equal(ant_runtime_block_on(rt, probe(&fails)), -EIO);
    probe_watch panics = { .script = "!" };
    assert_int_equal(ant_runtime_block_on(rt, probe(&panics)),
                     -ENOTRECOVERABLE);
    probe_watch lost = { .script = "." };
    assert_int_equal(ant_runtime_block_on(rt, probe(&lost)), -ENOTRECOVERABLE);
    ant_runtime_free(rt);
}

static void may_be_used_again_and_again(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    for (int i = 0; i < 20; i++) {
        probe_watch watch = { .script = "w.R" };
        assert_int_equal(ant_runtime_block_on(rt, probe(&watch)), 0);
    }
    ant_runtime_free(rt);
}

static void waits_for_a_task_spawned_from_outside(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    probe_watch watch = { .script = "w.R" };
    struct ant_join_handle handle = ant_runtime_spawn(rt, probe(&watch));
    assert_int_equal(ant_runtime_block_on(rt, handle), 0);
    assert_int_equal(watch.poll_count, 2);
    ant_runtime_free(rt);
}

static void a_runtime_that_did_nothing_is_freed(void **state)
{
    ant_runtime_free(flavor_runtime(state, NULL));
    ant_runtime_free(NULL);
}

// ---- Inside of a task ----

struct nester {
    ant_future base;
    ant_runtime *rt;
    int result;
};

ANT_ASYNC(nester)
{
    probe_watch watch = { .script = "R" };
    self->result = ant_runtime_block_on(self->rt, probe(&watch));
    assert_int_equal(watch.poll_count, 0);
    return ANT_READY;
}

static struct nester nester(ant_runtime *rt)
{
    return (struct nester){ ANT_INIT(nester), .rt = rt };
}

// S13.
static void block_on_inside_of_a_task_is_refused(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    struct nester done;
    assert_int_equal(ant_runtime_block_on_into(rt, &done, nester(rt)), 0);
    assert_int_equal(done.result, -EDEADLK);
    ant_runtime_free(rt);
}

static void block_on_another_runtime_inside_of_a_task_is_refused(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    ant_runtime *other = flavor_runtime(state, NULL);
    struct nester done;
    assert_int_equal(ant_runtime_block_on_into(rt, &done, nester(other)), 0);
    assert_int_equal(done.result, -EDEADLK);
    ant_runtime_free(other);
    ant_runtime_free(rt);
}

struct suicide {
    ant_future base;
    ant_runtime *rt;
};

ANT_ASYNC(suicide)
{
    ant_runtime_free(self->rt);
    return ANT_READY;
}

static void free_inside(void *arg)
{
    ant_runtime *rt = flavor_runtime(arg, NULL);
    const struct suicide end = { ANT_INIT(suicide), .rt = rt };
    (void)ant_runtime_block_on(rt, end);
}

static void free_inside_of_a_task_traps_and_names_the_task(void **state)
{
    child_result result = child_run(free_inside, state);
    assert_int_equal(result.status, -SIGABRT);
    assert_says(result, "cannot be freed from inside");
    assert_says(result, "while task ");
    assert_says(result, " `end` was polled");
}

static void spawn_outside(void *arg)
{
    probe_watch watch = { .script = "R" };
    struct ant_join_handle handle = ant_spawn(probe(&watch));
    (void)arg, (void)handle;
}

static void spawn_outside_of_a_runtime_traps(void **state)
{
    (void)state;
    child_result result = child_run(spawn_outside, NULL);
    assert_int_equal(result.status, -SIGABRT);
}

// ---- Panics ----

static void note_panic(uint32_t task, const char *name,
                       const ant_failure *failure, void *arg)
{
    assert_int_not_equal(task, 0);
    assert_string_equal(name, "probe");
    *(ant_failure *)arg = *failure;
}

static void the_hook_hears_of_a_panic(void **state)
{
    ant_failure heard = { 0 };
    ant_runtime *rt = flavor_runtime(
        state, &(ant_runtime_desc){ .on_panic = note_panic, .arg = &heard });
    probe_watch watch = { .script = "!" };
    (void)ant_runtime_block_on(rt, probe(&watch));
    assert_string_equal(heard.text, "boom");
    assert_true(heard.is_panic);
    ant_runtime_free(rt);
}

static void panic_aloud(void *arg)
{
    const ant_runtime_desc desc = { .flavor = *(const ant_flavor *)arg };
    ant_runtime *rt;
    if (ant_runtime_new(&desc, &rt) < 0) return;
    probe_watch watch = { .script = "!" };
    (void)ant_runtime_block_on(rt, probe(&watch));
    ant_runtime_free(rt);
}

static void without_a_hook_a_panic_is_one_line_on_stderr(void **state)
{
    child_result result = child_run(panic_aloud, *state);
    assert_int_equal(result.status, 0);
    assert_says(result, "`probe` panicked at ");
    assert_says(result, "probe.c:");
    assert_says(result, ": boom\n");
}

// ---- Blocking jobs ----

static int add_one(void *arg)
{
    ++*(int *)arg;
    return -EXDEV;
}

struct boss {
    ant_future base;
    enum { BOSS_START, BOSS_JOINING } state;
    int *count;
    struct ant_join_handle job;
};

ANT_ASYNC(boss)
{
    switch (self->state) {
    case BOSS_START:
        self->job = ant_spawn_blocking(add_one, self->count);
        return ANT_NEXT(BOSS_JOINING);

    case BOSS_JOINING:
        ANT_AWAIT(self->job);
        self->base.result = self->job.base.result;
        ant_task_detach(&self->job);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void a_blocking_job_hands_back_its_result(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    int count = 0;
    for (int i = 1; i <= 5; i++) {
        const struct boss one = { ANT_INIT(boss), .count = &count };
        assert_int_equal(ant_runtime_block_on(rt, one), -EXDEV);
        assert_int_equal(count, i);
    }
    ant_runtime_free(rt);
}

// ---- Several threads, several runtimes ----

#define THREADS 4
#define ROUNDS  50

static void block_often(void *arg)
{
    ant_runtime *rt = arg;
    for (int i = 0; i < ROUNDS; i++) {
        probe_watch watch = { .script = "w.y.wwy.R" };
        int result = ant_runtime_block_on(rt, probe(&watch));
        assert_int_equal(result, 0);
        assert_int_equal(watch.poll_count, 4);
    }
}

// S15.
static void several_threads_may_block_on_one_runtime(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    ant_os_thread thread[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(
            ant_os_thread_start(&thread[i], "block", block_often, rt), 0);
    block_often(rt);
    for (int i = 0; i < THREADS; i++)
        ant_os_thread_join(&thread[i]);
    ant_runtime_free(rt);
}

// A task that goes on when another thread says so.
struct visitor {
    ant_future base;
    enum { VISITOR_START, VISITOR_JOINING } state;
    ant_runtime *abroad;
    struct ant_join_handle guest;
    probe_watch watch;
};

ANT_ASYNC(visitor)
{
    switch (self->state) {
    case VISITOR_START:
        self->watch.script = "w.w.R";
        self->guest = ant_runtime_spawn(self->abroad, probe(&self->watch));
        return ANT_NEXT(VISITOR_JOINING);

    case VISITOR_JOINING:
        ANT_AWAIT(self->guest);
        assert_int_equal(self->watch.poll_count, 3);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void a_task_may_await_one_of_another_runtime(void **state)
{
    void *multi = &flavor_multi;
    ant_runtime *rt = flavor_runtime(state, NULL);
    ant_runtime *abroad = flavor_runtime(&multi, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        const struct visitor one = { ANT_INIT(visitor), .abroad = abroad };
        assert_int_equal(ant_runtime_block_on(rt, one), 0);
    }
    ant_runtime_free(rt);
    ant_runtime_free(abroad);
}

// ---- Settings ----

static void takes_from_the_environment_what_is_left_zero(void **state)
{
    (void)state;
    (void)setenv("ANTFARM_FLAVOR", "sim", 1);
    (void)setenv("ANTFARM_WORKERS", "3", 1);
    (void)setenv("ANTFARM_SEED", "77", 1);
    ant_runtime_desc desc = { 0 };
    assert_int_equal(ant__runtime_defaults(&desc), 0);
    assert_int_equal(desc.flavor, ANT_RUNTIME_SIM);
    assert_int_equal(desc.worker_count, 3);
    assert_int_equal(desc.seed, 77);

    desc = (ant_runtime_desc){ .flavor = ANT_RUNTIME_CURRENT, .seed = 5 };
    assert_int_equal(ant__runtime_defaults(&desc), 0);
    assert_int_equal(desc.flavor, ANT_RUNTIME_CURRENT);
    assert_int_equal(desc.worker_count, 1);
    assert_int_equal(desc.seed, 5);
    assert_int_equal(desc.inject_interval, 31);
    assert_int_equal(desc.event_interval, 61);
}

static void refuses_settings_that_make_no_sense(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        { "ANTFARM_FLAVOR", "fast" },
        { "ANTFARM_WORKERS", "two" },
        { "ANTFARM_WORKERS", "-1" },
        { "ANTFARM_WORKERS", "5000" },
        { "ANTFARM_SEED", "1e9" },
        { "ANTFARM_SEED", "0x" },
        { "ANTFARM_SEED", "99999999999999999999" },
    };
    for (size_t i = 0; i < ANT_ARRAY_LEN(bad); i++) {
        (void)setenv(bad[i][0], bad[i][1], 1);
        ant_runtime *rt = NULL;
        assert_int_equal(ant_runtime_new(NULL, &rt), -EINVAL);
        assert_null(rt);
        (void)unsetenv(bad[i][0]);
    }
}

static int clear_settings(void **state)
{
    (void)unsetenv("ANTFARM_FLAVOR");
    (void)unsetenv("ANTFARM_WORKERS");
    (void)unsetenv("ANTFARM_SEED");
    return flavor_tear_down(state);
}

// ---- No memory ----

static void without_memory_there_is_no_runtime_and_nothing_is_left(void **state)
{
    const ant_runtime_desc desc = { .flavor = *(const ant_flavor *)*state,
                                    .worker_count = 2 };
    const uint64_t before = ant_mem_live_count();
    for (uint64_t nth = 1;; nth++) { // ends when nothing fails any more
        ant_runtime *rt;
        ant_mem_fail_nth(nth, 0);
        int err = ant_runtime_new(&desc, &rt);
        ant_mem_fail_nth(0, 0);
        if (err == 0) {
            ant_runtime_free(rt);
            break;
        }
        assert_int_equal(err, -ENOMEM);
        assert_int_equal(ant_mem_live_count(), before);
    }
}

static void block_on_without_memory_says_so(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    probe_watch watch = { .script = "R" };
    int err = -ENOMEM;
    for (uint64_t nth = 1; err == -ENOMEM; nth++) {
        ant_mem_fail_nth(nth, 0);
        err = ant_runtime_block_on(rt, probe(&watch));
        ant_mem_fail_nth(0, 0);
    }
    assert_int_equal(err, 0);
    assert_int_equal(watch.poll_count, 1);
    ant_runtime_free(rt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(runs_a_future_to_its_end),
        EVERY_FLAVOR(hands_on_how_it_ended),
        EVERY_FLAVOR(may_be_used_again_and_again),
        EVERY_FLAVOR(waits_for_a_task_spawned_from_outside),
        EVERY_FLAVOR(a_runtime_that_did_nothing_is_freed),
        EVERY_FLAVOR(block_on_inside_of_a_task_is_refused),
        EVERY_FLAVOR(block_on_another_runtime_inside_of_a_task_is_refused),
        EVERY_FLAVOR(free_inside_of_a_task_traps_and_names_the_task),
        cmocka_unit_test(spawn_outside_of_a_runtime_traps),
        EVERY_FLAVOR(the_hook_hears_of_a_panic),
        EVERY_FLAVOR(without_a_hook_a_panic_is_one_line_on_stderr),
        EVERY_FLAVOR(a_blocking_job_hands_back_its_result),
        FLAVOR(several_threads_may_block_on_one_runtime, current),
        FLAVOR(several_threads_may_block_on_one_runtime, multi),
        FLAVOR(a_task_may_await_one_of_another_runtime, current),
        FLAVOR(a_task_may_await_one_of_another_runtime, multi),
        cmocka_unit_test_setup_teardown(
            takes_from_the_environment_what_is_left_zero, flavor_set_up,
            clear_settings),
        cmocka_unit_test_setup_teardown(refuses_settings_that_make_no_sense,
                                        flavor_set_up, clear_settings),
        EVERY_FLAVOR(without_memory_there_is_no_runtime_and_nothing_is_left),
        EVERY_FLAVOR(block_on_without_memory_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
