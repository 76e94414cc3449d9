// SPDX-License-Identifier: MIT
//
// Tests of the simulator as a driver, without a scheduler.

#include "sim/sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/here.h"

#define MS         ANT_NS_PER_MS
#define THREAD_MAX 4
#define LOG_MAX    256

// A simulation under test: what its threads know, and what they did.
typedef struct world {
    ant_driver *driver;
    uint64_t timer_ns; // what next_ns says
    ant_parker parker[THREAD_MAX];
    ant_thread thread[THREAD_MAX];
    char log[LOG_MAX];
    size_t log_len;
} world;

// One thread's own number, for its log entries.
typedef struct actor {
    world *w;
    int index;
    int rounds;
} actor;

static uint64_t next_timer_ns(void *arg)
{
    const world *w = arg;
    return w->timer_ns;
}

static void world_init(world *w, uint64_t seed)
{
    *w = (world){ .timer_ns = ANT_NS_NEVER };
    assert_int_equal(ant_sim_driver_new(seed, &w->driver), 0);
    w->driver->next_ns = next_timer_ns;
    w->driver->arg = w;
    for (int i = 0; i < THREAD_MAX; i++)
        w->driver->ops->parker_init(w->driver, &w->parker[i]);
}

static void world_deinit(world *w)
{
    for (int i = 0; i < THREAD_MAX; i++)
        w->driver->ops->parker_deinit(w->driver, &w->parker[i]);
    w->driver->ops->free(w->driver);
}

static void note(world *w, char c)
{
    assert_true(w->log_len < LOG_MAX - 1);
    w->log[w->log_len++] = c;
}

static uint64_t now_ms(world *w)
{
    return w->driver->ops->now_ns(w->driver) / MS;
}

static void start(world *w, int index, ant_os_thread_fn fn, void *arg)
{
    const ant_thread_desc desc = { .name = "virtual", .fn = fn, .arg = arg };
    int err = w->driver->ops->thread_start(w->driver, &desc, &w->thread[index]);
    assert_int_equal(err, 0);
}

static void join(world *w, int index)
{
    w->driver->ops->thread_join(w->driver, &w->thread[index]);
}

static ant_unparked park(world *w, int index, uint64_t until_ns)
{
    return w->driver->ops->park(w->driver, &w->parker[index], until_ns);
}

static ant_unparked park_idle(world *w, int index)
{
    return w->driver->ops->park_idle(w->driver, &w->parker[index]);
}

static void unpark(world *w, int index)
{
    w->driver->ops->unpark(w->driver, &w->parker[index]);
}

// ---- Time ----

static void sleep_and_note(void *arg)
{
    world *w = arg;
    note(w, 'a');
    w->driver->ops->sleep(w->driver, 20 * MS);
    note(w, 'b');
}

static void one_sleeps_while_another_goes_on(void **state)
{
    (void)state;
    world w;
    world_init(&w, 1);
    start(&w, 0, sleep_and_note, &w);
    w.driver->ops->sleep(w.driver, 10 * MS);
    note(&w, '1');
    assert_int_equal(now_ms(&w), 10);
    w.driver->ops->sleep(w.driver, 10 * MS + 1);
    note(&w, '2');
    join(&w, 0);
    assert_string_equal(w.log, "a1b2");
    world_deinit(&w);
}

static void an_hour_of_sleep_takes_no_time(void **state)
{
    (void)state;
    world w;
    world_init(&w, 1);
    assert_int_equal(w.driver->ops->now_ns(w.driver), 0);
    const uint64_t hour_ns = 3600 * ANT_NS_PER_S;
    w.driver->ops->sleep(w.driver, hour_ns);
    assert_int_equal(w.driver->ops->now_ns(w.driver), hour_ns);
    world_deinit(&w);
}

static void time_stands_still_while_anybody_runs(void **state)
{
    (void)state;
    world w;
    world_init(&w, 1);
    start(&w, 0, sleep_and_note, &w);
    for (int i = 0; i < 1000; i++)
        w.driver->ops->turn(w.driver);
    assert_int_equal(now_ms(&w), 0);
    assert_string_equal(w.log, "a");
    join(&w, 0);
    assert_int_equal(now_ms(&w), 20);
    world_deinit(&w);
}

// ---- Parking ----

static void a_permit_given_early_is_kept(void **state)
{
    (void)state;
    world w;
    world_init(&w, 1);
    unpark(&w, 0);
    unpark(&w, 0);
    assert_int_equal(park(&w, 0, ANT_NS_NEVER), ANT_UNPARKED_PERMIT);
    assert_int_equal(park(&w, 0, 5 * MS), ANT_UNPARKED_DEADLINE);
    assert_int_equal(now_ms(&w), 5);
    world_deinit(&w);
}

static void park_and_answer(void *arg)
{
    world *w = arg;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(park(w, 0, ANT_NS_NEVER), ANT_UNPARKED_PERMIT);
        note(w, 'p');
        unpark(w, 1);
    }
}

static void two_threads_play_ping_pong(void **state)
{
    (void)state;
    world w;
    world_init(&w, 1);
    start(&w, 0, park_and_answer, &w);
    for (int i = 0; i < 3; i++) {
        note(&w, 'P');
        unpark(&w, 0);
        assert_int_equal(park(&w, 1, ANT_NS_NEVER), ANT_UNPARKED_PERMIT);
    }
    join(&w, 0);
    assert_string_equal(w.log, "PpPpPp");
    assert_int_equal(now_ms(&w), 0);
    world_deinit(&w);
}

// Waits as an idle worker does and fires a timer when woken by it.
static void idle_once(void *arg)
{
    actor *self = arg;
    world *w = self->w;
    ant_unparked why = park_idle(w, self->index);
    note(w, (char)((why == ANT_UNPARKED_DEADLINE ? 'A' : 'a') + self->index));
    if (why == ANT_UNPARKED_DEADLINE) w->timer_ns = ANT_NS_NEVER;
}

static void a_timer_wakes_the_first_idle_thread_only(void **state)
{
    (void)state;
    world w;
    world_init(&w, 1);
    w.timer_ns = 30 * MS;
    actor first = { .w = &w, .index = 0 };
    actor second = { .w = &w, .index = 1 };
    start(&w, 0, idle_once, &first);
    w.driver->ops->sleep(w.driver, 1 * MS);
    start(&w, 1, idle_once, &second);
    join(&w, 0);
    assert_int_equal(now_ms(&w), 30);
    unpark(&w, 1);
    join(&w, 1);
    assert_string_equal(w.log, "Ab");
    world_deinit(&w);
}

// ---- The seed ----

static void take_turns(void *arg)
{
    actor *self = arg;
    for (int i = 0; i < self->rounds; i++) {
        note(self->w, (char)('0' + self->index));
        self->w->driver->ops->turn(self->w->driver);
    }
}

// Runs four threads of eight turns; `log` is who had which.
static void run_turns(uint64_t seed, char log[LOG_MAX])
{
    world w;
    world_init(&w, seed);
    actor actors[THREAD_MAX];
    for (int i = 0; i < THREAD_MAX; i++) {
        actors[i] = (actor){ .w = &w, .index = i, .rounds = 8 };
        start(&w, i, take_turns, &actors[i]);
    }
    for (int i = 0; i < THREAD_MAX; i++)
        join(&w, i);
    memcpy(log, w.log, LOG_MAX);
    world_deinit(&w);
}

static void the_same_seed_chooses_the_same(void **state)
{
    (void)state;
    char log[LOG_MAX], again[LOG_MAX];
    for (uint64_t seed = 0; seed < 20; seed++) {
        run_turns(seed, log);
        run_turns(seed, again);
        assert_int_equal(strlen(log), 32);
        assert_string_equal(log, again);
    }
}

// The very letters: another machine or compiler must make the same choices.
static void seed_7_chooses_this_everywhere(void **state)
{
    (void)state;
    char log[LOG_MAX];
    run_turns(7, log);
    assert_string_equal(log, "02323202032123310010210211031133");
}

static void another_seed_chooses_otherwise(void **state)
{
    (void)state;
    char log[LOG_MAX], other[LOG_MAX];
    run_turns(1, log);
    run_turns(2, other);
    assert_string_not_equal(log, other);
}

// ---- Threads ----

static void keep_here(void *arg)
{
    actor *self = arg;
    ant_here *mine = ant__here();
    mine->budget = self->index + 1;
    for (int i = 0; i < 20; i++) {
        self->w->driver->ops->turn(self->w->driver);
        assert_ptr_equal(ant__here(), mine);
        assert_int_equal(mine->budget, self->index + 1);
    }
}

static void each_thread_has_its_own_here(void **state)
{
    (void)state;
    world w;
    world_init(&w, 3);
    const ant_here *mine = ant__here();
    actor actors[THREAD_MAX];
    for (int i = 0; i < THREAD_MAX; i++) {
        actors[i] = (actor){ .w = &w, .index = i };
        start(&w, i, keep_here, &actors[i]);
    }
    for (int i = 0; i < THREAD_MAX; i++)
        join(&w, i);
    assert_ptr_equal(ant__here(), mine);
    assert_int_equal(mine->budget, 0);
    world_deinit(&w);
}

static void wait_for_ever(void *arg)
{
    world *w = arg;
    (void)park(w, 0, ANT_NS_NEVER);
    fail();
}

static void a_detached_thread_goes_with_the_simulation(void **state)
{
    (void)state;
    const uint64_t live = ant_mem_live_count();
    world w;
    world_init(&w, 1);
    start(&w, 0, wait_for_ever, &w);
    w.driver->ops->thread_detach(w.driver, &w.thread[0]);
    w.driver->ops->sleep(w.driver, 1 * MS);
    w.parker[0].thread = NULL; // it will never come back for it
    world_deinit(&w);
    assert_int_equal(ant_mem_live_count(), live);
}

static void lack_of_memory_is_an_error(void **state)
{
    (void)state;
    const uint64_t live = ant_mem_live_count();
    ant_driver *driver;
    ant_mem_fail_nth(1, 0);
    assert_int_equal(ant_sim_driver_new(1, &driver), -12);

    world w;
    world_init(&w, 1);
    for (uint64_t nth = 1; nth <= 2; nth++) {
        ant_mem_fail_nth(nth, 0);
        const ant_thread_desc desc = { .name = "none", .fn = wait_for_ever };
        int err = w.driver->ops->thread_start(w.driver, &desc, &w.thread[0]);
        assert_int_equal(err, -12);
    }
    ant_mem_fail_nth(0, 0);
    world_deinit(&w);
    assert_int_equal(ant_mem_live_count(), live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_sleeps_while_another_goes_on),
        cmocka_unit_test(an_hour_of_sleep_takes_no_time),
        cmocka_unit_test(time_stands_still_while_anybody_runs),
        cmocka_unit_test(a_permit_given_early_is_kept),
        cmocka_unit_test(two_threads_play_ping_pong),
        cmocka_unit_test(a_timer_wakes_the_first_idle_thread_only),
        cmocka_unit_test(the_same_seed_chooses_the_same),
        cmocka_unit_test(seed_7_chooses_this_everywhere),
        cmocka_unit_test(another_seed_chooses_otherwise),
        cmocka_unit_test(each_thread_has_its_own_here),
        cmocka_unit_test(a_detached_thread_goes_with_the_simulation),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
