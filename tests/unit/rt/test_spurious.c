// SPDX-License-Identifier: MIT
//
// Tests of polls for no reason, which a simulation makes when it is asked to.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "antfarm.h"

// Counts how often it is polled while it sleeps.
ANT_ASYNC_FN(sleeper, unsigned polls, struct ant_sleep nap)
{
    self->polls++;
    if (ANT_BEGINS(self->nap)) self->nap = ant_sleep(10);
    ANT_AWAIT(self->nap);
    return ANT_READY;
}

static unsigned polls_of_sleep(uint32_t interval, uint64_t seed)
{
    ant_runtime *rt;
    struct sleeper slept;
    assert_int_equal(
        ant_runtime_new(&(ant_runtime_desc){ .flavor = ANT_RUNTIME_SIM,
                                             .seed = seed,
                                             .spurious_interval = interval },
                        &rt),
        0);
    assert_int_equal(ant_runtime_block_on_into(rt, &slept, sleeper()), 0);
    ant_runtime_free(rt);
    return slept.polls;
}

static void without_it_a_sleep_is_polled_twice(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++)
        assert_int_equal(polls_of_sleep(0, seed), 2);
}

// Each poll is followed by another one with a chance of 1/2, so a PENDING one
// is followed by one more on average.
static void with_it_as_often_as_was_asked_for(void **state)
{
    (void)state;
    unsigned polls = 0;
    for (uint64_t seed = 0; seed < 1000; seed++)
        polls += polls_of_sleep(2, seed);
    assert_in_range(polls, 2900, 3100);
}

static void the_same_seed_makes_the_same_polls(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++)
        assert_int_equal(polls_of_sleep(3, seed), polls_of_sleep(3, seed));
}

static int try_new(ant_flavor flavor, uint32_t interval)
{
    ant_runtime *rt;
    const int err = ant_runtime_new(
        &(ant_runtime_desc){ .flavor = flavor, .spurious_interval = interval },
        &rt);
    if (err == 0) ant_runtime_free(rt);
    return err;
}

static void only_a_simulation_can_and_not_always(void **state)
{
    (void)state;
    assert_int_equal(try_new(ANT_RUNTIME_SIM, 2), 0);
    assert_int_equal(try_new(ANT_RUNTIME_SIM, 1), -EINVAL);
    assert_int_equal(try_new(ANT_RUNTIME_CURRENT, 2), -ENOTSUP);
    assert_int_equal(try_new(ANT_RUNTIME_MULTI, 2), -ENOTSUP);
}

static void the_environment_may_ask_for_it(void **state)
{
    (void)state;
    setenv("ANTFARM_SPURIOUS", "2", 1);
    unsigned polls = 0;
    for (uint64_t seed = 0; seed < 20; seed++)
        polls += polls_of_sleep(0, seed);
    assert_true(polls > 40);
    assert_int_equal(try_new(ANT_RUNTIME_CURRENT, 0), -EINVAL);
    setenv("ANTFARM_SPURIOUS", "1", 1);
    assert_int_equal(try_new(ANT_RUNTIME_SIM, 0), -EINVAL);
    setenv("ANTFARM_SPURIOUS", "often", 1);
    assert_int_equal(try_new(ANT_RUNTIME_SIM, 0), -EINVAL);
    unsetenv("ANTFARM_SPURIOUS");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_it_a_sleep_is_polled_twice),
        cmocka_unit_test(with_it_as_often_as_was_asked_for),
        cmocka_unit_test(the_same_seed_makes_the_same_polls),
        cmocka_unit_test(only_a_simulation_can_and_not_always),
        cmocka_unit_test(the_environment_may_ask_for_it),
    };
    return cmocka_run_group_tests_name("rt/spurious", tests, NULL, NULL);
}
