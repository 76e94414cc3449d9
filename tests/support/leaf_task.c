// SPDX-License-Identifier: MIT
//
// The leaf operations that wait for tasks: join handle, join set, tracker; and
// the cancellation token. The tasks wait for the bell of leaf.h.

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "support/leaf.h"

#include <cmocka.h>

#include "support/executor.h"
#include "task/cancellation_token.h"
#include "task/join_set.h"
#include "task/task_tracker.h"

static executor ex;

static void ring_and_run(void)
{
    leaf_bell_ring();
    executor_run(&ex);
}

// ---- Join handles, each of a task of its own ----

static struct ant_join_handle handles[LEAF_PLACES];
static unsigned task_count;

static void set_up_tasks(unsigned count)
{
    leaf_bell_init();
    executor_init(&ex);
    task_count = count;
    for (unsigned i = 0; i < count; i++)
        handles[i] = executor_spawn(&ex, ant_notified(&leaf_bell));
    executor_run(&ex);
}

// Every task has taken its ring in the end, also one whose handle was dropped.
static void tear_down_tasks(void)
{
    while (ex.release_count < task_count)
        ring_and_run();
    for (unsigned i = 0; i < task_count; i++)
        leaf_bell_taken();
    leaf_bell_deinit();
}

static ant_future *start_handle(unsigned i)
{
    return &handles[i].base;
}

static void serve_handle(unsigned i)
{
    assert_int_equal(handles[i].base.result, 0);
    assert_null(handles[i].task);
}

static const leaf leaf_join_handle = {
    .name = "join handle",
    .is_once = true,
    .set_up = set_up_tasks,
    .start = start_handle,
    .supply = ring_and_run,
    .serve = serve_handle,
    .tear_down = tear_down_tasks,
};

// ---- A join set: every end is handed out once ----

static ant_join_set set;
static struct ant_join_set_next nexts[LEAF_PLACES];
static unsigned joined;

static void set_up_set(unsigned waiters)
{
    (void)waiters;
    set_up_tasks(LEAF_PLACES);
    joined = 0;
    ant_join_set_init(&set, "leaf");
    for (unsigned i = 0; i < task_count; i++)
        assert_int_equal(ant_join_set_add(&set, NULL, handles[i]), 0);
}

static ant_future *start_next(unsigned i)
{
    nexts[i] = ant_join_set_next(&set);
    return &nexts[i].base;
}

static void serve_next(unsigned i)
{
    assert_false(nexts[i].is_empty);
    assert_int_equal(nexts[i].joined.result, 0);
    joined++;
}

static void poke_set(void)
{
    assert_int_equal(ant_join_set_len(&set) + joined, task_count);
}

static void tear_down_set(void)
{
    while (ex.release_count < task_count)
        ring_and_run();
    ant_joined end;
    while (ant_join_set_try_next(&set, &end) == 0)
        joined++;
    assert_int_equal(joined, task_count);
    ant_join_set_deinit(&set);
    tear_down_tasks();
}

static const leaf leaf_join_set = {
    .name = "join set next",
    .waiters_max = 1,
    .set_up = set_up_set,
    .start = start_next,
    .supply = ring_and_run,
    .serve = serve_next,
    .poke = poke_set,
    .tear_down = tear_down_set,
};

// ---- A join set until it is empty: the next one goes on with the rest ----

static struct ant_join_set_join_all alls[LEAF_PLACES];
static struct ant_join_set_shutdown shutdowns[LEAF_PLACES];

static ant_future *start_join_all(unsigned i)
{
    alls[i] = ant_join_set_join_all(&set);
    return &alls[i].base;
}

static void serve_empty(unsigned i)
{
    (void)i;
    assert_true(ant_join_set_is_empty(&set));
    assert_int_equal(ex.release_count, task_count);
}

static void serve_join_all(unsigned i)
{
    assert_int_equal(alls[i].base.result, 0);
    serve_empty(i);
}

static void tear_down_join_all(void)
{
    ant_mock_task task;
    ant_mock_task_init(&task, 99);
    while (ex.release_count < task_count)
        ring_and_run();
    assert_int_equal(ant_mock_task_poll(&task, start_join_all(0)), ANT_READY);
    serve_join_all(0);
    ant_join_set_deinit(&set);
    tear_down_tasks();
}

static const leaf leaf_join_set_join_all = {
    .name = "join set join_all",
    .waiters_max = 1,
    .set_up = set_up_set,
    .start = start_join_all,
    .supply = ring_and_run,
    .serve = serve_join_all,
    .tear_down = tear_down_join_all,
};

static ant_future *start_shutdown(unsigned i)
{
    shutdowns[i] = ant_join_set_shutdown(&set);
    return &shutdowns[i].base;
}

static void supply_run(void)
{
    (void)executor_run_one(&ex);
}

static void serve_shutdown(unsigned i)
{
    assert_int_equal(shutdowns[i].base.result, 0);
    serve_empty(i);
}

// No task has heard the bell: each was stopped.
static void tear_down_shutdown(void)
{
    ant_join_set_abort_all(&set);
    executor_run(&ex);
    ant_join_set_deinit(&set);
    assert_int_equal(ex.release_count, task_count);
    leaf_bell_deinit();
}

static const leaf leaf_join_set_shutdown = {
    .name = "join set shutdown",
    .waiters_max = 1,
    .set_up = set_up_set,
    .start = start_shutdown,
    .supply = supply_run,
    .serve = serve_shutdown,
    .tear_down = tear_down_shutdown,
};

// ---- A tracker that is closed, and holds one future ----

static ant_task_tracker tracker;
static struct ant_notified work;
static struct ant_task_tracker_track_future tracked;
static struct ant_task_tracker_wait waits[LEAF_PLACES];

static void set_up_tracker(unsigned waiters)
{
    (void)waiters;
    leaf_bell_init();
    assert_int_equal(ant_task_tracker_new("leaf", &tracker), 0);
    work = ant_notified(&leaf_bell);
    tracked = ant_task_tracker_track_future(&tracker, &work.base);
    assert_true(ant_task_tracker_close(&tracker));
}

static ant_future *start_wait(unsigned i)
{
    waits[i] = ant_task_tracker_wait(&tracker);
    return &waits[i].base;
}

static void supply_end(void)
{
    ant_future_drop(&tracked.base);
}

static void serve_wait(unsigned i)
{
    assert_int_equal(waits[i].base.result, 0);
    assert_true(ant_task_tracker_is_empty(&tracker));
}

static void poke_tracker(void)
{
    if (ant_task_tracker_reopen(&tracker)) ant_task_tracker_close(&tracker);
}

static void tear_down_tracker(void)
{
    supply_end();
    ant_task_tracker_drop(&tracker);
    leaf_bell_deinit();
}

static const leaf leaf_tracker = {
    .name = "tracker wait",
    .set_up = set_up_tracker,
    .start = start_wait,
    .supply = supply_end,
    .serve = serve_wait,
    .poke = poke_tracker,
    .tear_down = tear_down_tracker,
};

// ---- A token, of which the parent is cancelled ----

static ant_cancellation_token parent;
static ant_cancellation_token token;
static struct ant_cancellation_token_cancelled cancelleds[LEAF_PLACES];
static struct ant_run_until_cancelled runs[LEAF_PLACES];
static struct ant_notified inners[LEAF_PLACES];

static void set_up_token(unsigned waiters)
{
    (void)waiters;
    leaf_bell_init();
    assert_int_equal(ant_cancellation_token_new("leaf", &parent), 0);
    assert_int_equal(ant_cancellation_token_child_token(&parent, &token), 0);
}

static ant_future *start_cancelled(unsigned i)
{
    cancelleds[i] = ant_cancellation_token_cancelled(&token);
    return &cancelleds[i].base;
}

static ant_future *start_run(unsigned i)
{
    inners[i] = ant_notified(&leaf_bell);
    runs[i] = ant_run_until_cancelled(&token, &inners[i].base);
    return &runs[i].base;
}

static void supply_cancel(void)
{
    ant_cancellation_token_cancel(&parent);
}

static void serve_cancelled(unsigned i)
{
    assert_int_equal(cancelleds[i].base.result, 0);
    assert_true(ant_cancellation_token_is_cancelled(&token));
}

static void serve_run(unsigned i)
{
    assert_int_equal(runs[i].base.result, -ECANCELED);
    assert_true(ant_future_is_ready(&inners[i].base)); // dropped
}

static void poke_token(void)
{
    ant_cancellation_token other = ant_cancellation_token_clone(&token);
    ant_cancellation_token_drop(&other);
}

static void tear_down_token(void)
{
    ant_cancellation_token_drop(&token);
    ant_cancellation_token_drop(&parent);
    leaf_bell_deinit();
}

static const leaf leaf_cancelled = {
    .name = "cancellation token",
    .set_up = set_up_token,
    .start = start_cancelled,
    .supply = supply_cancel,
    .serve = serve_cancelled,
    .poke = poke_token,
    .tear_down = tear_down_token,
};

static const leaf leaf_run_until = {
    .name = "run until cancelled",
    .set_up = set_up_token,
    .start = start_run,
    .supply = supply_cancel,
    .serve = serve_run,
    .poke = poke_token,
    .tear_down = tear_down_token,
};

const leaf *const leaf_task[] = {
    &leaf_join_handle,       &leaf_join_set,
    &leaf_join_set_join_all, &leaf_join_set_shutdown,
    &leaf_tracker,           &leaf_cancelled,
    &leaf_run_until,         NULL
};
