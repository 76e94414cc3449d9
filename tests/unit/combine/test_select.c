// SPDX-License-Identifier: MIT
//
// Tests of combine/select and combine/borrow.

#include "combine/select.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "combine/borrow.h"
#include "support/hand.h"
#include "support/stub.h"

static stub_log diary;
static hand_task task;
static ant_rng rng;
static struct stub a, b, c;

static int set_up(void **state)
{
    (void)state;
    diary = (stub_log){ .len = 0 };
    hand_task_init(&task, 1);
    rng = ant_rng_init(7);
    task.rng = &rng;
    a = stub('a', &diary);
    b = stub('b', &diary);
    c = stub('c', &diary);
    return 0;
}

// M2: the losers are dropped in the same poll, in declared order, after the
// winner has ended.
static void drops_the_losers_in_the_same_poll(void **state)
{
    (void)state;
    struct ant_select first = ant_select_biased(&a.base, &b.base, &c.base);
    assert_int_equal(hand_poll(&task, &first.base), ANT_PENDING);
    assert_int_equal(first.winner, -1);
    b.may_end = true;
    b.result = -EIO;
    assert_int_equal(hand_poll(&task, &first.base), ANT_READY);
    assert_string_equal(diary.text, "abcabB-a-c");
    assert_int_equal(first.winner, 1);
    assert_int_equal(first.base.result, -EIO);
}

static void never_polls_those_behind_the_winner(void **state)
{
    (void)state;
    a.may_end = b.may_end = true;
    struct ant_select first = ant_select_biased(&a.base, &b.base);
    assert_int_equal(hand_poll(&task, &first.base), ANT_READY);
    assert_string_equal(diary.text, "aA");
    assert_int_equal(b.base.phase, ANT_PHASE_ENDED);
}

// M1: a random start, then round; the same seed makes the same choices.
static void starts_anywhere_and_goes_round(void **state)
{
    (void)state;
    struct ant_select first = ant_select(&a.base, &b.base, &c.base);
    for (unsigned i = 0; i < 30; i++) {
        assert_int_equal(hand_poll(&task, &first.base), ANT_PENDING);
    }
    const char *rounds[] = { "abc", "bca", "cab" };
    unsigned seen[3] = { 0 };
    for (unsigned i = 0; i < 30; i++) {
        for (unsigned r = 0; r < 3; r++) {
            if (strncmp(diary.text + 3 * i, rounds[r], 3) == 0) seen[r]++;
        }
    }
    assert_int_equal(seen[0] + seen[1] + seen[2], 30);
    assert_true(seen[0] > 0 && seen[1] > 0 && seen[2] > 0);

    stub_log before = diary;
    diary.len = 0;
    rng = ant_rng_init(7);
    for (unsigned i = 0; i < 30; i++) {
        assert_int_equal(hand_poll(&task, &first.base), ANT_PENDING);
    }
    assert_string_equal(diary.text, before.text);
}

static void without_chance_starts_at_the_first(void **state)
{
    (void)state;
    task.rng = NULL;
    struct ant_select first = ant_select(&a.base, &b.base);
    assert_int_equal(hand_poll(&task, &first.base), ANT_PENDING);
    assert_int_equal(hand_poll(&task, &first.base), ANT_PENDING);
    assert_string_equal(diary.text, "abab");
}

// M3: out of budget it is pending before any branch is polled.
static void yields_when_the_budget_is_used_up(void **state)
{
    (void)state;
    a.may_end = true;
    struct ant_select first = ant_select(&a.base, &b.base);
    task.budget = 0;
    assert_int_equal(hand_poll(&task, &first.base), ANT_PENDING);
    assert_true(task.has_yielded);
    assert_string_equal(diary.text, "");
    assert_int_equal(hand_poll(&task, &first.base), ANT_READY);
}

// M2: switched-off branches are never polled; with none left it fails.
static void passes_over_branches_that_are_switched_off(void **state)
{
    (void)state;
    b.may_end = true;
    struct ant_select first = ant_select(NULL, &b.base, NULL);
    assert_int_equal(hand_poll(&task, &first.base), ANT_READY);
    assert_int_equal(first.winner, 1);

    struct ant_select none = ant_select(NULL, &b.base); // b has ended
    assert_int_equal(hand_poll(&task, &none.base), ANT_READY);
    assert_int_equal(none.base.result, -EINVAL);
    assert_int_equal(none.winner, -1);
}

// M1: what is switched off is never polled, and ends all the same.
static void takes_preconditions(void **state)
{
    (void)state;
    a.may_end = b.may_end = true;
    struct ant_select first =
        ant_select(ant_when(false, &a.base), ant_when(true, &b.base));
    assert_int_equal(hand_poll(&task, &first.base), ANT_READY);
    assert_int_equal(first.winner, 1);
    assert_string_equal(diary.text, "bB");
    assert_int_equal(a.base.phase, ANT_PHASE_ENDED);

    char name[ANT_CHILD_NAME_MAX];
    ant__children_name(&first.children, 0, name);
    assert_string_equal(name, "&a.base");
}

static bool is_success(const ant_future *branch, unsigned place, void *arg)
{
    unsigned *asked = arg;
    *asked |= 1u << place;
    return branch->result >= 0;
}

// M2: a branch whose pattern does not match is off, and the others go on.
static void goes_on_without_a_branch_that_does_not_match(void **state)
{
    (void)state;
    unsigned asked = 0;
    struct ant_select first = ant_select_biased(&a.base, &b.base, &c.base);
    first.matches = is_success;
    first.matches_arg = &asked;
    a.may_end = true;
    a.result = -EIO;
    assert_int_equal(hand_poll(&task, &first.base), ANT_PENDING);
    assert_int_equal(hand_poll(&task, &first.base), ANT_PENDING);
    c.may_end = true;
    assert_int_equal(hand_poll(&task, &first.base), ANT_READY);
    assert_int_equal(first.winner, 2);
    assert_int_equal(asked, 1 | 4);
    assert_string_equal(diary.text, "aAbcbcbcC-b");
}

static void with_no_match_at_all_says_else(void **state)
{
    (void)state;
    unsigned asked = 0;
    struct ant_select first = ant_select(&a.base, &b.base);
    first.matches = is_success;
    first.matches_arg = &asked;
    a.may_end = b.may_end = true;
    a.result = b.result = -EPIPE;
    assert_int_equal(hand_poll(&task, &first.base), ANT_READY);
    assert_int_equal(first.winner, ANT_SELECT_ELSE);
    assert_int_equal(first.base.result, -EINVAL);
}

// M3: also when no branch takes anything of the budget.
static void takes_one_operation_of_the_budget(void **state)
{
    (void)state;
    a.may_end = b.may_end = true;
    b.appetite = 1;
    struct ant_select first = ant_select_biased(&a.base, &c.base);
    assert_int_equal(hand_poll(&task, &first.base), ANT_READY);
    assert_int_equal(task.budget_left, ANT_BUDGET - 1);
    first = ant_select_biased(&b.base, &c.base);
    assert_int_equal(hand_poll(&task, &first.base), ANT_READY);
    assert_int_equal(task.budget_left, ANT_BUDGET - 1);
}

// M4: 64 branches and more.
static void races_an_array_of_any_length(void **state)
{
    (void)state;
    struct stub stubs[100];
    ant_future *list[100];
    for (unsigned i = 0; i < 100; i++) {
        stubs[i] = stub('a', &diary);
        list[i] = &stubs[i].base;
    }
    struct ant_select first = ant_select_all(list, 100);
    assert_int_equal(hand_poll(&task, &first.base), ANT_PENDING);
    stubs[77].may_end = true;
    assert_int_equal(hand_poll(&task, &first.base), ANT_READY);
    assert_int_equal(first.winner, 77);
    for (unsigned i = 0; i < 100; i++) {
        assert_int_equal(stubs[i].drop_count, i == 77 ? 0 : 1);
    }
}

static void drops_all_when_it_is_dropped(void **state)
{
    (void)state;
    struct ant_select first = ant_select_biased(&a.base, &b.base);
    assert_int_equal(hand_poll(&task, &first.base), ANT_PENDING);
    ant_future_drop(&first.base);
    assert_string_equal(diary.text, "ab-a-b");
}

// A borrowed branch survives the race that it loses.
static void leaves_what_is_borrowed_alive(void **state)
{
    (void)state;
    struct ant_borrow lent = ant_borrow(&a.base);
    b.may_end = true;
    struct ant_select first = ant_select_biased(&lent.base, &b.base);
    assert_int_equal(hand_poll(&task, &first.base), ANT_READY);
    assert_int_equal(first.winner, 1);
    assert_string_equal(diary.text, "abB");

    a.may_end = true;
    a.result = -EPIPE;
    lent = ant_borrow(&a.base);
    first = ant_select(&lent.base, &c.base);
    assert_int_equal(hand_poll(&task, &first.base), ANT_READY);
    assert_int_equal(first.winner, 0);
    assert_int_equal(first.base.result, -EPIPE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(drops_the_losers_in_the_same_poll),
        TEST(never_polls_those_behind_the_winner),
        TEST(starts_anywhere_and_goes_round),
        TEST(without_chance_starts_at_the_first),
        TEST(yields_when_the_budget_is_used_up),
        TEST(passes_over_branches_that_are_switched_off),
        TEST(takes_preconditions),
        TEST(goes_on_without_a_branch_that_does_not_match),
        TEST(with_no_match_at_all_says_else),
        TEST(takes_one_operation_of_the_budget),
        TEST(races_an_array_of_any_length),
        TEST(drops_all_when_it_is_dropped),
        TEST(leaves_what_is_borrowed_alive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
