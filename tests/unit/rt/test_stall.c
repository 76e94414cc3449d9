// SPDX-License-Identifier: MIT
//
// Tests of stalls: what is one, what is none, and the words of the report. Each
// stall is tried in a child, since it ends the process with status 3.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/os.h"
#include "rt/runtime_impl.h"
#include "support/child.h"
#include "support/flavors.h"
#include "support/probe.h"

// ---- Programs that stall ----

// Awaits one task for ever.
struct patient {
    ant_future base;
    enum { PATIENT_START, PATIENT_JOINING } state;
    probe_watch *watch;
    struct ant_join_handle other;
};

ANT_ASYNC(patient)
{
    switch (self->state) {
    case PATIENT_START:
        self->other = ant_spawn(probe(self->watch));
        return ANT_NEXT(PATIENT_JOINING);

    case PATIENT_JOINING:
        ANT_AWAIT(self->other);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct patient patient(probe_watch *watch)
{
    return (struct patient){ ANT_INIT(patient), .watch = watch };
}

static void wait_for_nothing(void *arg)
{
    ant_runtime *rt = flavor_runtime(arg, NULL);
    ant_runtime_ignore_threads(rt); // as ANT_MAIN does
    probe_watch watch = { .script = "k." };
    (void)ant_runtime_block_on(rt, patient(&watch));
}

static void who_waits_for_whom_is_said(void **state)
{
    child_result result = child_run(wait_for_nothing, state);
    assert_int_equal(result.status, ANT_EXIT_STALLED);
    assert_says(result, "antfarm: stalled: nothing can ever wake again, and 2 "
                        "tasks are not over\n");
    assert_says(result, "`patient` waits for task ");
    assert_says(result, "`probe` to end (tests/unit/rt/test_stall.c:");
    assert_says(result, "`probe` waits for its waker, which nobody will use");
}

static void say_report(const char *report, void *arg)
{
    (void)fprintf(stderr, "heard by %s: %s", (const char *)arg, report);
}

static void wait_with_hook(void *arg)
{
    static char me[] = "the hook";
    ant_runtime *rt = flavor_runtime(
        arg, &(ant_runtime_desc){ .on_stall = say_report, .arg = me });
    ant_runtime_ignore_threads(rt); // as ANT_MAIN does
    probe_watch watch = { .script = "k." };
    (void)ant_runtime_block_on(rt, patient(&watch));
}

static void the_hook_hears_of_a_stall_before_the_end(void **state)
{
    child_result result = child_run(wait_with_hook, state);
    assert_int_equal(result.status, ANT_EXIT_STALLED);
    assert_says(result, "heard by the hook: antfarm: stalled");
}

// Two that await each other, and a root that sleeps and then waits for ever.
struct partner {
    ant_future base;
    enum { PARTNER_START, PARTNER_JOINING } state;
    struct ant_join_handle *other;
};

ANT_ASYNC(partner)
{
    switch (self->state) {
    case PARTNER_START:
        return ANT_NEXT(PARTNER_JOINING);

    case PARTNER_JOINING:
        ANT_AWAIT(*self->other);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct partner partner(struct ant_join_handle *other)
{
    return (struct partner){ ANT_INIT(partner), .other = other };
}

struct couple {
    ant_future base;
    enum { COUPLE_START, COUPLE_SLEEPING, COUPLE_WAITING } state;
    probe_watch *watch;
    struct ant_join_handle a;
    struct ant_join_handle b;
    struct ant_sleep nap;
    struct probe end;
};

ANT_ASYNC(couple)
{
    switch (self->state) {
    case COUPLE_START:
        self->a = ant_spawn(partner(&self->b));
        self->b = ant_spawn(partner(&self->a));
        self->nap = ant_sleep(5);
        return ANT_NEXT(COUPLE_SLEEPING);

    case COUPLE_SLEEPING:
        ANT_AWAIT(self->nap);
        self->end = probe(self->watch);
        return ANT_NEXT(COUPLE_WAITING);

    case COUPLE_WAITING:
        ANT_AWAIT(self->end);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void await_each_other(void *arg)
{
    ant_runtime *rt =
        flavor_runtime(arg, &(ant_runtime_desc){ .worker_count = 1 });
    ant_runtime_ignore_threads(rt); // as ANT_MAIN does
    probe_watch watch = { .script = "k." };
    const struct couple both = { ANT_INIT(couple), .watch = &watch };
    (void)ant_runtime_block_on(rt, both);
}

static void a_circle_is_called_a_deadlock(void **state)
{
    child_result result = child_run(await_each_other, state);
    assert_int_equal(result.status, ANT_EXIT_STALLED);
    assert_says(result, "3 tasks are not over");
    assert_says(result, "  deadlock: task ");
}

// The lock of lesson 35: a thread mutex held across an await, on one worker,
// with a third task that is runnable and can never be run.
static ant_thread_mutex till = ANT_THREAD_MUTEX("till");

struct holder {
    ant_future base;
    enum { HOLDER_START, HOLDER_SLEEPING } state;
    struct ant_sleep nap;
};

ANT_ASYNC(holder)
{
    switch (self->state) {
    case HOLDER_START:
        if (ant_thread_mutex_lock(&till) < 0) return ANT_FAIL(-EBUSY);
        self->nap = ant_sleep(10);
        return ANT_NEXT(HOLDER_SLEEPING);

    case HOLDER_SLEEPING:
        ANT_AWAIT(self->nap);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

struct shop {
    ant_future base;
    enum { SHOP_START, SHOP_JOINING } state;
    probe_watch *watch;
    struct ant_join_handle child[3];
    struct ant_join all;
};

ANT_ASYNC(shop)
{
    const struct holder one = { ANT_INIT(holder) };
    switch (self->state) {
    case SHOP_START:
        self->child[0] = ant_spawn(one);
        self->child[1] = ant_spawn(one);
        self->child[2] = ant_spawn(probe(self->watch));
        self->all = ant_join(&self->child[0].base, &self->child[1].base,
                             &self->child[2].base);
        return ANT_NEXT(SHOP_JOINING);

    case SHOP_JOINING:
        ANT_AWAIT(self->all);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void block_the_only_worker(void *arg)
{
    ant_runtime *rt = flavor_runtime(
        arg, &(ant_runtime_desc){ .worker_count = 1, .lifo = ANT_LIFO_OFF });
    ant_runtime_ignore_threads(rt); // as ANT_MAIN does
    probe_watch watch = { .script = "R" };
    const struct shop root = { ANT_INIT(shop), .watch = &watch };
    (void)ant_runtime_block_on(rt, root);
}

static void
a_worker_that_blocks_with_tasks_in_its_queue_is_a_stall(void **state)
{
    child_result result = child_run(block_the_only_worker, state);
    assert_int_equal(result.status, ANT_EXIT_STALLED);
    assert_says(result, "keeps worker 0 and waits for thread mutex `till`");
    assert_says(result, "held by task ");
    assert_says(result, "waits for a timer that is due in ");
    assert_says(result, "no worker is free to look at it");
}

// ---- What is no stall ----

static void a_timer_is_no_stall(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(ant_runtime_block_on(rt, ant_sleep(20)), 0);
    ant_runtime_free(rt);
}

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

struct office {
    ant_future base;
    enum { OFFICE_START, OFFICE_JOINING } state;
    int rounds;
    struct ant_join_handle job;
};

ANT_ASYNC(office)
{
    switch (self->state) {
    case OFFICE_START:
        if (self->rounds-- == 0) return ANT_READY;
        self->job = ant_spawn_blocking(nothing, NULL);
        return ANT_NEXT(OFFICE_JOINING);

    case OFFICE_JOINING:
        ANT_AWAIT(self->job);
        return ANT_NEXT(OFFICE_START);
    }
    ANT_UNREACHABLE();
}

static void a_blocking_job_is_no_stall(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    const struct office one = { ANT_INIT(office), .rounds = 200 };
    assert_int_equal(ant_runtime_block_on(rt, one), 0);
    ant_runtime_free(rt);
}

// The race that was lost once: the root is over before its thread waits.
static void a_root_that_ends_at_once_is_no_stall(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    for (int i = 0; i < 2000; i++) {
        probe_watch watch = { .script = "R" };
        assert_int_equal(ant_runtime_block_on(rt, probe(&watch)), 0);
    }
    ant_runtime_free(rt);
}

// A thread of the program may wake a task at any time: it waits until
// everything sleeps, does, and is gone.
typedef struct rescuer {
    ant_runtime *rt;
    probe_watch watch;
} rescuer;

static void wake_when_all_sleep(void *arg)
{
    rescuer *h = arg;
    while (ant_idle_running(&h->rt->sched.idle) != 0)
        ant_os_yield();
    ant_waker_wake(&h->watch.kept);
}

static void a_thread_that_will_wake_a_task_is_no_stall(void **state)
{
    for (int i = 0; i < 100; i++) {
        rescuer r = { .rt = flavor_runtime(state, NULL),
                      .watch.script = "k.R" };
        ant_os_thread thread;
        assert_int_equal(
            ant_os_thread_start(&thread, "rescuer", wake_when_all_sleep, &r),
            0);
        assert_int_equal(ant_runtime_block_on(r.rt, patient(&r.watch)), 0);
        ant_os_thread_join(&thread);
        ant_runtime_free(r.rt);
    }
}

// ---- Locks that are fair ----

static ant_rwlock map = ANT_RWLOCK("map");

ANT_ASYNC_FN(writer, struct ant_rwlock_write write)
{
    if (ANT_BEGINS(self->write)) self->write = ant_rwlock_write(&map);
    ANT_AWAIT(self->write);
    return ANT_READY;
}

// Reads, lets a writer come, and reads once more.
struct reader {
    ant_future base;
    enum { READER_START, READER_TURN, READER_AGAIN } state;
    struct ant_join_handle writer;
    struct ant_sleep turn;
    struct ant_rwlock_read read;
};

ANT_ASYNC(reader)
{
    switch (self->state) {
    case READER_START:
        assert_true(ant_rwlock_try_read(&map));
        self->writer = ant_spawn(writer());
        self->turn = ant_sleep(1);
        return ANT_NEXT(READER_TURN);

    case READER_TURN:
        ANT_AWAIT(self->turn);
        self->read = ant_rwlock_read(&map);
        return ANT_NEXT(READER_AGAIN);

    case READER_AGAIN:
        ANT_AWAIT(self->read);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(reader)

static void read_twice(void *arg)
{
    ant_runtime *rt = flavor_runtime(arg, NULL);
    ant_runtime_ignore_threads(rt); // as ANT_MAIN does
    (void)ant_runtime_block_on(rt, reader());
}

// L9.
static void a_reader_behind_a_writer_is_said(void **state)
{
    child_result result = child_run(read_twice, state);
    assert_int_equal(result.status, ANT_EXIT_STALLED);
    assert_says(result, "`reader` waits for read-write lock `map` (");
    assert_says(result, "), behind task ");
    assert_says(result, "`writer`, held by task ");
}

static ant_mutex door = ANT_MUTEX("door");

// Gives up waiting for a lock, but not the place in its queue, and waits again.
struct leaver {
    ant_future base;
    enum { LEAVER_START, LEAVER_RACING, LEAVER_AGAIN } state;
    struct ant_mutex_lock left, lock;
    struct ant_borrow lent;
    struct ant_sleep patience;
    struct ant_select first;
};

ANT_ASYNC(leaver)
{
    switch (self->state) {
    case LEAVER_START:
        assert_true(ant_mutex_try_lock(&door));
        self->left = ant_mutex_lock(&door);
        self->lent = ant_borrow(&self->left.base);
        self->patience = ant_sleep(1);
        self->first = ant_select(&self->lent.base, &self->patience.base);
        return ANT_NEXT(LEAVER_RACING);

    case LEAVER_RACING:
        ANT_AWAIT(self->first);
        ant_mutex_unlock(&door); // to self->left
        self->lock = ant_mutex_lock(&door);
        return ANT_NEXT(LEAVER_AGAIN);

    case LEAVER_AGAIN:
        ANT_AWAIT(self->lock);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(leaver)

static void leave_a_lock(void *arg)
{
    ant_runtime *rt = flavor_runtime(arg, NULL);
    ant_runtime_ignore_threads(rt); // as ANT_MAIN does
    (void)ant_runtime_block_on(rt, leaver());
}

// L11: a futurelock.
static void a_lock_given_to_a_future_that_nobody_polls_is_said(void **state)
{
    child_result result = child_run(leave_a_lock, state);
    assert_int_equal(result.status, ANT_EXIT_STALLED);
    assert_says(result, "`leaver` waits for mutex `door` (");
    assert_says(result, ", given to a future of task ");
    assert_says(result, ", which was not polled since\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(who_waits_for_whom_is_said),
        EVERY_FLAVOR(the_hook_hears_of_a_stall_before_the_end),
        EVERY_FLAVOR(a_circle_is_called_a_deadlock),
        EVERY_FLAVOR(a_worker_that_blocks_with_tasks_in_its_queue_is_a_stall),
        EVERY_FLAVOR(a_timer_is_no_stall),
        EVERY_FLAVOR(a_blocking_job_is_no_stall),
        EVERY_FLAVOR(a_root_that_ends_at_once_is_no_stall),
        FLAVOR(a_thread_that_will_wake_a_task_is_no_stall, current),
        EVERY_FLAVOR(a_reader_behind_a_writer_is_said),
        EVERY_FLAVOR(a_lock_given_to_a_future_that_nobody_polls_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
