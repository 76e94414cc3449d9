// SPDX-License-Identifier: MIT
//
// What the scheduler promises: intervals, the LIFO slot, and what is refused
// (S1 to S16). Poll orders: test_sched_order.c, queues: test_sched_queue.c.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/os.h"
#include "support/flavors.h"

// ---- What happened, a letter for each thing ----

static char events[512];
static unsigned event_count;

static void note(char letter)
{
    if (event_count + 1 < sizeof events) events[event_count++] = letter;
    events[event_count] = '\0';
}

// How many letters stand between the first `from` and the first `to`.
static int distance(char from, char to)
{
    const char *first = strchr(events, from);
    const char *last = strchr(events, to);
    assert_non_null(first);
    assert_non_null(last);
    return (int)(last - first) - 1;
}

// Notes its letter as many times, and wakes itself in between.
struct restless {
    ant_future base;
    char letter;
    int rounds;
};

ANT_ASYNC(restless)
{
    if (self->rounds-- == 0) return ANT_READY;
    note(self->letter);
    ant_waker_wake_ref(&cx->waker);
    return ANT_PENDING;
}

static struct restless restless(char letter, int rounds)
{
    return (struct restless){ ANT_INIT(restless), .letter = letter,
                              .rounds = rounds };
}

// ---- The injection queue: S2, S9 ----

// A task from another thread, which brings the next one, until 'z'.
struct stranger {
    ant_future base;
    char letter;
};

static struct stranger stranger(char letter);

typedef struct bringer {
    ant_runtime *rt;
    char letter;
} bringer;

static void bring(void *arg)
{
    const bringer *self = arg;
    struct ant_join_handle handle =
        ant_runtime_spawn(self->rt, stranger(self->letter));
    ant_task_detach(&handle);
}

// Comes back when the task is in the injection queue.
static void bring_from_outside(char letter)
{
    bringer self = { ant_runtime_here(), letter };
    ant_os_thread thread;
    assert_int_equal(ant_os_thread_start(&thread, "bringer", bring, &self), 0);
    ant_os_thread_join(&thread);
}

ANT_ASYNC(stranger)
{
    note(self->letter);
    if (self->letter < 'z') bring_from_outside((char)(self->letter + 1));
    return ANT_READY;
}

static struct stranger stranger(char letter)
{
    return (struct stranger){ ANT_INIT(stranger), .letter = letter };
}

// Keeps the worker busy while strangers come.
struct busy {
    ant_future base;
    enum { BUSY_START, BUSY_JOINING } state;
    struct ant_join_handle other;
};

ANT_ASYNC(busy)
{
    switch (self->state) {
    case BUSY_START:
        self->other = ant_spawn(restless('w', 300));
        bring_from_outside('x');
        return ANT_NEXT(BUSY_JOINING);

    case BUSY_JOINING:
        ANT_AWAIT(self->other);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void keep_busy(void **state, uint32_t interval)
{
    event_count = 0;
    ant_runtime *rt = flavor_runtime(
        state, &(ant_runtime_desc){ .worker_count = 1,
                                    .lifo = ANT_LIFO_OFF,
                                    .inject_interval = interval });
    const struct busy one = { ANT_INIT(busy) };
    assert_int_equal(ant_runtime_block_on(rt, one), 0);
    ant_runtime_free(rt);
}

static void s2_the_injection_queue_is_looked_at_every_31_polls(void **state)
{
    keep_busy(state, 0);
    assert_in_range(distance('w', 'x'), 0, 31);
    assert_int_equal(distance('x', 'y'), 30);
    assert_int_equal(distance('y', 'z'), 30);
}

static void s9_the_injection_queue_is_looked_at_every_61_polls(void **state)
{
    keep_busy(state, 0);
    assert_in_range(distance('w', 'x'), 0, 61);
    assert_int_equal(distance('x', 'y'), 60);
    assert_int_equal(distance('y', 'z'), 60);
}

static void s9_the_interval_can_be_set(void **state)
{
    keep_busy(state, 5);
    assert_int_equal(distance('x', 'y'), 4);
    assert_int_equal(distance('y', 'z'), 4);
}

// ---- The LIFO slot: S6 ----

static ant_atomic_u32 ran;
static ant_atomic_u64 parks_before; // the one in the ring ran

static uint64_t parks(ant_runtime *rt)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < 2; i++) {
        ant_worker_metrics one;
        ant_runtime_worker_metrics(rt, i, &one);
        sum += one.parks;
    }
    return sum;
}

struct runner {
    ant_future base;
    uint32_t bit;
};

ANT_ASYNC(runner)
{
    if (self->bit == 1)
        ant_atomic_store(&parks_before, parks(ant_runtime_here()), ANT_SEQ_CST);
    ant_atomic_or(&ran, self->bit, ANT_SEQ_CST);
    return ANT_READY;
}

static struct runner runner(uint32_t bit)
{
    return (struct runner){ ANT_INIT(runner), .bit = bit };
}

// Its poll does not end before the other worker has taken all that it can get.
struct hog {
    ant_future base;
};

ANT_ASYNC(hog)
{
    (void)self;
    ant_runtime *rt = ant_runtime_here();
    struct ant_join_handle in_ring = ant_spawn(runner(1));
    struct ant_join_handle in_slot = ant_spawn(runner(2));
    while ((ant_atomic_load(&ran, ANT_SEQ_CST) & 1) == 0)
        ant_os_yield();
    while (parks(rt) == ant_atomic_load(&parks_before, ANT_SEQ_CST))
        ant_os_yield();
    assert_int_equal(ant_atomic_load(&ran, ANT_SEQ_CST), 1);
    ant_task_detach(&in_ring);
    ant_task_detach(&in_slot);
    return ANT_READY;
}

static void s6_what_is_in_the_lifo_slot_is_not_stolen(void **state)
{
    ant_atomic_store(&ran, 0, ANT_SEQ_CST);
    ant_runtime *rt =
        flavor_runtime(state, &(ant_runtime_desc){ .lifo = ANT_LIFO_ON });
    const struct hog one = { ANT_INIT(hog) };
    assert_int_equal(ant_runtime_block_on(rt, one), 0);
    ant_runtime_free(rt);
}

// ---- Timers and I/O: S10 ----

struct sleeper {
    ant_future base;
    enum { SLEEPER_START, SLEEPER_SLEEPING } state;
    struct ant_sleep nap;
};

ANT_ASYNC(sleeper)
{
    switch (self->state) {
    case SLEEPER_START:
        self->nap = ant_sleep(10);
        return ANT_NEXT(SLEEPER_SLEEPING);

    case SLEEPER_SLEEPING:
        ANT_AWAIT(self->nap);
        note('s');
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

// Moves time on to when the sleeper is due.
struct mover {
    ant_future base;
    enum { MOVER_START, MOVER_MOVING } state;
    struct ant_time_advance jump;
};

ANT_ASYNC(mover)
{
    switch (self->state) {
    case MOVER_START:
        note('m');
        self->jump = ant_time_advance(10);
        return ANT_NEXT(MOVER_MOVING);

    case MOVER_MOVING:
        ANT_AWAIT(self->jump);
        return self->jump.base.result < 0 ? ANT_FAIL(-EIO) : ANT_READY;
    }
    ANT_UNREACHABLE();
}

struct office {
    ant_future base;
    enum { OFFICE_START, OFFICE_JOINING } state;
    struct ant_join_handle child[3];
    struct ant_join all;
};

ANT_ASYNC(office)
{
    const struct sleeper sleeper = { ANT_INIT(sleeper) };
    const struct mover mover = { ANT_INIT(mover) };
    switch (self->state) {
    case OFFICE_START:
        self->child[0] = ant_spawn(sleeper);
        self->child[1] = ant_spawn(restless('w', 200));
        self->child[2] = ant_spawn(mover);
        self->all = ant_join(&self->child[0].base, &self->child[1].base,
                             &self->child[2].base);
        return ANT_NEXT(OFFICE_JOINING);

    case OFFICE_JOINING:
        ANT_AWAIT(self->all);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static int polls_until_due(void **state, uint32_t interval)
{
    event_count = 0;
    ant_runtime *rt =
        flavor_runtime(state, &(ant_runtime_desc){ .worker_count = 1,
                                                   .lifo = ANT_LIFO_OFF,
                                                   .event_interval = interval,
                                                   .start_paused = true });
    const struct office one = { ANT_INIT(office) };
    assert_int_equal(ant_runtime_block_on(rt, one), 0);
    ant_runtime_free(rt);
    return distance('m', 's');
}

static void s10_a_busy_worker_looks_at_timers_every_61_polls(void **state)
{
    assert_in_range(polls_until_due(state, 0), 50, 61);
    assert_in_range(polls_until_due(state, 7), 0, 7);
    assert_int_equal(polls_until_due(state, 1000), 199);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLAVOR(s2_the_injection_queue_is_looked_at_every_31_polls, current),
        FLAVOR(s9_the_injection_queue_is_looked_at_every_61_polls, multi),
        FLAVOR(s9_the_interval_can_be_set, current),
        FLAVOR(s9_the_interval_can_be_set, multi),
        FLAVOR(s6_what_is_in_the_lifo_slot_is_not_stolen, multi),
        FLAVOR(s10_a_busy_worker_looks_at_timers_every_61_polls, current),
        FLAVOR(s10_a_busy_worker_looks_at_timers_every_61_polls, sim),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
