// SPDX-License-Identifier: MIT
//
// Tests of time/wheel at every pair of uptime and deadline at which a digit of
// the wheel carries, and with random operations beside a model that is too
// simple to be wrong.
//
//   ANT_TEST_SEED=7 ANT_TEST_OPS=100000000 make unit
//   T=tests/unit/time/test_wheel

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/rng.h"
#include "unit/time/test_wheel.h"

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
                "T=tests/unit/time/test_wheel_model\n",
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
    uint64_t ops = env_number("ANT_TEST_OPS", 10000000);
    while (model.op < ops) {
        run_episode(1 + ant_rng_below(&model.rng, 16));
        run_episode(MODEL_TIMERS_MAX);
    }
    print_message("%" PRIu64 " operations, seed %" PRIu64 "\n", model.op,
                  model.seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timers_fire_on_time_at_every_boundary),
        cmocka_unit_test(timers_armed_long_before_fire_on_time),
        cmocka_unit_test(agrees_with_a_sorted_list),
    };
    return cmocka_run_group_tests_name("time/wheel beside a model", tests, NULL,
                                       NULL);
}
