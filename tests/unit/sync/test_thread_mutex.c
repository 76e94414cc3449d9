// SPDX-License-Identifier: MIT
//
// Tests of the thread mutex and the thread sleep: on virtual threads, on real
// threads of a runtime, and outside of any.

#include "sync/thread_mutex.h"
#include "sync/thread_sleep.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/driver.h"
#include "core/task_block.h"
#include "reactor/reactor.h"
#include "sim/sim.h"

#define MS         ANT_NS_PER_MS
#define THREAD_MAX 4
#define LOG_MAX    64

// A driver under test, with threads that want one lock.
typedef struct crew {
    ant_driver *driver;
    ant_thread thread[THREAD_MAX];
    ant_thread_mutex mutex;
    ant_atomic_u32 blocked; // as on_block counts them
    char log[LOG_MAX];      // under the mutex
    size_t log_len;
    int count; // under the mutex
} crew;

// One of the threads. It acts as a task when `task` is not NULL.
typedef struct actor {
    crew *c;
    char name;
    ant_task *task;
    ant_here *here;
    ant_driver *driver; // of the runtime it belongs to, or NULL
} actor;

static void on_block(void *arg, int change)
{
    crew *c = arg;
    ant_atomic_add(&c->blocked, (uint32_t)change, ANT_SEQ_CST);
}

static uint32_t blocked(crew *c)
{
    return ant_atomic_load(&c->blocked, ANT_SEQ_CST);
}

static uint64_t never(void *arg)
{
    (void)arg;
    return ANT_NS_NEVER;
}

static void crew_init(crew *c, ant_driver *driver)
{
    *c = (crew){ .driver = driver, .mutex = ANT_THREAD_MUTEX("db") };
    driver->next_ns = never;
    driver->on_block = on_block;
    driver->arg = c;
}

static void crew_init_sim(crew *c)
{
    ant_driver *driver;
    assert_int_equal(ant_sim_driver_new(1, &driver), 0);
    crew_init(c, driver);
    ant__here()->driver = driver;
}

static void crew_init_real(crew *c)
{
    ant_driver *driver;
    assert_int_equal(ant_reactor_driver_new(&driver), 0);
    crew_init(c, driver);
}

static void crew_deinit(crew *c)
{
    assert_int_equal(blocked(c), 0);
    ant_thread_mutex_deinit(&c->mutex);
    ant__here()->driver = NULL;
    c->driver->ops->free(c->driver);
}

static void start(crew *c, int index, ant_os_thread_fn fn, actor *self)
{
    const ant_thread_desc desc = { .name = "actor", .fn = fn, .arg = self };
    int err = c->driver->ops->thread_start(c->driver, &desc, &c->thread[index]);
    assert_int_equal(err, 0);
}

static void join(crew *c, int index)
{
    c->driver->ops->thread_join(c->driver, &c->thread[index]);
}

static void wait_ms(crew *c, uint64_t ms)
{
    c->driver->ops->sleep(c->driver, ms * MS);
}

static void enter(actor *self)
{
    self->here = ant__here();
    self->here->driver = self->driver;
    self->here->task = self->task;
}

static void note(crew *c, char letter)
{
    assert_true(c->log_len < LOG_MAX - 1);
    c->log[c->log_len++] = letter;
}

// ---- Errors ----

static void a_second_lock_by_the_same_is_an_error(void **state)
{
    (void)state;
    ant_thread_mutex mutex = ANT_THREAD_MUTEX("db");
    assert_int_equal(ant_thread_mutex_unlock(&mutex), -EPERM);
    assert_int_equal(ant_thread_mutex_lock(&mutex), 0);
    assert_int_equal(ant_thread_mutex_lock(&mutex), -EDEADLK);
    assert_int_equal(ant_thread_mutex_try_lock(&mutex), -EBUSY);
    assert_int_equal(ant_thread_mutex_unlock(&mutex), 0);
    assert_int_equal(ant_thread_mutex_unlock(&mutex), -EPERM);
    assert_int_equal(ant_thread_mutex_try_lock(&mutex), 0);
    assert_int_equal(ant_thread_mutex_unlock(&mutex), 0);
    ant_thread_mutex_deinit(&mutex);
}

static void unlock_as_a_stranger(void *arg)
{
    actor *self = arg;
    assert_int_equal(ant_thread_mutex_unlock(&self->c->mutex), -EPERM);
    assert_int_equal(ant_thread_mutex_try_lock(&self->c->mutex), -EBUSY);
}

// What a task meets that goes on upon another worker.
static void another_thread_may_not_unlock(void **state)
{
    (void)state;
    crew c;
    crew_init_real(&c);
    assert_int_equal(ant_thread_mutex_lock(&c.mutex), 0);
    actor stranger = { .c = &c };
    start(&c, 0, unlock_as_a_stranger, &stranger);
    join(&c, 0);
    assert_int_equal(ant_thread_mutex_unlock(&c.mutex), 0);
    crew_deinit(&c);
}

// ---- Waiting ----

// Holds the lock for 10 ms of virtual time.
static void hold_a_while(void *arg)
{
    actor *self = arg;
    enter(self);
    assert_int_equal(ant_thread_mutex_lock(&self->c->mutex), 0);
    note(self->c, self->name);
    ant_thread_sleep(10);
    assert_int_equal(ant_thread_mutex_unlock(&self->c->mutex), 0);
}

static void waiters_get_the_lock_in_fifo_order(void **state)
{
    (void)state;
    crew c;
    crew_init_sim(&c);
    actor actors[THREAD_MAX];
    for (int i = 0; i < THREAD_MAX; i++) {
        actors[i] = (actor){ &c, (char)('a' + i), NULL, NULL, c.driver };
        start(&c, i, hold_a_while, &actors[i]);
        wait_ms(&c, 1);
    }
    assert_int_equal(blocked(&c), THREAD_MAX - 1);
    assert_int_equal(c.mutex.waiter_count, THREAD_MAX - 1);
    for (int i = 0; i < THREAD_MAX; i++)
        join(&c, i);
    assert_string_equal(c.log, "abcd");
    assert_int_equal(c.driver->ops->now_ns(c.driver), 40 * MS);
    crew_deinit(&c);
}

static void only_the_sleeping_thread_stands_still(void **state)
{
    (void)state;
    crew c;
    crew_init_sim(&c);
    actor sleeper = { &c, 's', NULL, NULL, c.driver };
    start(&c, 0, hold_a_while, &sleeper);
    wait_ms(&c, 5);
    assert_string_equal(c.log, "s");
    assert_int_equal(c.driver->ops->now_ns(c.driver), 5 * MS);
    join(&c, 0);
    assert_int_equal(c.driver->ops->now_ns(c.driver), 10 * MS);
    crew_deinit(&c);
}

static void sleep_outside_of_a_runtime_takes_its_time(void **state)
{
    (void)state;
    const uint64_t before_ns = ant_os_now_ns();
    ant_thread_sleep(2);
    assert_true(ant_os_now_ns() - before_ns >= 2 * MS);
}

// ---- The pitfall ----

static ant_task *task_with_id(uint32_t id)
{
    ant_task *task = ant_mem_alloc(sizeof *task);
    assert_non_null(task);
    task->id = id;
    return task;
}

// One worker and two tasks: the first locks and awaits, and the worker goes on
// to the second, which locks as well.
static void run_two_tasks(void *arg)
{
    actor *self = arg;
    enter(self);
    self->here->task = self->task;
    assert_int_equal(ant_thread_mutex_lock(&self->c->mutex), 0);
    ant_task *second = task_with_id(self->task->id + 1);
    self->here->task = second;
    assert_int_equal(ant_thread_mutex_lock(&self->c->mutex), 0);
    fail();
}

static void two_tasks_of_one_worker_block_each_other(void **state)
{
    (void)state;
    static crew c; // the thread that is stuck outlives the test
    crew_init_sim(&c);
    actor self = { &c, 'w', task_with_id(2), NULL, c.driver };
    start(&c, 0, run_two_tasks, &self);
    wait_ms(&c, 1000);
    assert_int_equal(blocked(&c), 1);
    assert_ptr_equal(
        (void *)ant_atomic_load(&self.here->blocked_on, ANT_ACQUIRE),
        &c.mutex.resource);
    assert_string_equal(
        (char *)ant_atomic_load(&self.here->blocked_file, ANT_RELAXED),
        __FILE__);
    const uint32_t line =
        ant_atomic_load(&self.here->blocked_line, ANT_RELAXED);
    struct ant_wait wait;
    ant_resource_describe(&c.mutex.resource, &wait);
    assert_string_equal(wait.name, "db");
    assert_int_equal(wait.holder, 2);
    assert_int_equal(line, wait.holder_line + 3);

    // Nobody but the holder could help.
    assert_int_equal(ant_thread_mutex_unlock(&c.mutex), -EPERM);
    ant_mem_free(self.here->task);
    ant_mem_free(self.task);
    ant__here()->driver = NULL;
    c.driver->ops->free(c.driver);
}

// ---- Real threads ----

#define INCREMENTS 5000

static void count_up(void *arg)
{
    actor *self = arg;
    enter(self);
    for (int i = 0; i < INCREMENTS; i++) {
        assert_int_equal(ant_thread_mutex_lock(&self->c->mutex), 0);
        self->c->count++;
        assert_int_equal(ant_thread_mutex_unlock(&self->c->mutex), 0);
    }
}

// Half of them belong to the runtime, half do not.
static void real_threads_exclude_each_other(void **state)
{
    (void)state;
    crew c;
    crew_init_real(&c);
    actor actors[THREAD_MAX];
    for (int i = 0; i < THREAD_MAX; i++) {
        ant_driver *driver = i % 2 == 0 ? c.driver : NULL;
        actors[i] = (actor){ &c, 'r', NULL, NULL, driver };
        start(&c, i, count_up, &actors[i]);
    }
    for (int i = 0; i < THREAD_MAX; i++)
        join(&c, i);
    assert_int_equal(c.count, THREAD_MAX * INCREMENTS);
    crew_deinit(&c);
}

static void lock_and_note(void *arg)
{
    actor *self = arg;
    enter(self);
    assert_int_equal(ant_thread_mutex_lock(&self->c->mutex), 0);
    note(self->c, self->name);
    assert_int_equal(ant_thread_mutex_unlock(&self->c->mutex), 0);
}

static uint32_t waiter_count(ant_thread_mutex *mutex)
{
    ant_os_mutex_lock(&mutex->lock);
    const uint32_t count = mutex->waiter_count;
    ant_os_mutex_unlock(&mutex->lock);
    return count;
}

static void real_waiters_get_the_lock_in_fifo_order(void **state)
{
    (void)state;
    crew c;
    crew_init_real(&c);
    assert_int_equal(ant_thread_mutex_lock(&c.mutex), 0);
    actor actors[THREAD_MAX];
    for (uint32_t i = 0; i < THREAD_MAX; i++) {
        ant_driver *driver = i % 2 == 0 ? c.driver : NULL;
        actors[i] = (actor){ &c, (char)('a' + i), NULL, NULL, driver };
        start(&c, (int)i, lock_and_note, &actors[i]);
        while (waiter_count(&c.mutex) <= i)
            ant_os_yield();
    }
    assert_int_equal(blocked(&c), 2); // those that belong to the runtime
    assert_int_equal(ant_thread_mutex_unlock(&c.mutex), 0);
    for (int i = 0; i < THREAD_MAX; i++)
        join(&c, i);
    assert_string_equal(c.log, "abcd");
    crew_deinit(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_lock_by_the_same_is_an_error),
        cmocka_unit_test(another_thread_may_not_unlock),
        cmocka_unit_test(waiters_get_the_lock_in_fifo_order),
        cmocka_unit_test(only_the_sleeping_thread_stands_still),
        cmocka_unit_test(sleep_outside_of_a_runtime_takes_its_time),
        cmocka_unit_test(two_tasks_of_one_worker_block_each_other),
        cmocka_unit_test(real_threads_exclude_each_other),
        cmocka_unit_test(real_waiters_get_the_lock_in_fifo_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
