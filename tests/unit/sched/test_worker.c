// SPDX-License-Identifier: MIT
//
// When a worker calls others: in a simulation of two, where each poll that
// another one could have done is seen in what the workers count.

#include "sched/worker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/flavors.h"

// async fn link(left, width): spawns that many of the next links, and ends.
struct link {
    ant_future base;
    uint32_t left;
    uint32_t width;
};

ANT_ASYNC(link)
{
    for (uint32_t i = 0; self->left > 0 && i < self->width; i++) {
        struct ant_join_handle next = ant_spawn((struct link){
            ANT_INIT(link), .left = self->left - 1, .width = self->width });
        ant_task_detach(&next);
    }
    return ANT_READY;
}

// async fn start(first): when both workers sleep, but for the one that this
// wakes, spawns the first link; and is over when all links are.
struct start {
    ant_future base;
    enum { START_START, START_RESTING, START_WATCHING } state;
    ant_runtime *rt;
    struct link first;
    struct ant_sleep rest;
};

ANT_ASYNC(start)
{
    ant_metrics all;
    struct ant_join_handle chain;
    switch (self->state) {
    case START_START:
        self->rest = ant_sleep(1);
        return ANT_NEXT(START_RESTING);

    case START_RESTING:
        ANT_AWAIT(self->rest);
        chain = ant_spawn(self->first);
        ant_task_detach(&chain);
        self->rest = ant_sleep(1);
        return ANT_NEXT(START_WATCHING);

    case START_WATCHING:
        ANT_AWAIT(self->rest);
        ant_runtime_metrics(self->rt, &all);
        if (all.alive == 1) return ANT_READY;
        self->rest = ant_sleep(1);
        return ANT_NEXT(START_WATCHING);
    }
    ANT_UNREACHABLE();
}

// How often one worker took tasks out of the other's ring while a chain of such
// links ran.
static uint64_t steals_of(void **state, uint32_t left, uint32_t width)
{
    ant_runtime *rt = flavor_runtime(
        state, &(ant_runtime_desc){ .worker_count = 2, .lifo = ANT_LIFO_ON });
    const struct start start = {
        ANT_INIT(start),
        .rt = rt,
        .first = { ANT_INIT(link), .left = left, .width = width },
    };
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

// Also where the LIFO slot is closed to it: no worker could do it sooner.
static void a_chain_of_tasks_stays_with_its_worker(void **state)
{
    assert_int_equal(steals_of(state, 4 * ANT_LIFO_POLLS_MAX, 1), 0);
}

static void two_tasks_at_a_time_are_shared(void **state)
{
    assert_true(steals_of(state, 4, 2) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLAVOR(a_chain_of_tasks_stays_with_its_worker, sim),
        FLAVOR(two_tasks_at_a_time_are_shared, sim),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
