// SPDX-License-Identifier: MIT
//
// When a worker calls others: in a simulation of two, where what one of them
// took from the other is seen in what they count.

#include "sched/worker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/flavors.h"

// Until then no timer wakes a worker.
#define LONG_MS 1000

// async fn hop(left, width): spawns that many of the next hops, and ends. The
// last one does what is to be done there.
struct hop {
    ant_future base;
    uint32_t left;
    uint32_t width;
    void (*at_last)(void);
};

ANT_ASYNC(hop)
{
    for (uint32_t i = 0; self->left > 0 && i < self->width; i++) {
        struct ant_join_handle next = ant_spawn(
            (struct hop){ ANT_INIT(hop), .left = self->left - 1,
                          .width = self->width, .at_last = self->at_last });
        ant_task_detach(&next);
    }
    if (self->left == 0 && self->at_last != NULL) self->at_last();
    return ANT_READY;
}

// async fn yielder(left, is_first): yields so often. The first one spawns the
// second.
struct yielder {
    ant_future base;
    uint32_t left;
    bool is_first;
    struct ant_yield_now turn;
};

static void spawn_yielder(bool is_first);

ANT_ASYNC(yielder)
{
    if (self->is_first) spawn_yielder(false);
    self->is_first = false;
    for (; self->left > 0; self->left--) {
        if (self->turn.base.ops == NULL) self->turn = ant_yield_now();
        ANT_AWAIT(self->turn);
        self->turn = (struct ant_yield_now){ 0 };
    }
    return ANT_READY;
}

// async fn start(first): when both workers sleep, but for the one that this
// wakes, spawns the first hop; and is over when all hops are.
struct start {
    ant_future base;
    enum { START_START, START_RESTING, START_WATCHING } state;
    ant_runtime *rt;
    ant_blocking_fn job; // begins before all that; may be NULL
    struct hop first;
    struct ant_sleep rest;
};

ANT_ASYNC(start)
{
    ant_metrics all;
    struct ant_join_handle task;
    switch (self->state) {
    case START_START:
        if (self->job != NULL) {
            task = ant_spawn_blocking(self->job, NULL);
            ant_task_detach(&task);
        }
        self->rest = ant_sleep(1);
        return ANT_NEXT(START_RESTING);

    case START_RESTING:
        ANT_AWAIT(self->rest);
        task = ant_spawn(self->first);
        ant_task_detach(&task);
        self->rest = ant_sleep(LONG_MS);
        return ANT_NEXT(START_WATCHING);

    case START_WATCHING:
        ANT_AWAIT(self->rest);
        ant_runtime_metrics(self->rt, &all);
        if (all.alive == 1) return ANT_READY;
        self->rest = ant_sleep(LONG_MS);
        return ANT_NEXT(START_WATCHING);
    }
    ANT_UNREACHABLE();
}

// How often one worker took tasks out of the other's ring while that went on.
static uint64_t steals_beside(void **state, ant_blocking_fn job,
                              struct hop first)
{
    ant_runtime *rt = flavor_runtime(
        state, &(ant_runtime_desc){ .worker_count = 2, .lifo = ANT_LIFO_ON });
    const struct start start = { ANT_INIT(start), .rt = rt, .job = job,
                                 .first = first };
    assert_int_equal(ant_runtime_block_on(rt, start), 0);
    uint64_t steals = 0;
    for (uint32_t i = 0; i < 2; i++) {
        ant_worker_metrics worker;
        ant_runtime_worker_metrics(rt, i, &worker);
        steals += worker.steals;
    }
    ant_runtime_free(rt);
    return steals;
}

static uint64_t steals_of(void **state, struct hop first)
{
    return steals_beside(state, NULL, first);
}

static struct hop hop(uint32_t left, uint32_t width, void (*at_last)(void))
{
    return (struct hop){ ANT_INIT(hop), .left = left, .width = width,
                         .at_last = at_last };
}

// Also where the LIFO slot is closed to it: no worker could do it sooner.
static void a_chain_of_tasks_stays_with_its_worker(void **state)
{
    const struct hop first = hop(4 * ANT_LIFO_POLLS_MAX, 1, NULL);
    assert_int_equal(steals_of(state, first), 0);
}

static void two_tasks_at_a_time_are_shared(void **state)
{
    assert_true(steals_of(state, hop(4, 2, NULL)) > 0);
}

// Each goes into the slot and from there to those that yielded, where nobody
// can take it: so whoever has two of them in its ring calls the other worker.
static void spawn_yielder(bool is_first)
{
    struct ant_join_handle task = ant_spawn((struct yielder){
        ANT_INIT(yielder), .left = 20, .is_first = is_first });
    ant_task_detach(&task);
}

static void spawn_yielders(void)
{
    spawn_yielder(true);
}

static void those_that_yield_are_shared(void **state)
{
    assert_true(steals_of(state, hop(0, 0, spawn_yielders)) > 0);
}

// ---- A worker that stands still ----

static ant_thread_mutex till = ANT_THREAD_MUTEX("till");
static ant_atomic_u32 is_free;
static bool has_given_up;

// A job: has the lock until a task says so, and not for ever.
static int keep_the_till(void *arg)
{
    (void)arg;
    assert_int_equal(ant_thread_mutex_lock(&till), 0);
    for (uint32_t ms = 0; ant_atomic_load(&is_free, ANT_ACQUIRE) == 0; ms++) {
        has_given_up = ms == LONG_MS / 2;
        if (has_given_up) break;
        ant_thread_sleep(1);
    }
    return ant_thread_mutex_unlock(&till);
}

static void free_the_till(void)
{
    ant_atomic_store(&is_free, 1, ANT_RELEASE);
}

// Where the slot is closed: this worker would poll the task next, and cannot.
static void have_it_freed(void)
{
    struct ant_join_handle task = ant_spawn(hop(0, 0, free_the_till));
    ant_task_detach(&task);
    assert_int_equal(ant_thread_mutex_lock(&till), 0);
    assert_int_equal(ant_thread_mutex_unlock(&till), 0);
}

static void what_a_worker_left_that_stands_still_is_done(void **state)
{
    ant_atomic_store(&is_free, 0, ANT_RELAXED);
    has_given_up = false;
    (void)steals_beside(state, keep_the_till,
                        hop(ANT_LIFO_POLLS_MAX - 1, 1, have_it_freed));
    assert_false(has_given_up);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLAVOR(a_chain_of_tasks_stays_with_its_worker, sim),
        FLAVOR(two_tasks_at_a_time_are_shared, sim),
        FLAVOR(those_that_yield_are_shared, sim),
        FLAVOR(what_a_worker_left_that_stands_still_is_done, sim),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
