// SPDX-License-Identifier: MIT
//
// Tests of the blocking pool, without a scheduler: on the simulator where the
// order matters, on real threads where races do.

#include "sched/blocking.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/here.h"
#include "core/task_block.h"
#include "reactor/reactor.h"
#include "sim/sim.h"

#define MS      ANT_NS_PER_MS
#define JOB_MAX 8
#define LOG_MAX 64

typedef void (*job_fn)(void *arg);

// A pool under test, and a scheduler that does nothing.
typedef struct bench {
    ant_scheduler scheduler; // first
    ant_driver *driver;
    ant_blocking pool;
    ant_parker parker[JOB_MAX];
    struct ant_join_handle handle[JOB_MAX];
    ant_atomic_u32 busy;
    char log[LOG_MAX]; // simulation only
    size_t log_len;
} bench;

static void on_schedule(ant_scheduler *self, ant_task *task, ant_schedule how)
{
    (void)self, (void)task, (void)how;
}

static void on_release(ant_scheduler *self, ant_task *task)
{
    (void)self, (void)task;
}

static const ant_scheduler_ops scheduler_ops = { .schedule = on_schedule,
                                                 .release = on_release };

static void on_busy(void *arg, int change)
{
    bench *b = arg;
    ant_atomic_add(&b->busy, (uint32_t)change, ANT_SEQ_CST);
}

static uint32_t busy(bench *b)
{
    return ant_atomic_load(&b->busy, ANT_SEQ_CST);
}

static uint64_t never(void *arg)
{
    (void)arg;
    return ANT_NS_NEVER;
}

static void bench_init(bench *b, ant_driver *driver, uint32_t thread_max)
{
    *b = (bench){ .scheduler.ops = &scheduler_ops, .driver = driver };
    driver->next_ns = never;
    ant_blocking_init(&b->pool, &(ant_blocking_desc){ .driver = driver,
                                                      .thread_max = thread_max,
                                                      .on_busy = on_busy,
                                                      .arg = b });
    for (int i = 0; i < JOB_MAX; i++)
        driver->ops->parker_init(driver, &b->parker[i]);
}

static void bench_init_sim(bench *b, uint32_t thread_max)
{
    ant_driver *driver;
    assert_int_equal(ant_sim_driver_new(1, &driver), 0);
    bench_init(b, driver, thread_max);
}

static void bench_init_real(bench *b, uint32_t thread_max)
{
    ant_driver *driver;
    assert_int_equal(ant_reactor_driver_new(&driver), 0);
    bench_init(b, driver, thread_max);
}

static void bench_deinit(bench *b)
{
    assert_true(ant_blocking_shutdown(&b->pool, ANT_NS_NEVER));
    assert_int_equal(busy(b), 0);
    ant_blocking_deinit(&b->pool);
    for (int i = 0; i < JOB_MAX; i++) {
        ant_task_detach(&b->handle[i]);
        b->driver->ops->parker_deinit(b->driver, &b->parker[i]);
    }
    b->driver->ops->free(b->driver);
}

// A job is a future that is READY at its only poll.
struct job {
    ant_future base;
    enum { JOB_START } state;
    job_fn fn;
    void *arg;
};

ANT_ASYNC(job)
{
    self->fn(self->arg);
    return ANT_READY;
}

// A task that will call fn(arg), with its handle in place `index`.
static ant_task *make_job(bench *b, int index, job_fn fn, void *arg)
{
    struct job job = { ANT_INIT(job), .fn = fn, .arg = arg };
    const ant_task_origin origin = { .name = "job",
                                     .file = __FILE__,
                                     .line = __LINE__,
                                     .kind = ANT_TASK_BLOCKING };
    ant_task *task = ant_task_new(&b->scheduler, &job.base, &origin);
    assert_non_null(task);
    ant_task_detach(&b->handle[index]);
    b->handle[index] = ant__join_handle(task);
    return task;
}

static int submit(bench *b, int index, job_fn fn, void *arg)
{
    ant_task *task = make_job(b, index, fn, arg);
    int err = ant_blocking_submit(&b->pool, task);
    if (err < 0) ant_task_shutdown(task);
    return err;
}

static bool is_finished(bench *b, int index)
{
    return ant_task_is_finished(&b->handle[index]);
}

// Until the clock of a simulation has moved on, other threads run.
static void wait_ms(bench *b, uint64_t ms)
{
    b->driver->ops->sleep(b->driver, ms * MS);
}

static void note(bench *b, char c)
{
    assert_true(b->log_len < LOG_MAX - 1);
    b->log[b->log_len++] = c;
}

// ---- Running jobs ----

typedef struct numbered {
    bench *b;
    int number;
    uint64_t ms; // that it takes
} numbered;

static void take_time(void *arg)
{
    numbered *self = arg;
    note(self->b, (char)('a' + self->number));
    wait_ms(self->b, self->ms);
    note(self->b, (char)('A' + self->number));
}

static void submit_numbered(bench *b, numbered *jobs, int count, uint64_t ms)
{
    for (int i = 0; i < count; i++) {
        jobs[i] = (numbered){ b, i, ms };
        assert_int_equal(submit(b, i, take_time, &jobs[i]), 0);
    }
}

static void one_thread_runs_jobs_in_fifo_order(void **state)
{
    (void)state;
    bench b;
    bench_init_sim(&b, 1);
    numbered jobs[4];
    submit_numbered(&b, jobs, 4, 10);
    assert_int_equal(busy(&b), 4);
    wait_ms(&b, 100);
    assert_string_equal(b.log, "aAbBcCdD");
    assert_int_equal(busy(&b), 0);
    assert_int_equal(b.pool.made, 1);
    bench_deinit(&b);
}

static void jobs_run_side_by_side_up_to_the_limit(void **state)
{
    (void)state;
    bench b;
    bench_init_sim(&b, 3);
    numbered jobs[4];
    submit_numbered(&b, jobs, 4, 10);
    wait_ms(&b, 5);
    assert_int_equal(b.log_len, 3);
    assert_int_equal(b.pool.alive, 3);
    wait_ms(&b, 10);
    assert_int_equal(b.log_len, 7);
    wait_ms(&b, 10);
    assert_int_equal(b.log_len, 8);
    assert_int_equal(b.pool.made, 3);
    bench_deinit(&b);
}

static void idle_threads_are_used_again(void **state)
{
    (void)state;
    bench b;
    bench_init_sim(&b, 0);
    numbered jobs[2];
    for (int i = 0; i < 5; i++) {
        submit_numbered(&b, jobs, 2, 1);
        wait_ms(&b, 10);
    }
    assert_int_equal(b.pool.made, 2);
    bench_deinit(&b);
}

static void idle_threads_end_after_a_while(void **state)
{
    (void)state;
    bench b;
    bench_init_sim(&b, 0);
    numbered jobs[3];
    submit_numbered(&b, jobs, 3, 1);
    wait_ms(&b, 9000);
    assert_int_equal(b.pool.alive, 3);
    wait_ms(&b, 2000);
    assert_int_equal(b.pool.alive, 0);
    // Their memory, and with it their lanes, serve the next ones.
    submit_numbered(&b, jobs, 3, 1);
    wait_ms(&b, 9000);
    assert_int_equal(b.pool.alive, 3);
    assert_true(b.pool.made <= 4); // the last to end is not joined yet
    bench_deinit(&b);
}

static void look_around(void *arg)
{
    bench *b = arg;
    const ant_here *here = ant__here();
    assert_ptr_equal(here->driver, b->driver);
    assert_non_null(here->parker);
    assert_int_not_equal(here->lane, 0);
    assert_int_not_equal(ant_task_id_here(), 0);
    assert_null(here->worker);
}

static void a_job_knows_where_it_is(void **state)
{
    (void)state;
    bench b;
    bench_init_sim(&b, 0);
    assert_int_equal(submit(&b, 0, look_around, &b), 0);
    wait_ms(&b, 1);
    assert_true(is_finished(&b, 0));
    bench_deinit(&b);
}

// ---- Finding a thread ----

typedef struct meeting {
    bench *b;
    int me;
    int other;
} meeting;

// Can only go on together with the other job.
static void meet(void *arg)
{
    meeting *self = arg;
    ant_driver *driver = self->b->driver;
    driver->ops->unpark(driver, &self->b->parker[self->other]);
    ant_unparked why =
        driver->ops->park(driver, &self->b->parker[self->me], ANT_NS_NEVER);
    assert_int_equal(why, ANT_UNPARKED_PERMIT);
}

// D7, K7: with one idle thread, two jobs must not both count on it.
static void each_job_finds_a_thread(void **state)
{
    (void)state;
    bench b;
    bench_init_sim(&b, 2);
    numbered warm;
    submit_numbered(&b, &warm, 1, 1);
    wait_ms(&b, 2); // one thread is idle now
    meeting meetings[] = { { &b, 0, 1 }, { &b, 1, 0 } };
    assert_int_equal(submit(&b, 0, meet, &meetings[0]), 0);
    assert_int_equal(submit(&b, 1, meet, &meetings[1]), 0);
    wait_ms(&b, 1);
    assert_true(is_finished(&b, 0));
    assert_true(is_finished(&b, 1));
    bench_deinit(&b);
}

// The same with real threads, which become idle just while jobs come in.
static void each_job_finds_a_thread_in_512_rounds(void **state)
{
    (void)state;
    bench b;
    bench_init_real(&b, 2);
    for (int round = 0; round < 512; round++) {
        meeting meetings[] = { { &b, 0, 1 }, { &b, 1, 0 } };
        assert_int_equal(submit(&b, 0, meet, &meetings[0]), 0);
        assert_int_equal(submit(&b, 1, meet, &meetings[1]), 0);
        while (!is_finished(&b, 0) || !is_finished(&b, 1))
            ant_os_yield();
    }
    bench_deinit(&b);
}

// K8: nobody would ever do the job.
static void no_thread_at_all_is_an_error(void **state)
{
    (void)state;
    bench b;
    bench_init_real(&b, 0);
    meeting meetings[] = { { &b, 0, 1 }, { &b, 1, 0 } };
    for (uint64_t nth = 1; nth <= 2; nth++) {
        ant_task *task = make_job(&b, 0, meet, &meetings[0]);
        ant_mem_fail_nth(nth, 0);
        assert_int_equal(ant_blocking_submit(&b.pool, task), -ENOMEM);
        ant_mem_fail_nth(0, 0);
        ant_task_shutdown(task);
        assert_int_equal(busy(&b), 0);
    }
    // With one alive, the job waits for it.
    assert_int_equal(submit(&b, 0, meet, &meetings[0]), 0);
    ant_mem_fail_nth(2, 1);
    assert_int_equal(submit(&b, 1, meet, &meetings[1]), 0);
    ant_mem_fail_nth(0, 0);
    assert_int_equal(b.pool.alive, 1);
    b.driver->ops->unpark(b.driver, &b.parker[0]);
    while (!is_finished(&b, 0) || !is_finished(&b, 1))
        ant_os_yield();
    bench_deinit(&b);
}

// ---- Shutdown ----

static void queued_jobs_are_forgotten_at_close(void **state)
{
    (void)state;
    bench b;
    bench_init_sim(&b, 1);
    numbered jobs[3];
    submit_numbered(&b, jobs, 3, 10);
    wait_ms(&b, 1);
    ant_blocking_close(&b.pool);
    assert_int_equal(busy(&b), 1);
    assert_int_equal(submit(&b, 3, take_time, &jobs[0]), -ESHUTDOWN);
    assert_true(ant_blocking_shutdown(&b.pool, ANT_NS_NEVER));
    assert_string_equal(b.log, "aA");
    for (int i = 1; i < 3; i++)
        ant_task_shutdown(b.handle[i].task);
    bench_deinit(&b);
}

static void shutdown_waits_for_what_runs(void **state)
{
    (void)state;
    bench b;
    bench_init_sim(&b, 0);
    numbered jobs[3];
    submit_numbered(&b, jobs, 3, 50);
    wait_ms(&b, 1);
    assert_true(ant_blocking_shutdown(&b.pool, ANT_NS_NEVER));
    assert_int_equal(b.log_len, 6);
    bench_deinit(&b);
}

static void shutdown_gives_up_at_its_deadline(void **state)
{
    (void)state;
    bench b;
    bench_init_sim(&b, 0);
    numbered jobs[2] = { { &b, 0, 10 }, { &b, 1, 90 } };
    assert_int_equal(submit(&b, 0, take_time, &jobs[0]), 0);
    assert_int_equal(submit(&b, 1, take_time, &jobs[1]), 0);
    wait_ms(&b, 1);
    assert_false(ant_blocking_shutdown(&b.pool, 50 * MS));
    assert_int_equal(b.driver->ops->now_ns(b.driver), 50 * MS);
    assert_false(is_finished(&b, 1));
    // What is left running may still use all that it knows.
    wait_ms(&b, 100);
    assert_true(is_finished(&b, 1));
    bench_deinit(&b);
}

static void count_up(void *arg)
{
    ant_atomic_u32 *count = arg;
    ant_atomic_add(count, 1, ANT_RELAXED);
}

static void a_busy_pool_of_real_threads_shuts_down(void **state)
{
    (void)state;
    const uint64_t blocks = ant_mem_live_count();
    for (int round = 0; round < 50; round++) {
        bench b;
        bench_init_real(&b, 4);
        ant_atomic_u32 count = 0;
        for (int i = 0; i < JOB_MAX; i++)
            assert_int_equal(submit(&b, i, count_up, &count), 0);
        ant_blocking_close(&b.pool);
        assert_true(ant_blocking_shutdown(&b.pool, ANT_NS_NEVER));
        uint32_t finished = 0;
        for (int i = 0; i < JOB_MAX; i++) {
            if (is_finished(&b, i))
                finished++;
            else
                ant_task_shutdown(b.handle[i].task);
        }
        assert_int_equal(ant_atomic_load(&count, ANT_RELAXED), finished);
        bench_deinit(&b);
    }
    assert_int_equal(ant_mem_live_count(), blocks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_thread_runs_jobs_in_fifo_order),
        cmocka_unit_test(jobs_run_side_by_side_up_to_the_limit),
        cmocka_unit_test(idle_threads_are_used_again),
        cmocka_unit_test(idle_threads_end_after_a_while),
        cmocka_unit_test(a_job_knows_where_it_is),
        cmocka_unit_test(each_job_finds_a_thread),
        cmocka_unit_test(each_job_finds_a_thread_in_512_rounds),
        cmocka_unit_test(no_thread_at_all_is_an_error),
        cmocka_unit_test(queued_jobs_are_forgotten_at_close),
        cmocka_unit_test(shutdown_waits_for_what_runs),
        cmocka_unit_test(shutdown_gives_up_at_its_deadline),
        cmocka_unit_test(a_busy_pool_of_real_threads_shuts_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
