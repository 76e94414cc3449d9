// SPDX-License-Identifier: MIT
//
// How a runtime ends: what is destroyed, in which order, and what destructors
// may do meanwhile.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/mem.h"
#include "base/os.h"
#include "rt/runtime_impl.h"
#include "support/child.h"
#include "support/flavors.h"
#include "support/hand.h"
#include "support/probe.h"
#include "support/recording.h"
#include "trace/trace.h"

// Waits until the task that `watch` belongs to has kept its waker.
static void block_on_one(ant_runtime *rt)
{
    probe_watch watch = { .script = "y.y.y.R" };
    assert_int_equal(ant_runtime_block_on(rt, probe(&watch)), 0);
}

// ---- What is destroyed ----

// D1, D2.
static void d9_what_is_not_over_is_destroyed(void **state)
{
    ant_runtime *rt =
        flavor_runtime(state, &(ant_runtime_desc){ .worker_count = 1 });
    probe_watch idle = { .script = "k." };
    probe_watch restless = { .script = "w.w.w.w.k." };
    struct ant_join_handle a = ant_runtime_spawn(rt, probe(&idle));
    struct ant_join_handle b = ant_runtime_spawn(rt, probe(&restless));
    block_on_one(rt);
    probe_watch fresh = { .script = "k." };
    struct ant_join_handle c = ant_runtime_spawn(rt, probe(&fresh));
    ant_runtime_free(rt);

    assert_int_equal(idle.drop_count, 1);
    assert_int_equal(restless.drop_count, 1);
    assert_int_equal(fresh.drop_count, fresh.poll_count);
    // D8, D9: handles and wakers live on.
    struct ant_join_handle *handle[] = { &a, &b, &c };
    hand_task by_hand;
    hand_task_init(&by_hand, 99);
    for (int i = 0; i < 3; i++) {
        assert_true(ant_task_is_finished(handle[i]));
        assert_int_equal(hand_poll(&by_hand, &handle[i]->base), ANT_READY);
        assert_int_equal(handle[i]->base.result, -ECANCELED);
        ant_task_detach(handle[i]);
    }
    ant_waker_wake_ref(&idle.kept);
    ant_waker_wake(&idle.kept);
    ant_waker_wake(&restless.kept);
    ant_waker_wake(&fresh.kept);
}

// Sleeps, and notes its letter when it is dropped.
struct napper {
    ant_future base;
    enum { NAPPER_START, NAPPER_SLEEPING } state;
    char letter;
    struct ant_sleep nap;
};

static char dropped[8];
static unsigned dropped_count;

ANT_ASYNC_WITH_DROP(napper)
{
    switch (self->state) {
    case NAPPER_START:
        self->nap = ant_sleep(1000 * 1000);
        return ANT_NEXT(NAPPER_SLEEPING);

    case NAPPER_SLEEPING:
        ANT_AWAIT(self->nap);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void napper_drop(struct napper *self)
{
    dropped[dropped_count++] = self->letter;
    ant_future_drop(&self->nap.base);
}

static struct napper napper(char letter)
{
    return (struct napper){ ANT_INIT(napper), .letter = letter };
}

static void d1_tasks_are_destroyed_oldest_first(void **state)
{
    ant_runtime *rt =
        flavor_runtime(state, &(ant_runtime_desc){ .worker_count = 1 });
    dropped_count = 0;
    for (int i = 0; i < 4; i++) {
        struct ant_join_handle handle =
            ant_runtime_spawn(rt, napper("abcd"[i]));
        ant_task_detach(&handle);
    }
    block_on_one(rt);
    ant_runtime_free(rt);
    assert_memory_equal(dropped, "abcd", 4);
}

// Each flavour records into a file of the test's own; its threads are its
// runtime's alone, and gone by the end.
static void expect_phases(ant_flavor flavor)
{
    void *state = &flavor;
    ant_trace_desc desc = { .path = recording_path(),
                            .level = ANT_LEVEL_SCHED };
    assert_int_equal(ant_trace_stop(), 0);
    assert_int_equal(ant_trace_start(&desc), 0);
    ant_runtime *rt = flavor_runtime(&state, NULL);
    struct ant_join_handle handle = ant_runtime_spawn(rt, napper('n'));
    ant_task_detach(&handle);
    block_on_one(rt);
    dropped_count = 0;
    ant_runtime_free(rt);

    static const unsigned order[] = { ANT_PHASE_CLOSE, ANT_PHASE_CANCEL,
                                      ANT_PHASE_DRAIN, ANT_PHASE_DRIVER,
                                      ANT_PHASE_POOL,  ANT_PHASE_DONE };
    unsigned next = 0;
    ant_reader *reader = recording_open();
    ant_event event;
    while (ant_reader_next(reader, &event)) {
        if (event.kind == ANT_EV_runtime_stop)
            assert_int_equal(event.field[0], order[next++]);
        // Tasks are destroyed between CANCEL and DRAIN.
        if (event.kind == ANT_EV_task_drop &&
            event.field[1] == ANT_DROP_SHUTDOWN)
            assert_int_equal(next, 2);
    }
    ant_reader_close(reader);
    assert_int_equal(next, ANT_ARRAY_LEN(order));
}

static void d1_each_phase_is_in_the_trace_in_order(void **state)
{
    (void)state;
    expect_phases(ANT_RUNTIME_CURRENT);
    expect_phases(ANT_RUNTIME_MULTI);
}

// ---- What destructors may do ----

// K41: on its drop it does one thing to its elder and its younger sibling.
typedef enum deed {
    DEED_WAKE,
    DEED_ABORT,
    DEED_DETACH,
    DEED_SPAWN,
    DEED_PANIC,
    DEED_COUNT,
} deed;

typedef struct sibling {
    probe_watch watch;
    struct ant_join_handle handle;
} sibling;

struct meddler {
    ant_future base;
    deed deed;
    sibling *other[2];
    probe_watch *child;
};

static ant_waker meddler_waker;

static void meddle(struct meddler *self, sibling *other)
{
    switch (self->deed) {
    case DEED_WAKE:
        ant_waker_wake_ref(&other->watch.kept);
        break;
    case DEED_ABORT:
        ant_task_abort(&other->handle);
        break;
    case DEED_DETACH:
        ant_task_detach(&other->handle);
        break;
    case DEED_SPAWN: {
        struct ant_join_handle handle = ant_spawn(probe(self->child));
        assert_true(ant_task_is_finished(&handle));
        ant_task_detach(&handle);
        break;
    }
    case DEED_PANIC:
        ant_panic("in a destructor");
    case DEED_COUNT:
        break;
    }
}

ANT_ASYNC_WITH_DROP(meddler)
{
    (void)self;
    ant_waker_drop(&meddler_waker);
    meddler_waker = ant_waker_clone(&cx->waker);
    return ANT_PENDING;
}

static void meddler_drop(struct meddler *self)
{
    ant_waker_wake(&meddler_waker); // its own
    meddle(self, self->other[0]);
    meddle(self, self->other[1]);
}

static void d2_destructors_may_meddle(void **state)
{
    for (int i = 0; i < DEED_COUNT; i++) {
        ant_runtime *rt = flavor_runtime(state, NULL);
        sibling elder = { .watch.script = "k." };
        sibling younger = { .watch.script = "k." };
        probe_watch child = { .script = "R" };
        elder.handle = ant_runtime_spawn(rt, probe(&elder.watch));
        const struct meddler middle = { ANT_INIT(meddler), .deed = (deed)i,
                                        .other = { &elder, &younger },
                                        .child = &child };
        struct ant_join_handle handle = ant_runtime_spawn(rt, middle);
        younger.handle = ant_runtime_spawn(rt, probe(&younger.watch));
        block_on_one(rt);
        ant_runtime_free(rt);
        assert_int_equal(elder.watch.drop_count, elder.watch.poll_count);
        assert_int_equal(younger.watch.drop_count, younger.watch.poll_count);
        assert_int_equal(child.poll_count, 0);
        ant_task_detach(&handle);
        ant_task_detach(&elder.handle);
        ant_task_detach(&younger.handle);
        ant_waker_drop(&elder.watch.kept);
        ant_waker_drop(&younger.watch.kept);
        ant_waker_drop(&meddler_waker);
    }
}

// ---- What is running meanwhile ----

static ant_atomic_u8 has_started;

static bool is_closing(ant_runtime *rt)
{
    return ant__sched_is_closing(&rt->sched);
}

static void await_start(void)
{
    while (ant_atomic_load(&has_started, ANT_ACQUIRE) == 0)
        ant_os_yield();
    ant_atomic_store(&has_started, 0, ANT_RELAXED);
}

// Its one poll lasts until shutdown has begun; then it spawns.
struct dawdler {
    ant_future base;
    ant_runtime *rt;
    bool is_ready;
    probe_watch *child;
    int *ret_child_result;
};

ANT_ASYNC(dawdler)
{
    ant_atomic_store(&has_started, 1, ANT_RELEASE);
    while (!is_closing(self->rt))
        ant_os_yield();
    struct ant_join_handle handle = ant_spawn(probe(self->child));
    assert_true(ant_task_is_finished(&handle));
    assert_int_equal(ant_future_poll(&handle.base, cx), ANT_READY);
    *self->ret_child_result = handle.base.result;
    ant_task_detach(&handle);
    // It is still this task that is polled.
    assert_int_equal(ant_task_id_here(), cx->task);
    if (self->is_ready) return ANT_READY;
    ant_waker_wake_ref(&cx->waker);
    return ANT_PENDING;
}

static int dawdle(void **state, bool is_ready)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    probe_watch child = { .script = "R" };
    int result_of_child = 0;
    const struct dawdler task = { ANT_INIT(dawdler), .rt = rt,
                                  .is_ready = is_ready, .child = &child,
                                  .ret_child_result = &result_of_child };
    struct ant_join_handle handle = ant_runtime_spawn(rt, task);
    await_start();
    ant_runtime_free(rt);

    // D4.
    assert_int_equal(result_of_child, -ECANCELED);
    assert_int_equal(child.poll_count, 0);
    hand_task by_hand;
    hand_task_init(&by_hand, 99);
    assert_int_equal(hand_poll(&by_hand, &handle.base), ANT_READY);
    const int result = handle.base.result;
    ant_task_detach(&handle);
    return result;
}

// D3.
static void d3_a_poll_under_way_is_not_interrupted(void **state)
{
    assert_int_equal(dawdle(state, true), 0);
    assert_int_equal(dawdle(state, false), -ECANCELED);
}

// Waits for ever, and spawns when it is dropped.
struct testator {
    ant_future base;
    enum { TESTATOR_START, TESTATOR_WAITING } state;
    struct ant_sleep wait;
    probe_watch *heir;
    struct ant_join_handle *ret_handle;
};

ANT_ASYNC_WITH_DROP(testator)
{
    switch (self->state) {
    case TESTATOR_START:
        self->wait = ant_sleep(1000 * 1000);
        return ANT_NEXT(TESTATOR_WAITING);

    case TESTATOR_WAITING:
        ANT_AWAIT(self->wait);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void testator_drop(struct testator *self)
{
    *self->ret_handle = ant_spawn(probe(self->heir));
    ant_future_drop(&self->wait.base);
}

static void d4_what_a_destructor_spawns_is_never_polled(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    probe_watch heir = { .script = "R" };
    struct ant_join_handle late;
    const struct testator one = { ANT_INIT(testator), .heir = &heir,
                                  .ret_handle = &late };
    struct ant_join_handle handle = ant_runtime_spawn(rt, one);
    block_on_one(rt);
    ant_runtime_free(rt);
    hand_task by_hand;
    hand_task_init(&by_hand, 99);
    assert_int_equal(hand_poll(&by_hand, &late.base), ANT_READY);
    assert_int_equal(late.base.result, -ECANCELED);
    assert_int_equal(heir.poll_count, 0);
    ant_task_detach(&handle);
    ant_task_detach(&late);
}

// dawdle() looks at the handle of what was spawned late, and at its polls.
static void d4_what_is_spawned_late_is_never_polled(void **state)
{
    assert_int_equal(dawdle(state, true), 0);
}

static struct ant_join_handle pair_handle[2];

// Awaits the other one of the pair.
struct cycle {
    ant_future base;
    enum { CYCLE_START, CYCLE_JOINING } state;
    int index;
};

ANT_ASYNC(cycle)
{
    switch (self->state) {
    case CYCLE_START:
        return ANT_NEXT(CYCLE_JOINING);

    case CYCLE_JOINING:
        ANT_AWAIT(pair_handle[1 - self->index]);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

struct pair {
    ant_future base;
};

ANT_ASYNC(pair)
{
    (void)self;
    for (int i = 0; i < 2; i++) {
        const struct cycle half = { ANT_INIT(cycle), .index = i };
        pair_handle[i] = ant_spawn(half);
    }
    return ANT_READY;
}

// The flavour's teardown sees that no block is left.
static void d10_two_that_await_each_other_are_freed(void **state)
{
    ant_runtime *rt =
        flavor_runtime(state, &(ant_runtime_desc){ .worker_count = 1 });
    const struct pair both = { ANT_INIT(pair) };
    assert_int_equal(ant_runtime_block_on(rt, both), 0);
    block_on_one(rt);
    ant_runtime_free(rt);
    for (int i = 0; i < 2; i++)
        ant_task_detach(&pair_handle[i]);
}

// A sleep that is kept beyond its runtime's end.
static struct ant_sleep kept;

struct keeper {
    ant_future base;
};

ANT_ASYNC(keeper)
{
    (void)self;
    kept = ant_sleep(1000 * 1000);
    return ant_future_poll(&kept.base, cx) == ANT_PENDING ? ANT_READY
                                                          : ANT_FAIL(-EIO);
}

static void d8_a_sleep_of_a_dead_runtime_says_so(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    const struct keeper one = { ANT_INIT(keeper) };
    assert_int_equal(ant_runtime_block_on(rt, one), 0);
    ant_runtime_free(rt);
    assert_int_equal(ant_alarm_get_state(&kept.alarm), ANT_ALARM_CLOSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(d9_what_is_not_over_is_destroyed),
        EVERY_FLAVOR(d1_tasks_are_destroyed_oldest_first),
        cmocka_unit_test_setup_teardown(d1_each_phase_is_in_the_trace_in_order,
                                        recording_setup, recording_teardown),
        EVERY_FLAVOR(d2_destructors_may_meddle),
        FLAVOR(d3_a_poll_under_way_is_not_interrupted, multi),
        FLAVOR(d4_what_is_spawned_late_is_never_polled, multi),
        EVERY_FLAVOR(d4_what_a_destructor_spawns_is_never_polled),
        EVERY_FLAVOR(d8_a_sleep_of_a_dead_runtime_says_so),
        EVERY_FLAVOR(d10_two_that_await_each_other_are_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
