// SPDX-License-Identifier: MIT
//
// Tests of core/future: the poll contract, the loop around it, dropping, and
// what traps.

#include "core/future.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/hand.h"
#include "support/stub.h"

static hand_task task;
static stub_log events;

static int set_up(void **state)
{
    (void)state;
    hand_task_init(&task, 1);
    events = (stub_log){ .len = 0 };
    return 0;
}

// ---- An async function with two children, one after the other ----

struct trip {
    ant_future base;
    enum { TRIP_START, TRIP_RIDING, TRIP_WALKING } state;
    struct stub ride;
    struct stub walk;
};

ANT_ASYNC(trip)
{
    switch (self->state) {
    case TRIP_START:
        return ANT_NEXT(TRIP_RIDING);

    case TRIP_RIDING:
        ANT_AWAIT(self->ride);
        if (self->ride.base.result < 0) return ANT_FAIL(-ECANCELED);
        return ANT_NEXT(TRIP_WALKING);

    case TRIP_WALKING:
        ANT_AWAIT(self->walk);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct trip trip(void)
{
    return (struct trip){
        ANT_INIT(trip),
        .ride = stub('r', &events),
        .walk = stub('w', &events),
    };
}

static void goes_through_its_states_as_far_as_it_can(void **state)
{
    (void)state;
    struct trip t = trip();
    assert_int_equal(hand_poll(&task, &t.base), ANT_PENDING);
    assert_string_equal(ant_future_state_name(&t.base), "TRIP_RIDING");
    assert_ptr_equal(t.base.awaited, &t.ride.base);
    t.ride.may_end = true;
    assert_int_equal(hand_poll(&task, &t.base), ANT_PENDING);
    assert_string_equal(ant_future_state_name(&t.base), "TRIP_WALKING");
    t.walk.may_end = true;
    assert_int_equal(hand_poll(&task, &t.base), ANT_READY);
    assert_true(ant_future_is_ready(&t.base));
    assert_int_equal(t.base.result, 0);
    assert_null(t.base.awaited);
    assert_string_equal(events.text, "rrRwwW");
}

static void one_poll_may_go_all_the_way(void **state)
{
    (void)state;
    struct trip t = trip();
    t.ride.may_end = t.walk.may_end = true;
    assert_int_equal(hand_poll(&task, &t.base), ANT_READY);
    assert_string_equal(events.text, "rRwW");
}

static void a_failure_is_a_result(void **state)
{
    (void)state;
    struct trip t = trip();
    t.ride.may_end = true;
    t.ride.result = -EIO;
    assert_int_equal(hand_poll(&task, &t.base), ANT_READY);
    assert_int_equal(t.base.result, -ECANCELED);
}

static void may_be_copied_until_its_first_poll(void **state)
{
    (void)state;
    struct trip original = trip();
    struct trip copy = original;
    copy.ride.may_end = copy.walk.may_end = true;
    assert_int_equal(hand_poll(&task, &copy.base), ANT_READY);
    assert_int_equal(original.base.phase, ANT_PHASE_NEW);
}

// ---- Dropping ----

static void dropping_nothing_does_nothing(void **state)
{
    (void)state;
    struct trip zeroed = { .state = TRIP_START };
    ant_future_drop(&zeroed.base);

    struct trip fresh = trip();
    ant_future_drop(&fresh.base);
    assert_true(ant_future_is_ready(&fresh.base));

    struct trip done = trip();
    done.ride.may_end = done.walk.may_end = true;
    assert_int_equal(hand_poll(&task, &done.base), ANT_READY);
    events = (stub_log){ .len = 0 };
    ant_future_drop(&done.base);
    assert_string_equal(events.text, "");
}

static void dropping_drops_the_awaited_child_once(void **state)
{
    (void)state;
    struct trip t = trip();
    assert_int_equal(hand_poll(&task, &t.base), ANT_PENDING);
    ant_future_drop(&t.base);
    ant_future_drop(&t.base);
    assert_string_equal(events.text, "r-r");
    assert_true(ant_future_is_ready(&t.ride.base));
}

// A future that holds more than the child it awaits.
struct pair {
    ant_future base;
    struct stub first;
    struct stub second;
};

ANT_ASYNC_WITH_DROP(pair)
{
    if (ant_future_poll(&self->first.base, cx) == ANT_PENDING)
        return ant_future_poll(&self->second.base, cx);
    return ANT_READY;
}

static void pair_drop(struct pair *self)
{
    ant_future_drop(&self->first.base);
    ant_future_drop(&self->second.base);
}

static struct pair pair(void)
{
    return (struct pair){
        ANT_INIT(pair),
        .first = stub('a', &events),
        .second = stub('b', &events),
    };
}

static void a_drop_of_its_own_says_the_order(void **state)
{
    (void)state;
    struct pair p = pair();
    assert_int_equal(hand_poll(&task, &p.base), ANT_PENDING);
    ant_future_drop(&p.base);
    assert_string_equal(events.text, "ab-a-b");
}

static void a_drop_of_its_own_is_not_called_after_the_end(void **state)
{
    (void)state;
    struct pair p = pair();
    p.first.may_end = true;
    assert_int_equal(hand_poll(&task, &p.base), ANT_READY);
    ant_future_drop(&p.base);
    assert_string_equal(events.text, "aA");
}

// A future that was given something to own when it was made.
struct keeper {
    ant_future base;
    unsigned *kept_count;
};

ANT_ASYNC_OWNING(keeper)
{
    (void)cx;
    return self->kept_count == NULL ? ANT_READY : ANT_PENDING;
}

static void keeper_drop(struct keeper *self)
{
    (*self->kept_count)--;
}

static void what_owns_gives_back_unpolled_and_once(void **state)
{
    (void)state;
    unsigned kept_count = 1;
    struct keeper k = { ANT_INIT(keeper), .kept_count = &kept_count };
    ant_future_drop(&k.base);
    assert_int_equal(kept_count, 0);
    ant_future_drop(&k.base);
    assert_int_equal(kept_count, 0);
}

static void a_drop_of_its_own_is_not_called_before_the_first_poll(void **state)
{
    (void)state;
    struct pair p = pair();
    ant_future_drop(&p.base);
    assert_string_equal(events.text, "");
}

// ---- A loop that never waits ----

struct spin {
    ant_future base;
    enum { SPIN_START, SPIN_ROUND } state;
    unsigned rounds;
    unsigned rounds_max;
};

ANT_ASYNC(spin)
{
    if (self->rounds++ == self->rounds_max) return ANT_READY;
    return ANT_NEXT(SPIN_ROUND);
}

static struct spin spin(unsigned rounds)
{
    return (struct spin){ ANT_INIT(spin), .rounds_max = rounds };
}

static void a_loop_that_never_waits_yields(void **state)
{
    (void)state;
    struct spin s = spin(ANT_AGAIN_MAX + 10);
    assert_int_equal(hand_poll(&task, &s.base), ANT_PENDING);
    assert_int_equal(s.rounds, ANT_AGAIN_MAX);
    assert_true(task.has_yielded);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_int_equal(ant_atomic_load(&task.via, ANT_RELAXED), ANT_VIA_BUDGET);
    assert_int_equal(hand_poll(&task, &s.base), ANT_READY);
    assert_int_equal(s.rounds, ANT_AGAIN_MAX + 11);
}

static void a_short_loop_does_not_yield(void **state)
{
    (void)state;
    struct spin s = spin(ANT_AGAIN_MAX - 1);
    assert_int_equal(hand_poll(&task, &s.base), ANT_READY);
    assert_int_equal(hand_take_wakes(&task), 0);
}

// The limit is for the whole poll, not for each future in it.
struct spins {
    ant_future base;
    struct spin one;
    struct spin two;
};

ANT_ASYNC(spins)
{
    if (!ant_future_is_ready(&self->one.base)) {
        ANT_AWAIT(self->one);
    }
    ANT_AWAIT(self->two);
    return ANT_READY;
}

static void loops_of_one_poll_share_the_limit(void **state)
{
    (void)state;
    struct spins s = { ANT_INIT(spins), .one = spin(ANT_AGAIN_MAX - 100),
                       .two = spin(200) };
    assert_int_equal(hand_poll(&task, &s.base), ANT_PENDING);
    assert_true(task.has_yielded);
    assert_int_equal(hand_poll(&task, &s.base), ANT_READY);
}

// ---- Budget ----

// S12.
static void the_budget_is_for_one_poll_and_then_the_task_yields(void **state)
{
    (void)state;
    struct stub hungry = stub('h', &events);
    hungry.appetite = ANT_BUDGET + 1;
    assert_int_equal(hand_poll(&task, &hungry.base), ANT_PENDING);
    assert_int_equal(task.budget_left, 0);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_true(task.has_yielded);

    hungry.appetite = ANT_BUDGET;
    hungry.may_end = true;
    assert_int_equal(hand_poll(&task, &hungry.base), ANT_READY);
    assert_false(task.has_yielded);
}

// ---- Traps ----

static void poll_it(void *arg)
{
    (void)!hand_poll(&task, arg);
}

// W10.
static void traps_when_it_is_polled_after_it_was_ready(void **state)
{
    (void)state;
    struct trip t = trip();
    t.ride.may_end = t.walk.may_end = true;
    assert_int_equal(hand_poll(&task, &t.base), ANT_READY);
    assert_true(hand_traps(poll_it, &t.base));
    assert_non_null(strstr(hand_trap_text(), "future `trip` ("));
    assert_non_null(strstr(hand_trap_text(), "test_future.c"));
    assert_non_null(strstr(hand_trap_text(), "polled after it was ready"));
    assert_non_null(strstr(hand_trap_text(), "state TRIP_WALKING"));
}

// The most frequent mistake: two awaits in one case.
struct twice {
    ant_future base;
    enum { TWICE_START, TWICE_AWAITING } state;
    struct stub child;
};

ANT_ASYNC(twice)
{
    switch (self->state) {
    case TWICE_START:
        return ANT_NEXT(TWICE_AWAITING);

    case TWICE_AWAITING:
        ANT_AWAIT(self->child);
        ANT_AWAIT(self->child);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void traps_at_the_place_that_awaits_twice(void **state)
{
    (void)state;
    struct twice t = { ANT_INIT(twice), .child = stub('c', &events) };
    t.child.may_end = true;
    assert_true(hand_traps(poll_it, &t.base));
    assert_non_null(strstr(hand_trap_text(), "test_future.c:"));
    assert_non_null(strstr(hand_trap_text(), "`twice` of task 0 awaits a "
                                             "`stub` that was ready"));
    assert_non_null(strstr(hand_trap_text(), "in state TWICE_AWAITING"));
}

static void traps_when_it_is_polled_after_it_was_dropped(void **state)
{
    (void)state;
    struct trip t = trip();
    ant_future_drop(&t.base);
    assert_true(hand_traps(poll_it, &t.base));
}

static void traps_when_a_zeroed_future_is_polled(void **state)
{
    (void)state;
    struct trip t = { .state = TRIP_START };
    assert_true(hand_traps(poll_it, &t.base));
    assert_non_null(strstr(hand_trap_text(), "never made"));
}

// The state after the last one of the switch.
static void traps_in_a_state_that_does_not_exist(void **state)
{
    (void)state;
    struct trip t = trip();
    memset(&t.state, 7, sizeof t.state);
    assert_true(hand_traps(poll_it, &t.base));
    assert_non_null(strstr(hand_trap_text(), "no state"));
}

struct no_error {
    ant_future base;
};

ANT_ASYNC(no_error)
{
    return ANT_FAIL(0);
}

static void traps_when_it_fails_without_an_error(void **state)
{
    (void)state;
    struct no_error none = { ANT_INIT(no_error) };
    assert_true(hand_traps(poll_it, &none.base));
}

static void a_new_future_is_in_its_start_state(void **state)
{
    (void)state;
    struct spin s = spin(1);
    assert_string_equal(ant_future_state_name(&s.base), "start");
    struct trip zeroed = { .state = TRIP_START };
    assert_string_equal(ant_future_state_name(&zeroed.base), "?");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(goes_through_its_states_as_far_as_it_can),
        TEST(one_poll_may_go_all_the_way),
        TEST(a_failure_is_a_result),
        TEST(may_be_copied_until_its_first_poll),
        TEST(dropping_nothing_does_nothing),
        TEST(dropping_drops_the_awaited_child_once),
        TEST(a_drop_of_its_own_says_the_order),
        TEST(a_drop_of_its_own_is_not_called_after_the_end),
        TEST(a_drop_of_its_own_is_not_called_before_the_first_poll),
        TEST(what_owns_gives_back_unpolled_and_once),
        TEST(a_loop_that_never_waits_yields),
        TEST(a_short_loop_does_not_yield),
        TEST(loops_of_one_poll_share_the_limit),
        TEST(the_budget_is_for_one_poll_and_then_the_task_yields),
        TEST(traps_when_it_is_polled_after_it_was_ready),
        TEST(traps_at_the_place_that_awaits_twice),
        TEST(traps_when_it_is_polled_after_it_was_dropped),
        TEST(traps_when_a_zeroed_future_is_polled),
        TEST(traps_in_a_state_that_does_not_exist),
        TEST(traps_when_it_fails_without_an_error),
        TEST(a_new_future_is_in_its_start_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
