// SPDX-License-Identifier: MIT
//
// Tests of sync/rwlock. What it promises by id is in
// tests/conformance/test_sync.c.

#include "sync/rwlock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/here.h"
#include "core/task_block.h"
#include "support/hand.h"

static ant_rwlock menu;
static hand_task tasks[4];

static int set_up(void **state)
{
    (void)state;
    ant_rwlock_init(&menu, "menu");
    for (unsigned i = 0; i < 4; i++)
        hand_task_init(&tasks[i], i + 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(hand_refs(&tasks[i]), 0);
    ant_rwlock_deinit(&menu);
    return 0;
}

static void lets_many_read_or_one_write(void **state)
{
    (void)state;
    assert_true(ant_rwlock_try_read(&menu));
    assert_true(ant_rwlock_try_read(&menu));
    assert_false(ant_rwlock_try_write(&menu));
    ant_rwlock_read_unlock(&menu);
    ant_rwlock_read_unlock(&menu);
    assert_true(ant_rwlock_try_write(&menu));
    assert_false(ant_rwlock_try_write(&menu));
    assert_false(ant_rwlock_try_read(&menu));
    ant_rwlock_write_unlock(&menu);
}

// A writer that gives up lets those behind it in, whether it had been granted
// the lock or not.
static void writer_may_be_dropped_at_every_point(void **state)
{
    (void)state;
    for (unsigned is_granted = 0; is_granted < 2; is_granted++) {
        assert_true(ant_rwlock_try_read(&menu));
        struct ant_rwlock_write write = ant_rwlock_write(&menu);
        struct ant_rwlock_read read = ant_rwlock_read(&menu);
        assert_int_equal(hand_poll(&tasks[0], &write.base), ANT_PENDING);
        assert_int_equal(hand_poll(&tasks[1], &read.base), ANT_PENDING);
        if (is_granted) ant_rwlock_read_unlock(&menu);
        ant_future_drop(&write.base);
        assert_int_equal(hand_poll(&tasks[1], &read.base), ANT_READY);
        if (!is_granted) ant_rwlock_read_unlock(&menu);
        ant_rwlock_read_unlock(&menu);
        assert_true(ant_rwlock_try_write(&menu));
        ant_rwlock_write_unlock(&menu);
    }
}

static ant_rwlock at_load_time = ANT_RWLOCK("static");

static void is_ready_at_load_time(void **state)
{
    (void)state;
    assert_true(ant_rwlock_try_write(&at_load_time));
    ant_rwlock_downgrade(&at_load_time);
    assert_true(ant_rwlock_try_read(&at_load_time));
    ant_rwlock_read_unlock(&at_load_time);
    ant_rwlock_read_unlock(&at_load_time);
}

static void poke_menu(void *arg)
{
    (void)arg;
    struct ant_rwlock_read read = ant_rwlock_read(&menu);
    if (hand_poll(&tasks[3], &read.base) == ANT_READY)
        ant_rwlock_read_unlock(&menu);
    ant_future_drop(&read.base);
}

// K54
static void stands_an_evil_waker(void **state)
{
    (void)state;
    struct ant_rwlock_write write = ant_rwlock_write(&menu);
    struct ant_rwlock_read read = ant_rwlock_read(&menu);
    assert_true(ant_rwlock_try_read(&menu));
    for (unsigned i = 0; i < 2; i++)
        ant_mock_task_set_evil(&tasks[i], ANT_MOCK_ON_ALL, poke_menu, NULL);
    assert_int_equal(hand_poll(&tasks[0], &write.base), ANT_PENDING);
    assert_int_equal(hand_poll(&tasks[1], &read.base), ANT_PENDING);
    ant_rwlock_read_unlock(&menu);
    assert_int_equal(hand_poll(&tasks[0], &write.base), ANT_READY);
    ant_rwlock_write_unlock(&menu);
    assert_int_equal(hand_poll(&tasks[1], &read.base), ANT_READY);
    ant_rwlock_read_unlock(&menu);
}

// ---- Mistakes ----

static void read_unlock(void *arg)
{
    (void)arg;
    ant_rwlock_read_unlock(&menu);
}

static void write_unlock(void *arg)
{
    (void)arg;
    ant_rwlock_write_unlock(&menu);
}

static void downgrade(void *arg)
{
    (void)arg;
    ant_rwlock_downgrade(&menu);
}

static void expect_trap(void (*body)(void *arg), const char *words)
{
    assert_true(hand_traps(body, NULL));
    assert_non_null(strstr(hand_trap_text(), words));
}

static void traps_when_what_is_ended_never_began(void **state)
{
    (void)state;
    expect_trap(read_unlock, "\"menu\", which nobody reads");
    expect_trap(write_unlock, "which nobody writes");
    assert_true(ant_rwlock_try_read(&menu));
    expect_trap(write_unlock, "which nobody writes");
    expect_trap(downgrade, "which nobody writes");
    ant_rwlock_read_unlock(&menu);
    assert_true(ant_rwlock_try_write(&menu));
    expect_trap(read_unlock, "which is being written");
    ant_rwlock_write_unlock(&menu);
}

static void traps_when_another_task_writes(void **state)
{
    (void)state;
    struct ant_rwlock_write write = ant_rwlock_write(&menu);
    assert_int_equal(hand_poll(&tasks[0], &write.base), ANT_READY);
    ant_task other = { .id = 9 };
    ant__here()->task = &other;
    assert_true(hand_traps(write_unlock, NULL));
    ant__here()->task = NULL;
    assert_non_null(strstr(hand_trap_text(), "task 9 ended writing"));
    ant_rwlock_write_unlock(&menu);
}

// ---- Threads ----

static unsigned left, right; // the same, but while somebody writes
static ant_atomic_u32 difference_count;

static bool lock(hand_task *task, ant_future *future, bool gives_up)
{
    ant_poll poll = hand_poll(task, future);
    while (poll == ANT_PENDING && !gives_up) {
        ant_os_yield();
        poll = hand_poll(task, future);
    }
    ant_future_drop(future);
    return poll == ANT_READY;
}

static void read_and_write(void *arg)
{
    hand_task *task = arg;
    ant_rng rng = ant_rng_init(task->id);
    for (unsigned n = 0; n < 3000; n++) {
        const bool gives_up = ant_rng_below(&rng, 4) == 0;
        if (ant_rng_below(&rng, 3) > 0) {
            struct ant_rwlock_read read = ant_rwlock_read(&menu);
            if (!lock(task, &read.base, gives_up)) continue;
        } else {
            struct ant_rwlock_write write = ant_rwlock_write(&menu);
            if (!lock(task, &write.base, gives_up)) continue;
            left++;
            right++;
            ant_rwlock_downgrade(&menu);
        }
        if (left != right) ant_atomic_add(&difference_count, 1, ANT_RELAXED);
        ant_rwlock_read_unlock(&menu);
    }
}

static void keeps_threads_apart(void **state)
{
    (void)state;
    ant_os_thread threads[3];
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(ant_os_thread_start(&threads[i], "guest",
                                             read_and_write, &tasks[i]),
                         0);
    for (unsigned i = 0; i < 3; i++)
        ant_os_thread_join(&threads[i]);
    assert_int_equal(ant_atomic_load(&difference_count, ANT_RELAXED), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(lets_many_read_or_one_write),
        TEST(writer_may_be_dropped_at_every_point),
        TEST(is_ready_at_load_time),
        TEST(stands_an_evil_waker),
        TEST(traps_when_what_is_ended_never_began),
        TEST(traps_when_another_task_writes),
        TEST(keeps_threads_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
