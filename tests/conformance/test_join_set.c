// SPDX-License-Identifier: MIT
//
// What a join set promises: J9.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/flavors.h"
#include "support/joiner.h"
#include "support/probe.h"

struct owner {
    ant_future base;
    enum { OWNER_START, OWNER_JOINING } state;
    probe_watch *watch;
    unsigned turn;
    ant_join_set set;
    struct ant_join_set_next next;
};

// The order in which the three are told to stop.
static const unsigned stop_order[] = { 2, 0, 1 };

ANT_ASYNC(owner)
{
    switch (self->state) {
    case OWNER_START:
        ant_join_set_init(&self->set, "owned");
        for (unsigned i = 0; i < 3; i++) {
            int err = ant_join_set_spawn_as(&self->set, &self->watch[i],
                                            probe(&self->watch[i]));
            ANT_ASSERT(err == 0);
        }
        ant_join_set_abort(&self->set, &self->watch[stop_order[0]]);
        self->next = ant_join_set_next(&self->set);
        return ANT_NEXT(OWNER_JOINING);

    case OWNER_JOINING:
        ANT_AWAIT(self->next);
        if (self->turn == 3) {
            ANT_ASSERT(self->next.is_empty);
            ant_join_set_deinit(&self->set);
            return ANT_READY;
        }
        ANT_ASSERT(self->next.joined.key ==
                   &self->watch[stop_order[self->turn]]);
        ANT_ASSERT(self->next.base.result == -ECANCELED);
        ANT_ASSERT(self->next.joined.failure->err == -ECANCELED);
        if (++self->turn < 3)
            ant_join_set_abort(&self->set,
                               &self->watch[stop_order[self->turn]]);
        self->next = ant_join_set_next(&self->set);
        return ANT_NEXT(OWNER_JOINING);
    }
    ANT_UNREACHABLE();
}

static void j9_results_come_in_the_order_of_the_ends(void **state)
{
    probe_watch watch[3] = { { .script = "k." },
                             { .script = "k." },
                             { .script = "k." } };
    const struct owner owner = { ANT_INIT(owner), .watch = watch };
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(ant_runtime_block_on(rt, owner), 0);
    ant_runtime_free(rt);
    for (unsigned i = 0; i < 3; i++) {
        ant_waker_drop(&watch[i].kept);
    }
}

// Gives the set up while its tasks run, and so does whoever drops the owner.
struct quitter {
    ant_future base;
    probe_watch *watch;
    ant_join_set set;
};

ANT_ASYNC(quitter)
{
    ant_join_set_init(&self->set, "given up");
    for (unsigned i = 0; i < 3; i++) {
        int err = ant_join_set_spawn(&self->set, probe(&self->watch[i]));
        ANT_ASSERT(err == 0);
    }
    ant_join_set_deinit(&self->set);
    (void)cx;
    return ANT_READY;
}

static void j9_dropping_the_set_aborts_all(void **state)
{
    probe_watch watch[3] = { { .script = "k." },
                             { .script = "k." },
                             { .script = "k." } };
    const struct quitter quitter = { ANT_INIT(quitter), .watch = watch };
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(ant_runtime_block_on(rt, quitter), 0);
    ant_runtime_free(rt);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(watch[i].drop_count, watch[i].poll_count);
        ant_waker_drop(&watch[i].kept);
    }
}

static void j9_several_ends_keep_their_order(void **state)
{
    (void)state;
    probe_watch watch[3] = { { .script = "k.R" },
                             { .script = "k.F" },
                             { .script = "k.R" } };
    ant_join_set set = { 0 };
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(
            ant_join_set_add(&set, &watch[i],
                             executor_spawn(&ex, probe(&watch[i]))),
            0);
    }
    executor_run(&ex);
    for (unsigned i = 0; i < 3; i++) {
        ant_waker_wake(&watch[stop_order[i]].kept);
    }
    executor_run(&ex);
    ant_joined joined;
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(ant_join_set_try_next(&set, &joined), 0);
        assert_ptr_equal(joined.key, &watch[stop_order[i]]);
    }
    assert_int_equal(ant_join_set_try_next(&set, &joined), -EPIPE);
    ant_join_set_deinit(&set);
}

static void j9_a_cancelled_next_loses_no_result(void **state)
{
    (void)state;
    probe_watch watch = { .script = "k.R" };
    ant_join_set set = { 0 };
    assert_int_equal(
        ant_join_set_add(&set, NULL, executor_spawn(&ex, probe(&watch))), 0);
    executor_run(&ex);
    struct ant_join_set_next next = ant_join_set_next(&set);
    assert_int_equal(hand_poll(&waiter, &next.base), ANT_PENDING);
    ant_waker_wake(&watch.kept);
    executor_run(&ex);
    ant_future_drop(&next.base); // it was woken
    next = ant_join_set_next(&set);
    assert_int_equal(hand_poll(&waiter, &next.base), ANT_READY);
    assert_false(next.is_empty);
    ant_join_set_deinit(&set);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, joiner_set_up, joiner_tear_down)
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(j9_results_come_in_the_order_of_the_ends),
        EVERY_FLAVOR(j9_dropping_the_set_aborts_all),
        TEST(j9_several_ends_keep_their_order),
        TEST(j9_a_cancelled_next_loses_no_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
