// SPDX-License-Identifier: MIT
//
// What a runtime refuses inside of a task, and what it promises to several
// threads and to one seed (S13 to S16).

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/os.h"
#include "support/child.h"
#include "support/flavors.h"
#include "support/probe.h"

// ---- What is refused: S13, S14 ----

struct nester {
    ant_future base;
    ant_runtime *rt;
};

ANT_ASYNC(nester)
{
    probe_watch watch = { .script = "R" };
    assert_int_equal(ant_runtime_block_on(self->rt, probe(&watch)), -EDEADLK);
    assert_int_equal(watch.poll_count, 0);
    return ANT_READY;
}

static void s13_block_on_inside_of_a_task_is_refused(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    const struct nester one = { ANT_INIT(nester), .rt = rt };
    assert_int_equal(ant_runtime_block_on(rt, one), 0);
    ant_runtime_free(rt);
}

struct suicide {
    ant_future base;
    void (*end)(ant_runtime *runtime);
};

ANT_ASYNC(suicide)
{
    self->end(ant_runtime_here());
    return ANT_READY;
}

static void free_inside(void *arg)
{
    ant_runtime *rt = flavor_runtime(arg, NULL);
    const struct suicide end = { ANT_INIT(suicide), .end = ant_runtime_free };
    (void)ant_runtime_block_on(rt, end);
}

static void leave_inside(void *arg)
{
    ant_runtime *rt = flavor_runtime(arg, NULL);
    const struct suicide end = { ANT_INIT(suicide),
                                 .end = ant_runtime_shutdown_background };
    (void)ant_runtime_block_on(rt, end);
}

static void s13_an_end_from_inside_of_a_task_traps_and_says_why(void **state)
{
    child_result result = child_run(free_inside, state);
    assert_int_equal(result.status, -SIGABRT);
    assert_says(result, "cannot be freed from inside");
    result = child_run(leave_inside, state);
    assert_int_equal(result.status, -SIGABRT);
    assert_says(result, "by one of its own tasks");
}

static int fail_if_called(void *arg)
{
    (void)arg;
    fail_msg("it was called");
    return 0;
}

static void s14_block_in_place_is_refused(void **state)
{
    (void)state;
    assert_int_equal(ant_block_in_place(fail_if_called, NULL), -ENOTSUP);
}

// ---- Several threads: S15 ----

#define ROUNDS 50

static void block_often(void *arg)
{
    for (int i = 0; i < ROUNDS; i++) {
        probe_watch watch = { .script = "w.y.wwy.R" };
        assert_int_equal(ant_runtime_block_on(arg, probe(&watch)), 0);
    }
}

static void s15_two_threads_may_block_on_one_runtime(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    ant_os_thread thread;
    assert_int_equal(ant_os_thread_start(&thread, "block", block_often, rt), 0);
    block_often(rt);
    ant_os_thread_join(&thread);
    ant_runtime_free(rt);
}

// ---- One seed: S16 ----

struct picky {
    ant_future base;
    char *choice;
};

ANT_ASYNC(picky)
{
    for (int i = 0; i < 32; i++) {
        probe_watch watch = { .script = "R" };
        struct probe a = probe(&watch);
        struct probe b = probe(&watch);
        struct ant_select first = ant_select(&a.base, &b.base);
        assert_int_equal(ant_future_poll(&first.base, cx), ANT_READY);
        self->choice[i] = (char)('0' + first.winner);
    }
    return ANT_READY;
}

static void choose(void **state, uint64_t seed, char *choice)
{
    ant_runtime *rt = flavor_runtime(
        state, &(ant_runtime_desc){ .worker_count = 1, .seed = seed });
    const struct picky one = { ANT_INIT(picky), .choice = choice };
    assert_int_equal(ant_runtime_block_on(rt, one), 0);
    ant_runtime_free(rt);
}

static void s16_the_same_seed_makes_the_same_choices(void **state)
{
    char choice[3][32];
    choose(state, 7, choice[0]);
    choose(state, 7, choice[1]);
    choose(state, 8, choice[2]);
    assert_memory_equal(choice[0], choice[1], 32);
    assert_memory_not_equal(choice[0], choice[2], 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(s13_block_on_inside_of_a_task_is_refused),
        EVERY_FLAVOR(s13_an_end_from_inside_of_a_task_traps_and_says_why),
        cmocka_unit_test(s14_block_in_place_is_refused),
        FLAVOR(s15_two_threads_may_block_on_one_runtime, current),
        FLAVOR(s15_two_threads_may_block_on_one_runtime, multi),
        EVERY_FLAVOR(s16_the_same_seed_makes_the_same_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
