// SPDX-License-Identifier: MIT
//
// What select, join, race and timeout promise: M1 to M9, polled by hand, each
// poll with the budget and the chance that the test gives. The same in
// runtimes: test_combine_rt.c.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/hand.h"
#include "support/stub.h"

#define MANY 100

static stub_log diary;
static hand_task task;
static hand_clock hands;
static ant_rng rng;
static struct stub a, b, c;
static struct stub many[MANY];
static ant_future *list[MANY];

static int set_up(void **state)
{
    (void)state;
    diary = (stub_log){ .len = 0 };
    hand_clock_init(&hands);
    hand_task_init(&task, 1);
    task.clock = &hands;
    a = stub('a', &diary);
    b = stub('b', &diary);
    c = stub('c', &diary);
    for (unsigned i = 0; i < MANY; i++) {
        many[i] = stub('m', &diary);
        list[i] = &many[i].base;
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(hand_refs(&task), 0);
    assert_int_equal(ant_timers_count(&hands.timers), 0);
    hand_clock_deinit(&hands);
    return 0;
}

static void expect_pending(ant_future *future)
{
    assert_int_equal(hand_poll(&task, future), ANT_PENDING);
}

static void expect_ready(ant_future *future, int result)
{
    assert_int_equal(hand_poll(&task, future), ANT_READY);
    assert_int_equal(future->result, result);
}

static void expect_diary(const char *text)
{
    assert_string_equal(diary.text, text);
}

// ---- M1 ----

// The first polls of 12 selects with this seed.
static void write_starts(uint64_t seed)
{
    diary = (stub_log){ .len = 0 };
    rng = ant_rng_init(seed);
    task.rng = &rng;
    struct ant_select first = ant_select(&a.base, &b.base, &c.base);
    for (unsigned i = 0; i < 12; i++)
        expect_pending(&first.base);
}

static void m1_the_seed_says_where_select_starts(void **state)
{
    (void)state;
    write_starts(7);
    const stub_log once = diary;
    for (unsigned i = 0; i < once.len; i += 3) {
        char round[4] = { once.text[i], once.text[i + 1], once.text[i + 2] };
        assert_non_null(strstr("abcabc", round)); // from any start, cyclic
    }
    write_starts(7);
    expect_diary(once.text);
    write_starts(8);
    assert_string_not_equal(diary.text, once.text);
}

static void m1_biased_goes_from_top_to_bottom(void **state)
{
    (void)state;
    rng = ant_rng_init(7);
    task.rng = &rng;
    struct ant_select first = ant_select_biased(&a.base, &b.base, &c.base);
    for (unsigned i = 0; i < 3; i++)
        expect_pending(&first.base);
    expect_diary("abcabcabc");
}

static void m1_a_disabled_branch_is_never_polled(void **state)
{
    (void)state;
    a.may_end = true;
    struct ant_select first =
        ant_select(ant_when(false, &a.base), ant_when(true, &b.base));
    expect_pending(&first.base);
    b.may_end = true;
    expect_ready(&first.base, 0);
    assert_int_equal(first.winner, 1);
    expect_diary("bbB");
}

// ---- M2 ----

static void m2_losers_are_dropped_in_declared_order(void **state)
{
    (void)state;
    struct ant_select first = ant_select_biased(&a.base, &b.base, &c.base);
    expect_pending(&first.base);
    b.may_end = true;
    expect_ready(&first.base, 0);
    expect_diary("abcabB-a-c");
}

static bool is_success(const ant_future *branch, unsigned place, void *arg)
{
    (void)place, (void)arg;
    return branch->result >= 0;
}

static void m2_a_mismatch_disables_its_branch_only(void **state)
{
    (void)state;
    struct ant_select first = ant_select_biased(&a.base, &b.base);
    first.matches = is_success;
    a.may_end = true;
    a.result = -EPIPE;
    expect_pending(&first.base);
    b.may_end = true;
    expect_ready(&first.base, 0);
    assert_int_equal(first.winner, 1);
    expect_diary("aAbbB");
}

static void m2_with_all_branches_off_it_is_else(void **state)
{
    (void)state;
    struct ant_select first = ant_select(ant_when(false, &a.base), &b.base);
    first.matches = is_success;
    b.may_end = true;
    b.result = -EPIPE;
    expect_ready(&first.base, -EINVAL);
    assert_int_equal(first.winner, ANT_SELECT_ELSE);
}

// ---- M3 ----

// async fn selects(): one after the other over what is ready, without an end.
struct selects {
    ant_future base;
    enum { SELECTS_START, SELECTS_RACING } state;
    unsigned count;
    struct stub ready, never;
    struct ant_select first;
};

ANT_ASYNC(selects)
{
    switch (self->state) {
    case SELECTS_START:
        self->ready = stub('r', &diary);
        self->ready.may_end = true;
        self->never = stub('n', &diary);
        self->first = ant_select(&self->ready.base, &self->never.base);
        return ANT_NEXT(SELECTS_RACING);

    case SELECTS_RACING:
        ANT_AWAIT(self->first);
        self->count++;
        return ANT_NEXT(SELECTS_START);
    }
    ANT_UNREACHABLE();
}

static void m3_the_129th_select_of_a_poll_is_pending(void **state)
{
    (void)state;
    struct selects loop = { ANT_INIT(selects) };
    expect_pending(&loop.base);
    assert_int_equal(loop.count, 128);
    assert_true(task.has_yielded);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_int_equal(loop.ready.poll_count, 0); // pending before any branch
    expect_pending(&loop.base);
    assert_int_equal(loop.count, 256);
    ant_future_drop(&loop.base);
}

// ---- M4 ----

static void m4_a_select_has_64_branches_and_more(void **state)
{
    (void)state;
    for (unsigned count = 64; count <= MANY; count += 36) {
        (void)set_up(NULL);
        struct ant_select first = ant_select_all(list, count);
        expect_pending(&first.base);
        many[63].may_end = true;
        expect_ready(&first.base, 0);
        assert_int_equal(first.winner, 63);
        for (unsigned i = 0; i < count; i++)
            assert_int_equal(many[i].drop_count, i == 63 ? 0 : 1);
    }
}

// ---- M6 ----

static void m6_join_polls_in_declared_order_nobody_twice(void **state)
{
    (void)state;
    struct ant_join join = ant_join(&a.base, &b.base, &c.base);
    expect_pending(&join.base);
    a.may_end = c.may_end = true;
    a.result = -EIO; // an error ends nothing
    expect_pending(&join.base);
    b.may_end = true;
    expect_ready(&join.base, -EIO);
    expect_diary("abcaAbcCbB");
}

static void m6_join_of_nothing_is_ready_at_once(void **state)
{
    (void)state;
    struct ant_join none = ant_join_all(NULL, 0);
    expect_ready(&none.base, 0);
}

static void m6_join_starts_behind_who_took_the_budget(void **state)
{
    (void)state;
    a.appetite = b.appetite = c.appetite = ANT_BUDGET;
    a.may_end = b.may_end = c.may_end = true;
    struct ant_join join = ant_join(&a.base, &b.base, &c.base);
    expect_pending(&join.base);
    expect_pending(&join.base);
    expect_ready(&join.base, 0);
    (void)hand_take_wakes(&task);
}

// ---- M7 ----

static void m7_the_first_error_ends_try_join(void **state)
{
    (void)state;
    struct ant_try_join join = ant_try_join(&a.base, &b.base, &c.base);
    expect_pending(&join.base);
    b.may_end = c.may_end = true;
    b.result = -EIO;
    c.result = -EPIPE;
    expect_ready(&join.base, -EIO);
    assert_int_equal(join.failed, 1);
    expect_diary("abcabB-a-c");
}

static void m7_without_an_error_all_have_ended(void **state)
{
    (void)state;
    list[1] = NULL;
    struct ant_try_join join = ant_try_join_all(list, 3);
    many[0].may_end = true;
    expect_pending(&join.base);
    many[2].may_end = true;
    expect_ready(&join.base, 0);
    expect_diary("mMmmM");
}

// ---- M8 ----

static void m8_a_ready_future_beats_a_past_deadline(void **state)
{
    (void)state;
    struct ant_timeout limit = ant_timeout_until(ANT_NS_PER_MS, &a.base);
    expect_pending(&limit.base);
    hand_clock_advance_ms(&hands, 10);
    a.may_end = true;
    expect_ready(&limit.base, 0);
    assert_false(limit.is_elapsed);
    (void)hand_take_wakes(&task);
}

static void m8_the_late_one_is_dropped_in_the_same_poll(void **state)
{
    (void)state;
    struct ant_timeout limit = ant_timeout_until(ANT_NS_PER_MS, &a.base);
    expect_pending(&limit.base);
    hand_clock_advance_ms(&hands, 1);
    expect_ready(&limit.base, -ETIMEDOUT);
    assert_true(limit.is_elapsed);
    expect_diary("aa-a");
}

static void m8_a_busy_future_cannot_outlive_its_deadline(void **state)
{
    (void)state;
    a.appetite = 2 * ANT_BUDGET;
    struct ant_timeout limit = ant_timeout_until(ANT_NS_PER_MS, &a.base);
    expect_pending(&limit.base);
    hand_clock_advance_ms(&hands, 1);
    expect_ready(&limit.base, -ETIMEDOUT);
    (void)hand_take_wakes(&task);
}

static void m8_dropping_it_drops_the_future_and_the_timer(void **state)
{
    (void)state;
    struct ant_timeout limit = ant_timeout_until(ANT_NS_PER_MS, &a.base);
    expect_pending(&limit.base);
    assert_int_equal(ant_timers_count(&hands.timers), 1);
    ant_future_drop(&limit.base);
    expect_diary("a-a");
    assert_int_equal(ant_timers_count(&hands.timers), 0);
}

// ---- M9 ----

static void m9_the_first_to_end_wins_the_race(void **state)
{
    (void)state;
    struct ant_race race = ant_race(&a.base, &b.base, &c.base);
    expect_pending(&race.base);
    c.may_end = true;
    c.result = -EIO;
    expect_ready(&race.base, -EIO);
    assert_int_equal(race.winner, 2);
    expect_diary("abcabcC-a-b");
}

static void m9_select_ok_is_won_by_success_only(void **state)
{
    (void)state;
    struct ant_select_ok any = ant_select_ok(list, 3);
    many[0].may_end = true;
    many[0].result = -EIO;
    expect_pending(&any.base);
    many[2].may_end = true;
    expect_ready(&any.base, 0);
    assert_int_equal(any.winner, 2);
    assert_int_equal(many[1].drop_count, 1);
}

static void m9_select_ok_fails_with_the_last_error(void **state)
{
    (void)state;
    struct ant_select_ok any = ant_select_ok(list, 2);
    many[1].may_end = true;
    many[1].result = -EIO;
    expect_pending(&any.base);
    many[0].may_end = true;
    many[0].result = -EPIPE;
    expect_ready(&any.base, -EPIPE);
}

// ---- K37: each combinator and a child that eats the budget ----

// With the budget gone, whoever stands behind the eater gets its turn within
// two polls, and the task yields in between.
static void expect_no_starving(ant_future *future)
{
    c.may_end = true;
    c.appetite = 1;
    (void)!hand_poll(&task, future);
    if (c.base.phase != ANT_PHASE_ENDED) {
        assert_true(task.has_yielded);
        (void)!hand_poll(&task, future);
    }
    assert_int_equal(c.base.phase, ANT_PHASE_ENDED);
    assert_int_equal(c.drop_count, 0);
    ant_future_drop(future);
    (void)hand_take_wakes(&task);
}

static void m6_a_busy_child_starves_nobody_in_a_join(void **state)
{
    (void)state;
    a.appetite = 2 * ANT_BUDGET;
    struct ant_join join = ant_join(&a.base, &c.base);
    expect_no_starving(&join.base);
}

static void m7_a_busy_child_starves_nobody_in_a_try_join(void **state)
{
    (void)state;
    a.appetite = 2 * ANT_BUDGET;
    struct ant_try_join join = ant_try_join(&a.base, &c.base);
    expect_no_starving(&join.base);
}

// A fair one starts elsewhere sooner or later; by the seed here, soon.
static void m3_a_busy_branch_starves_nobody_in_a_fair_select(void **state)
{
    (void)state;
    a.appetite = 2 * ANT_BUDGET;
    c.may_end = true;
    c.appetite = 1;
    rng = ant_rng_init(7);
    task.rng = &rng;
    struct ant_select first = ant_select(&a.base, &c.base);
    unsigned polls = 1;
    while (hand_poll(&task, &first.base) == ANT_PENDING) {
        assert_true(task.has_yielded);
        assert_true(++polls < 20);
    }
    assert_int_equal(first.winner, 1);
    (void)hand_take_wakes(&task);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(m1_the_seed_says_where_select_starts),
        TEST(m1_biased_goes_from_top_to_bottom),
        TEST(m1_a_disabled_branch_is_never_polled),
        TEST(m2_losers_are_dropped_in_declared_order),
        TEST(m2_a_mismatch_disables_its_branch_only),
        TEST(m2_with_all_branches_off_it_is_else),
        TEST(m3_the_129th_select_of_a_poll_is_pending),
        TEST(m3_a_busy_branch_starves_nobody_in_a_fair_select),
        TEST(m4_a_select_has_64_branches_and_more),
        TEST(m6_join_polls_in_declared_order_nobody_twice),
        TEST(m6_join_of_nothing_is_ready_at_once),
        TEST(m6_join_starts_behind_who_took_the_budget),
        TEST(m6_a_busy_child_starves_nobody_in_a_join),
        TEST(m7_the_first_error_ends_try_join),
        TEST(m7_without_an_error_all_have_ended),
        TEST(m7_a_busy_child_starves_nobody_in_a_try_join),
        TEST(m8_a_ready_future_beats_a_past_deadline),
        TEST(m8_the_late_one_is_dropped_in_the_same_poll),
        TEST(m8_a_busy_future_cannot_outlive_its_deadline),
        TEST(m8_dropping_it_drops_the_future_and_the_timer),
        TEST(m9_the_first_to_end_wins_the_race),
        TEST(m9_select_ok_is_won_by_success_only),
        TEST(m9_select_ok_fails_with_the_last_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
