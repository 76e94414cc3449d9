// SPDX-License-Identifier: MIT
//
// Tests of what a runtime's builder and its local tasks can do: tasks that stay
// on their worker, affine data, hooks, policies, entering, and time that stands
// still.

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/os.h"
#include "core/here.h"
#include "support/child.h"
#include "support/flavors.h"
#include "support/probe.h"

// ---- Local tasks ----

// Moves between sleeps and yields; its worker must stay the same.
struct resident {
    ant_future base;
    enum { RESIDENT_START, RESIDENT_SLEEPING, RESIDENT_YIELDING } state;
    ant_affine *mark;
    int rounds;
    struct ant_sleep nap;
    struct ant_yield_now turn;
};

ANT_ASYNC_WITH_DROP(resident)
{
    ant_affine_check(self->mark);
    switch (self->state) {
    case RESIDENT_START:
        if (self->rounds-- == 0) return ANT_READY;
        self->nap = ant_sleep(1);
        return ANT_NEXT(RESIDENT_SLEEPING);

    case RESIDENT_SLEEPING:
        ANT_AWAIT(self->nap);
        self->turn = ant_yield_now();
        return ANT_NEXT(RESIDENT_YIELDING);

    case RESIDENT_YIELDING:
        ANT_AWAIT(self->turn);
        return ANT_NEXT(RESIDENT_START);
    }
    ANT_UNREACHABLE();
}

static void resident_drop(struct resident *self)
{
    ant_affine_check(self->mark);
    ant_future_drop(&self->nap.base);
    ant_future_drop(&self->turn.base);
}

static struct resident resident(ant_affine *mark, int rounds)
{
    return (struct resident){ ANT_INIT(resident), .mark = mark,
                              .rounds = rounds };
}

struct street {
    ant_future base;
    enum { STREET_START, STREET_JOINING } state;
    int rounds;
    bool leaves_them;
    ant_affine *mark;
    struct ant_join_handle child[3];
    struct ant_join all;
};

ANT_ASYNC(street)
{
    switch (self->state) {
    case STREET_START:
        for (int i = 0; i < 3; i++)
            self->child[i] =
                ant_spawn_local(resident(self->mark, self->rounds));
        if (self->leaves_them) {
            for (int i = 0; i < 3; i++)
                ant_task_detach(&self->child[i]);
            return ANT_READY;
        }
        self->all = ant_join(&self->child[0].base, &self->child[1].base,
                             &self->child[2].base);
        return ANT_NEXT(STREET_JOINING);

    case STREET_JOINING:
        ANT_AWAIT(self->all);
        for (int i = 0; i < 3; i++)
            assert_int_equal(self->child[i].base.result, 0);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void live(void **state, bool leaves_them)
{
    ant_runtime *rt =
        flavor_runtime(state, &(ant_runtime_desc){ .worker_count = 3 });
    struct ant_join_handle handle[4];
    ant_affine mark[4];
    for (int i = 0; i < 4; i++) {
        ant_affine_init(&mark[i], "street");
        const struct street one = { ANT_INIT(street), .rounds = 10,
                                    .leaves_them = leaves_them,
                                    .mark = &mark[i] };
        handle[i] = ant_runtime_spawn(rt, one);
    }
    for (int i = 0; i < 4; i++)
        assert_int_equal(ant_runtime_block_on(rt, handle[i]), 0);
    ant_runtime_free(rt);
}

static void local_tasks_stay_on_their_worker(void **state)
{
    live(state, false);
}

static void local_tasks_are_destroyed_on_their_worker(void **state)
{
    live(state, true);
}

static int spawn_here(void *arg)
{
    struct ant_join_handle handle = ant_spawn_local(resident(arg, 1));
    ant_task_detach(&handle);
    return 0;
}

static void spawn_local_outside(void *arg)
{
    ant_runtime *rt = flavor_runtime(arg, NULL);
    ant_runtime *outer = ant_runtime_enter(rt);
    spawn_here(NULL);
    ant_runtime_leave(outer);
}

static void a_local_task_needs_a_worker(void **state)
{
    child_result result = child_run(spawn_local_outside, state);
    assert_int_equal(result.status, -SIGABRT);
    assert_says(result, "test_local.c:");
    assert_says(result, "ant_spawn_local needs a worker");
}

static void touch(void *arg)
{
    ant_affine_check(arg);
}

static void touch_from_two_threads(void *arg)
{
    ant_affine mark = ANT_AFFINE("drawer");
    ant_os_thread thread;
    (void)arg;
    ant_runtime *rt; // for the words of a trap
    if (ant_runtime_new(NULL, &rt) < 0) return;
    touch(&mark);
    ant_affine_release(&mark);
    touch(&mark);
    if (ant_os_thread_start(&thread, "thief", touch, &mark) < 0) return;
    ant_os_thread_join(&thread);
}

static void affine_data_traps_on_another_thread(void **state)
{
    child_result result = child_run(touch_from_two_threads, state);
    assert_int_equal(result.status, -SIGABRT);
    assert_says(result, "`drawer` belongs to lane ");
}

// ---- Hooks and policies ----

typedef struct tally {
    ant_atomic_u32 starts, stops, parks, unparks, spawns, ends;
} tally;

static void on_start(void *arg)
{
    ant_atomic_add(&((tally *)arg)->starts, 1, ANT_SEQ_CST);
}

static void on_stop(void *arg)
{
    ant_atomic_add(&((tally *)arg)->stops, 1, ANT_SEQ_CST);
}

static void on_park(void *arg)
{
    ant_atomic_add(&((tally *)arg)->parks, 1, ANT_SEQ_CST);
}

static void on_unpark(void *arg)
{
    ant_atomic_add(&((tally *)arg)->unparks, 1, ANT_SEQ_CST);
}

static void on_spawn(uint32_t task, const char *name, void *arg)
{
    assert_int_not_equal(task, 0);
    assert_non_null(strstr(name, "probe"));
    ant_atomic_add(&((tally *)arg)->spawns, 1, ANT_SEQ_CST);
}

static void on_end(uint32_t task, const char *name, void *arg)
{
    (void)task, (void)name;
    ant_atomic_add(&((tally *)arg)->ends, 1, ANT_SEQ_CST);
}

static void hooks_hear_of_threads_and_tasks(void **state)
{
    tally sum = { 0 };
    ant_runtime *rt = flavor_runtime(
        state,
        &(ant_runtime_desc){ .hooks = { on_start, on_stop, on_park, on_unpark,
                                        on_spawn, on_end, &sum } });
    for (int i = 0; i < 10; i++) {
        probe_watch watch = { .script = "w.y.R" };
        assert_int_equal(ant_runtime_block_on(rt, probe(&watch)), 0);
    }
    ant_runtime_free(rt);
    const bool is_current = *(const ant_flavor *)*state == ANT_RUNTIME_CURRENT;
    assert_int_equal(sum.starts, is_current ? 0 : 2);
    assert_int_equal(sum.stops, sum.starts);
    assert_int_equal(sum.parks, sum.unparks);
    assert_int_equal(sum.spawns, 10);
    assert_int_equal(sum.ends, 10);
}

// K10: a hook that spawns before a park keeps its worker awake.
typedef struct late {
    struct ant_join_handle handle;
    probe_watch watch;
    bool is_done;
} late;

static void spawn_late(void *arg)
{
    late *self = arg;
    if (self->is_done) return;
    self->is_done = true;
    self->handle = ant_spawn(probe(&self->watch));
}

static void what_a_hook_spawns_is_run_before_the_park(void **state)
{
    late one = { .watch.script = "R" };
    ant_runtime *rt = flavor_runtime(
        state, &(ant_runtime_desc){
                   .worker_count = 1,
                   .hooks = { .on_thread_park = spawn_late, .arg = &one } });
    assert_int_equal(ant_runtime_block_on(rt, ant_sleep(1)), 0);
    assert_int_equal(ant_runtime_block_on(rt, one.handle), 0);
    assert_int_equal(one.watch.poll_count, 1);
    ant_runtime_free(rt);
}

struct victim {
    ant_future base;
    enum { VICTIM_START, VICTIM_JOINING } state;
    probe_watch *watch;
    struct ant_join_handle culprit;
};

ANT_ASYNC(victim)
{
    switch (self->state) {
    case VICTIM_START:
        self->culprit = ant_spawn(probe(self->watch));
        return ANT_NEXT(VICTIM_JOINING);

    case VICTIM_JOINING:
        ANT_AWAIT(self->culprit);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void a_panic_may_end_all(void **state)
{
    ant_runtime *rt = flavor_runtime(
        state, &(ant_runtime_desc){ .unhandled_panic = ANT_PANIC_SHUT_DOWN });
    probe_watch other = { .script = "k." };
    struct ant_join_handle handle = ant_runtime_spawn(rt, probe(&other));
    probe_watch watch = { .script = "w.!" };
    const struct victim one = { ANT_INIT(victim), .watch = &watch };
    assert_int_equal(ant_runtime_block_on(rt, one), -ENOTRECOVERABLE);
    assert_int_equal(other.drop_count, 1);
    assert_true(ant_task_is_finished(&handle));
    probe_watch after = { .script = "R" };
    assert_int_equal(ant_runtime_block_on(rt, probe(&after)), -ENOTRECOVERABLE);
    assert_int_equal(after.poll_count, 0);
    ant_task_detach(&handle);
    ant_waker_drop(&other.kept);
    ant_runtime_free(rt);
}

static void what_a_flavour_cannot_do_is_refused(void **state)
{
    (void)state;
    ant_runtime *rt = NULL;
    ant_runtime_desc desc = { .flavor = ANT_RUNTIME_MULTI,
                              .start_paused = true };
    assert_int_equal(ant_runtime_new(&desc, &rt), -ENOTSUP);
    desc = (ant_runtime_desc){ .flavor = ANT_RUNTIME_SIM,
                               .unhandled_panic = ANT_PANIC_SHUT_DOWN };
    assert_int_equal(ant_runtime_new(&desc, &rt), -ENOTSUP);
    assert_null(rt);
}

// ---- Blocking jobs ----

static int block_inside(void *arg)
{
    probe_watch watch = { .script = "w.y.R" };
    return ant_runtime_block_on(arg, probe(&watch));
}

struct nester {
    ant_future base;
    enum { NESTER_START, NESTER_JOINING } state;
    struct ant_join_handle job;
};

ANT_ASYNC(nester)
{
    switch (self->state) {
    case NESTER_START:
        self->job = ant_spawn_blocking(block_inside, ant_runtime_here());
        return ANT_NEXT(NESTER_JOINING);

    case NESTER_JOINING:
        ANT_AWAIT(self->job);
        return self->job.base.result < 0 ? ANT_FAIL(-EIO) : ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void a_blocking_job_may_block_on_its_runtime(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    for (int i = 0; i < 50; i++) {
        const struct nester one = { ANT_INIT(nester) };
        assert_int_equal(ant_runtime_block_on(rt, one), 0);
    }
    ant_runtime_free(rt);
}

// ---- Time that stands still ----

static int take_a_while(void *arg)
{
    (void)arg;
    ant_os_sleep_ns(5 * ANT_NS_PER_MS);
    return 0;
}

struct stillness {
    ant_future base;
    enum { STILL_START, STILL_SLEEPING, STILL_WORKING } state;
    uint64_t begin_ns;
    struct ant_sleep day;
    struct ant_join_handle job;
    struct ant_select first;
};

#define DAY_MS (UINT64_C(24) * 60 * 60 * 1000)

ANT_ASYNC(stillness)
{
    switch (self->state) {
    case STILL_START:
        assert_int_equal(ant_time_pause(), -EALREADY);
        self->begin_ns = ant_now_ns();
        self->day = ant_sleep(DAY_MS);
        return ANT_NEXT(STILL_SLEEPING);

    case STILL_SLEEPING:
        ANT_AWAIT(self->day);
        assert_int_equal(ant_now_ns() - self->begin_ns, DAY_MS * ANT_NS_PER_MS);
        // Not while a job is at work.
        self->day = ant_sleep(DAY_MS);
        self->job = ant_spawn_blocking(take_a_while, NULL);
        self->first = ant_select(&self->day.base, &self->job.base);
        return ANT_NEXT(STILL_WORKING);

    case STILL_WORKING:
        ANT_AWAIT(self->first);
        assert_int_equal(self->first.winner, 1);
        assert_int_equal(ant_now_ns() - self->begin_ns, DAY_MS * ANT_NS_PER_MS);
        assert_int_equal(ant_time_resume(), 0);
        assert_int_equal(ant_time_resume(), -EALREADY);
        assert_true(ant_now_ns() - self->begin_ns >= DAY_MS * ANT_NS_PER_MS);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void paused_time_jumps_unless_a_job_is_at_work(void **state)
{
    ant_runtime *rt =
        flavor_runtime(state, &(ant_runtime_desc){ .start_paused = true });
    const struct stillness one = { ANT_INIT(stillness) };
    assert_int_equal(ant_runtime_block_on(rt, one), 0);
    assert_int_equal(ant_runtime_block_on(rt, ant_sleep(2)), 0);
    ant_runtime_free(rt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(local_tasks_stay_on_their_worker),
        EVERY_FLAVOR(local_tasks_are_destroyed_on_their_worker),
        EVERY_FLAVOR(a_local_task_needs_a_worker),
        cmocka_unit_test(affine_data_traps_on_another_thread),
        EVERY_FLAVOR(hooks_hear_of_threads_and_tasks),
        EVERY_FLAVOR(what_a_hook_spawns_is_run_before_the_park),
        FLAVOR(a_panic_may_end_all, current),
        cmocka_unit_test(what_a_flavour_cannot_do_is_refused),
        EVERY_FLAVOR(a_blocking_job_may_block_on_its_runtime),
        FLAVOR(paused_time_jumps_unless_a_job_is_at_work, current),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
