// SPDX-License-Identifier: MIT
//
// Memory is only needed to make things. Nothing is allocated to wait, to wake,
// to cancel, to drop, to unlock or to shut down; and whatever makes something
// survives each of its allocations failing, and loses nothing.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/mem.h"
#include "support/flavors.h"
#include "support/leaf.h"

// ---- Leaf operations allocate nothing ----

static crowd all;

static void run_without_memory(const leaf *kind, unsigned waiters)
{
    const uint64_t blocks = ant_mem_live_count();
    crowd_init(&all, kind, waiters);
    const uint64_t before = ant_mem_alloc_count();
    ant_mem_fail_nth(1, 1);
    for (unsigned i = 0; i < waiters; i++)
        assert_false(crowd_poll(&all, i));
    crowd_drop(&all, waiters / 2); // waiting
    if (waiters > 1) {
        kind->supply();
        crowd_drop(&all, 0); // woken, unless others come first
    }
    if (!kind->is_once) crowd_start(&all, LEAF_LATE);
    crowd_finish(&all);
    ant_mem_fail_nth(0, 0);
    if (ant_mem_alloc_count() != before)
        fail_msg("%s: something was allocated", kind->name);
    assert_int_equal(ant_mem_live_count(), blocks);
}

static void waiting_waking_and_cancelling_need_no_memory(void **state)
{
    (void)state;
    for (unsigned i = 0; leaf_at(i) != NULL; i++) {
        const leaf *kind = leaf_at(i);
        if (kind->needs_memory) continue;
        const unsigned max = kind->waiters_max ? kind->waiters_max : 4;
        for (unsigned n = 1; n <= max; n++)
            run_without_memory(kind, n);
    }
}

// ---- Constructors and spawns ----

// Makes something and gives it back; 0 or -ENOMEM.
typedef int (*make_fn)(void);

static int make_oneshot(void)
{
    ant_oneshot_tx tx;
    ant_oneshot_rx rx;
    int err = ant_oneshot_new(sizeof(int), &tx, &rx);
    if (err < 0) return err;
    ant_oneshot_tx_drop(&tx);
    ant_oneshot_rx_drop(&rx);
    return 0;
}

static int make_mpsc(void)
{
    ant_mpsc_tx tx;
    ant_mpsc_rx rx;
    int err = ant_mpsc_new(sizeof(int), 100, &tx, &rx);
    if (err < 0) return err;
    for (int i = 0; i < 100 && err == 0; i++)
        err = ant_mpsc_try_send(&tx, &i);
    ant_mpsc_tx_drop(&tx);
    ant_mpsc_rx_drop(&rx);
    return err;
}

static int make_mpsc_unbounded(void)
{
    ant_mpsc_tx tx;
    ant_mpsc_rx rx;
    int err = ant_mpsc_unbounded_new(sizeof(int), &tx, &rx);
    if (err < 0) return err;
    for (int i = 0; i < 100 && err == 0; i++)
        err = ant_mpsc_unbounded_send(&tx, &i);
    ant_mpsc_tx_drop(&tx);
    ant_mpsc_rx_drop(&rx);
    return err;
}

static int make_broadcast(void)
{
    ant_broadcast_tx tx;
    ant_broadcast_rx rx;
    int err = ant_broadcast_new(sizeof(int), 8, &tx, &rx);
    if (err < 0) return err;
    ant_broadcast_tx_drop(&tx);
    ant_broadcast_rx_drop(&rx);
    return 0;
}

static int make_watch(void)
{
    ant_watch_tx tx;
    ant_watch_rx rx;
    const int value = 1;
    int err = ant_watch_new(&value, &tx, &rx);
    if (err < 0) return err;
    ant_watch_tx_drop(&tx);
    ant_watch_rx_drop(&rx);
    return 0;
}

static int make_box(void)
{
    ant_mock_task task;
    ant_mock_task_init(&task, 1);
    struct ant_box box = ant_box(ant_yield_now());
    if (ant_mock_task_poll(&task, &box.base) == ANT_READY)
        return box.base.result;
    ant_future_drop(&box.base);
    return 0;
}

static int make_future_set(void)
{
    ant_future_set set = { 0 };
    int err = 0;
    for (int i = 0; i < 3 && err == 0; i++)
        err = ant_future_set_push(&set, ant_yield_now());
    ant_future_set_clear(&set);
    return err;
}

static int start_turn(const void *item, ant_future_set *set, void *arg)
{
    (void)item;
    (void)arg;
    return ant_future_set_push(set, ant_yield_now());
}

// Reads such a stream to its end.
static int make_buffered(void)
{
    ant_mock_task task;
    ant_mock_task_init(&task, 1);
    struct ant_yield_now *turn;
    struct ant_stream_range numbers = ant_stream_range(0, 4);
    struct ant_stream_buffered turns =
        ant_stream_buffered(&numbers.base, 2, start_turn, NULL);
    struct ant_stream_next next;
    do {
        next = ant_stream_next(&turns.base, &turn);
        while (ant_mock_task_poll(&task, &next.base) == ANT_PENDING)
            continue;
    } while (next.base.result > 0);
    ant_stream_drop(&turns.base);
    return next.base.result;
}

static int make_token(void)
{
    ant_cancellation_token token;
    ant_cancellation_token child;
    int err = ant_cancellation_token_new("torture", &token);
    if (err < 0) return err;
    err = ant_cancellation_token_child_token(&token, &child);
    if (err == 0) ant_cancellation_token_drop(&child);
    ant_cancellation_token_drop(&token);
    return err;
}

static int make_tracker(void)
{
    ant_task_tracker tracker;
    int err = ant_task_tracker_new("torture", &tracker);
    if (err < 0) return err;
    ant_task_tracker_drop(&tracker);
    return 0;
}

static int make_runtime_of(ant_flavor flavor)
{
    ant_runtime *rt;
    int err = ant_runtime_new(
        &(ant_runtime_desc){ .flavor = flavor, .worker_count = 2 }, &rt);
    if (err < 0) return err;
    ant_runtime_free(rt);
    return 0;
}

static int make_current(void)
{
    return make_runtime_of(ANT_RUNTIME_CURRENT);
}

static int make_multi(void)
{
    return make_runtime_of(ANT_RUNTIME_MULTI);
}

static int make_sim(void)
{
    return make_runtime_of(ANT_RUNTIME_SIM);
}

// ---- Spawns: on a runtime that is there already ----

static ant_runtime *sim;

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

static struct ant_yield_now yielded;

// Awaits a task that was spawned in one of the ways.
ANT_ASYNC_FN(spawner, int way, struct ant_join_handle task)
{
    if (ANT_BEGINS(self->task)) {
        if (self->way == 0) self->task = ant_spawn(ant_yield_now());
        if (self->way == 1)
            self->task = ant_spawn_into(&yielded, ant_yield_now());
        if (self->way == 2) self->task = ant_spawn_local(ant_yield_now());
        if (self->way == 3) self->task = ant_spawn_blocking(nothing, NULL);
        if (self->way == 4)
            self->task = ant_spawn_blocking_mandatory(nothing, NULL);
        if (self->way == 5)
            self->task = ant_spawn_local_into(&yielded, ant_yield_now());
        if (self->way == 6)
            self->task = ant_runtime_spawn(sim, ant_yield_now());
    }
    ANT_AWAIT(self->task);
    self->base.result = self->task.base.result;
    ant_task_detach(&self->task);
    return ANT_READY;
}

static int make_spawn(void)
{
    return ant_runtime_block_on(sim, spawner());
}

static int make_spawn_into(void)
{
    return ant_runtime_block_on(sim, ANT_FUTURE(spawner, .way = 1));
}

static int make_spawn_local(void)
{
    return ant_runtime_block_on(sim, ANT_FUTURE(spawner, .way = 2));
}

static int make_spawn_local_into(void)
{
    return ant_runtime_block_on(sim, ANT_FUTURE(spawner, .way = 5));
}

static int make_runtime_spawn(void)
{
    return ant_runtime_block_on(sim, ANT_FUTURE(spawner, .way = 6));
}

// With a runtime of its own, since the pool keeps its thread.
static int run_blocking(int way)
{
    ant_runtime *rt;
    int err =
        ant_runtime_new(&(ant_runtime_desc){ .flavor = ANT_RUNTIME_SIM }, &rt);
    if (err < 0) return err;
    err = ant_runtime_block_on(rt, ANT_FUTURE(spawner, .way = way));
    ant_runtime_free(rt);
    return err;
}

static int make_spawn_blocking(void)
{
    return run_blocking(3);
}

static int make_spawn_mandatory(void)
{
    return run_blocking(4);
}

// Awaits three tasks of a join set, as many as there was memory for.
ANT_ASYNC_FN(crew, int err, ant_join_set set, struct ant_join_set_join_all all)
{
    if (ANT_BEGINS(self->all)) {
        ant_join_set_init(&self->set, "crew");
        for (int i = 0; i < 3 && self->err == 0; i++)
            self->err = ant_join_set_spawn(&self->set, ant_yield_now());
        self->all = ant_join_set_join_all(&self->set);
    }
    ANT_AWAIT(self->all);
    ant_join_set_deinit(&self->set);
    self->base.result = self->err < 0 ? self->err : self->all.base.result;
    return ANT_READY;
}

static int make_join_set(void)
{
    return ant_runtime_block_on(sim, crew());
}

// Awaits a tracker that had a task.
ANT_ASYNC_FN(watcher, ant_task_tracker tracker, struct ant_join_handle task)
{
    if (ANT_BEGINS(self->task)) {
        const int err = ant_task_tracker_new("watcher", &self->tracker);
        if (err < 0) return ANT_FAIL(err);
        self->task = ant_task_tracker_spawn(&self->tracker, ant_yield_now());
    }
    ANT_AWAIT(self->task);
    assert_true(ant_task_tracker_is_empty(&self->tracker));
    ant_task_tracker_drop(&self->tracker);
    self->base.result = self->task.base.result;
    ant_task_detach(&self->task);
    return ANT_READY;
}

static int make_tracker_spawn(void)
{
    return ant_runtime_block_on(sim, watcher());
}

static const struct {
    const char *name;
    make_fn make;
} makers[] = {
    { "oneshot", make_oneshot },
    { "mpsc", make_mpsc },
    { "mpsc, unbounded", make_mpsc_unbounded },
    { "broadcast", make_broadcast },
    { "watch", make_watch },
    { "box", make_box },
    { "future set", make_future_set },
    { "stream, buffered", make_buffered },
    { "cancellation token", make_token },
    { "task tracker", make_tracker },
    { "runtime, current", make_current },
    { "runtime, multi", make_multi },
    { "runtime, sim", make_sim },
    { "spawn", make_spawn },
    { "spawn_into", make_spawn_into },
    { "spawn_local", make_spawn_local },
    { "spawn_local_into", make_spawn_local_into },
    { "spawn_blocking", make_spawn_blocking },
    { "spawn_blocking_mandatory", make_spawn_mandatory },
    { "runtime_spawn", make_runtime_spawn },
    { "spawn in a join set", make_join_set },
    { "spawn in a tracker", make_tracker_spawn },
};

// Fails the first allocation, the second, and so on, until it was not reached.
static unsigned fail_each(const char *name, make_fn make, int is_sticky)
{
    for (unsigned nth = 1; nth < 200; nth++) {
        const uint64_t blocks = ant_mem_live_count();
        ant_mem_fail_nth(nth, is_sticky);
        const int result = make();
        ant_mem_fail_nth(0, 0);
        if (ant_mem_live_count() != blocks)
            fail_msg("%s: allocation %u: blocks are lost", name, nth);
        if (result == 0) return nth - 1;
        if (result != -ENOMEM)
            fail_msg("%s: allocation %u: the result is %d", name, nth, result);
    }
    fail_msg("%s: it always fails", name);
    return 0;
}

static void every_constructor_survives_each_allocation(void **state)
{
    (void)state;
    assert_int_equal(
        ant_runtime_new(&(ant_runtime_desc){ .flavor = ANT_RUNTIME_SIM }, &sim),
        0);
    for (unsigned i = 0; i < ANT_ARRAY_LEN(makers); i++) {
        unsigned count = fail_each(makers[i].name, makers[i].make, 0);
        (void)fail_each(makers[i].name, makers[i].make, 1);
        print_message("%5u allocations: %s\n", count, makers[i].name);
        assert_true(count > 0);
    }
    ant_runtime_free(sim);
}

// ---- Shutdown and aborts allocate nothing ----

// Tasks that wait for each other, for time and for a lock, when the end comes.
static ant_mutex door = ANT_MUTEX("door");

struct guest {
    ant_future base;
    enum { GUEST_START, GUEST_WAITING } state;
    struct ant_sleep nap;
    struct ant_mutex_lock lock;
    struct ant_select either;
};

ANT_ASYNC(guest)
{
    switch (self->state) {
    case GUEST_START:
        self->nap = ant_sleep(1000000);
        self->lock = ant_mutex_lock(&door);
        self->either = ant_select(&self->nap.base, &self->lock.base);
        return ANT_NEXT(GUEST_WAITING);

    case GUEST_WAITING:
        ANT_AWAIT(self->either);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct guest guest(void)
{
    return (struct guest){ ANT_INIT(guest) };
}

struct host {
    ant_future base;
    enum { HOST_START, HOST_TURN } state;
    struct ant_join_handle guests[20];
    struct ant_sleep turn;
};

ANT_ASYNC(host)
{
    switch (self->state) {
    case HOST_START:
        for (unsigned i = 0; i < 20; i++)
            self->guests[i] = ant_spawn(guest());
        self->turn = ant_sleep(1);
        return ANT_NEXT(HOST_TURN);

    case HOST_TURN:
        ANT_AWAIT(self->turn);
        for (unsigned i = 0; i < 20; i++) {
            if (i % 2 == 0) ant_task_abort(&self->guests[i]);
            ant_task_detach(&self->guests[i]);
        }
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void shutdown_needs_no_memory(void **state)
{
    assert_true(ant_mutex_try_lock(&door));
    ant_runtime *rt = flavor_runtime(state, NULL);
    const struct host one = { ANT_INIT(host) };
    assert_int_equal(ant_runtime_block_on(rt, one), 0);
    const uint64_t before = ant_mem_alloc_count();
    ant_mem_fail_nth(1, 1);
    ant_runtime_free(rt);
    ant_mem_fail_nth(0, 0);
    assert_int_equal(ant_mem_alloc_count(), before);
    ant_mutex_unlock(&door);
}

int main(void)
{
    // The recorder keeps texts while it records; they are not the tests' own.
    unsetenv("ANTFARM_TRACE");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waiting_waking_and_cancelling_need_no_memory),
        cmocka_unit_test(every_constructor_survives_each_allocation),
        EVERY_FLAVOR(shutdown_needs_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
