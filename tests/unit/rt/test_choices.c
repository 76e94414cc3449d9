// SPDX-License-Identifier: MIT
//
// Tests of rt/choices: schedules as text, and what a simulation makes of them.

#include "rt/choices.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/child.h"

// ---- As text ----

static void a_schedule_is_places_and_then_perhaps_an_end(void **state)
{
    (void)state;
    const char *good[] = { "", "1", "2.1.3", "12.1", "?", "*", "2.?", "3.1.*" };
    const char *bad[] = { "0",   "2.", ".",   "2..1", "a",    "2.a", "?.1",
                          "*.1", "-1", "1,2", "1 ",   "1.0.", "??",  "2?" };
    for (size_t i = 0; i < ANT_ARRAY_LEN(good); i++)
        assert_true(ant__choices_are_valid(good[i]));
    for (size_t i = 0; i < ANT_ARRAY_LEN(bad); i++)
        assert_false(ant__choices_are_valid(bad[i]));
}

static void after_its_end_the_oldest_goes_first(void **state)
{
    (void)state;
    ant_choices choices = ant__choices("2.1", 0);
    const uint32_t expected[] = { 1, 0, 0, 0 };
    for (size_t i = 0; i < ANT_ARRAY_LEN(expected); i++) {
        uint32_t place = 9;
        assert_int_equal(ant__choices_next(&choices, 3, &place), ANT_CHOSEN);
        assert_int_equal(place, expected[i]);
    }
    assert_int_equal(choices.made, 4);
}

static void it_can_end_at_a_choice(void **state)
{
    (void)state;
    ant_choices choices = ant__choices("1.?", 0);
    uint32_t place;
    assert_int_equal(ant__choices_next(&choices, 2, &place), ANT_CHOSEN);
    assert_int_equal(ant__choices_next(&choices, 2, &place), ANT_CHOSEN_NONE);
    assert_int_equal(choices.made, 1);
}

static void a_place_that_does_not_exist_is_a_misfit(void **state)
{
    (void)state;
    ant_choices choices = ant__choices("4", 0);
    uint32_t place;
    assert_int_equal(ant__choices_next(&choices, 3, &place), ANT_CHOSEN_MISFIT);
    assert_int_equal(choices.misfit, 4);
}

static void the_seed_decides_after_a_star(void **state)
{
    (void)state;
    ant_choices one = ant__choices("*", 7);
    ant_choices same = ant__choices("*", 7);
    unsigned seen = 0;
    for (int i = 0; i < 100; i++) {
        uint32_t a, b;
        assert_int_equal(ant__choices_next(&one, 3, &a), ANT_CHOSEN);
        assert_int_equal(ant__choices_next(&same, 3, &b), ANT_CHOSEN);
        assert_int_equal(a, b);
        seen |= 1u << a;
    }
    assert_int_equal(seen, 7);
}

// ---- In a simulation ----

static char said[8];
static unsigned said_len;

struct talker {
    ant_future base;
    char letter;
};

ANT_ASYNC(talker)
{
    (void)cx;
    said[said_len++] = self->letter;
    return ANT_READY;
}

// Lets three talkers go, which are then all ready.
struct host {
    ant_future base;
    enum { HOST_START, HOST_WAITING } state;
    struct ant_join_handle guest[3];
    ant_future *each[3];
    struct ant_join all;
};

ANT_ASYNC(host)
{
    switch (self->state) {
    case HOST_START:
        for (int i = 0; i < 3; i++) {
            self->guest[i] = ant_spawn(
                (struct talker){ ANT_INIT(talker), .letter = "abc"[i] });
            self->each[i] = &self->guest[i].base;
        }
        self->all = ant_join_all(self->each, 3);
        return ANT_NEXT(HOST_WAITING);

    case HOST_WAITING:
        ANT_AWAIT(self->all);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static int run(const char *schedule)
{
    ant_runtime *rt;
    const ant_runtime_desc desc = { .flavor = ANT_RUNTIME_SIM,
                                    .schedule = schedule };
    int err = ant_runtime_new(&desc, &rt);
    if (err < 0) return err;
    memset(said, 0, sizeof said);
    said_len = 0;
    const struct host one = { ANT_INIT(host) };
    err = ant_runtime_block_on(rt, one);
    ant_runtime_free(rt);
    return err;
}

static void each_order_has_a_schedule(void **state)
{
    (void)state;
    const struct {
        const char *schedule;
        const char *order;
    } cases[] = { { NULL, "abc" }, { "", "abc" },    { "1.2", "acb" },
                  { "2", "bac" },  { "2.2", "bca" }, { "3", "cab" },
                  { "3.2", "cba" } };
    for (size_t i = 0; i < ANT_ARRAY_LEN(cases); i++) {
        assert_int_equal(run(cases[i].schedule), 0);
        assert_string_equal(said, cases[i].order);
    }
}

static void run_as_child(void *schedule)
{
    (void)run(schedule);
}

static void where_it_ends_the_program_ends(void **state)
{
    (void)state;
    char open[] = "2.?";
    assert_int_equal(child_run(run_as_child, open).status, ANT_EXIT_CHOICE);
    char misfit[] = "2.9";
    child_result result = child_run(run_as_child, misfit);
    assert_int_equal(result.status, ANT_EXIT_MISFIT);
    assert_string_equal(result.text, "antfarm: choice 2 of the schedule is 9, "
                                     "but only 3 tasks are ready there\n");
}

static void only_a_simulation_takes_a_schedule(void **state)
{
    (void)state;
    ant_runtime *rt;
    const ant_runtime_desc real = { .flavor = ANT_RUNTIME_CURRENT,
                                    .schedule = "1" };
    assert_int_equal(ant_runtime_new(&real, &rt), -ENOTSUP);
    const ant_runtime_desc wrong = { .flavor = ANT_RUNTIME_SIM,
                                     .schedule = "one" };
    assert_int_equal(ant_runtime_new(&wrong, &rt), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_schedule_is_places_and_then_perhaps_an_end),
        cmocka_unit_test(after_its_end_the_oldest_goes_first),
        cmocka_unit_test(it_can_end_at_a_choice),
        cmocka_unit_test(a_place_that_does_not_exist_is_a_misfit),
        cmocka_unit_test(the_seed_decides_after_a_star),
        cmocka_unit_test(each_order_has_a_schedule),
        cmocka_unit_test(where_it_ends_the_program_ends),
        cmocka_unit_test(only_a_simulation_takes_a_schedule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
