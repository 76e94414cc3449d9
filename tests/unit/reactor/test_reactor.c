// SPDX-License-Identifier: MIT
//
// Tests of the reactor as a driver, without a scheduler: real threads that do
// what workers do. Nothing here asserts how long something takes, only that it
// happens, and not too early.

#include "reactor/reactor.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/atomic.h"
#include "base/mem.h"
#include "io/source.h"
#include "support/files.h"

#define THREAD_MAX 4
#define ROUNDS     2000

// Some workers on one reactor, and one timer.
typedef struct crew {
    ant_driver *driver;
    ant_parker parker[THREAD_MAX];
    ant_thread thread[THREAD_MAX];
    ant_atomic_u64 timer_ns;
    ant_atomic_u32 is_over;
    ant_atomic_u32 step;
} crew;

typedef struct worker {
    crew *c;
    uint32_t index;
    uint32_t deadlines; // how often a timer woke it
} worker;

static uint64_t next_timer_ns(void *arg)
{
    crew *c = arg;
    return ant_atomic_load(&c->timer_ns, ANT_SEQ_CST);
}

static void crew_init(crew *c)
{
    *c = (crew){ .timer_ns = ANT_NS_NEVER };
    assert_int_equal(ant_reactor_driver_new(&c->driver), 0);
    c->driver->next_ns = next_timer_ns;
    c->driver->arg = c;
    for (int i = 0; i < THREAD_MAX; i++)
        c->driver->ops->parker_init(c->driver, &c->parker[i]);
}

static void crew_deinit(crew *c)
{
    for (int i = 0; i < THREAD_MAX; i++)
        c->driver->ops->parker_deinit(c->driver, &c->parker[i]);
    c->driver->ops->free(c->driver);
}

static void start(crew *c, uint32_t index, ant_os_thread_fn fn, void *arg)
{
    const ant_thread_desc desc = { .name = "worker", .fn = fn, .arg = arg };
    int err = c->driver->ops->thread_start(c->driver, &desc, &c->thread[index]);
    assert_int_equal(err, 0);
}

static void join(crew *c, uint32_t index)
{
    c->driver->ops->thread_join(c->driver, &c->thread[index]);
}

static ant_unparked park_idle(crew *c, uint32_t index)
{
    const ant_driver_ops *ops = c->driver->ops;
    const ant_unparked why = ops->park_idle(c->driver, &c->parker[index]);
    ops->handle_events(c->driver, &c->parker[index]);
    return why;
}

static void unpark(crew *c, uint32_t index)
{
    c->driver->ops->unpark(c->driver, &c->parker[index]);
}

static void set_timer(crew *c, uint64_t at_ns)
{
    ant_atomic_store(&c->timer_ns, at_ns, ANT_SEQ_CST);
    c->driver->ops->timer_changed(c->driver);
}

// What firing does: true for the one thread that finds the timer due.
static bool fire_timer(crew *c)
{
    uint64_t at_ns = ant_atomic_load(&c->timer_ns, ANT_SEQ_CST);
    if (at_ns > ant_os_now_ns()) return false;
    return ant_atomic_cas(&c->timer_ns, &at_ns, ANT_NS_NEVER, ANT_SEQ_CST,
                          ANT_SEQ_CST);
}

// Steps are how the threads of a test wait for one another.
static void go_to_step(crew *c, uint32_t step)
{
    ant_atomic_store(&c->step, step, ANT_SEQ_CST);
}

static void await_step(crew *c, uint32_t step)
{
    while (ant_atomic_load(&c->step, ANT_SEQ_CST) < step) // ends by another one
        ant_os_yield();
}

// ---- One thread ----

static void a_permit_given_early_is_kept(void **state)
{
    (void)state;
    crew c;
    crew_init(&c);
    const ant_driver_ops *ops = c.driver->ops;
    unpark(&c, 0);
    unpark(&c, 0);
    assert_int_equal(ops->park(c.driver, &c.parker[0], ANT_NS_NEVER),
                     ANT_UNPARKED_PERMIT);
    unpark(&c, 0);
    assert_int_equal(park_idle(&c, 0), ANT_UNPARKED_PERMIT);
    assert_int_equal(ops->park(c.driver, &c.parker[0], 0),
                     ANT_UNPARKED_DEADLINE);
    crew_deinit(&c);
}

static void neither_park_ends_early(void **state)
{
    (void)state;
    crew c;
    crew_init(&c);
    for (uint64_t us = 100; us < 4000; us += 700) {
        const uint64_t until_ns = ant_os_now_ns() + us * ANT_NS_PER_US;
        assert_int_equal(c.driver->ops->park(c.driver, &c.parker[0], until_ns),
                         ANT_UNPARKED_DEADLINE);
        assert_true(ant_os_now_ns() >= until_ns);

        const uint64_t timer_ns = ant_os_now_ns() + us * ANT_NS_PER_US;
        set_timer(&c, timer_ns);
        assert_int_equal(park_idle(&c, 0), ANT_UNPARKED_DEADLINE);
        assert_true(ant_os_now_ns() >= timer_ns);
    }
    crew_deinit(&c);
}

static void looking_at_events_does_not_wait(void **state)
{
    (void)state;
    crew c;
    crew_init(&c);
    for (int i = 0; i < 100; i++)
        c.driver->ops->poll_events(c.driver);
    assert_false(c.driver->ops->has_events(c.driver));
    crew_deinit(&c);
}

static void nothing_is_left_behind(void **state)
{
    (void)state;
    crew c;
    crew_init(&c); // the first time libuv opens what it keeps
    crew_deinit(&c);
    const int descriptors = fd_count();
    const uint64_t blocks = ant_mem_live_count();
    for (int i = 0; i < 100; i++) {
        crew_init(&c);
        unpark(&c, 0);
        (void)park_idle(&c, 0);
        crew_deinit(&c);
    }
    assert_int_equal(fd_count(), descriptors);
    assert_int_equal(ant_mem_live_count(), blocks);
}

// Or the worker that accepts the 65th would sleep for it, in that poll.
static void there_is_room_for_ten_thousand_descriptors(void **state)
{
    (void)state;
    const long limit = sysconf(_SC_OPEN_MAX);
    crew c;
    crew_init(&c);
    assert_true(fd_room() >= (limit < 10000 ? (int)limit : 10000));
    crew_deinit(&c);
}

static void lack_of_memory_is_an_error(void **state)
{
    (void)state;
    ant_driver *driver;
    ant_mem_fail_nth(1, 0);
    assert_int_equal(ant_reactor_driver_new(&driver), -ENOMEM);
    crew c;
    crew_init(&c);
    for (uint64_t nth = 1; nth <= 2; nth++) {
        ant_mem_fail_nth(nth, 0);
        const ant_thread_desc desc = { .name = "none" };
        int err = c.driver->ops->thread_start(c.driver, &desc, &c.thread[0]);
        assert_int_equal(err, -ENOMEM);
    }
    ant_mem_fail_nth(0, 0);
    crew_deinit(&c);
}

// ---- Several ----

// Parks as an idle worker until the crew is over, and fires the timer.
static void be_idle(void *arg)
{
    worker *self = arg;
    crew *c = self->c;
    while (ant_atomic_load(&c->is_over, ANT_SEQ_CST) == 0) {
        if (park_idle(c, self->index) != ANT_UNPARKED_DEADLINE) continue;
        if (!fire_timer(c)) continue;
        self->deadlines++;
        ant_atomic_add(&c->step, 1, ANT_SEQ_CST);
    }
}

static void dismiss(crew *c, uint32_t count)
{
    ant_atomic_store(&c->is_over, 1, ANT_SEQ_CST);
    for (uint32_t i = 0; i < count; i++)
        unpark(c, i);
    for (uint32_t i = 0; i < count; i++)
        join(c, i);
}

// K4: somebody sleeps without a deadline when the first timer comes.
static void a_new_timer_is_seen_by_those_who_sleep(void **state)
{
    (void)state;
    crew c;
    crew_init(&c);
    worker workers[THREAD_MAX];
    for (uint32_t i = 0; i < THREAD_MAX; i++) {
        workers[i] = (worker){ &c, i, 0 };
        start(&c, i, be_idle, &workers[i]);
    }
    for (uint32_t round = 1; round <= 100; round++) {
        const uint64_t in_us = round % 3 * 300;
        set_timer(&c, ant_os_now_ns() + in_us * ANT_NS_PER_US);
        await_step(&c, round);
    }
    dismiss(&c, THREAD_MAX);
    uint32_t fired = 0;
    for (uint32_t i = 0; i < THREAD_MAX; i++)
        fired += workers[i].deadlines;
    assert_int_equal(fired, 100);
    crew_deinit(&c);
}

// Drives until it is called, and then is busy for long.
static void be_called_away(void *arg)
{
    crew *c = arg;
    assert_int_equal(park_idle(c, 0), ANT_UNPARKED_PERMIT);
    go_to_step(c, 1);
    await_step(c, 3);
}

// K6: the one who drove the loop is blocked, the others sleep on conditions.
static void the_backup_takes_the_loop_of_a_blocked_driver(void **state)
{
    (void)state;
    crew c;
    crew_init(&c);
    start(&c, 0, be_called_away, &c);
    worker backup = { &c, 1, 0 };
    start(&c, 1, be_idle, &backup);
    unpark(&c, 0);
    await_step(&c, 1);
    set_timer(&c, ant_os_now_ns() + ANT_NS_PER_MS);
    await_step(&c, 2); // by the backup, while 0 still waits for step 3
    go_to_step(&c, 3);
    join(&c, 0);
    ant_atomic_store(&c.is_over, 1, ANT_SEQ_CST);
    unpark(&c, 1);
    join(&c, 1);
    assert_int_equal(backup.deadlines, 1);
    crew_deinit(&c);
}

// Waits idly for the token and passes it on, with a timer before it each time.
static void pass_the_token(void *arg)
{
    worker *self = arg;
    crew *c = self->c;
    const uint32_t next = (self->index + 1) % THREAD_MAX;
    for (uint32_t passed = 0; passed < ROUNDS;) {
        ant_unparked why = park_idle(c, self->index);
        if (why == ANT_UNPARKED_DEADLINE && fire_timer(c)) self->deadlines++;
        if (why != ANT_UNPARKED_PERMIT) continue;
        passed++;
        if (passed % 16 == self->index)
            set_timer(c, ant_os_now_ns() + passed * 100);
        if (passed % 61 == 0) c->driver->ops->poll_events(c->driver);
        unpark(c, next);
    }
}

static void a_token_goes_round_and_round(void **state)
{
    (void)state;
    crew c;
    crew_init(&c);
    worker workers[THREAD_MAX];
    for (uint32_t i = 0; i < THREAD_MAX; i++) {
        workers[i] = (worker){ &c, i, 0 };
        start(&c, i, pass_the_token, &workers[i]);
    }
    unpark(&c, 0);
    for (uint32_t i = 0; i < THREAD_MAX; i++)
        join(&c, i);
    crew_deinit(&c);
}

static void sleep_briefly(void *arg)
{
    crew *c = arg;
    c->driver->ops->sleep(c->driver, ANT_NS_PER_US);
    go_to_step(c, 1);
}

static void a_detached_thread_ends_by_itself(void **state)
{
    (void)state;
    crew c;
    crew_init(&c);
    start(&c, 0, sleep_briefly, &c);
    c.driver->ops->thread_detach(c.driver, &c.thread[0]);
    await_step(&c, 1);
    crew_deinit(&c);
}

// ---- I/O ----

// Parks until there is I/O, handles it, and stays busy until the test is over.
static void take_and_stay_busy(void *arg)
{
    worker *w = arg;
    while (park_idle(w->c, w->index) != ANT_UNPARKED_EVENTS)
        continue;
    ant_atomic_add(&w->c->step, 1, ANT_SEQ_CST);
    while (ant_atomic_load(&w->c->is_over, ANT_SEQ_CST) == 0)
        ant_os_yield();
}

// Whoever handled the first I/O never comes back. Each time another one takes
// its place.
static void io_is_seen_while_who_saw_the_last_is_busy(void **state)
{
    (void)state;
    crew c;
    ant_source *end[2];
    crew_init(&c);
    ant_net *net = c.driver->net;
    assert_int_equal(net->ops->pair(net, end), 0);
    worker w[THREAD_MAX];
    for (uint32_t i = 0; i < THREAD_MAX; i++) {
        w[i] = (worker){ .c = &c, .index = i };
        start(&c, i, take_and_stay_busy, &w[i]);
    }
    for (uint32_t i = 1; i <= THREAD_MAX; i++) {
        end[1]->ops->arm(end[1], ANT_SIDE_IN);
        assert_int_equal(end[0]->ops->write(end[0], "x", 1), 1);
        await_step(&c, i);
    }
    ant_atomic_store(&c.is_over, 1, ANT_SEQ_CST);
    for (uint32_t i = 0; i < THREAD_MAX; i++)
        join(&c, i);
    ant__source_unref(end[0]);
    ant__source_unref(end[1]);
    crew_deinit(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_permit_given_early_is_kept),
        cmocka_unit_test(neither_park_ends_early),
        cmocka_unit_test(looking_at_events_does_not_wait),
        cmocka_unit_test(nothing_is_left_behind),
        cmocka_unit_test(there_is_room_for_ten_thousand_descriptors),
        cmocka_unit_test(lack_of_memory_is_an_error),
        cmocka_unit_test(a_new_timer_is_seen_by_those_who_sleep),
        cmocka_unit_test(the_backup_takes_the_loop_of_a_blocked_driver),
        cmocka_unit_test(a_token_goes_round_and_round),
        cmocka_unit_test(a_detached_thread_ends_by_itself),
        cmocka_unit_test(io_is_seen_while_who_saw_the_last_is_busy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
