// SPDX-License-Identifier: MIT
//
// Tests of time/wheel, promise by promise. See test_wheel_model.c for the rest.

#include "unit/time/test_wheel.h"

static void an_empty_wheel_waits_for_nothing(void **state)
{
    (void)state;
    wheel_init(123, 0);
    assert_true(ant_wheel_next_ns(&wheel) == ANT_NS_NEVER);
    ant_wheel_advance(&wheel, UINT64_MAX, &due);
    assert_true(ant_list_is_empty(&due));
    assert_true(ant_wheel_next_ns(&wheel) == ANT_NS_NEVER);
}

static void no_timer_is_early(void **state)
{
    (void)state;
    // Whatever part of a tick the start and the deadline have.
    const uint64_t parts_ns[] = { 0, 1, TICK_NS / 2, TICK_NS - 1 };
    for (size_t i = 0; i < 16; i++) {
        uint64_t start_ns = 5 * TICK_NS + parts_ns[i / 4];
        uint64_t deadline_ns = 9 * TICK_NS + parts_ns[i % 4];
        wheel_init(start_ns, 0);
        ant_timer timer = { 0 };
        ant_wheel_insert(&wheel, &timer, deadline_ns);

        uint64_t next_ns = ant_wheel_next_ns(&wheel);
        assert_true(next_ns >= deadline_ns);
        assert_true(next_ns < deadline_ns + TICK_NS);
        ant_wheel_advance(&wheel, next_ns - 1, &due);
        assert_null(due_pop());
        ant_wheel_advance(&wheel, next_ns, &due);
        assert_ptr_equal(due_pop(), &timer);
    }
}

static void due_timers_come_by_tick_and_then_by_arming(void **state)
{
    (void)state;
    // 5000 is three levels away when the first is armed, one when the last is.
    const uint64_t ticks[] = { 5000, 70, 4999, 5000, 70, 3 };
    const size_t order[] = { 5, 1, 4, 2, 0, 3, 6 };
    ant_timer timers[7] = { 0 };
    wheel_init(0, 0);
    for (size_t i = 0; i < 6; i++) {
        ant_wheel_insert(&wheel, &timers[i], ticks[i] * TICK_NS);
    }
    ant_wheel_advance(&wheel, 4998 * TICK_NS, &due);
    ant_wheel_insert(&wheel, &timers[6], 5000 * TICK_NS);
    ant_wheel_advance(&wheel, 9000 * TICK_NS, &due);
    for (size_t i = 0; i < 7; i++) {
        assert_ptr_equal(due_pop(), &timers[order[i]]);
    }
    assert_null(due_pop());
}

static void a_passed_deadline_is_due_at_once(void **state)
{
    (void)state;
    wheel_init(1000 * TICK_NS, 500);
    ant_timer timers[3] = { 0 };
    ant_wheel_insert(&wheel, &timers[0], 1500 * TICK_NS);
    ant_wheel_insert(&wheel, &timers[1], 1100 * TICK_NS);
    ant_wheel_insert(&wheel, &timers[2], 0); // before the wheel began
    assert_true(ant_wheel_next_ns(&wheel) == 1500 * TICK_NS);
    ant_wheel_advance(&wheel, 1500 * TICK_NS, &due);
    for (size_t i = 0; i < 3; i++) {
        assert_ptr_equal(due_pop(), &timers[i]);
    }
}

static void a_removed_timer_is_gone(void **state)
{
    (void)state;
    wheel_init(0, 0);
    ant_timer never_armed = { 0 };
    ant_wheel_remove(&wheel, &never_armed);

    // At every distance: the slot's mark goes with its last timer.
    for (uint64_t tick = 1; tick < UINT64_C(1) << 44; tick *= 2) {
        ant_timer timers[2] = { 0 };
        ant_wheel_insert(&wheel, &timers[0], tick * TICK_NS);
        ant_wheel_insert(&wheel, &timers[1], tick * TICK_NS);
        ant_wheel_remove(&wheel, &timers[0]);
        assert_true(ant_wheel_next_ns(&wheel) == tick * TICK_NS);
        ant_wheel_remove(&wheel, &timers[1]);
        ant_wheel_remove(&wheel, &timers[1]);
        assert_true(ant_wheel_next_ns(&wheel) == ANT_NS_NEVER);
    }
}

static void a_due_timer_can_be_removed(void **state)
{
    (void)state;
    wheel_init(0, 0);
    ant_timer timers[3] = { 0 };
    for (size_t i = 0; i < 3; i++) {
        ant_wheel_insert(&wheel, &timers[i], 100 * TICK_NS);
    }
    ant_wheel_advance(&wheel, 200 * TICK_NS, &due);
    // Another timer stands where the removed one would be looked for.
    ant_timer other = { 0 };
    ant_wheel_insert(&wheel, &other, 229 * TICK_NS);
    ant_wheel_remove(&wheel, &timers[1]);
    assert_ptr_equal(due_pop(), &timers[0]);
    assert_ptr_equal(due_pop(), &timers[2]);
    assert_null(due_pop());
    assert_true(ant_wheel_next_ns(&wheel) == 229 * TICK_NS);
}

static void time_that_runs_backwards_does_no_harm(void **state)
{
    (void)state;
    wheel_init(50 * TICK_NS, 1000);
    ant_timer timer = { 0 };
    ant_wheel_insert(&wheel, &timer, 2000 * TICK_NS);
    ant_wheel_advance(&wheel, 70 * TICK_NS, &due);
    ant_wheel_advance(&wheel, 0, &due);
    assert_true(ant_list_is_empty(&due));
    assert_true(ant_wheel_next_ns(&wheel) == 2000 * TICK_NS);
    // Whose deadline has passed does not wait until the clock has caught up.
    ant_timer passed = { 0 };
    ant_wheel_insert(&wheel, &passed, 80 * TICK_NS);
    ant_wheel_advance(&wheel, 90 * TICK_NS, &due);
    assert_ptr_equal(due_pop(), &passed);
    ant_wheel_advance(&wheel, 2000 * TICK_NS, &due);
    assert_ptr_equal(due_pop(), &timer);
}

static void the_end_of_time_never_comes(void **state)
{
    (void)state;
    const uint64_t starts_ns[] = { 0, 1, TICK_NS - 1, UINT64_MAX / 2 };
    for (size_t i = 0; i < 4; i++) {
        wheel_init(starts_ns[i], 77);
        ant_timer never = { 0 };
        ant_timer last = { 0 };
        ant_wheel_insert(&wheel, &never, ANT_NS_NEVER);
        ant_wheel_insert(&wheel, &last, UINT64_MAX - 2 * TICK_NS);
        uint64_t last_ns = ant_wheel_next_ns(&wheel);
        assert_true(last_ns >= UINT64_MAX - 2 * TICK_NS);
        assert_true(last_ns < ANT_NS_NEVER);
        ant_wheel_advance(&wheel, last_ns, &due);
        assert_ptr_equal(due_pop(), &last);
        assert_true(ant_wheel_next_ns(&wheel) > last_ns);
    }
}

static void a_crowd_is_found_in_few_looks(void **state)
{
    (void)state;
    // Too many timers in one slot to look at each: the driver may come early,
    // but each time it has come closer.
    static ant_timer timers[1000];
    const uint64_t first_tick = UINT64_C(3) << 30;
    wheel_init(0, 0);
    for (size_t i = 0; i < 1000; i++) {
        ant_wheel_insert(&wheel, &timers[i], (first_tick + 40 + i) * TICK_NS);
    }
    int looks = 0;
    while (ant_list_is_empty(&due)) {
        uint64_t next_ns = ant_wheel_next_ns(&wheel);
        assert_true(next_ns <= (first_tick + 40) * TICK_NS);
        ant_wheel_advance(&wheel, next_ns, &due);
        looks++;
    }
    assert_true(looks <= ANT_WHEEL_LEVELS);
    assert_ptr_equal(due_pop(), &timers[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_wheel_waits_for_nothing),
        cmocka_unit_test(no_timer_is_early),
        cmocka_unit_test(due_timers_come_by_tick_and_then_by_arming),
        cmocka_unit_test(a_passed_deadline_is_due_at_once),
        cmocka_unit_test(a_removed_timer_is_gone),
        cmocka_unit_test(a_due_timer_can_be_removed),
        cmocka_unit_test(time_that_runs_backwards_does_no_harm),
        cmocka_unit_test(the_end_of_time_never_comes),
        cmocka_unit_test(a_crowd_is_found_in_few_looks),
    };
    return cmocka_run_group_tests_name("time/wheel", tests, NULL, NULL);
}
