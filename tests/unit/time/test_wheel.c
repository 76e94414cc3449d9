// SPDX-License-Identifier: MIT
//
// Tests of time/wheel: its promises one by one, every pair of uptime and
// deadline at which a digit of the wheel carries, and random operations beside
// a model that is too simple to be wrong.
//
//   ANT_TEST_SEED=7 ANT_TEST_OPS=100000000 make unit
//   T=tests/unit/time/test_wheel

#include "time/wheel.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/rng.h"

#define TICK_NS ANT_WHEEL_NS_PER_TICK

// 8 KiB each, so not on the stack.
static ant_wheel wheel;
static ant_list due;

// A wheel that starts at `start_ns` and has run for `uptime` ticks.
static void wheel_init(uint64_t start_ns, uint64_t uptime)
{
    ant_wheel_init(&wheel, start_ns);
    ant_list_init(&due);
    ant_wheel_advance(&wheel, start_ns + uptime * TICK_NS, &due);
    assert_true(ant_list_is_empty(&due));
}

static ant_timer *due_pop(void)
{
    ant_list *link = ant_list_pop_front(&due);
    if (link == NULL) return NULL;
    return ANT_CONTAINER_OF(link, ant_timer, link);
}

// --- Promises ----------------------------------------------------------------

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

// --- Every boundary ----------------------------------------------------------

#define BOUNDARY_COUNT (2 + 3 * 7)

// 0, 1, and what lies around each power of 64; 64^5 and 64^6 are the ends at
// which wheels of six levels went wrong.
static uint64_t boundary(size_t i)
{
    if (i < 2) return i;
    uint64_t power = UINT64_C(1) << (6 * ((i - 2) / 3 + 1));
    return power - 1 + (i - 2) % 3;
}

// Looks whenever the wheel asks for it; each timer must come at its tick.
static void drive_to_the_end(int timer_count)
{
    for (int looks = 0; timer_count > 0; looks++) {
        assert_true(looks < 2);
        uint64_t next_ns = ant_wheel_next_ns(&wheel);
        assert_true(next_ns != ANT_NS_NEVER);
        ant_wheel_advance(&wheel, next_ns, &due);
        for (ant_timer *t = due_pop(); t != NULL; t = due_pop()) {
            assert_true(wheel.start_ns + t->tick * TICK_NS == next_ns);
            timer_count--;
        }
    }
    assert_true(ant_wheel_next_ns(&wheel) == ANT_NS_NEVER);
}

static void timers_fire_on_time_at_every_boundary(void **state)
{
    (void)state;
    const size_t n = BOUNDARY_COUNT;
    for (size_t i = 0; i < n * n * n; i++) {
        uint64_t uptime = boundary(i / n / n);
        uint64_t wait = boundary(i / n % n);
        uint64_t bystander = boundary(i % n);

        // The bystander is armed first, far away or near.
        wheel_init(777, uptime);
        ant_timer timers[2] = { 0 };
        uint64_t now_ns = wheel.start_ns + uptime * TICK_NS;
        ant_wheel_insert(&wheel, &timers[0], now_ns + bystander * TICK_NS);
        ant_wheel_insert(&wheel, &timers[1], now_ns + wait * TICK_NS);
        assert_true(timers[1].tick == uptime + wait);
        drive_to_the_end(2);
    }
}

static void timers_armed_long_before_fire_on_time(void **state)
{
    (void)state;
    const size_t n = BOUNDARY_COUNT;
    for (size_t i = 0; i < n * n * n; i++) {
        uint64_t armed_at = boundary(i / n / n);
        uint64_t looked_at = armed_at + boundary(i / n % n);
        uint64_t deadline = looked_at + 1 + boundary(i % n);

        wheel_init(0, armed_at);
        ant_timer timer = { 0 };
        ant_wheel_insert(&wheel, &timer, deadline * TICK_NS);
        ant_wheel_advance(&wheel, looked_at * TICK_NS, &due);
        assert_true(ant_list_is_empty(&due));
        assert_true(ant_wheel_next_ns(&wheel) == deadline * TICK_NS);
        ant_wheel_advance(&wheel, (deadline - 1) * TICK_NS, &due);
        assert_true(ant_list_is_empty(&due));
        drive_to_the_end(1);
    }
}

// --- Random operations beside a model ----------------------------------------

#define MODEL_TIMERS_MAX 100
#define EPISODE_OPS      1000

typedef struct model_timer {
    ant_timer timer;
    bool armed;
    uint64_t tick;  // when it is due
    uint64_t order; // of arming
} model_timer;

static struct model {
    ant_rng rng;
    uint64_t seed;
    uint64_t op;
    uint64_t start_ns;
    uint64_t now; // ticks
    uint32_t count;
    model_timer timers[MODEL_TIMERS_MAX];
} model;

static uint64_t env_number(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text != NULL ? strtoull(text, NULL, 10) : otherwise;
}

static void expect(bool condition, const char *what)
{
    if (condition) return;
    print_error("not true: %s, seed %" PRIu64 ", operation %" PRIu64 "\n"
                "ANT_TEST_SEED=%" PRIu64 " make unit "
                "T=tests/unit/time/test_wheel\n",
                what, model.seed, model.op, model.seed);
    fail();
}

static bool is_before(const model_timer *a, const model_timer *b)
{
    return a->tick != b->tick ? a->tick < b->tick : a->order < b->order;
}

static model_timer *model_first(void)
{
    model_timer *first = NULL;
    for (uint32_t i = 0; i < model.count; i++) {
        model_timer *t = &model.timers[i];
        if (t->armed && (first == NULL || is_before(t, first))) first = t;
    }
    return first;
}

static model_timer *any_timer(void)
{
    return &model.timers[ant_rng_below(&model.rng, model.count)];
}

// A number of ticks of any magnitude up to 64^7, often beside a boundary.
static uint64_t any_distance(void)
{
    if (ant_rng_below(&model.rng, 2) == 0) {
        return boundary(ant_rng_below(&model.rng, BOUNDARY_COUNT));
    }
    uint64_t bits = ant_rng_below(&model.rng, 42) + 1;
    return ant_rng_next(&model.rng) >> (64 - bits);
}

static void remove_any(void)
{
    model_timer *t = any_timer();
    ant_wheel_remove(&wheel, &t->timer);
    t->armed = false;
}

// Arms a timer; one that was armed is moved, as a reset does.
static void insert_any(void)
{
    model_timer *t = any_timer();
    ant_wheel_remove(&wheel, &t->timer);
    uint64_t distance = any_distance();
    bool is_past = ant_rng_below(&model.rng, 16) == 0;
    uint64_t tick = model.now + distance;
    if (is_past) tick = distance < model.now ? model.now - distance : 0;

    // Any moment of the millisecond that ends with the tick.
    uint64_t deadline_ns = model.start_ns + tick * TICK_NS;
    if (tick > 0) deadline_ns -= ant_rng_below(&model.rng, TICK_NS);
    ant_wheel_insert(&wheel, &t->timer, deadline_ns);
    t->armed = true;
    t->tick = is_past ? model.now : tick;
    t->order = model.op;
}

// Takes the due timers one by one while others come and go, as wakers do.
static void fire_all(void)
{
    for (;;) { // ends when nothing is due: what is armed here, is due later
        model_timer *first = model_first();
        bool is_due = first != NULL && first->tick <= model.now;
        ant_timer *popped = due_pop();
        expect((popped != NULL) == is_due, "as many are due as should be");
        if (!is_due) return;

        expect(popped == &first->timer, "the right one is due");
        first->armed = false;
        if (ant_rng_below(&model.rng, 4) == 0) remove_any();
    }
}

static void advance_to(uint64_t now)
{
    uint64_t part_ns = ant_rng_below(&model.rng, TICK_NS);
    ant_wheel_advance(&wheel, model.start_ns + now * TICK_NS + part_ns, &due);
    if (now > model.now) model.now = now;
    fire_all();
}

static void advance_any(void)
{
    const model_timer *t = any_timer();
    switch (ant_rng_below(&model.rng, 8)) {
    case 0:
        advance_to(model.now + any_distance());
        break;
    case 1: // backwards
        advance_to(model.now - model.now / 3);
        break;
    case 2: // to a deadline, or just before it
        advance_to(t->tick - (t->tick > 0 ? ant_rng_below(&model.rng, 2) : 0));
        break;
    case 3: // to the deadline that the wheel names
        if (ant_wheel_next_ns(&wheel) == ANT_NS_NEVER) return;
        advance_to((ant_wheel_next_ns(&wheel) - model.start_ns) / TICK_NS);
        break;
    default:
        advance_to(model.now + ant_rng_below(&model.rng, 100));
        break;
    }
}

static void expect_next(void)
{
    const model_timer *first = model_first();
    uint64_t next_ns = ant_wheel_next_ns(&wheel);
    if (first == NULL) {
        expect(next_ns == ANT_NS_NEVER, "nothing to wait for");
        return;
    }
    uint64_t first_ns = model.start_ns + first->tick * TICK_NS;
    expect(next_ns <= first_ns, "nobody has to wait too long");
    expect(next_ns >= model.start_ns + model.now * TICK_NS, "no look back");
    // A few timers are all looked at, which makes the answer exact.
    if (model.count <= 16) expect(next_ns == first_ns, "no look for nothing");
}

// A new wheel with a random past, and operations on it.
static void run_episode(uint32_t timer_count)
{
    model.start_ns = any_distance();
    model.now = 0;
    model.count = timer_count;
    wheel_init(model.start_ns, 0);
    for (uint32_t i = 0; i < timer_count; i++) {
        model.timers[i] = (model_timer){ 0 };
    }
    for (int i = 0; i < EPISODE_OPS; i++) {
        model.op++;
        uint32_t choice = ant_rng_below(&model.rng, 8);
        if (choice < 4) {
            insert_any();
        } else if (choice < 5) {
            remove_any();
        } else {
            advance_any();
        }
        expect_next();
        // An uptime that nanoseconds can still name, with any wait added.
        if (model.now > UINT64_C(1) << 43) break;
    }
}

static void agrees_with_a_sorted_list(void **state)
{
    (void)state;
    model.seed = env_number("ANT_TEST_SEED", 1);
    model.rng = ant_rng_init(model.seed);
    uint64_t ops = env_number("ANT_TEST_OPS", 2000000);
    while (model.op < ops) {
        run_episode(1 + ant_rng_below(&model.rng, 16));
        run_episode(MODEL_TIMERS_MAX);
    }
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
        cmocka_unit_test(timers_fire_on_time_at_every_boundary),
        cmocka_unit_test(timers_armed_long_before_fire_on_time),
        cmocka_unit_test(agrees_with_a_sorted_list),
    };
    return cmocka_run_group_tests_name("time/wheel", tests, NULL, NULL);
}
